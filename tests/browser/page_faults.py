"""What is wrong with a page that stands in the browser: by axe-core, and by its own boxes.

A fault is one line: what, where. Frames (the maps) are looked at like the page around them.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

# Faults inside Streamlit's own pieces that nothing from outside can mend: rule, part of the
# element, reason.
EXCEPTIONS: tuple[tuple[str, str, str], ...] = ()

_AXE = """(tags) => axe.run(document, {iframes: false, resultTypes: ['violations'],
    runOnly: {type: 'tag', values: tags}}).then((found) => found.violations
      .filter((one) => ['serious', 'critical'].includes(one.impact))
      .flatMap((one) => one.nodes.map((node) => [one.id, node.html.slice(0, 240),
        node.target.join(' '), node.failureSummary.split('\\n').slice(1).join(';').trim()])))"""

_STRUCTURE = r"""(least) => {
  const faults = [];
  const say = (what, node) => faults.push(what + ': ' +
    ((node.closest && node.closest('[class*="st-key-"],[data-testid]') || node).dataset?.testid || '')
    + ' ' + (node.textContent || node.tagName).trim().replace(/\s+/g, ' ').slice(0, 70));
  const inside = {width: window.innerWidth};
  const seen = (node) => node.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const clips = (style, axis) => style['overflow' + axis] !== 'visible';
  const scrolls = (style, axis) => ['auto', 'scroll'].includes(style['overflow' + axis]);
  const styles = new Map();
  const styleOf = (node) => {
    if (!styles.has(node)) styles.set(node, getComputedStyle(node));
    return styles.get(node);
  };
  // Words for those who hear the page: cut to nothing on purpose.
  const isHeardOnly = (node) => {
    for (let one = node; one && one !== document.body; one = one.parentElement) {
      const style = styleOf(one);
      if (style.clipPath.startsWith('inset(') || style.clip === 'rect(0px, 0px, 0px, 0px)') return true;
      if (style.position !== 'static' && one.offsetWidth <= 1 && style.overflow !== 'visible') return true;
      if (one.dataset.testid === 'stSkipToContent') return true;
    }
    return false;
  };

  const main = document.querySelector('[data-testid="stMain"]') || document.documentElement;
  for (const box of [main, document.documentElement]) {
    if (box.scrollWidth > box.clientWidth + 1) {
      faults.push(`the page scrolls sideways: ${box.scrollWidth} > ${box.clientWidth}`);
    }
  }

  // Every run of text with the box that is left of it after all that cuts it.
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const words = text.data.trim();
    const parent = text.parentElement;
    if (!words || ['SCRIPT', 'STYLE', 'NOSCRIPT', 'TITLE', 'OPTION', 'TEMPLATE'].includes(parent.tagName)) continue;
    if (!seen(parent) || parent.closest('[data-testid="stIconMaterial"]') || isHeardOnly(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const rect of range.getClientRects()) {
      if (rect.width < 2 || rect.height < 2) continue;
      const box = {left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom};
      let [freeX, freeY, cut] = [false, false, ''];
      for (let one = parent; one && one !== document.documentElement; one = one.parentElement) {
        const style = styleOf(one);
        if (style.display === 'inline' || style.display === 'contents') continue;
        const frame = one.getBoundingClientRect();
        if (!freeX && clips(style, 'X') && (box.left < frame.left - 2 || box.right > frame.right + 2)) {
          if (scrolls(style, 'X') || one.closest('[role="tablist"]')) freeX = true;
          else cut ||= 'cut off sideways';
        }
        if (!freeY && clips(style, 'Y') && (box.top < frame.top - 3 || box.bottom > frame.bottom + 3)) {
          if (scrolls(style, 'Y')) freeY = true;
          else cut ||= 'cut off below';
        }
        if (clips(style, 'X')) {
          box.left = Math.max(box.left, frame.left); box.right = Math.min(box.right, frame.right);
        }
        if (clips(style, 'Y') && one !== main) {
          box.top = Math.max(box.top, frame.top); box.bottom = Math.min(box.bottom, frame.bottom);
        }
      }
      if (cut) say(cut, parent);
      if (box.right - box.left < 3 || box.bottom - box.top < 3) continue;
      if (box.right > inside.width + 1 || box.left < -1) say('beyond the edge of the window', parent);
      // Where letters stand: the box of a line is higher than they are.
      const [middle, half] = [(rect.top + rect.bottom) / 2, parseFloat(styleOf(parent).fontSize) * 0.38];
      if (!parent.ownerSVGElement) {
        box.top = Math.max(box.top, middle - half); box.bottom = Math.min(box.bottom, middle + half);
      }
      texts.push({box, parent, words});
    }
  }

  // Two texts on one place. Slanted ones have a box that is larger than they are.
  const isSlanted = (node) => {
    const matrix = node.getScreenCTM && node.getScreenCTM();
    return Boolean(matrix && Math.abs(matrix.b) > 0.01) || node.tagName === 'textPath';
  };
  const flat = texts.filter(({parent}) => !isSlanted(parent)).sort((a, b) => a.box.left - b.box.left);
  flat.forEach((one, n) => {
    for (let m = n + 1; m < flat.length && flat[m].box.left < one.box.right; m += 1) {
      const other = flat[m];
      if (one.parent === other.parent) continue;
      const wide = Math.min(one.box.right, other.box.right) - other.box.left;
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      const least = Math.min(one.box.bottom - one.box.top, other.box.bottom - other.box.top);
      if (wide > 3 && high > least * 0.35) {
        faults.push(`two texts on one place: "${one.words.slice(0, 40)}" and "${other.words.slice(0, 40)}"`);
      }
    }
  });

  for (const picture of document.images) {
    if (seen(picture) && !(picture.complete && picture.naturalWidth)) say('a picture is missing', picture);
  }
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    const marks = [...plot.querySelectorAll('.trace path, .trace rect, .heatmaplayer image')];
    if (!marks.some((mark) => mark.getBoundingClientRect().width > 0)) say('an empty chart', plot);
  }
  if (document.querySelector('.leaflet-container')) {
    const areas = document.querySelectorAll('path.area').length;
    if (areas < least.areas) faults.push(`a map with ${areas} areas`);
  }
  for (const box of document.querySelectorAll('[data-testid="stException"], [data-testid="stAlertContentError"], .jambi-failed')) {
    say('a fault is told', box);
  }
  if (main.dataset.testid) {
    const titles = document.querySelectorAll('h1').length;
    if (titles !== 1) faults.push(`${titles} titles (h1)`);
    const words = document.body.innerText.length;
    if (words < 150) faults.push(`an empty page: ${words} letters`);
  }
  return [...new Set(faults)];
}"""

# Streamlit asks for Plotly and for a frame's script when the page's own script has ended.
_SETTLED = """() => new Promise((resolve, reject) => {
  const until = performance.now() + 30000;
  let [last, same] = ['', 0];
  const look = () => {
    const app = document.querySelector('.stApp');
    const main = document.querySelector('[data-testid="stMain"]');
    const charts = [...document.querySelectorAll('.stPlotlyChart')];
    const maps = [...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument);
    const due = app?.dataset.testScriptState !== 'notRunning' || !document.querySelector('h1') || document.querySelector('[data-stale="true"]')
      || !charts.every((one) => one.querySelector('.trace'))
      || !maps.every((one) => one?.querySelector('path.area'));
    const now = [main?.scrollHeight, main?.scrollWidth, main?.innerText.length, window.innerWidth,
      charts.map((one) => one.querySelector('.main-svg')?.clientWidth),
      maps.map((one) => one?.querySelector('path.area')?.getAttribute('d'))].join();
    same = now === last && !due ? same + 1 : 0;
    last = now;
    if (same >= 4) resolve();
    else if (performance.now() > until) reject(new Error('the page does not come to rest: ' + now.slice(0, 300)));
    else setTimeout(look, 70);
  };
  look();
})"""


def wait_until_still(page: Page) -> None:
    """Waits until the page's script has ended and nothing moves any more, maps and charts too."""
    page.evaluate(_SETTLED)


_DRAWN_AGAIN_MILLISECONDS = 1_500


def structure_faults(page: Page, *, areas: int = 1) -> list[str]:
    """Text that is cut or lies on other text, what stands beyond the window, what is empty.

    A map has at least `areas` areas. A chart has no marks while it is drawn anew: it is looked at again.
    """

    def look() -> list[str]:
        found = []
        for frame in _frames(page):
            where = "" if frame is page.main_frame else "map: "
            found += [where + fault for fault in frame.evaluate(_STRUCTURE, {"areas": areas})]
        return found

    found = look()
    if not any("an empty chart" in fault for fault in found):
        return found
    page.wait_for_timeout(_DRAWN_AGAIN_MILLISECONDS)
    return look()


def axe_faults(page: Page) -> list[str]:
    """Serious and critical faults by WCAG 2.2 AA that are no named exception."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    found = []
    for frame in _frames(page):
        if not frame.evaluate("Boolean(window.axe)"):
            frame.evaluate(script)
        for rule, html, place, why in frame.evaluate(_AXE, list(_TAGS)):
            if not any(rule == known and part in html for known, part, _ in EXCEPTIONS):
                found.append(f"{rule}: {html} ({place}): {why}")
    return found


def _frames(page: Page) -> list[Frame]:
    return [frame for frame in page.frames if frame.url not in ("", "about:blank")]
