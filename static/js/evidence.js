// A mark's evidence in a small box while the mark has the focus or the pointer. Without this
// script the browser shows the same words as the mark's title.
(() => {
  const box = document.querySelector("[data-evidence]");
  const marks = [...document.querySelectorAll("[data-mark]")];
  if (!box) return;

  const words = new Map();
  for (const mark of marks) {
    const title = mark.querySelector("title");
    words.set(mark, title.textContent.split("\n"));
    mark.setAttribute("aria-label", title.textContent.replaceAll("\n", ", "));
    title.remove();
  }

  function show(mark) {
    const lines = words.get(mark);
    box.replaceChildren(
      ...lines.map((line, index) => {
        const p = document.createElement("p");
        p.textContent = line;
        p.className = index === 0 ? "first" : index === lines.length - 1 ? "last" : line.startsWith("“") ? "quotation" : "";
        return p;
      }),
    );
    box.hidden = false;
    const frame = box.offsetParent.getBoundingClientRect();
    const at = mark.querySelector(".halo").getBoundingClientRect();
    const left = at.left + at.width / 2 - frame.left - box.offsetWidth / 2;
    box.style.left = `${Math.max(0, Math.min(left, frame.width - box.offsetWidth))}px`;
    const below = at.bottom + 8 + box.offsetHeight < innerHeight;
    box.style.top = `${below ? at.bottom - frame.top + 8 : at.top - frame.top - 8 - box.offsetHeight}px`;
  }
  const hide = () => { box.hidden = true; };

  marks.forEach((mark, index) => {
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("pointerenter", () => show(mark));
    mark.addEventListener("blur", hide);
    mark.addEventListener("pointerleave", () => {
      const focused = words.has(document.activeElement) ? document.activeElement : null;
      if (focused) show(focused);
      else hide();
    });
    mark.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        event.preventDefault();
        marks[index + step]?.focus();
      } else if (event.key === "Escape") {
        hide();
      }
    });
    mark.addEventListener("click", () => {
      hide();
      const row = document.getElementById(mark.getAttribute("href").slice(1));
      // The browser scrolls to the row by the address; the focus follows, for the keyboard.
      setTimeout(() => row?.focus({ preventScroll: true }));
    });
  });
})();
