// Links map, legend and table of every view. Reads everything from the page itself; asks nobody.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var tip = document.getElementById("tip");
  var views = Array.prototype.slice.call(document.querySelectorAll(".view"));
  var numbers = new Intl.NumberFormat(root.lang);
  var collator = new Intl.Collator(root.lang, { numeric: true });


  function each(list, act) { Array.prototype.forEach.call(list, act); }

  // Light or dark
  each(document.querySelectorAll("[data-theme-switch]"), function (button) {
    button.addEventListener("click", function () {
      var dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    });
  });

  // Tabs
  var tabs = Array.prototype.slice.call(document.querySelectorAll('[role="tab"]'));
  function open(index, focus) {
    hideTip();
    tabs.forEach(function (tab, i) {
      tab.setAttribute("aria-selected", i === index ? "true" : "false");
      tab.tabIndex = i === index ? 0 : -1;
      views[i].hidden = i !== index;
    });
    if (focus) { tabs[index].focus(); }
  }
  tabs.forEach(function (tab, index) {
    tab.addEventListener("click", function () {
      open(index);
      history.replaceState(null, "", "#" + views[index].id);
    });
    tab.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { event.preventDefault(); open((index + step + tabs.length) % tabs.length, true); }
    });
  });
  if (tabs.length) {
    var asked = views.findIndex(function (view) { return "#" + view.id === location.hash; });
    open(asked < 0 ? 0 : asked);
  }

  // The label beside the pointer
  function hideTip() { tip.hidden = true; }
  function put(name, text) {
    var made = document.createElement(name);
    made.textContent = text;
    return made;
  }
  function showTip(row, x, y) {
    var heads = row.closest("table").tHead.rows[0].cells;
    tip.textContent = "";
    tip.appendChild(put("b", row.cells[1].textContent));
    if (row.dataset.in) { tip.appendChild(put("i", row.dataset.in)); }
    var list = document.createElement("dl");
    for (var i = 2; i < row.cells.length; i += 1) {
      if (!row.cells[i].textContent) { continue; }
      list.appendChild(put("dt", heads[i].textContent));
      list.appendChild(put("dd", row.cells[i].textContent));
    }
    tip.appendChild(list);
    tip.hidden = false;
    var width = tip.offsetWidth, height = tip.offsetHeight;
    var left = x + 16 + width > window.innerWidth ? x - width - 16 : x + 16;
    var top = y + 16 + height > window.innerHeight ? y - height - 12 : y + 16;
    tip.style.left = Math.max(6, Math.min(left, window.innerWidth - width - 6)) + "px";
    tip.style.top = Math.max(6, top) + "px";
  }

  var lettering = [];
  window.addEventListener("beforeprint", function () {
    // On paper every tab is there, and names are drawn as on a wide screen.
    each(document.querySelectorAll(".nm, .mk"), function (text) {
      text.classList.toggle("off", text.classList.contains("mk") || text.hasAttribute("data-tiny"));
    });
    each(document.querySelectorAll(".pl"), function (text) { text.classList.remove("off"); });
  });
  window.addEventListener("afterprint", function () { lettering.forEach(function (letter) { letter(); }); });

  views.forEach(function (view) {
    var map = view.querySelector(".map");
    var body = view.querySelector("tbody");
    var scroller = view.querySelector(".rows");
    var areas = {}, rows = {}, order = [];
    each(view.querySelectorAll(".a"), function (area) {
      areas[area.dataset.code] = area;
      order.push(area);
    });
    each(body.rows, function (row) { rows[row.dataset.code] = row; });
    var ring = document.createElementNS(map.namespaceURI, "path");
    ring.setAttribute("class", "ring");
    map.appendChild(ring);
    var names = Array.prototype.slice.call(view.querySelectorAll(".nm")); // in the order of areas
    var places = Array.prototype.slice.call(view.querySelectorAll(".pl"));
    var pinned = null, lit = null;

    function light(code) {
      if (lit && rows[lit]) { rows[lit].classList.remove("on"); }
      lit = code;
      var shown = code || pinned;
      ring.setAttribute("d", shown && areas[shown] ? areas[shown].getAttribute("d") : "");
      if (code && rows[code]) { rows[code].classList.add("on"); }
    }
    function pin(code) {
      if (pinned && rows[pinned]) { rows[pinned].classList.remove("pin"); }
      pinned = code === pinned ? null : code;
      if (pinned && rows[pinned]) { rows[pinned].classList.add("pin"); }
      light(null);
    }
    function bring(code) {
      var row = rows[code];
      if (!row || row.hidden) { return; }
      var head = view.querySelector("thead").offsetHeight;
      var foot = view.querySelector("tfoot") ? view.querySelector("tfoot").offsetHeight : 0;
      var top = row.offsetTop - head, bottom = row.offsetTop + row.offsetHeight + foot;
      if (top < scroller.scrollTop) { scroller.scrollTop = top; }
      else if (bottom > scroller.scrollTop + scroller.clientHeight) {
        scroller.scrollTop = bottom - scroller.clientHeight;
      }
    }
    function middle(area) {
      var box = area.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    }
    function point(code, x, y) { light(code); if (rows[code]) { showTip(rows[code], x, y); } }

    // Map → table
    var moved = false;
    map.addEventListener("pointermove", function (event) {
      var code = event.target.dataset && event.target.dataset.code;
      if (code && event.pointerType !== "touch" && !moved) { point(code, event.clientX, event.clientY); bring(code); }
      else if (!code) { light(null); hideTip(); }
    });
    map.addEventListener("pointerleave", function () { light(null); hideTip(); });
    map.addEventListener("click", function (event) {
      var code = event.target.dataset && event.target.dataset.code;
      if (moved) { moved = false; return; }
      if (!code) { if (pinned) { pin(pinned); } hideTip(); return; }
      pin(code); bring(code);
      if (pinned) { showTip(rows[code], event.clientX, event.clientY); } else { hideTip(); }
    });
    // Keys: one stop for the whole map, arrows go to the nearest area on that side
    function focusOn(area) {
      order.forEach(function (other) { other.tabIndex = other === area ? 0 : -1; });
      area.focus();
    }
    if (order.length) { order[0].tabIndex = 0; }
    map.addEventListener("focusin", function (event) {
      var code = event.target.dataset && event.target.dataset.code;
      if (!code || !event.target.matches(":focus-visible")) { return; }
      var at = middle(event.target);
      point(code, at[0], at[1]); bring(code);
    });
    map.addEventListener("focusout", function () { light(null); hideTip(); });
    map.addEventListener("keydown", function (event) {
      var from = event.target;
      if (!from.dataset || !from.dataset.code) { return; }
      if (event.key === "Escape") { hideTip(); return; }
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pin(from.dataset.code); return; }
      var way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
      if (!way) { return; }
      event.preventDefault();
      var here = middle(from), best = null, least = Infinity;
      order.forEach(function (area) {
        if (area === from || area.classList.contains("dim")) { return; }
        var there = middle(area), dx = there[0] - here[0], dy = there[1] - here[1];
        var along = dx * way[0] + dy * way[1], across = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
        if (along > 1 && along + 2 * across < least) { least = along + 2 * across; best = area; }
      });
      if (best) { focusOn(best); }
    });

    // Table → map
    each(body.rows, function (row) {
      row.tabIndex = row.rowIndex === 1 ? 0 : -1;
      row.addEventListener("pointerenter", function () { light(row.dataset.code); });
      row.addEventListener("pointerleave", function () { light(null); });
      row.addEventListener("focus", function () { light(row.dataset.code); });
      row.addEventListener("blur", function () { light(null); });
      row.addEventListener("click", function () { pin(row.dataset.code); });
      row.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pin(row.dataset.code); }
        var next = event.key === "ArrowDown" ? "nextElementSibling" : event.key === "ArrowUp" ? "previousElementSibling" : "";
        if (!next) { return; }
        event.preventDefault();
        var other = row[next];
        while (other && other.hidden) { other = other[next]; }
        if (other) { row.tabIndex = -1; other.tabIndex = 0; other.focus(); bring(other.dataset.code); }
      });
    });

    // Sorting: first click lowest first, again highest first; what has no value stays last
    each(view.querySelectorAll("thead button"), function (button) {
      button.addEventListener("click", function () {
        var head = button.parentElement, place = head.cellIndex;
        var down = head.getAttribute("aria-sort") === "ascending";
        each(head.parentElement.cells, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var listed = Array.prototype.map.call(body.rows, function (row) {
          var cell = row.cells[place], value = cell.dataset.v;
          return [row, value === undefined ? cell.textContent : value === "" ? null : Number(value)];
        });
        listed.sort(function (one, other) {
          if (one[1] === null || other[1] === null) {
            return (one[1] === null) - (other[1] === null) || collator.compare(one[0].dataset.code, other[0].dataset.code);
          }
          var found = typeof one[1] === "number" ? one[1] - other[1] : collator.compare(one[1], other[1]);
          return (down ? -found : found) || collator.compare(one[0].dataset.code, other[0].dataset.code);
        });
        listed.forEach(function (pair) { body.appendChild(pair[0]); });
        scroller.scrollTop = 0;
      });
    });

    // Searching, and showing one class
    var input = view.querySelector(".find input"), said = view.querySelector(".find output");
    var keys = view.querySelectorAll(".key"), wanted = null;
    function sift() {
      var text = input.value.trim().toLowerCase(), shown = 0, all = 0;
      Object.keys(rows).forEach(function (code) {
        var row = rows[code];
        var fits = (!text || row.dataset.s.indexOf(text) >= 0) && (wanted === null || row.dataset.c === wanted);
        row.hidden = !fits;
        all += 1; shown += fits ? 1 : 0;
        if (areas[code]) { areas[code].classList.toggle("dim", !fits); }
      });
      order.forEach(function (area, i) {
        var dim = area.classList.contains("dim"), mark = names[i].nextElementSibling;
        names[i].classList.toggle("dim", dim);
        if (mark && mark.classList.contains("mk")) { mark.classList.toggle("dim", dim); }
      });
      said.textContent = said.dataset.text.replace("%n", numbers.format(shown)).replace("%all", numbers.format(all));
    }
    input.addEventListener("input", sift);
    input.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { input.value = ""; sift(); }
    });
    each(keys, function (key) {
      key.addEventListener("click", function () {
        wanted = wanted === key.dataset.c ? null : key.dataset.c;
        each(keys, function (other) { other.setAttribute("aria-pressed", other.dataset.c === wanted ? "true" : "false"); });
        sift();
      });
    });

    // Names where there is room for them on this screen, else the figure alone, else nothing
    function letter() {
      var scale = map.getScreenCTM() ? map.getScreenCTM().a : 0;
      if (!scale) { return; }
      // The smallest areas are numbered for who has come closer; from afar their kelurahan are named.
      var near = !places.length || Boolean(box && box[2] < whole[2] * 0.6);
      places.forEach(function (name) {
        name.classList.toggle("off", near || Number(name.getAttribute("font-size")) * scale < 7);
      });
      each(map.querySelectorAll(".river"), function (name) { name.classList.toggle("off", 17 * scale < 9); });
      names.forEach(function (name) {
        var fits = near && Number(name.getAttribute("font-size")) * scale >= 7;
        var mark = name.nextElementSibling;
        name.classList.toggle("off", !fits);
        if (mark && mark.classList.contains("mk")) {
          var size = Number(mark.dataset.size);
          mark.classList.toggle("off", fits || size * scale < 7);
          mark.setAttribute("font-size", Math.min(size, 12 / scale).toFixed(1));
        }
      });
    }
    lettering.push(letter);
    if (window.ResizeObserver) { new ResizeObserver(letter).observe(map); } else { letter(); }

    // Moving closer
    var whole = map.getAttribute("viewBox").split(" ").map(Number), box = whole.slice();
    function look(to) {
      var size = Math.max(whole[2] / 8, Math.min(whole[2], to[2])), high = size * whole[3] / whole[2];
      box = [
        Math.max(0, Math.min(whole[2] - size, to[0])), Math.max(0, Math.min(whole[3] - high, to[1])), size, high
      ];
      map.setAttribute("viewBox", box.join(" "));
      map.classList.toggle("near", size < whole[2] * 0.95);
      letter();
    }
    function closer(factor, cx, cy) {
      var x = cx === undefined ? box[0] + box[2] / 2 : cx, y = cy === undefined ? box[1] + box[3] / 2 : cy;
      var size = Math.max(whole[2] / 8, Math.min(whole[2], box[2] * factor)), by = size / box[2];
      look([x - (x - box[0]) * by, y - (y - box[1]) * by, size]);
    }
    each(view.querySelectorAll(".zoom button"), function (button) {
      button.addEventListener("click", function () {
        if (button.dataset.z === "0") { look(whole); } else { closer(Number(button.dataset.z)); }
      });
    });
    function inMap(event) {
      var at = map.createSVGPoint();
      at.x = event.clientX; at.y = event.clientY;
      return at.matrixTransform(map.getScreenCTM().inverse());
    }
    map.addEventListener("wheel", function (event) {
      if (!event.ctrlKey && box[2] >= whole[2] * 0.95) { return; } // the page scrolls as usual
      event.preventDefault();
      var at = inMap(event);
      closer(event.deltaY < 0 ? 0.8 : 1.25, at.x, at.y);
    }, { passive: false });
    var grip = null;
    map.addEventListener("pointerdown", function (event) {
      moved = false;
      if (box[2] < whole[2] * 0.95 && event.button === 0) { grip = inMap(event); }
    });
    map.addEventListener("pointermove", function (event) {
      if (!grip) { return; }
      if (!(event.buttons & 1)) { grip = null; moved = false; return; }
      var at = inMap(event);
      if (!moved && Math.abs(at.x - grip.x) + Math.abs(at.y - grip.y) < box[2] / 120) { return; }
      moved = true; hideTip();
      look([box[0] + grip.x - at.x, box[1] + grip.y - at.y, box[2]]);
    });
    map.addEventListener("pointerup", function () { grip = null; });
  });
  window.addEventListener("scroll", hideTip, { passive: true });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { hideTip(); } });
})();
