// Looks again, every few seconds, at a page whose work goes on. Without this script the browser's
// own way of loading a page again does it.
(() => {
  if (!document.querySelector("[data-progress]")) return;
  const again = () => {
    if (document.hidden || document.activeElement?.closest("form")) setTimeout(again, 3000);
    else location.reload();
  };
  setTimeout(again, 3000);
})();
