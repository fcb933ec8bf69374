// The view's link to the clipboard, the drawing as a picture, the page on paper: buttons that
// appear only where this script runs. The links beside them do without.
(() => {
  const holder = document.querySelector("[data-timetable]");
  if (!holder) return;
  const WIDEST = 16_000; // pixels: about what browsers draw at most

  function prepare() {
    for (const one of holder.querySelectorAll("[data-scripted], [data-png], [data-print]")) one.hidden = false;
    const copy = holder.querySelector("[data-copy-link]");
    if (copy) copy.hidden = !navigator.clipboard;
  }

  // Say it on the button itself for a moment, and to screen readers.
  function said(button, words) {
    const before = button.textContent;
    button.setAttribute("aria-live", "polite");
    button.textContent = words;
    setTimeout(() => { button.textContent = before; }, 2500);
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(holder.querySelector("[data-view-link]").href);
      said(button, button.dataset.done);
    } catch {
      said(button, button.dataset.failed);
    }
  }

  async function picture(button) {
    const { href } = holder.querySelector("[data-svg]");
    button.disabled = true;
    try {
      const image = new Image();
      image.src = href;
      await image.decode();
      const scale = Math.min(2, WIDEST / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = image.width * scale;
      canvas.height = image.height * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const png = await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(png);
      link.download = `${location.pathname.split("/").at(-2)}-timeline.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch {
      said(button, button.dataset.failed);
    }
    button.disabled = false;
  }

  holder.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-copy-link]")) copy(button);
    else if (button?.matches("[data-png]")) picture(button);
    else if (button?.matches("[data-print]")) print();
  });
  // On paper nothing can be unfolded: what explains the drawing and the statuses is.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details.why:not([open]), details.legend:not([open])")];
    for (const one of unfolded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of unfolded) one.open = false;
  });
  holder.addEventListener("timetable:drawn", prepare);
  prepare();
})();
