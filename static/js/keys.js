// Keys on every page: "?" shows them, "/" searches, "g" and a letter goes to a list.
(() => {
  const dialog = document.querySelector("[data-keys-dialog]");
  for (const link of document.querySelectorAll("[data-keys]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }

  let before = "";
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const pair = `${before} ${event.key}`;
    before = event.key;
    const target = document.querySelector(`[data-key="${CSS.escape(pair)}"]`);
    if (event.key === "?") {
      event.preventDefault();
      dialog.showModal();
    } else if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (target) {
      target.click();
    }
  });
})();
