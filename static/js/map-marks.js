// Marks of towns on the map: their signs, what clusters show, and cards.
const MapMarks = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const ORDER = ["controlled", "claimed", "contested", "fought-over", "unknown", "none"];

  function svg(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function html(name, className, ...children) {
    const element = document.createElement(name);
    element.className = className;
    element.append(...children);
    return element;
  }

  const statusOf = (state) => (state.look ? state.look.status : "none");

  // The shape tells the status, the fill the sides, the letter the side that has it.
  function sign(state, size) {
    const { look, freshness } = state;
    const shape = svg("use", { href: `#shape-${statusOf(state)}`, fill: look ? look.fill : "none" });
    if (look && look.edge) shape.setAttribute("stroke", look.edge);
    const picture = svg("svg", { class: `town-mark ${freshness}`, viewBox: "-12 -12 24 24", width: size, height: size, "aria-hidden": "true" }, shape);
    if (look && look.letter) picture.append(svg("text", { y: "4" }, look.letter));
    return picture;
  }

  class Marks {
    constructor(map, data, handlers) {
      this.map = map;
      this.data = data;
      this.texts = data.texts;
      this.handlers = handlers;
      this.marks = new Map();  // by the town's id
      this.states = new Map();
      this.group = L.markerClusterGroup({
        maxClusterRadius: 44,
        disableClusteringAtZoom: 12,
        showCoverageOnHover: false,
        animate: !handlers.still,
        spiderLegPolylineOptions: { className: "spider-leg" },
        iconCreateFunction: (cluster) => this.clusterIcon(cluster),
      });
      map.addLayer(this.group);
      this.group.on("layeradd", ({ layer }) => this.name(layer));
      map.on("layeradd", ({ layer }) => this.name(layer));
      this.group.on("animationend spiderfied unspiderfied", () => this.arrangeSoon());
      map.on("moveend", () => this.arrangeSoon());
    }

    inWords(state) {
      const { look, since, age } = state;
      if (!look) return this.texts.noStatus;
      return [
        look.words,
        this.texts.since.replace("{day}", this.handlers.day(since)),
        look.pending && this.texts.pending,
        age !== null && MapTowns.counted(this.texts.silence, age),
      ].filter(Boolean).join(", ");
    }

    // Show these states; only what differs from what is shown is touched.
    show(states) {
      const before = this.states;
      this.states = new Map(states.filter(({ town }) => town.at).map((state) => [state.town.id, state]));
      this.places = new Map([...this.states.keys()].map((id, index) => [id, index]));
      const gone = [...before.keys()].filter((id) => !this.states.has(id)).map((id) => this.marks.get(id));
      const changed = [];
      const added = [];
      for (const [id, state] of this.states) {
        const mark = this.marks.get(id) ?? this.make(state.town);
        const old = before.get(id);
        mark.state = state;
        if (!old) added.push(mark);
        if (old && old.look === state.look && old.freshness === state.freshness) continue;
        mark.setIcon(this.icon(state));
        if (old) changed.push(mark);
      }
      this.group.removeLayers(gone);
      this.group.addLayers(added);
      if (changed.length) this.group.refreshClusters(changed);
      for (const id of this.states.keys()) this.name(this.marks.get(id));
      if (gone.length || added.length || changed.length) this.arrangeSoon();
    }

    make(town) {
      const mark = L.marker(town.at, { riseOnHover: true });
      mark.town = town;
      mark.bindPopup(() => this.card(mark.state), { minWidth: 200, maxWidth: 300, autoPanPadding: [20, 20] });
      mark.on("popupopen", ({ popup }) => this.opened(popup));
      mark.on("popupclose", ({ popup }) => this.closed(popup, mark));
      for (const [event, lit] of [["mouseover", true], ["mouseout", false]]) {
        mark.on(event, () => this.handlers.lit(town.id, lit));
      }
      this.marks.set(town.id, mark);
      return mark;
    }

    icon(state) {
      const { look, freshness, town } = state;
      const label = html("span", "mark-label", html("b", "", town.name));
      if (look) label.append(html("span", "", look.words));
      const pending = look && look.pending ? "pending" : "";
      return L.divIcon({
        className: `mark-of-town ${pending} ${statusOf(state)}`,
        html: html("span", "mark-inside", sign(state, 26), label),
        iconSize: [26, 26],
      });
    }

    // A ring in which each kind of look has its share, and its number of towns in the middle.
    clusterIcon(cluster) {
      const states = cluster.getAllChildMarkers().map((mark) => mark.state);
      const shares = new Map();
      for (const state of states) {
        const key = `${statusOf(state)} ${state.look?.fill}`;
        const share = shares.get(key) ?? { state, number: 0 };
        shares.set(key, { ...share, number: share.number + 1 });
      }
      const sorted = [...shares.values()].sort((one, other) =>
        ORDER.indexOf(statusOf(one.state)) - ORDER.indexOf(statusOf(other.state)) || other.number - one.number);
      const ring = svg("svg", { class: "ring", viewBox: "-22 -22 44 44", width: 44, height: 44, "aria-hidden": "true" }, svg("circle", { class: "ring-ground", r: 20 }));
      let start = 0;
      for (const { state, number } of sorted) {
        const size = number / states.length;
        ring.append(svg("path", {
          d: slice(start, size), "fill-rule": "evenodd",
          fill: state.look && state.look.fill !== "none" ? state.look.fill : "var(--raised)",
          stroke: "var(--raised)", "stroke-width": 0.6,
        }));
        start += size;
      }
      ring.append(svg("text", { y: "5" }, String(states.length)));
      cluster.said = this.mix(states);
      return L.divIcon({ className: "mark-of-towns", html: ring, iconSize: [44, 44] });
    }

    // E.g. "12 towns: controlled by Russia 7, contested 5".
    mix(states) {
      const found = new Map();
      for (const state of states) {
        const words = state.look ? state.look.words : this.texts.noStatus;
        const rank = ORDER.indexOf(statusOf(state));
        found.set(words, { words, rank, number: (found.get(words)?.number ?? 0) + 1 });
      }
      const sorted = [...found.values()].sort((one, other) =>
        other.number - one.number || one.rank - other.rank || one.words.localeCompare(other.words));
      const parts = sorted.map(({ words, number }) => `${words} ${number}`);
      return `${MapTowns.counted(this.texts.towns, states.length)}: ${parts.join(", ")}`;
    }

    // What a mark or cluster is called, for those who do not see it and for the pointer.
    name(layer) {
      const element = layer.getElement?.();
      if (!element || !(layer.state || layer.said)) return;
      const said = layer.said ?? `${layer.town.name}: ${this.inWords(layer.state)}`;
      element.setAttribute("aria-label", said);
      element.dataset.order = layer.said ? Math.min(...layer.getAllChildMarkers().map((mark) => this.order(mark))) : this.order(layer);
      if (layer.said) element.title = said;
      if (element.dataset.heard) return;
      element.dataset.heard = "yes";
      if (!layer.town) return;
      element.dataset.mark = layer.town.id;
      element.addEventListener("focus", () => this.handlers.lit(layer.town.id, true));
      element.addEventListener("blur", () => this.handlers.lit(layer.town.id, false));
    }

    order(mark) { return this.places.get(mark.town.id) ?? 0; }

    // Now, and once more when marks that are on their way have arrived.
    arrangeSoon() {
      this.arrange();
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.arrange(), 450);
    }

    // Marks follow each other in the list's order; a label is shown where it covers nothing.
    arrange() {
      const pane = this.map.getPane("markerPane");
      const elements = [...pane.children].sort((one, other) => one.dataset.order - other.dataset.order);
      const focused = document.activeElement;
      elements.forEach((element, index) => {
        if (pane.children[index] !== element) pane.insertBefore(element, pane.children[index]);
      });
      if (focused !== document.activeElement && pane.contains(focused)) focused.focus({ preventScroll: true });
      const frame = this.map.getContainer().getBoundingClientRect();
      const taken = elements.map((element) => (element.querySelector("svg") ?? element).getBoundingClientRect());
      for (const element of elements) {
        const label = element.querySelector(".mark-label");
        if (!label) continue;
        label.classList.remove("to-left");
        label.classList.toggle("to-left", label.getBoundingClientRect().right > frame.right);
        const room = label.getBoundingClientRect();
        const sign = element.querySelector("svg").getBoundingClientRect();
        const free = taken.every((other) => other === sign || apart(room, other) || same(other, sign));
        label.classList.toggle("covered", !free);
        if (free) taken.push(room);
      }
    }

    card(state) {
      const { town, deciding } = state;
      const link = html("a", "", this.texts.link);
      link.href = town.url;
      return html("div", "card",
        html("h3", "", town.name), html("p", "quiet", town.where),
        html("p", "card-status", sign(state, 20), html("span", "", this.inWords(state))),
        ...(deciding ? [html("p", "card-deciding", deciding)] : []),
        html("p", "", link));
    }

    // The focus goes into the card and, when that is closed, back to its mark.
    opened(popup) {
      const element = popup.getElement();
      element.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", this.texts.close);
      element.querySelector(".card a").focus({ preventScroll: true });
    }

    closed(popup, mark) {
      const focused = document.activeElement;
      // Where nothing fades, the card is gone by now, and its focus with it.
      if (focused === document.body || popup.getElement().contains(focused)) mark.getElement()?.focus({ preventScroll: true });
    }

    // The mark of a town or, where it is within a cluster, the cluster's.
    visible(id) {
      const mark = this.marks.get(id);
      if (!mark || !this.group.hasLayer(mark)) return null;
      return this.group.getVisibleParent(mark)?.getElement?.() ?? null;
    }

    // Go to a town, out of any cluster, and open its card.
    open(id) {
      const mark = this.marks.get(id);
      this.group.zoomToShowLayer(mark, () => mark.openPopup());
    }

    // Open cards say what is so on the day that is shown now.
    refreshCards() {
      for (const mark of this.marks.values()) {
        if (!mark.isPopupOpen()) continue;
        if (this.states.has(mark.town.id)) mark.getPopup().update();
        else mark.closePopup();
      }
    }
  }

  // A piece of a ring from `start` on, both shares of the whole.
  function slice(start, size) {
    const point = (radius, share) => {
      const angle = 2 * Math.PI * share - Math.PI / 2;
      return `${(radius * Math.cos(angle)).toFixed(2)},${(radius * Math.sin(angle)).toFixed(2)}`;
    };
    if (size > 0.999) return "M0,-20A20,20 0 1 1 0,20A20,20 0 1 1 0,-20zM0,-11A11,11 0 1 1 0,11A11,11 0 1 1 0,-11z";
    const large = size > 0.5 ? 1 : 0;
    const end = start + size;
    return `M${point(20, start)}A20,20 0 ${large} 1 ${point(20, end)}L${point(11, end)}A11,11 0 ${large} 0 ${point(11, start)}z`;
  }

  const apart = (one, other) => one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top;
  const same = (one, other) => one.left === other.left && one.top === other.top;

  return { Marks, sign };
})();
