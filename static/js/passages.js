// Pointing at a claim lights up its passages in the text, and the other way round.
(() => {
  const parts = [...document.querySelectorAll("[data-claims]")];
  const numbers = (part) => part.dataset.claims.trim().split(" ");
  function light(chosen) {
    for (const part of parts) {
      part.classList.toggle("lit", numbers(part).some((number) => chosen.includes(number)));
    }
  }
  for (const part of parts) {
    for (const name of ["pointerenter", "focusin"]) part.addEventListener(name, () => light(numbers(part)));
    for (const name of ["pointerleave", "focusout"]) part.addEventListener(name, () => light([]));
  }
})();
