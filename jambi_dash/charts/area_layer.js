/* Areas on a Leaflet map: shapes fetched once per page, then only recoloured.
 *
 * `JambiAreas.show(map, paint)` is called on every rerun with what `area_map.py` sends. Texts are
 * only ever set as text, never as markup. Needs Leaflet 1.9 and the frame of streamlit-folium
 * (`__GLOBAL_DATA__`, `Streamlit`), both pinned.
 */
window.JambiAreas = (() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const MIN_FONT = 9;
  const MANY = 300; // above this no transitions
  const THIN_BELOW = 30; // areas and kecamatan of fewer pixels have thinner borders
  const geometries = new Map();
  const calm = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function fetchGeometry(url) {
    if (!geometries.has(url)) {
      // The name is the hash of the content: a stored copy is never stale.
      const asked = fetch(url, { cache: "force-cache" }).then((answer) => {
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        return answer.json();
      });
      asked.catch(() => geometries.delete(url));
      geometries.set(url, asked);
    }
    return geometries.get(url);
  }

  /** Resolves once both style sheets apply: the legend is measured, so they must. */
  function styled(box) {
    const pane = box.querySelector(".leaflet-pane");
    const deadline = performance.now() + 5000;
    return new Promise((resolve) => {
      const look = () => {
        const ready =
          getComputedStyle(pane).position === "absolute" &&
          getComputedStyle(box).getPropertyValue("--jambi-styled");
        if (ready || performance.now() > deadline) resolve();
        else requestAnimationFrame(look);
      };
      look();
    });
  }

  let letters = null;

  /** Resolves once the page's own letters are there, in which names are narrower; soon anyway. */
  function lettered() {
    const soon = new Promise((resolve) => setTimeout(resolve, 400));
    letters ||= Promise.allSettled(pageFonts().map((face) => face.load()));
    return Promise.race([letters, soon]);
  }

  /** The letters of the page around the frame, which the browser has fetched already. */
  function pageFonts() {
    const faces = [];
    try {
      for (const sheet of window.parent.document.styleSheets) {
        for (const rule of sheet.cssRules) {
          if (rule.constructor.name !== "CSSFontFaceRule") continue;
          const [family, style, src] = ["font-family", "font-style", "src"].map((name) =>
            rule.style.getPropertyValue(name),
          );
          if (!/^["']?Source Sans/.test(family) || style === "italic") continue;
          const base = sheet.href || window.parent.document.baseURI;
          const from = src.replace(
            /url\(["']?([^"')]+)["']?\)/g,
            (_, place) => `url("${new URL(place, base)}")`,
          );
          const face = new FontFace("Source Sans 3", from, {
            weight: rule.style.getPropertyValue("font-weight") || "normal",
          });
          document.fonts.add(face);
          faces.push(face);
        }
      }
    } catch {
      // A page of another origin around the frame: the letters of the machine will do.
    }
    return faces;
  }

  function html(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  }

  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  // --- text that fits -----------------------------------------------------------------------

  const ruler = document.createElement("canvas").getContext("2d");
  const widths = new Map();

  function textWidth(text, size, family) {
    const key = `${family}|${text}`;
    if (!widths.has(key)) {
      ruler.font = `600 100px ${family}`;
      widths.set(key, ruler.measureText(text).width);
    }
    return (widths.get(key) * size) / 100;
  }

  const wraps = new Map();

  /** The ways to break a name into one, two or three lines, each with its longest line shortest. */
  function wrapped(name) {
    if (wraps.has(name)) return wraps.get(name);
    // A soft hyphen is a place where a long word may be broken.
    const words = name.split(/\s+|(?<=\u00ad)/);
    const join = (part) => part.join(" ").replace(/\u00ad /g, "").replace(/\u00ad$/, "-");
    const ways = [];
    for (let lines = 1; lines <= Math.min(3, words.length); lines += 1) {
      let best = null;
      const split = (start, left, done) => {
        if (left === 1) {
          const all = [...done, join(words.slice(start))];
          const longest = Math.max(...all.map((line) => line.length));
          if (!best || longest < best.longest) best = { lines: all, longest };
          return;
        }
        for (let end = start + 1; end <= words.length - left + 1; end += 1) {
          split(end, left - 1, [...done, join(words.slice(start, end))]);
        }
      };
      split(0, lines, []);
      ways.push(best.lines);
    }
    wraps.set(name, ways);
    return ways;
  }

  /** The stretch of the horizontal line at `y` that holds `x` inside the rings; null if none. */
  function chord(rings, x, y) {
    let left = -Infinity;
    let right = Infinity;
    let crossings = 0;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [ax, ay] = ring[j];
        const [bx, by] = ring[i];
        if (ay > y === by > y) continue;
        const at = ax + ((y - ay) / (by - ay)) * (bx - ax);
        if (at <= x) {
          crossings += 1;
          if (at > left) left = at;
        } else if (at < right) right = at;
      }
    }
    return crossings % 2 === 1 ? [left, right] : null;
  }

  // --- one map ------------------------------------------------------------------------------

  class AreaMap {
    constructor(map) {
      this.map = map;
      this.areas = [];
      this.byCode = new Map();
      this.outlines = [];
      this.waters = [];
      this.drawn = [];
      this.painted = [];
      this.chosenFeature = null;
      this.moved = false;
      this.guiding = false;
      this.box = map.getContainer();
      this.box.classList.add("jambi-map");
      this.box.setAttribute("role", "application");

      for (const [name, level] of [["water", 390], ["over", 420]]) {
        map.createPane(name).style.zIndex = level;
        map.getPane(name).style.pointerEvents = "none";
      }
      this.waterRenderer = L.svg({ pane: "water", padding: 0.5 }).addTo(map);
      this.areaRenderer = L.svg({ pane: "overlayPane", padding: 0.5 }).addTo(map);
      this.overRenderer = L.svg({ pane: "over", padding: 0.5 }).addTo(map);
      this.rings = svg("g", {});
      this.names = svg("g", { "aria-hidden": "true" });
      this.riverNames = svg("g", { "aria-hidden": "true" });
      this.overRenderer._container.append(this.rings, this.riverNames, this.names);

      this.style = document.head.appendChild(document.createElement("style"));
      this.patterns = svg("svg", { width: 0, height: 0, style: "position:absolute" });
      this.box.append(this.patterns);
      this.tip = html("div", "jambi-tip");
      this.tip.hidden = true;
      this.box.append(this.tip);

      this.legend = L.control({ position: "bottomleft" });
      this.legend.onAdd = () => {
        const node = html("div", "jambi-legend leaflet-control");
        L.DomEvent.disableClickPropagation(node);
        return node;
      };
      this.legend.addTo(map);
      this.credit = L.control.attribution({ prefix: false }).addTo(map);
      this.listen();
    }

    listen() {
      const { map } = this;
      map.on("moveend", () => {
        // Leaflet's own listeners came first: the paths already lie where they belong.
        this.guiding = false;
        this.arrange();
        this.tellOthers();
      });
      map.on("zoomstart movestart", () => {
        this.hideTip();
        if (!this.guiding) this.moved = true;
      });
      map.on("resize", () => {
        if (!this.moved) this.look(false);
        this.arrange();
      });
      // Leaflet focuses the map when the mouse goes down. Where the frame is taller than the
      // window, the page would then scroll under the mouse and the click would miss its area.
      this.box.focus = () => HTMLElement.prototype.focus.call(this.box, { preventScroll: true });
      // The wheel scrolls the page until the reader has turned to the map.
      const wheel = map.scrollWheelZoom;
      this.box.addEventListener("pointerdown", () => wheel.enable());
      this.box.addEventListener("mouseleave", () => wheel.disable());
      if (L.Browser.mobile) {
        // One finger scrolls the page; it pans only where something lies beyond the frame.
        map.dragging.disable();
        map.on("zoomend", () => {
          const closer = map.getZoom() > map.getMinZoom() + 1;
          map.dragging[closer ? "enable" : "disable"]();
        });
      }
      this.box.addEventListener("focusin", (event) => {
        const area = this.areaOf(event.target);
        if (area && event.target.matches(":focus-visible")) this.point(area);
      });
      this.box.addEventListener("focusout", () => this.hideTip());
      this.box.addEventListener("keydown", (event) => this.onKey(event));
      this.hearOthers();
    }

    // --- what Python says -------------------------------------------------------------------

    show(paint) {
      // streamlit-folium remembers every group it ever added; drop those that are gone.
      if (window.feature_group) window.feature_group = window.feature_group.filter((g) => g._map);
      const before = this.paint;
      this.paint = paint;
      this.format = new Intl.NumberFormat(paint.language === "en" ? "en" : "id-ID");
      this.format1 = new Intl.NumberFormat(paint.language === "en" ? "en" : "id-ID", {
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      });
      this.dress(before);
      if (paint.url === this.url) {
        this.repaint();
        if (paint.focus !== this.focus) this.look(true);
        return;
      }
      Promise.all([fetchGeometry(paint.url), styled(this.box), lettered()]).then(
        ([geometry]) => {
          // A later call may have asked for other shapes meanwhile.
          if (this.paint.url !== paint.url || this.url === paint.url) return;
          const first = this.url === undefined;
          // The style has come since: it may have made the frame another size.
          this.map.invalidateSize({ pan: false });
          this.draw(geometry, paint.url);
          this.repaint();
          if (first || this.paint.focus !== this.focus) this.look(!first);
        },
        () => this.fail(),
      );
    }

    fail() {
      if (this.failure) return;
      this.failure = html("div", "jambi-failed", this.paint.texts.failed);
      this.failure.setAttribute("role", "alert");
      this.box.append(this.failure);
    }

    dress(before) {
      const { paint } = this;
      for (const [name, value] of Object.entries(paint.theme)) {
        this.box.style.setProperty(`--${name.replace("_", "-")}`, value);
      }
      this.box.setAttribute("aria-label", `${paint.title}. ${paint.texts.map}`);
      document.documentElement.lang = paint.language;
      this.nameFrame();
      const looks = JSON.stringify(paint.scale);
      if (looks !== this.looks) {
        this.looks = looks;
        this.style.textContent = paint.scale
          .map(
            (info, k) =>
              `.jambi-map .k${k}{fill:${info.pattern ? `url(#jambi-k${k})` : info.fill}}` +
              `.jambi-map .t${k}{fill:${info.ink};stroke:${info.fill}}` +
              `.jambi-map[data-only="${k}"] .area:not(.k${k}){fill-opacity:.16}`,
          )
          .join("\n");
        this.patterns.replaceChildren(
          svg("defs", {}, ...paint.scale.map(patternOf).filter(Boolean)),
        );
      }
      if (!before || before.language !== paint.language) this.addButtons();
      // In a corner of its own the credit would lie on the legend of a narrow map.
      if (this.creditText) this.credit.removeAttribution(this.creditText);
      this.creditText = paint.legend ? "" : html("span", "", paint.attribution).innerHTML;
      if (this.creditText) this.credit.addAttribution(this.creditText);
      this.credit.getContainer().hidden = !this.creditText;
    }

    /** The page outside hears what the frame holds; a reader may enlarge it. */
    nameFrame() {
      const viewport = document.querySelector("meta[name=viewport]");
      if (viewport) viewport.content = "width=device-width, initial-scale=1";
      try {
        window.frameElement.setAttribute("aria-label", this.paint.title || this.paint.texts.map);
      } catch {
        // A page of another origin around the frame names it itself.
      }
    }

    addButtons() {
      const { map, paint } = this;
      if (this.buttons) this.buttons.remove();
      const { texts } = paint;
      this.buttons = L.control.zoom({
        position: "topright",
        zoomInTitle: texts.zoomIn,
        zoomOutTitle: texts.zoomOut,
      });
      this.buttons.addTo(map);
      const home = html("a", "leaflet-control-home", "⌂");
      home.href = "#";
      home.title = texts.home;
      home.setAttribute("role", "button");
      home.setAttribute("aria-label", texts.home);
      L.DomEvent.on(home, "click", (event) => {
        L.DomEvent.stop(event);
        this.moved = false;
        this.look(true);
      });
      this.buttons.getContainer().append(home);
    }

    // --- shapes -----------------------------------------------------------------------------

    draw(geometry, url) {
      const { map } = this;
      if (this.failure) this.failure.remove();
      this.failure = null;
      for (const layer of this.drawn) layer.remove();
      this.drawn = [];
      this.areas = [];
      this.byCode = new Map();
      this.outlines = [];
      this.waters = [];
      this.painted = [];
      this.family = getComputedStyle(this.box).fontFamily;
      this.url = url;
      this.hideTip();

      for (const feature of geometry.features) {
        const { role } = feature.properties;
        if (role === "area") this.addArea(feature);
        else if (role === "outline") this.addOutline(feature);
        else if (role === "water") this.addWater(feature);
      }
      const many = this.areas.length > MANY;
      this.box.classList.toggle("calm", calm && !many);
      this.group = L.featureGroup(this.areas.map((area) => area.layer));
      this.group.on("mouseover", (event) => this.point(event.layer.area, event.originalEvent));
      this.group.on("mousemove", (event) => this.moveTip(event.originalEvent));
      this.group.on("mouseout", () => this.hideTip());
      this.group.on("click", (event) => this.choose(event.layer.area));
      this.drawn.push(this.group.addTo(map));
      for (const area of this.areas) {
        area.node = area.layer.getElement();
        area.node.jambiArea = area;
        area.node.setAttribute("role", "button");
        area.node.setAttribute("aria-label", area.name);
        area.node.setAttribute("tabindex", "-1");
      }
      if (this.areas.length) this.areas[0].node.setAttribute("tabindex", "0");

      this.extent = L.latLngBounds(
        this.paint.bounds.slice(0, 2),
        this.paint.bounds.slice(2),
      );
    }

    shape(feature, options) {
      const { type, coordinates } = feature.geometry;
      const line = type === "LineString" || type === "MultiLineString";
      const depth = { LineString: 0, Polygon: 1, MultiLineString: 1, MultiPolygon: 2 }[type];
      const places = L.GeoJSON.coordsToLatLngs(coordinates, depth);
      const make = line ? L.polyline : L.polygon;
      return make(places, { smoothFactor: 0, noClip: true, weight: 1, fillOpacity: 1, ...options });
    }

    addArea(feature) {
      const { code, name, parent, label, at } = feature.properties;
      const layer = this.shape(feature, { renderer: this.areaRenderer, className: "area" });
      const area = {
        index: this.areas.length,
        code,
        name,
        parent,
        label: label || name,
        layer,
        at: this.flat(at),
        rings: this.flatRings(feature.geometry),
      };
      layer.area = area;
      // What streamlit-folium sends for a click: the code, not the shape.
      layer.toGeoJSON = () => this.chosenFeature || this.featureOf(area);
      this.areas.push(area);
      this.byCode.set(code, area);
    }

    addOutline(feature) {
      const { code, name, level } = feature.properties;
      const layer = this.shape(feature, {
        renderer: this.overRenderer,
        className: `outline ${level}`,
        interactive: false,
        fill: false,
      });
      this.drawn.push(layer.addTo(this.map));
      const rings = this.flatRings(feature.geometry);
      this.outlines.push({ code, name, level, layer, rings, at: middleOf(rings) });
    }

    addWater(feature) {
      const { name, middle } = feature.properties;
      const line = feature.geometry.type.endsWith("LineString");
      const layer = this.shape(feature, {
        renderer: this.waterRenderer,
        className: line ? "water line" : "water",
        interactive: false,
        weight: line ? 12 : 1,
        fill: !line,
      });
      this.drawn.push(layer.addTo(this.map));
      const path = line ? feature.geometry.coordinates : middle;
      if (name && path) this.waters.push({ name, path: path.map((place) => this.flat(place)) });
    }

    /** The borders of a country's 5.500 kecamatan would be all that is seen of it. */
    thin() {
      const corners = [this.extent.getNorthWest(), this.extent.getSouthEast()];
      const [a, b] = corners.map((place) => this.map.project(place));
      const share = (count) => Math.sqrt(Math.abs((b.x - a.x) * (b.y - a.y)) / Math.max(count, 1));
      const width = (count, from) => Math.min(1, (share(count) / from) ** 2).toFixed(2);
      this.box.style.setProperty("--thin", width(this.outlines.length, THIN_BELOW));
      this.box.style.setProperty("--thin-area", width(this.areas.length, THIN_BELOW / 4));
    }

    /** A place [x, y] of the file in pixels of zoom 0, where all measuring is done. */
    flat([x, y]) {
      const point = this.map.project([y, x], 0);
      return [point.x, point.y];
    }

    flatRings({ type, coordinates }) {
      const polygons = { Polygon: [coordinates], MultiPolygon: coordinates }[type] || [];
      return polygons.flat().map((ring) => ring.map((place) => this.flat(place)));
    }

    // --- colours ----------------------------------------------------------------------------

    repaint() {
      const { paint } = this;
      const many = this.areas.length > MANY ? " many" : "";
      const marked = [];
      for (const area of this.areas) {
        area.k = parseInt(paint.classes[area.index], 36);
        area.pale = Boolean(paint.focus) && !isWithin(area.code, paint.focus);
        const look = `leaflet-interactive area k${area.k}${many}`;
        if (this.painted[area.index] !== look) {
          this.painted[area.index] = look;
          area.node.setAttribute("class", look);
        }
        if (paint.scale[area.k].mark) marked.push(area);
      }
      this.showMarks(marked);
      this.setChosen(paint.selected);
      this.drawLegend();
      this.arrange();
      if (this.pointed && !this.tip.hidden) this.fillTip(this.pointed);
      // Who hears the map may list its areas; of thousands each is told when it is reached.
      if (this.areas.length <= MANY) for (const area of this.areas) this.nameArea(area);
    }

    showMarks(areas) {
      for (const layer of this.marks || []) layer.remove();
      this.marks = areas.map((area) =>
        L.polygon(area.layer.getLatLngs(), {
          renderer: this.overRenderer,
          className: "mark",
          color: this.paint.scale[area.k].mark,
          interactive: false,
          fill: false,
          smoothFactor: 0,
          noClip: true,
        }).addTo(this.map),
      );
    }

    setChosen(codes) {
      for (const item of this.chosen || []) if (item.node) item.node.removeAttribute("aria-pressed");
      this.chosen = codes.map((code) => this.byCode.get(code) || this.outlineOf(code)).filter(Boolean);
      for (const item of this.chosen) if (item.node) item.node.setAttribute("aria-pressed", "true");
      this.drawRings();
    }

    outlineOf(code) {
      return this.outlines.find((outline) => outline.code === code);
    }

    /** Copies of the shapes on top, so that no path changes its place in the document. */
    drawRings() {
      const { focus } = this.paint;
      const copies = [];
      if (focus) {
        // Everything but the focus lies under one veil with holes.
        const holes = this.areas.filter((area) => !area.pale).map(pathOf);
        const d = `M-1e5,-1e5H1e5V1e5H-1e5Z${holes.join("")}`;
        copies.push(svg("path", { d, class: "veil", "fill-rule": "evenodd" }));
        const outline = this.outlineOf(focus);
        if (outline) copies.push(svg("path", { d: pathOf(outline), class: "ring focus" }));
      }
      for (const item of this.chosen || []) {
        const d = pathOf(item);
        copies.push(svg("path", { d, class: "ring under" }), svg("path", { d, class: "ring chosen" }));
      }
      if (this.pointed) copies.push(svg("path", { d: pathOf(this.pointed), class: "ring hover" }));
      this.rings.replaceChildren(...copies);
    }

    // --- legend -----------------------------------------------------------------------------

    drawLegend() {
      const { paint } = this;
      const node = this.legend.getContainer();
      node.hidden = !paint.legend;
      if (!paint.legend) return;
      const counts = paint.scale.map(() => 0);
      for (const area of this.areas) if (!area.pale) counts[area.k] += 1;
      const now = JSON.stringify([
        counts, this.looks, paint.note, paint.unit, paint.attribution, paint.texts.counted,
      ]);
      if (now === this.legendNow) return;
      this.legendNow = now;

      // The subject stands above the map, in the page.
      const counted = paint.unit && paint.texts.counted.replace("{unit}", paint.unit);
      const aside = [counted, paint.note].filter(Boolean).join("; ");
      const bar = html("div", "bar");
      const items = html("div", "items");
      const signed = paint.scale.some((info) => info.low < 0);
      const ranges = paint.scale.filter(isRange);
      paint.scale.forEach((info, k) => {
        // A state in which nothing is needs no explanation.
        if (!counts[k] && (info.pattern || info.mark)) return;
        const entry = isRange(info)
          ? this.legendStep(info, k, counts[k], signed, ranges)
          : this.legendItem(info, k, counts[k]);
        entry.title = info.label;
        entry.addEventListener("mouseenter", () => this.box.setAttribute("data-only", k));
        entry.addEventListener("mouseleave", () => this.box.removeAttribute("data-only"));
        (isRange(info) ? bar : items).append(entry);
      });
      const parts = [bar, items].filter((part) => part.childElementCount);
      const notes = [aside, paint.attribution].filter(Boolean);
      if (notes.length) parts.push(html("div", "notes", ...notes.map((note) => html("div", "", note))));
      const height = node.offsetHeight;
      node.replaceChildren(...parts);
      // A row more or less: the map still fills what is left of the frame.
      if (height && node.offsetHeight !== height && this.extent && !this.moved) this.look(false);
    }

    legendStep(info, k, count, signed, ranges) {
      const step = html("div", "step");
      const place = ranges.indexOf(info);
      const point = info.low === info.high;
      const text = svg("text", { x: "50%", y: 11, class: `t${k}` }, this.format.format(count));
      text.setAttribute("style", `stroke:none;font-weight:600;opacity:${count ? 1 : 0.7}`);
      const picture = svg("svg", { width: "100%", height: 21 });
      picture.append(svg("rect", { width: "100%", height: 21, class: `k${k}` }), text);
      step.append(picture);
      const write = (value) => {
        const shown = this.format.format(Math.abs(value) * 100);
        if (!signed) return value === 1 ? `${shown}%` : shown;
        return (value > 0 ? "+" : value < 0 ? "−" : "") + shown;
      };
      const previous = ranges[place - 1];
      if (point) {
        const edge = html("span", "edge", write(info.low));
        edge.style.left = "50%";
        step.append(edge);
      } else {
        const afterPoint = previous && previous.low === previous.high;
        if (info.low !== null && !afterPoint) step.append(html("span", "edge low", write(info.low)));
        if (place === ranges.length - 1 && info.high !== null) {
          step.append(html("span", "edge high", write(info.high)));
        }
      }
      return step;
    }

    legendItem(info, k, count) {
      const item = html("div", "item", swatch(info, k), `${info.label} `);
      item.append(html("b", "", this.format.format(count)));
      item.classList.toggle("none", count === 0);
      return item;
    }

    // --- pointing and choosing --------------------------------------------------------------

    areaOf(node) {
      return node && node.jambiArea;
    }

    point(area, event) {
      this.pointed = area;
      this.drawRings();
      this.fillTip(area);
      this.tip.hidden = false;
      if (event) this.moveTip(event);
      else {
        const place = this.map.latLngToContainerPoint(this.map.unproject(area.at, 0));
        this.placeTip(place.x, place.y);
      }
    }

    hideTip() {
      this.tip.hidden = true;
      if (!this.pointed) return;
      this.pointed = null;
      this.drawRings();
    }

    moveTip(event) {
      const frame = this.box.getBoundingClientRect();
      this.placeTip(event.clientX - frame.left, event.clientY - frame.top);
    }

    placeTip(x, y) {
      const { offsetWidth: width, offsetHeight: height } = this.tip;
      const size = this.map.getSize();
      const left = x + 16 + width > size.x ? x - 16 - width : x + 16;
      const top = Math.min(Math.max(4, y + 14), size.y - height - 4);
      this.tip.style.left = `${Math.max(4, left)}px`;
      this.tip.style.top = `${top}px`;
    }

    /** What is known of an area: label and value of each field that has one. */
    told(area) {
      const rows = [];
      for (const field of this.paint.fields) {
        const value = this.written(field, area.index);
        if (value !== null) rows.push([field.label, value]);
      }
      return rows;
    }

    fillTip(area) {
      const info = this.paint.scale[area.k];
      const above = area.parent && this.outlineOf(area.parent);
      const rows = html("dl", "");
      for (const [label, value] of this.told(area)) {
        rows.append(html("dt", "", label), html("dd", "", value));
      }
      this.tip.replaceChildren(
        html("strong", "", area.name),
        ...(above ? [html("span", "above", above.name)] : []),
        html("div", "state", swatch(info, area.k), info.label),
        rows,
      );
      this.nameArea(area);
    }

    nameArea(area) {
      const above = area.parent && this.outlineOf(area.parent);
      const spoken = this.told(area).flat().join(" ");
      area.node.setAttribute(
        "aria-label",
        `${area.name}${above ? `, ${above.name}` : ""}: ${this.paint.scale[area.k].label}. ${spoken}`,
      );
    }

    /** A value as formats.py would print it; null where there is none. */
    written(field, index) {
      const value = field.values[index];
      if (value === null || value === undefined) return null;
      switch (field.kind) {
        case "text":
          return field.words[value];
        case "percent":
          return `${this.format1.format(value / 10)}%`;
        case "points": {
          const sign = value > 0 ? "+" : value < 0 ? "−" : "±";
          return `${sign}${this.format1.format(Math.abs(value) / 10)} ${this.paint.texts.points}`;
        }
        case "rupiah":
          return `${value < 0 ? "−" : ""}Rp${this.format.format(Math.abs(value))}`;
        case "decimal":
          return this.format1.format(value / 10);
        default:
          return this.format.format(value);
      }
    }

    /** The value under a name: as `written`, without words. */
    writtenShort(field, index) {
      const value = this.written(field, index);
      return value && field.kind === "points" ? value.split(" ")[0] : value;
    }

    featureOf(area) {
      return { type: "Feature", properties: { code: area.code, at: Date.now() }, geometry: null };
    }

    choose(area) {
      this.setChosen([area.code]);
      for (const other of this.areas) {
        if (other.node.getAttribute("tabindex") === "0") other.node.setAttribute("tabindex", "-1");
      }
      area.node.setAttribute("tabindex", "0");
      this.chosenFeature = this.featureOf(area);
      const frame = window.__GLOBAL_DATA__;
      if (!frame || !window.Streamlit) return;
      // At once, not after the quarter of a second by which streamlit-folium gathers events;
      // its own answer to this click is then the same value and sends nothing.
      frame.last_active_drawing = this.chosenFeature;
      frame.previous_data = { ...frame.previous_data, last_active_drawing: this.chosenFeature };
      window.Streamlit.setComponentValue(frame.previous_data);
    }

    onKey(event) {
      const area = this.areaOf(event.target);
      if (!area) return;
      const toward = {
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        ArrowUp: [0, -1],
        ArrowDown: [0, 1],
      }[event.key];
      if (toward) {
        const next = this.neighbour(area, toward);
        if (next) {
          area.node.setAttribute("tabindex", "-1");
          next.node.setAttribute("tabindex", "0");
          next.node.focus({ preventScroll: true });
        }
      } else if (event.key === "Enter" || event.key === " ") this.choose(area);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    neighbour(area, [dx, dy]) {
      let best = null;
      for (const other of this.areas) {
        const x = other.at[0] - area.at[0];
        const y = other.at[1] - area.at[1];
        const ahead = x * dx + y * dy;
        const aside = Math.abs(x * dy) + Math.abs(y * dx);
        if (other === area || ahead <= 0 || aside > ahead * 1.8) continue;
        const cost = ahead + aside * 2;
        if (!best || cost < best.cost) best = { other, cost };
      }
      return best && best.other;
    }

    // --- the view ---------------------------------------------------------------------------

    look(animate) {
      const { map, paint } = this;
      const size = map.getSize();
      if (!this.extent || !size.x || !size.y) return;
      const below = paint.legend ? this.legend.getContainer().offsetHeight : 0;
      const room = { paddingTopLeft: [12, 10], paddingBottomRight: [12, below + 10] };
      const whole = map._getBoundsCenterZoom(this.extent, room);
      this.focus = paint.focus;
      const bounds = this.boundsOf(paint.focus);
      this.guiding = true;
      map.setMaxBounds(null);
      // Not setMinZoom: it would start a zoom of its own, which then overtakes this one.
      map.options.minZoom = whole.zoom - 1;
      // A single small area would fill the frame and lose its surroundings.
      const view = bounds ? map._getBoundsCenterZoom(bounds.pad(0.12), room) : whole;
      view.zoom = Math.min(view.zoom, whole.zoom + 4);
      if (animate && calm) map.flyTo(view.center, view.zoom, { duration: 0.5 });
      else map.setView(view.center, view.zoom, { animate: false });
      map.options.maxBounds = this.extent.pad(0.5);
      map.fire("zoomlevelschange");
      this.moved = false;
      this.guiding = animate && calm;
    }

    boundsOf(code) {
      if (!code) return null;
      const outline = this.outlineOf(code);
      if (outline) return outline.layer.getBounds();
      const inside = this.areas.filter((area) => isWithin(area.code, code));
      if (!inside.length) return null;
      return inside.reduce(
        (bounds, area) => bounds.extend(area.layer.getBounds()),
        L.latLngBounds(inside[0].layer.getBounds()),
      );
    }

    /** Maps of the same link on one page follow each other; the page carries the message. */
    tellOthers() {
      if (!this.paint || !this.paint.link || this.following) {
        this.following = false;
        return;
      }
      const centre = this.map.getCenter();
      const detail = {
        link: this.paint.link,
        from: this.box,
        whole: !this.moved,
        centre: [centre.lat, centre.lng],
        closer: this.map.getZoom() - this.map.getMinZoom(),
      };
      window.parent.dispatchEvent(new window.parent.CustomEvent("jambi-view", { detail }));
    }

    hearOthers() {
      const hear = ({ detail }) => {
        if (!this.box.isConnected || !this.paint || detail.link !== this.paint.link) return;
        if (detail.from === this.box || !this.extent) return;
        this.following = true;
        this.moved = !detail.whole;
        // A window that becomes narrower moves both: each then finds its own whole.
        if (detail.whole) this.look(false);
        else this.map.setView(detail.centre, this.map.getMinZoom() + detail.closer, { animate: false });
      };
      try {
        window.parent.addEventListener("jambi-view", hear);
        window.addEventListener("pagehide", () =>
          window.parent.removeEventListener("jambi-view", hear),
        );
      } catch {
        // A page of another origin around the frame: maps then move on their own.
      }
    }

    // --- names ------------------------------------------------------------------------------

    arrange() {
      if (!this.paint || this.url === undefined) return;
      const { map, paint } = this;
      this.scale = map.getZoomScale(map.getZoom(), 0);
      this.origin = map.getPixelOrigin();
      this.thin();
      this.drawRings();
      this.nameRivers();
      if (!paint.labels) {
        this.names.replaceChildren();
        return;
      }
      const places = (level) => this.outlines.filter((outline) => outline.level === level);
      if (paint.labels === "kecamatan") {
        this.names.replaceChildren(...this.namesAbove(places("kecamatan")));
        return;
      }
      const view = map.getPixelBounds().pad(0.2);
      const shown = this.areas.filter((area) =>
        view.contains([area.at[0] * this.scale, area.at[1] * this.scale]),
      );
      const field = this.worthyField(shown);
      const largest = map.getSize().y > 700 ? 17 : 14;
      const size = this.commonSize(shown, field, largest);
      const labels = [];
      for (const area of shown) {
        const label = this.bestLabel(area, field, size);
        if (label) labels.push(this.labelNode(area, label));
      }
      // Where the areas are too small for names of their own, the areas above them are named: a
      // name here and there would say less.
      let [named, of] = [labels, shown.length];
      for (const level of ["kelurahan", "kecamatan", "city"]) {
        const above = places(level);
        if (!above.length || named.length >= of * 0.6) continue;
        named = this.namesAbove(above);
        of = above.length;
      }
      this.names.replaceChildren(...named);
    }

    namesAbove(outlines) {
      const labels = [];
      for (const outline of outlines) {
        const label = this.bestLabel({ ...outline, label: outline.name }, null, 12);
        if (label) labels.push(this.labelNode(outline, label));
      }
      return labels;
    }

    /** The field to write under the names, if it fits under most of those that fit at all. */
    worthyField(areas) {
      const { labelField, fields } = this.paint;
      if (labelField === null) return null;
      const field = fields[labelField];
      const named = areas.filter((area) => this.fitting(area, null, MIN_FONT));
      const both = named.filter((area) => this.fitting(area, field, MIN_FONT));
      return both.length >= named.length * 0.5 ? field : null;
    }

    /** The largest size at which nearly all names fit, so that one map has one size of type. */
    commonSize(areas, field, largest) {
      for (let size = largest; size > MIN_FONT; size -= 1) {
        let fit = 0;
        for (const area of areas) if (this.fitting(area, field, size)) fit += 1;
        if (fit >= areas.length * 0.85) return size;
      }
      return MIN_FONT + 1;
    }

    bestLabel(area, field, largest) {
      for (const extra of field ? [field, null] : [null]) {
        for (let size = largest; size >= MIN_FONT; size -= 1) {
          const label = this.fitting(area, extra, size);
          if (label) return label;
        }
      }
      return null;
    }

    /** The lines of a name, with its value, as they lie inside the area; null if they do not. */
    fitting(area, field, size) {
      const { scale } = this;
      const value = field ? this.writtenShort(field, area.index) : null;
      const row = size * 1.12;
      const [x, y] = [area.at[0] * scale, area.at[1] * scale];
      const across = chord(area.rings, area.at[0], area.at[1]);
      if (!across || (across[1] - across[0]) * scale < size) return null;
      const centre = (area.at[0] + (across[0] + across[1]) / 2) / 2;
      for (const lines of wrapped(area.label)) {
        const all = value ? [...lines, value] : lines;
        const top = y - (all.length * row) / 2;
        const fits = all.every((line, n) => {
          const half = textWidth(line, size, this.family) / 2 + 2;
          // The letters stand in the middle of the row, not in its whole height.
          return [0.16, 0.84].every((part) => {
            const found = chord(area.rings, centre, (top + (n + part) * row) / scale);
            return (
              found &&
              (centre - found[0]) * scale >= half &&
              (found[1] - centre) * scale >= half
            );
          });
        });
        if (fits) return { lines, value, size, row, x: centre * scale, top };
      }
      return null;
    }

    labelNode(item, label) {
      const kind = item.level ? "place" : `name t${item.k}${item.pale ? " pale" : ""}`;
      const node = svg("text", { class: kind, "font-size": label.size, "data-code": item.code });
      const x = label.x - this.origin.x;
      const lines = label.value ? [...label.lines, label.value] : label.lines;
      lines.forEach((line, n) => {
        const y = label.top + (n + 0.5) * label.row - this.origin.y;
        const part = svg("tspan", { x, y }, line);
        if (label.value && n === lines.length - 1) part.setAttribute("class", "value");
        node.append(part);
      });
      return node;
    }

    nameRivers() {
      const parts = [];
      this.waters.forEach(({ name, path }, n) => {
        let places = path.map(([x, y]) => [
          x * this.scale - this.origin.x,
          y * this.scale - this.origin.y,
        ]);
        if (places[0][0] > places[places.length - 1][0]) places = places.reverse();
        const size = 13;
        const d = `M${places.map((place) => place.map((v) => v.toFixed(1)).join(",")).join("L")}`;
        const guide = svg("path", { id: `jambi-river-${n}`, d, fill: "none" });
        if (lengthOf(places) < textWidth(name, size, this.family) * 1.6) return;
        const run = svg("textPath", { href: `#jambi-river-${n}`, startOffset: "50%" }, name);
        parts.push(guide, svg("text", { class: "river", "font-size": size }, run));
      });
      this.riverNames.replaceChildren(...parts);
    }
  }

  // --- small pieces -------------------------------------------------------------------------

  const pathOf = (item) => item.layer.getElement().getAttribute("d");

  const isRange = (info) => info.low !== undefined || info.high !== undefined;

  /** Whether an official code lies in the area of another, or is it. */
  function isWithin(code, above) {
    return code === above || code.startsWith(`${above}.`) || code.startsWith(`${above}-`);
  }

  function lengthOf(places) {
    let sum = 0;
    for (let i = 1; i < places.length; i += 1) {
      sum += Math.hypot(places[i][0] - places[i - 1][0], places[i][1] - places[i - 1][1]);
    }
    return sum;
  }

  /** The centre of gravity of the largest ring. */
  function middleOf(rings) {
    let best = { area: 0, at: [0, 0] };
    for (const ring of rings) {
      let [area, x, y] = [0, 0, 0];
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
        area += cross;
        x += (ring[j][0] + ring[i][0]) * cross;
        y += (ring[j][1] + ring[i][1]) * cross;
      }
      if (Math.abs(area) > Math.abs(best.area)) best = { area, at: [x / (3 * area), y / (3 * area)] };
    }
    return best.at;
  }

  function patternOf(info, k) {
    if (!info.pattern) return null;
    const ink = { stroke: info.patternInk, "stroke-width": 1.2, fill: "none" };
    const marks = {
      dots: [svg("circle", { cx: 2, cy: 2, r: 0.9, fill: info.patternInk })],
      hatch: [svg("path", { d: "M-1,7L7,-1M-1,1L1,-1M5,7L7,5", ...ink })],
      cross: [svg("path", { d: "M0,0L6,6M6,0L0,6", ...ink })],
    }[info.pattern];
    const size = info.pattern === "dots" ? 7 : 6;
    return svg(
      "pattern",
      { id: `jambi-k${k}`, width: size, height: size, patternUnits: "userSpaceOnUse" },
      svg("rect", { width: size, height: size, fill: info.fill }),
      ...marks,
    );
  }

  function swatch(info, k) {
    const picture = svg("svg", { width: 18, height: 14, "aria-hidden": "true" });
    const edge = info.mark || "var(--muted)";
    const width = info.mark ? 3 : 1;
    picture.append(
      svg("rect", {
        x: width / 2,
        y: width / 2,
        width: 18 - width,
        height: 14 - width,
        class: `k${k}`,
        style: `stroke:${edge};stroke-width:${width}`,
      }),
    );
    return picture;
  }

  const maps = new WeakMap();

  return {
    show(map, paint) {
      if (!maps.has(map)) maps.set(map, new AreaMap(map));
      maps.get(map).show(paint);
    },
    of: (map) => maps.get(map),
  };
})();
