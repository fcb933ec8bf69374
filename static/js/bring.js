// Files can be dropped on the form, and too large ones are refused before they are sent. The
// bookmarklet says what it is for when it is pressed here.
(() => {
  const form = document.querySelector("[data-bring]");
  const input = form.querySelector('input[type="file"]');
  const chosen = form.querySelector("[data-chosen]");
  const refused = form.querySelector("[data-refused]");
  const address = form.querySelector('input[name="url"]');

  const show = () => {
    const files = [...input.files];
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    const many = files.length > Number(form.dataset.mostFiles);
    const large = bytes > Number(form.dataset.mostBytes);
    chosen.replaceChildren(
      ...files.map((file) => {
        const line = document.createElement("li");
        line.textContent = file.name;
        return line;
      }),
    );
    chosen.hidden = files.length < 2;
    refused.hidden = !many && !large;
    refused.textContent = many ? refused.dataset.tooMany : large ? refused.dataset.tooLarge : "";
    return !many && !large;
  };
  input.addEventListener("change", show);
  form.addEventListener("submit", (event) => {
    if (show()) return;
    event.preventDefault();
    input.focus();
  });

  const holds = (event, kind) => event.dataTransfer.types.includes(kind);
  // Words that are dragged go where the browser puts them.
  const ours = (event) =>
    holds(event, "Files") || (holds(event, "text/uri-list") && event.target !== address);
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if (!ours(event)) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    form.classList.remove("over");
    if (!ours(event)) return;
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      show();
    } else {
      address.value = event.dataTransfer.getData("text/uri-list").split(/\r?\n/)[0];
    }
  });

  const bookmarklet = document.querySelector("[data-bookmarklet]");
  bookmarklet.addEventListener("click", (event) => {
    event.preventDefault();
    const told = document.querySelector("[data-bookmarklet-told]");
    told.textContent = bookmarklet.dataset.told;
  });
})();
