// Fills the screen on the click that begins, and ends the projector when the screen is left.
const LOOK_EVERY = 300
let wired = false
let told = { begin: "", end: "" }
let watch = 0

function turning() {
  return document.querySelector(".pj") !== null
}

/** Leaves full screen once the views have come and gone, however that came about. */
function watchOver() {
  let came = false
  clearInterval(watch)
  watch = setInterval(() => {
    came = came || turning()
    if (!came || turning()) return
    clearInterval(watch)
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {})
  }, LOOK_EVERY)
}

export default function (component) {
  told = component.data
  if (wired) return
  wired = true
  document.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest?.(`.st-key-${told.begin} button`)) return
      // Where it is not allowed the page still turns; F11 does the rest.
      document.documentElement.requestFullscreen?.().then(watchOver, () => {})
    },
    true,
  )
  // In full screen the browser keeps Esc for itself and only says that the screen was left.
  document.addEventListener("fullscreenchange", () => {
    if (document.fullscreenElement || !turning()) return
    document.querySelector(`.st-key-${told.end} button`)?.click()
  })
}
