// The map's own part in the browser. The geometry is loaded once (window.LAGESBILD);
// draw() makes the layers, paint() gives them colours and names. No folium layer is remade.
window.Lagesbild = (() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const LINES = {
    barn_unga: { color: "#0072b2", weight: 3 },
    omrade: { color: "#a33c00", weight: 2.5, dashArray: "8 6" },
    ortsrad: { color: "#00573d", weight: 3, dashArray: "1 6", lineCap: "round" },
  };
  const EDGES = {
    plain: { color: "#555", weight: 1, dashArray: null },
    split: { color: "#222", weight: 2, dashArray: "6 4" },
    unsure: { color: "#222", weight: 2, dashArray: "1 4" },
  };
  // Shapes differ as well as colours: filled waits, a ring is ended, a triangle is good.
  const SHAPES = {
    open: '<circle cx="8" cy="8" r="6" fill="#d55e00" stroke="#fff" stroke-width="1.5"/>',
    ended: '<circle cx="8" cy="8" r="5" fill="#fff" stroke="#0072b2" stroke-width="3"/>',
    good: '<path d="M8 1 15 14H1Z" fill="#00735a" stroke="#fff" stroke-width="1.5"/>',
  };
  const TOGETHER = 44; // pixels: marks nearer than this are one mark with a number
  const areas = {}, outlines = {}, labels = [];
  let map, views, halo, highlight, marks, routes, spot, shown = null, state = {};

  const escape = (text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return span.innerHTML;
  };

  const styles = `
    .leaflet-container { font: 14px/1.4 "Source Sans", "Segoe UI", sans-serif; background: #f4f5f6; }
    .leaflet-container path:focus { outline: none; stroke: #000; stroke-width: 5; stroke-dasharray: none; }
    .leaflet-container :focus-visible { outline: 3px solid #000; outline-offset: 2px; }
    .leaflet-container path:focus-visible { outline: none; }
    .place { white-space: nowrap; font-size: 12px; color: #111; text-align: center;
      text-shadow: 0 0 3px #fff, 0 0 3px #fff, 0 0 3px #fff, 0 0 3px #fff; }
    .place span { display: inline-block; transform: translate(-50%, -50%); }
    .skip { position: absolute; z-index: 2000; top: 8px; left: 60px; padding: 8px 12px; background: #fff;
      border: 2px solid #00508c; font: inherit; }
    .end { position: absolute; bottom: 0; left: 0; width: 1px; height: 1px; overflow: hidden; opacity: 0; }
    .skip:not(:focus) { width: 1px; height: 1px; padding: 0; border: 0; overflow: hidden; opacity: 0; }
    .views button { display: block; width: 100%; padding: 6px 10px; border: 0; background: #fff;
      color: #111; font: inherit; cursor: pointer; text-align: left; }
    .views button + button { border-top: 1px solid #ccc; }
    .views button:hover { background: #eef3f7; }
    .mark { background: none; border: 0; }
    .mark svg { display: block; filter: drop-shadow(0 0 1px #000); }
    .several { display: flex; align-items: center; justify-content: center; border-radius: 50%;
      background: #fff; border: 3px solid #d55e00; color: #111; font-weight: 600; font-size: 12px; }
    .several.ended { border-color: #0072b2; }
    .several.good { border-color: #00735a; }
    .leaflet-tooltip { max-width: 260px; white-space: normal; }
    @media print { .leaflet-control-zoom, .views { display: none; } }`;

  // A line between two neighbours is in two rings; a line of the outline is in one.
  function outlineOf(members) {
    const count = new Map();
    const key = (a, b) => (a < b ? a + "|" + b : b + "|" + a);
    const rings = members.flatMap((id) => areas[id].rings);
    for (const ring of rings)
      for (let i = 1; i < ring.length; i++) {
        const k = key(String(ring[i - 1]), String(ring[i]));
        count.set(k, (count.get(k) || 0) + 1);
      }
    const lines = [];
    for (const ring of rings) {
      let line = null;
      for (let i = 1; i < ring.length; i++) {
        if (count.get(key(String(ring[i - 1]), String(ring[i]))) !== 1) { line = null; continue; }
        if (!line) lines.push((line = [[ring[i - 1][1], ring[i - 1][0]]]));
        line.push([ring[i][1], ring[i][0]]);
      }
    }
    return lines;
  }

  // What makes a shape usable without a mouse: reached by Tab, named, chosen by Enter or space.
  function reachable(layer, name, pressed) {
    const element = layer.getElement && layer.getElement();
    if (!element) return;
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", name);
    element.setAttribute("aria-pressed", pressed ? "true" : "false");
    if (element.dataset.ready) return;
    element.dataset.ready = "1";
    element.addEventListener("mousedown", (event) => event.preventDefault()); // focus would scroll
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      const latlng = layer.getBounds().getCenter();
      layer.fire("click", { latlng, sourceTarget: layer, target: layer, layer }, true);
    });
  }

  function pattern(id, draw) {
    const svg = map.getPanes().overlayPane.querySelector("svg");
    if (svg.querySelector("#" + id)) return "url(#" + id + ")";
    let defs = svg.querySelector("defs");
    if (!defs) defs = svg.insertBefore(document.createElementNS(SVG, "defs"), svg.firstChild);
    const made = document.createElementNS(SVG, "pattern");
    const size = { id, width: 12, height: 12, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    for (const [name, value] of Object.entries(size)) made.setAttribute(name, value);
    for (const [x, width, fill] of draw) {
      const stripe = document.createElementNS(SVG, "rect");
      const box = { x, y: 0, width, height: 12, fill };
      for (const [name, value] of Object.entries(box)) stripe.setAttribute(name, value);
      made.appendChild(stripe);
    }
    defs.appendChild(made);
    return "url(#" + id + ")";
  }

  function fillOf(colours) {
    if (colours.length === 1) return colours[0];
    const [a, b] = colours;
    return pattern("rand-" + (a + b).replace(/[^a-z0-9]/gi, ""), [[0, 6, a], [6, 6, b]]);
  }

  function addLabels(places) {
    for (const { name, at } of places) {
      const icon = L.divIcon({ className: "place", html: "<span>" + escape(name) + "</span>", iconSize: [0, 0] });
      const marker = L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -10000 }).addTo(map);
      marker.getElement().setAttribute("aria-hidden", "true");
      labels.push(marker);
    }
    thin();
  }

  // Names that would lie on an earlier one are hidden: the list is in order of importance.
  function thin() {
    const taken = [];
    if (marks) marks.eachLayer((mark) => taken.push(mark.getElement().getBoundingClientRect()));
    for (const marker of labels) {
      const span = marker.getElement().firstChild;
      span.style.visibility = "visible";
      const box = span.getBoundingClientRect();
      const clash = taken.some((other) => box.left < other.right + 4 && other.left < box.right + 4 &&
        box.top < other.bottom + 2 && other.top < box.bottom + 2);
      span.style.visibility = clash ? "hidden" : "visible";
      if (!clash) taken.push(box);
    }
  }

  function viewButtons() {
    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      const box = L.DomUtil.create("div", "views leaflet-bar");
      for (const { name, bounds } of views) {
        const button = L.DomUtil.create("button", "", box);
        button.type = "button";
        button.textContent = name;
        button.addEventListener("click", () => map.fitBounds(bounds));
      }
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    control.addTo(map);
  }

  // streamlit-folium tells the server at once that nothing is clicked yet: a run for nothing.
  function quietStart() {
    const known = window.__GLOBAL_DATA__;
    if (known) known.previous_data = { last_object_clicked: null, last_object_clicked_count: 0, last_object_clicked_tooltip: null };
  }

  function skipButton() {
    const box = map.getContainer();
    const button = document.createElement("button");
    button.className = "skip";
    button.type = "button";
    button.textContent = "Hoppa över kartans områden";
    const end = document.createElement("span");
    end.tabIndex = 0;
    end.className = "end";
    end.textContent = "Slut på kartan";
    button.addEventListener("click", () => end.focus());
    box.insertBefore(button, box.firstChild);
    document.body.appendChild(end);
  }

  function swedish(title, source) {
    document.documentElement.lang = "sv";
    document.title = title;
    if (window.frameElement) window.frameElement.title = title;
    const box = map.getContainer();
    box.focus = () => HTMLElement.prototype.focus.call(box, { preventScroll: true }); // on a click
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", title + ". Piltangenter flyttar, plus och minus zoomar.");
    map.attributionControl.setPrefix("Leaflet").addAttribution(escape(source));
    const zoom = map.zoomControl;
    for (const [button, text] of [[zoom._zoomInButton, "Zooma in"], [zoom._zoomOutButton, "Zooma ut"]]) {
      button.title = text;
      button.setAttribute("aria-label", text);
    }
  }

  function draw(theMap) {
    const { options } = window.LAGESBILD;
    map = theMap;
    views = options.views;
    const style = document.createElement("style");
    style.textContent = styles;
    document.head.appendChild(style);
    quietStart();
    skipButton();
    swedish(options.title, options.source);
    const group = L.geoJSON(window.LAGESBILD.areas, {
      style: { weight: 1, color: "#555", fillOpacity: 0.85, fillColor: "#fff" },
      onEachFeature: (feature, layer) => {
        const polygons = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
        areas[feature.properties.id] = { layer, rings: polygons.flat() };
        layer.bindTooltip(escape(feature.properties.name), { sticky: true });
      },
    }).addTo(map);
    L.polyline(outlineOf(Object.keys(areas)), { color: "#222", weight: 2, interactive: false }).addTo(map);
    for (const network of options.networks) {
      const line = L.polyline(outlineOf(network.members), { ...LINES[network.layer], fill: false });
      line.bindTooltip(escape(network.label), { sticky: true });
      outlines[network.id] = { line, ...network };
    }
    halo = L.polyline([], { color: "#fff", weight: 8, interactive: false }).addTo(map);
    highlight = L.polyline([], { color: "#000", weight: 4, interactive: false }).addTo(map);
    routes = L.layerGroup().addTo(map);
    marks = L.layerGroup().addTo(map);
    spot = L.circleMarker([0, 0], { radius: 16, color: "#000", weight: 3, fill: false, interactive: false });
    viewButtons();
    addLabels(options.places);
    map.on("moveend", putMarks);
    map.fitBounds(group.getBounds(), { animate: false });
    if (state.areas) paint(state);
  }

  function paint(next) {
    state = next;
    if (!map) return;
    const chosen = new Set(next.selected);
    for (const [id, { layer }] of Object.entries(areas)) {
      const { colours, label, edge } = next.areas[id];
      const on = chosen.has(id);
      layer.setStyle({ fillColor: fillOf(colours), ...EDGES[edge] });
      layer.setTooltipContent(escape(label));
      reachable(layer, label, on);
    }
    for (const network of Object.values(outlines)) {
      const visible = next.layers.includes(network.layer);
      if (visible !== map.hasLayer(network.line)) visible ? network.line.addTo(map) : network.line.remove();
      if (!visible) continue;
      network.line.setStyle({ weight: LINES[network.layer].weight + (network.id === next.network ? 3 : 0) });
      network.line.bringToFront();
      reachable(network.line, network.label, network.id === next.network);
    }
    const outline = outlineOf([...chosen]);
    for (const line of [halo, highlight]) line.setLatLngs(outline).bringToFront();
    follow(chosen);
    putRoutes();
    putSpot();
    putMarks();
  }

  // The map tells the server through a layer that it listens to; the text is the mark's own.
  function tell(layer, latlng) {
    Object.values(areas)[0].layer.fire("click", { latlng, sourceTarget: layer, layer }, true);
  }

  function putRoutes() {
    routes.clearLayers();
    for (const { path, label } of state.routes || []) {
      const line = L.polyline(path, { color: "#5b2a86", weight: 4, opacity: 0.8 }).addTo(routes);
      line.bindTooltip(escape(label), { sticky: true });
      line.on("click", (event) => { L.DomEvent.stop(event); tell(line, event.latlng); });
    }
  }

  // A place that is newly chosen comes into view, and out of the group that it may lie in.
  function putSpot() {
    if (!state.spot) { spot.remove(); spot.shown = ""; return; }
    spot.setLatLng(state.spot).addTo(map);
    const key = String(state.spot), isNew = key !== spot.shown;
    spot.shown = key;
    if (!isNew) return;
    const place = map.project(state.spot);
    const near = (state.points || []).filter(({ at }) => map.project(at).distanceTo(place) < TOGETHER);
    if (near.length > 1) map.setView(state.spot, Math.min(17, Math.max(15, map.getZoom() + 2)));
    else if (!map.getBounds().pad(-0.1).contains(state.spot)) map.setView(state.spot, Math.max(map.getZoom(), 14));
  }

  // Marks in view that lie on each other become one with a number; zooming in takes them apart.
  function putMarks() {
    if (!marks) return;
    marks.clearLayers();
    const groups = [], view = map.getBounds().pad(0.1);
    for (const point of state.points || []) {
      if (!view.contains(point.at)) continue;
      const place = map.project(point.at);
      const near = groups.find((group) => group.place.distanceTo(place) < TOGETHER);
      if (near) near.points.push(point);
      else groups.push({ place, points: [point] });
    }
    for (const { points } of groups) putMark(points);
    thin();
  }

  function putMark(points) {
    const n = points.reduce((sum, point) => sum + point.n, 0);
    const most = points.some((p) => p.look === "open") ? "open" : points.some((p) => p.look === "ended") ? "ended" : "good";
    const side = n === 1 ? 16 : n < 10 ? 26 : n < 100 ? 32 : 40;
    const html = n === 1 ? `<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[most]}</svg>` : String(n);
    const icon = L.divIcon({ className: n === 1 ? "mark" : `several ${most}`, html, iconSize: [side, side] });
    const label = points.length === 1 ? points[0].label : `${n} fynd tillsammans. Välj för att zooma in.`;
    const marker = L.marker(points[0].at, { icon, keyboard: true }).addTo(marks);
    marker.bindTooltip(escape(label));
    const choose = () => {
      const bounds = L.latLngBounds(points.map((point) => point.at));
      const apart = !bounds.getNorthEast().equals(bounds.getSouthWest());
      if (points.length > 1 && apart && map.getZoom() < 18) map.fitBounds(bounds, { maxZoom: 18, padding: [40, 40] });
      else if (points[0].n > 1) map.setView(points[0].at, map.getZoom() + 2);
      else { marker.setTooltipContent(escape(points[0].label)); tell(marker, marker.getLatLng()); }
    };
    marker.on("click", choose);
    const element = marker.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", label);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
  }

  // A new choice that is not in view is brought into view; the same choice never moves the map.
  function follow(chosen) {
    const mark = [...chosen].sort().join();
    if (mark === shown) return;
    const started = shown !== null;
    shown = mark;
    if (!chosen.size) return;
    const bounds = L.latLngBounds([...chosen].map((id) => areas[id].layer.getBounds()));
    const small = map.getBoundsZoom(bounds) - map.getZoom() > 2;
    const view = { maxZoom: 13, padding: [40, 40], animate: started };
    if (small || !map.getBounds().contains(bounds)) map.fitBounds(bounds, view);
  }

  return { draw, paint };
})();
