// Names offered while one is typed, for fields with data-names: a combobox with a list. Without
// this script the typed name is looked up when the form is sent.
(() => {
  const WAIT = 120; // milliseconds after the last key
  let waiting = 0;
  let asking = null;
  let open = null; // { input, list, active }

  const fieldOf = (input) => input.closest("[data-field]");

  // What is sent besides the name: which of those that bear it, and for which name it was chosen.
  function choose(input, id, name) {
    const field = fieldOf(input);
    field.querySelector(".candidates")?.remove();
    for (const [what, value] of [["id", id], ["for", name]]) {
      let hidden = field.querySelector(`[data-${what}]`);
      if (!hidden) {
        hidden = Object.assign(document.createElement("input"), { type: "hidden", name: `${input.name}_${what}` });
        hidden.setAttribute(`data-${what}`, "");
        field.append(hidden);
      }
      hidden.value = value;
    }
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    if (!open) return;
    open.list.remove();
    open.input.setAttribute("aria-expanded", "false");
    open.input.removeAttribute("aria-activedescendant");
    open.input.removeAttribute("aria-controls");
    open = null;
  }

  function option(one, index, listId) {
    const item = document.createElement("li");
    item.role = "option";
    item.id = `${listId}-${index}`;
    item.dataset.id = one.id;
    item.dataset.name = one.name;
    item.setAttribute("aria-selected", "false");
    const note = document.createElement("span");
    note.className = "quiet";
    note.textContent = one.note;
    item.append(one.spelling ? `${one.name} (${one.spelling}) ` : `${one.name} `, note);
    return item;
  }

  function show(input, names) {
    close();
    if (!names.length || document.activeElement !== input) return;
    const list = document.createElement("ul");
    list.className = "offers";
    list.role = "listbox";
    list.id = `${input.id}_offers`;
    list.setAttribute("aria-label", input.labels[0].textContent);
    list.append(...names.map((one, index) => option(one, index, list.id)));
    fieldOf(input).append(list);
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", list.id);
    open = { input, list, active: null };
  }

  async function ask(input) {
    const screen = input.closest("[data-bench]");
    asking?.abort();
    asking = new AbortController();
    const asked = new URLSearchParams({ kind: input.dataset.names, q: input.value, conflict: screen.dataset.conflict });
    try {
      const answer = await fetch(`${screen.dataset.namesAddress}?${asked}`, { signal: asking.signal });
      if (answer.ok) show(input, (await answer.json()).names);
    } catch (error) {
      if (error.name !== "AbortError") close(); // the name is looked up when the form is sent
    }
  }

  function activate(item) {
    open.active?.setAttribute("aria-selected", "false");
    open.active = item;
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    open.input.setAttribute("aria-activedescendant", item.id);
  }

  function take(item) {
    const { input } = open;
    input.value = item.dataset.name;
    choose(input, item.dataset.id, item.dataset.name);
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches?.("input[data-names]")) return;
    target.role = "combobox";
    target.setAttribute("aria-autocomplete", "list");
    target.setAttribute("aria-expanded", "false");
  });
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("input[data-names]")) return;
    choose(target, "", "");
    clearTimeout(waiting);
    if (target.value.trim().length < 2) close();
    else waiting = setTimeout(() => ask(target), WAIT);
  });
  document.addEventListener("keydown", (event) => {
    if (!open || event.target !== open.input || event.isComposing) return;
    const items = [...open.list.children];
    const at = items.indexOf(open.active);
    if (event.key === "ArrowDown") activate(items[(at + 1) % items.length]);
    else if (event.key === "ArrowUp") activate(items.at(at <= 0 ? -1 : at - 1));
    else if (event.key === "Enter" && open.active) take(open.active);
    else if (event.key === "Escape") close();
    else {
      if (event.key === "Tab" && open.active) take(open.active);
      return;
    }
    event.preventDefault();
    event.stopPropagation(); // Escape closes the list first, then the form
  }, true);
  document.addEventListener("pointerdown", (event) => {
    const item = event.target.closest?.(".offers [role=option]");
    if (!item || !open) return;
    event.preventDefault(); // the field keeps the focus
    take(item);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (open && target === open.input) close();
  });
})();
