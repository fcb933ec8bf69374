// Another range of days without another page: by dragging over days, by the wheel with Ctrl, two
// fingers, keys, and by the links and the form that work without this script too. The server draws;
// what it sends takes the place of drawing and table, and the address follows.
(() => {
  const holder = document.querySelector("[data-timetable]");
  if (!holder) return;
  const DAY = 86_400_000;
  const [FIRST, LAST] = ["1900-01-01", "2100-12-31"].map((text) => Date.parse(text));
  const WAIT = 250; // milliseconds for more of the same: several keys, turns of a wheel

  const timeline = () => holder.querySelector("[data-timeline]");
  const region = () => holder.querySelector("[data-chart-region]");
  const status = () => holder.querySelector("[data-chart-status]");
  const iso = (day) => new Date(day).toISOString().slice(0, 10);
  const told = (day) =>
    new Date(day).toLocaleDateString(document.documentElement.lang || "en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

  let planned = null; // first and last day that are about to be asked for
  let timer = 0;
  let fetching = null;

  const drawn = () => [Date.parse(timeline().dataset.first), Date.parse(timeline().dataset.last)];
  const range = () => planned ?? drawn();

  function addressOf([first, last]) {
    const asked = new URLSearchParams(location.search);
    asked.set("from", iso(first));
    asked.set("to", iso(last));
    asked.delete("page");
    return `?${asked}`;
  }

  function say(words, ...more) {
    const place = status();
    place.classList.toggle("failed", more.length > 0);
    place.replaceChildren(words, ...more);
  }

  // Ask for a range once nothing more comes for a moment.
  function plan([first, last]) {
    planned = [Math.max(FIRST, Math.min(first, last)), Math.min(LAST, Math.max(first, last))];
    say(status().dataset.loading.replace("FIRST", told(planned[0])).replace("LAST", told(planned[1])));
    clearTimeout(timer);
    timer = setTimeout(() => go(addressOf(planned)), WAIT);
  }

  async function go(search) {
    clearTimeout(timer);
    fetching?.abort();
    const mine = (fetching = new AbortController());
    holder.querySelector("[data-chart]").setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(holder.dataset.timetable + search, { signal: mine.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!found.querySelector("[data-timeline]")) throw new Error("not a drawing");
      replace(found);
    } catch (error) {
      if (mine.signal.aborted) return;
      failed(search);
      return;
    }
    history.replaceState(history.state, "", search);
    carry(search);
  }

  function failed(search) {
    planned = null;
    holder.querySelector("[data-chart]").removeAttribute("aria-busy");
    const { failed: words, again, open } = status().dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = again;
    button.addEventListener("click", () => go(search));
    const link = document.createElement("a");
    link.href = search;
    link.textContent = open;
    say(words, " ", button, " ", link);
  }

  // What had the focus, so that the same thing has it in the new drawing.
  function focused() {
    const one = document.activeElement;
    if (!holder.contains(one)) return null;
    if (one.id) return `#${CSS.escape(one.id)}`;
    if (one.dataset.zoomKey) return `[data-zoom-key="${CSS.escape(one.dataset.zoomKey)}"]`;
    if (one.matches("[data-mark]")) return `[data-mark][href="${CSS.escape(one.getAttribute("href"))}"]`;
    return "[data-chart-region]";
  }

  function replace(found) {
    planned = null;
    const focus = focused();
    const folds = new Map([...holder.querySelectorAll("[data-keep]")].map((one) => [one.dataset.keep, one.open]));
    const { scrollLeft } = region();
    const top = timeline().getBoundingClientRect().top;
    holder.replaceChildren(...found.body.children);
    for (const one of holder.querySelectorAll("[data-keep]")) {
      if (folds.has(one.dataset.keep)) one.open = folds.get(one.dataset.keep);
    }
    holder.dispatchEvent(new CustomEvent("timetable:drawn"));
    region().scrollLeft = scrollLeft;
    if (focus) (holder.querySelector(focus) ?? region()).focus({ preventScroll: true });
    scrollBy(0, timeline().getBoundingClientRect().top - top);
    const words = document.createElement("span");
    words.className = "hidden";
    words.textContent = drawn().map(told).join(" – ");
    say("", words);
    status().classList.remove("failed");
  }

  // What is outside of the part that was replaced leads on with the new range.
  function carry(search) {
    const asked = new URLSearchParams(search);
    for (const one of document.querySelectorAll("[data-carry]")) {
      if (one.matches("form")) {
        for (const name of ["from", "to"]) {
          one.querySelector(`input[type=hidden][name=${name}]`)?.remove();
          if (asked.get(name)) one.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: asked.get(name) }));
        }
      } else {
        const address = new URL(one.href);
        for (const name of ["from", "to"]) {
          if (asked.get(name)) address.searchParams.set(name, asked.get(name));
          else address.searchParams.delete(name);
        }
        one.href = address.href;
      }
    }
  }

  // `share`: where in the plot, from 0 to 1, stays where it is.
  function zoom(factor, share = 0.5) {
    const [first, last] = range();
    const days = (last - first) / DAY + 1;
    const wanted = Math.max(1, Math.round(days * factor));
    const start = first + Math.round((days - wanted) * share) * DAY;
    plan([start, start + (wanted - 1) * DAY]);
  }
  function pan(share) {
    const [first, last] = range();
    const days = Math.sign(share) * Math.max(1, Math.round(Math.abs(share) * ((last - first) / DAY + 1)));
    plan([first + days * DAY, last + days * DAY]);
  }

  const plot = () => holder.querySelector(".axis .plot").getBoundingClientRect();
  const shareAt = (x) => Math.min(1, Math.max(0, (x - plot().left) / plot().width));

  holder.addEventListener("keydown", (event) => {
    if (!event.target.closest("[data-chart-region]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const onMark = event.target.closest("[data-mark], summary");
    const action = {
      "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), _: () => zoom(2),
      0: () => holder.querySelector('[data-zoom-key="0"]')?.click(),
      ArrowLeft: () => pan(-0.25), ArrowRight: () => pan(0.25),
    }[event.key];
    if (!action || (event.key.startsWith("Arrow") && onMark && !event.shiftKey)) return;
    event.preventDefault();
    action();
  });

  holder.addEventListener("wheel", (event) => {
    if (!event.target.closest("[data-chart-region]")) return;
    const far = Math.abs(event.deltaY) > Math.abs(event.deltaX) ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      zoom(1.25 ** Math.sign(far), shareAt(event.clientX));
    } else if (event.shiftKey) {
      event.preventDefault();
      pan(0.1 * Math.sign(far));
    }
  }, { passive: false });

  // Links to other ranges, columns among them, and the form.
  holder.addEventListener("click", (event) => {
    const link = event.target.closest('[data-zoom], [data-mark][href^="?"], [data-evidence] a[href^="?"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(new URL(link.getAttribute("href"), location.href).search || "?");
  });
  holder.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-range]");
    if (!form) return;
    const [first, last] = ["from", "to"].map((name) => Date.parse(form.elements[name].value));
    if (Number.isNaN(first) || Number.isNaN(last) || last < first) return; // the server says what is wrong
    event.preventDefault();
    plan([first, last]);
  });

  // Dragging with a mouse or a pen; fingers scroll, and two of them zoom.
  let from = null;
  const fingers = new Map();
  let pinch = null;
  const apart = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };

  function mark(x) {
    const chosen = holder.querySelector("[data-chosen]");
    const frame = chosen.parentElement.getBoundingClientRect();
    const { left, right } = plot();
    const [start, end] = [from, Math.min(right, Math.max(left, x))].sort((a, b) => a - b);
    chosen.hidden = false;
    chosen.style.left = `${start - frame.left}px`;
    chosen.style.width = `${end - start}px`;
  }
  function within(x) {
    const { left, right } = plot();
    return x >= left && x <= right;
  }
  function letGo() {
    from = null;
    const chosen = holder.querySelector("[data-chosen]");
    if (chosen) chosen.hidden = true;
  }
  function dayAt(x) {
    const [first, last] = drawn();
    const days = (last - first) / DAY + 1;
    return first + Math.min(days - 1, Math.floor(shareAt(x) * days)) * DAY;
  }

  holder.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-chart-region]")) return;
    if (event.pointerType === "touch") {
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      pinch = fingers.size === 2 ? apart() : null;
    } else if (event.button === 0 && within(event.clientX) && !event.target.closest("a, summary")) {
      event.preventDefault(); // no text is chosen on the way
      from = event.clientX;
    }
  });
  document.addEventListener("pointermove", (event) => {
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (from !== null && Math.abs(event.clientX - from) > 5) mark(event.clientX);
  });
  document.addEventListener("pointerup", (event) => {
    if (pinch && fingers.has(event.pointerId)) {
      const share = shareAt([...fingers.values()].reduce((sum, one) => sum + one.x, 0) / fingers.size);
      const factor = pinch / Math.max(1, apart());
      if (factor < 0.9 || factor > 1.1) zoom(factor, share);
      pinch = null;
    }
    fingers.delete(event.pointerId);
    if (from === null) return;
    const start = from;
    letGo();
    if (Math.abs(event.clientX - start) > 5) plan([dayAt(start), dayAt(event.clientX)]);
  });
  document.addEventListener("pointercancel", (event) => {
    fingers.delete(event.pointerId);
    pinch = null;
    letGo();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") letGo(); });
})();
