// The card of a mark, a column or a stretch of a band, while it has the focus or the pointer, and
// the keys that move between them. Without this script the browser shows the same words as the
// mark's title, and every mark is a stop of the Tab key.
(() => {
  const holder = document.querySelector("[data-timetable]");
  if (!holder) return;
  const words = new WeakMap();
  let shown = null;
  let leaving = 0;

  const card = () => holder.querySelector("[data-evidence]");
  const markOf = (event) => event.target.closest?.("[data-mark]");
  const seen = () => [...holder.querySelectorAll("[data-mark]")].filter((mark) => mark.checkVisibility());

  // After the page came and after each new drawing.
  function prepare() {
    shown = null;
    const marks = [...holder.querySelectorAll("[data-mark]")];
    for (const mark of marks) {
      const title = mark.querySelector("title");
      words.set(mark, title.textContent.split("\n"));
      mark.setAttribute("aria-label", title.textContent.replaceAll("\n", ", "));
      mark.setAttribute("tabindex", "-1");
      title.remove();
    }
    marks[0]?.setAttribute("tabindex", "0");
  }

  function line(text, index) {
    const p = document.createElement("p");
    p.textContent = text;
    p.className = index === 0 ? "first" : text.startsWith("“") ? "quotation" : "quiet";
    return p;
  }

  // Where a mark leads, as a link in its card.
  function way(mark) {
    const href = mark.getAttribute("href");
    const link = document.createElement("a");
    const { claimAddress } = holder.querySelector("[data-chart]").dataset;
    if (href.startsWith("#status-")) [link.href, link.textContent] = [href, card().dataset.status];
    else if (href.startsWith("?")) [link.href, link.textContent] = [href, card().dataset.days];
    else {
      const id = href.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/)[0];
      link.href = claimAddress.replace("00000000-0000-0000-0000-000000000000", id);
      link.textContent = card().dataset.open;
    }
    link.tabIndex = -1; // Enter on the mark itself leads on
    const p = document.createElement("p");
    p.append(link);
    return p;
  }

  function show(mark) {
    clearTimeout(leaving);
    shown = mark;
    const box = card();
    box.replaceChildren(...words.get(mark).map(line), way(mark));
    box.hidden = false;
    const frame = box.offsetParent.getBoundingClientRect();
    const view = holder.querySelector("[data-chart-region]").getBoundingClientRect();
    const at = (mark.querySelector(".halo, .stretch, .segment") ?? mark).getBoundingClientRect();
    const middle = Math.min(Math.max(at.left + at.width / 2, view.left), view.right);
    const left = middle - frame.left - box.offsetWidth / 2;
    box.style.left = `${Math.max(0, Math.min(left, frame.width - box.offsetWidth))}px`;
    const below = at.bottom + 6 + box.offsetHeight < innerHeight;
    box.style.top = `${below ? at.bottom - frame.top + 6 : at.top - frame.top - 6 - box.offsetHeight}px`;
  }
  function hide() {
    clearTimeout(leaving);
    shown = null;
    card().hidden = true;
  }
  // Late enough for the pointer to get from the mark into its card.
  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      const focused = document.activeElement?.closest?.("[data-mark]");
      if (focused && words.has(focused)) show(focused);
      else hide();
    }, 250);
  }

  function focus(mark) {
    if (!mark) return;
    for (const other of holder.querySelectorAll('[data-mark][tabindex="0"]')) other.setAttribute("tabindex", "-1");
    mark.setAttribute("tabindex", "0");
    mark.focus();
    mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const middle = (mark) => {
    const { left, width } = mark.getBoundingClientRect();
    return left + width / 2;
  };
  // The nearest mark of the next row that has one, up or down.
  function inNextRow(mark, step) {
    const marks = seen();
    const rows = [...new Set(marks.map((one) => one.closest(".plot")))];
    const row = rows[rows.indexOf(mark.closest(".plot")) + step];
    const distance = (one) => Math.abs(middle(one) - middle(mark));
    return marks.filter((one) => one.closest(".plot") === row).sort((a, b) => distance(a) - distance(b))[0];
  }
  function next(mark, key) {
    const marks = seen();
    if (key === "ArrowRight") return marks[marks.indexOf(mark) + 1];
    if (key === "ArrowLeft") return marks[marks.indexOf(mark) - 1];
    if (key === "ArrowDown") return inNextRow(mark, 1);
    if (key === "ArrowUp") return inNextRow(mark, -1);
    const row = marks.filter((one) => one.closest(".plot") === mark.closest(".plot"));
    return key === "Home" ? row[0] : row.at(-1);
  }

  holder.addEventListener("focusin", (event) => { if (markOf(event)) show(markOf(event)); });
  holder.addEventListener("focusout", (event) => { if (markOf(event)) leave(); });
  holder.addEventListener("pointerover", (event) => {
    if (markOf(event)) show(markOf(event));
    else if (event.target.closest("[data-evidence]")) clearTimeout(leaving);
  });
  holder.addEventListener("pointerout", (event) => {
    if (markOf(event) || event.target.closest("[data-evidence]")) leave();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && shown) hide(); });
  holder.addEventListener("keydown", (event) => {
    const mark = markOf(event);
    const plain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
    if (mark && plain && ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
      event.preventDefault();
      focus(next(mark, event.key));
    }
  });
  holder.addEventListener("click", (event) => {
    const link = event.target.closest('[data-mark], [data-evidence] a');
    const href = link?.getAttribute("href");
    if (!href?.startsWith("#")) return;
    hide();
    const target = document.getElementById(href.slice(1));
    const folded = target?.closest("details:not([open])");
    if (folded) folded.open = true;
    // The browser scrolls there by the address; the focus follows, for the keyboard.
    setTimeout(() => target?.focus({ preventScroll: true }));
  });
  holder.addEventListener("timetable:drawn", prepare);
  prepare();
})();
