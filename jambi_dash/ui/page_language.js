// Widgets write numbers and months as the browser's own language does. Here the page's language
// decides, so that a slider says 4.000 beside a text that says 4.000, on whatever machine.
(() => {
  const english = () => new URLSearchParams(location.search).get("bahasa") === "English"
  const locale = () => (english() ? "en-GB" : "id-ID")
  const tell = () => {
    document.documentElement.lang = english() ? "en" : "id"
  }
  for (const name of ["pushState", "replaceState"]) {
    const own = history[name]
    history[name] = function (...given) {
      own.apply(this, given)
      tell()
    }
  }
  addEventListener("popstate", tell)
  Object.defineProperties(navigator, {
    language: { get: locale, configurable: true },
    languages: { get: () => [locale()], configurable: true },
  })
  for (const kind of [Number, Date]) {
    const own = kind.prototype.toLocaleString
    kind.prototype.toLocaleString = function (said, ...given) {
      return own.call(this, said ?? locale(), ...given)
    }
  }
  tell()
  // Letters of figures for a large screen (`look.css` has the same sizes of one). Plotly measures a
  // word once, so they are decided before it comes, not while a window is drawn wider.
  if (matchMedia("(min-width: 1700px) and (min-height: 900px)").matches) {
    document.documentElement.classList.add("rk-from-afar")
  }
})()
