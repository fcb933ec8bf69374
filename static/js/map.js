// The map page: map, list and slider show the same towns on the same day, and the address says
// which. Without this script the server's list stands alone.
(async () => {
  const holder = document.querySelector("[data-map]");
  if (!holder) return;
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const { texts } = data;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const form = document.querySelector("[data-map-form]");
  const list = document.querySelector("[data-list]");
  const find = (name) => document.querySelector(`[data-${name}]`);
  const LISTED = 150;

  holder.hidden = false;
  const map = L.map(holder, {
    minZoom: 2, maxZoom: 14, worldCopyJump: true, zoomControl: false,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  L.control.zoom({ zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.setView([30, 35], 3);

  function wrong(words) {
    const place = find("map-error");
    place.textContent = [place.textContent, words].filter(Boolean).join(" ");
    place.hidden = false;
  }
  MapBase.add(map, data).catch(() => wrong(texts.noBase));

  let packed;
  try {
    const answer = await fetch(data.intervals);
    if (!answer.ok) throw new Error(`${answer.status} ${data.intervals}`);
    packed = await answer.json();
  } catch {
    holder.hidden = true;
    wrong(texts.failed);
    return;
  }
  find("loading").remove();
  addPatterns(packed.patterns);
  const towns = new MapTowns.Towns(packed, data);
  const day = (number) => MapTowns.dayInWords(towns.iso(number));
  const marks = new MapMarks.Marks(map, data, { day, lit: (id, lit) => lightRow(id, lit), still });
  let states = [];
  let replay = null;
  setPlace();

  // The fills that some day of the replay needs, beside those that the page came with.
  function addPatterns(markup) {
    const template = document.createElement("template");
    template.innerHTML = markup;
    const defs = document.querySelector("svg.patterns defs");
    for (const pattern of template.content.querySelectorAll("pattern")) {
      if (!document.getElementById(pattern.id)) defs.append(document.importNode(pattern, true));
    }
  }

  // Where the address says, else where all towns are in sight.
  function setPlace() {
    const [latitude, longitude, zoom] = data.view.split(",").map(Number);
    const places = towns.all.map((town) => town.at).filter(Boolean);
    if (data.view) map.setView([latitude, longitude], zoom, { animate: false });
    else if (places.length) map.fitBounds(L.latLngBounds(places), { padding: [40, 40], maxZoom: 9, animate: false });
  }

  // --- the list ---
  const rows = new Map();

  function row(state) {
    const { town, look, freshness, age } = state;
    if (!rows.has(town.id)) rows.set(town.id, newRow(town));
    const element = rows.get(town.id);
    const part = (name) => element.querySelector(`[data-${name}]`);
    const write = (name, words) => {
      part(name).textContent = words;
      part(name).hidden = !words;
    };
    part("badge").hidden = !look;
    part("none").hidden = Boolean(look);
    if (look) {
      part("badge").classList.toggle("pending", look.pending);
      part("badge").querySelector("svg").replaceWith(MapMarks.sign(state, 20));
      part("words").textContent = look.words;
      part("since").textContent = texts.since.replace("{day}", day(state.since));
      part("pending").hidden = !look.pending;
    }
    write("age", age === null ? "" : MapTowns.counted(texts.silence, age));
    write("deciding", state.deciding);
    return element;
  }

  function newRow(town) {
    const element = find("row-template").content.firstElementChild.cloneNode(true);
    element.dataset.row = town.id;
    const link = element.querySelector("[data-name]");
    link.href = town.url;
    link.textContent = town.name;
    element.querySelector("[data-where]").textContent = town.where;
    element.querySelector("[data-no-place]").hidden = town.at !== null;
    const light = (lit) => lightMark(town, lit);
    element.addEventListener("focusin", () => light(true));
    element.addEventListener("focusout", () => light(false));
    element.addEventListener("pointerenter", () => light(true));
    element.addEventListener("pointerleave", () => light(false));
    if (town.at) {
      const button = element.querySelector("[data-show]");
      button.hidden = false;
      button.setAttribute("aria-label", texts.showOnMap.replace("{words}", town.name));
      button.addEventListener("click", () => marks.open(town.id));
    }
    return element;
  }

  function showList() {
    const bounds = map.getBounds();
    const here = states.filter(({ town }) => !town.at || bounds.contains(town.at));
    const wanted = here.slice(0, LISTED).map(row);
    for (const element of [...list.children]) if (!wanted.includes(element)) element.remove();
    const focused = document.activeElement;
    wanted.forEach((element, index) => {
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
    if (focused !== document.activeElement && list.contains(focused)) focused.focus({ preventScroll: true });
    find("no-town").hidden = states.length > 0;
    find("count").textContent = MapTowns.counted(texts.towns, states.length);
    const elsewhere = states.length - here.length;
    find("list-note").textContent = [
      states.length && MapTowns.counted(texts.inView, here.length),
      elsewhere && MapTowns.counted(texts.elsewhere, elsewhere),
    ].filter(Boolean).join(", ") + (here.length > LISTED ? `. ${MapTowns.counted(texts.tooMany, LISTED)}` : "");
  }

  // --- one lights up the other ---
  function lightRow(id, lit) {
    const element = rows.get(id);
    if (!element) return;
    element.classList.toggle("lit", lit);
    if (lit && list.contains(element)) {
      const [frame, place] = [list.getBoundingClientRect(), element.getBoundingClientRect()];
      if (place.top < frame.top) list.scrollTop += place.top - frame.top;
      else if (place.bottom > frame.bottom) list.scrollTop += place.bottom - frame.bottom;
    }
  }

  let litMark = null;
  function lightMark(town, lit) {
    litMark?.classList.remove("lit");
    litMark = lit ? marks.visible(town.id) : null;
    litMark?.classList.add("lit");
  }

  // --- the address ---
  function write() {
    const centre = map.getCenter().wrap();
    const view = [centre.lat.toFixed(4), centre.lng.toFixed(4), map.getZoom()].join(",");
    const iso = towns.iso(replay.day);
    form.elements.on.value = iso;
    if (form.elements.view) form.elements.view.value = view;
    const address = new URL(location.href);
    address.searchParams.set("on", iso);
    address.searchParams.set("view", view);
    address.searchParams.delete("page");
    history.replaceState(null, "", address);
    const list = find("as-list");
    const other = new URL(list.href);
    other.searchParams.set("on", iso);
    list.href = other.pathname + other.search;
  }

  function show(number, playing) {
    states = towns.shown(number);
    marks.show(states);
    marks.refreshCards();
    showList();
    const iso = towns.iso(number);
    const words = iso === data.newest ? texts.newestDay : texts.otherDay;
    find("as-of").textContent = words.replace("{day}", MapTowns.dayInWords(iso));
    if (!playing && replay) write();
  }

  find("pager")?.remove();
  replay = new MapReplay.Replay(find("replay"), towns, data, { show, still });
  map.on("moveend", () => {
    showList();
    if (!replay.timer) write();
  });
  form.elements.on.addEventListener("change", () => {
    const chosen = form.elements.on;
    if (!chosen.value || !chosen.checkValidity()) return;
    replay.pause();
    replay.go(towns.number(chosen.value));
  });
  holder.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });
  holder.dataset.ready = "yes";
})();
