// Runs once for each page of the dashboard, outside of any frame; `spoken.py` sends the words.
const ATTRIBUTES = ["aria-label", "placeholder"]
const given = new WeakMap()
const shown = new WeakSet()
let words = { names: [] }
let due = 0
let watcher = null

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")
}

/** Streamlit's name in the reader's language; itself where none is known. */
function inOurs(name) {
  for (const { pattern, ours } of words.patterns) {
    const found = pattern.exec(name)
    if (found) return ours.replace("…", found[1] ?? "")
  }
  return name
}

function rename(node, attribute) {
  const now = node.getAttribute(attribute)
  const before = given.get(node)?.[attribute]
  // What we have written ourselves is the other language's word for what Streamlit wrote.
  const theirs = before && before.ours === now ? before.theirs : now
  const ours = inOurs(theirs)
  if (ours !== now) node.setAttribute(attribute, ours)
  given.set(node, { ...given.get(node), [attribute]: { theirs, ours } })
}

function renameLink() {
  const link = document.querySelector('[data-testid="stSkipToContent"]')
  if (!link) return
  const before = given.get(link)?.text
  const theirs = before && before.ours === link.textContent ? before.theirs : link.textContent
  const ours = inOurs(theirs)
  if (ours !== link.textContent) link.textContent = ours
  given.set(link, { text: { theirs, ours } })
}

/** A sign beside words says nothing more than they do. */
function hushSigns() {
  for (const sign of document.querySelectorAll('[role="img"][aria-label$=" icon"]:not([aria-hidden])')) {
    // Where it is all that a button has, it is the button's name.
    if (sign.closest("button")?.textContent.replace("expand_more", "").trim() === sign.textContent.trim()) continue
    sign.setAttribute("aria-hidden", "true")
  }
}

/** What scrolls and holds nothing to step on would be out of reach of the keyboard. */
function reachScrolling() {
  for (const box of document.querySelectorAll('[data-testid="stVerticalBlock"], .rk-scroll')) {
    const style = getComputedStyle(box)
    const scrolls = /auto|scroll/.test(style.overflowY + style.overflowX) &&
      (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
    if (scrolls === box.hasAttribute("tabindex")) continue
    if (scrolls) {
      box.tabIndex = 0
      box.setAttribute("role", "group")
      box.setAttribute("aria-label", words.scroll)
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name)
    }
  }
}

/** A link opens a section whose tab may lie beside a phone's window: it is brought into sight, once. */
function showOpenTab() {
  for (const tab of document.querySelectorAll('[role="tab"][aria-selected="true"]')) {
    if (shown.has(tab)) continue
    let row = tab.parentElement
    while (row && row !== document.body && row.scrollWidth <= row.clientWidth + 1) row = row.parentElement
    if (!row || row === document.body) continue
    shown.add(tab)
    const here = tab.getBoundingClientRect(), room = row.getBoundingClientRect()
    if (here.left < room.left || here.right > room.right - 40) {
      row.scrollLeft += here.left + here.width / 2 - room.left - room.width / 2
    }
  }
}

function look() {
  due = 0
  for (const attribute of ATTRIBUTES) {
    for (const node of document.querySelectorAll(`[${attribute}]`)) rename(node, attribute)
  }
  for (const frame of document.querySelectorAll("iframe[title]")) rename(frame, "title")
  renameLink()
  hushSigns()
  reachScrolling()
  showOpenTab()
}

function soon() {
  // Not at every change: a page that is being drawn changes hundreds of times.
  if (!due) due = setTimeout(look, 250)
}

export default function ({ data }) {
  words = data
  words.patterns = data.names.map(([theirs, ours]) => ({
    pattern: new RegExp(`^${escaped(theirs).replace("…", "(.+)")}$`),
    ours,
  }))
  watcher?.disconnect()
  watcher = new MutationObserver(soon)
  watcher.observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ATTRIBUTES,
  })
  soon()
  return () => watcher?.disconnect()
}
