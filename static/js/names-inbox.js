// Keys of the names inbox: j and k for the next and the previous name, a letter for an answer, a
// digit for a likely one. What a key does is on the page as a link or a button too.
(() => {
  const inbox = document.querySelector("[data-bench]");
  const names = [...inbox.querySelectorAll("[data-name]")];
  const current = names.findIndex((link) => link.ariaCurrent === "true");
  names[current]?.scrollIntoView({ block: "nearest" });

  const answers = [...inbox.querySelectorAll("details[data-answer]")];

  function fill(answer) {
    const field = answer.querySelector(".wrong input, .wrong select") ?? answer.querySelector("form input:not([type=hidden]), form select");
    field.focus();
    field.select?.();
  }

  for (const answer of answers) {
    answer.addEventListener("click", (event) => {
      // After the click the browser opens it.
      if (event.target.closest("summary") && !answer.open) setTimeout(() => fill(answer));
    });
  }
  inbox.querySelector(".wrong input, .wrong select")?.focus();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      const open = answers.find((answer) => answer.open);
      if (!open) return;
      open.open = false;
      open.querySelector("summary").focus();
      return;
    }
    if (event.target.closest("input, select, textarea")) return;
    const step = { j: 1, k: -1 }[event.key];
    const answer = answers.find((one) => one.dataset.answer === event.key);
    const button = inbox.querySelector(`[data-key-of="${CSS.escape(event.key)}"]`);
    if (step) names[current + step]?.click();
    else if (answer) {
      answer.open = true;
      fill(answer); // at once: what is typed next belongs into the field
    }
    else if (button) button.click();
    else return;
    event.preventDefault(); // the letter is not typed into the field that opens
  });
})();
