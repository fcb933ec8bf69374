// Forms of choices ask for their page as soon as something is chosen; text waits for Enter.
(() => {
  for (const form of document.querySelectorAll("[data-autosubmit]")) {
    form.addEventListener("submit", () => {
      for (const field of form.elements) field.disabled ||= field.name !== "" && field.value === "";
    });
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, [type=checkbox]")) form.requestSubmit();
    });
  }
  // A page that the browser brings back must not keep the fields that sending it left out.
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("[data-autosubmit] :disabled")) field.disabled = false;
  });
})();
