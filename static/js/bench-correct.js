// The form of a correction while it is typed: what its days mean, what is wrong, and what it would
// do to the town. All is checked again when it is saved; without this script only then.
(() => {
  const WAIT = 250; // milliseconds after the last key
  const shown = new WeakMap(); // a screen → its effect as it came
  let waiting = 0;
  let asking = null;

  const formOf = (target) => target.closest?.("form[data-correction]");
  const screenOf = (form) => form.closest("[data-bench]");

  function isChanged(control) {
    if (control.type === "hidden" || control.type === "radio") return false;
    if (control.tagName !== "SELECT") return control.value !== control.defaultValue;
    const before = [...control.options].find((one) => one.defaultSelected) ?? control.options[0];
    return control.value !== before.value;
  }

  function mark(form) {
    let any = false;
    for (const field of form.querySelectorAll("[data-field]")) {
      const changed = [...field.querySelectorAll("input, select")].some(isChanged);
      field.classList.toggle("changed", changed);
      any ||= changed && field.dataset.field !== "reason";
    }
    return any;
  }

  function say(form, { errors, days, label }) {
    for (const field of form.querySelectorAll("[data-field]")) {
      const name = field.dataset.field;
      const control = form.elements[name];
      const busy = field.contains(document.activeElement) && field.querySelector("[data-names]");
      const wrong = busy ? "" : errors[name] ?? "";
      field.querySelector("[data-error]").textContent = wrong;
      field.classList.toggle("wrong", Boolean(wrong));
      if (wrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
      const read = field.querySelector("[data-read]");
      if (!read) continue;
      const told = days[name] && days[name] !== control.value ? `= ${days[name]}` : "";
      if (read.textContent !== told) read.textContent = told;
      control.setAttribute("aria-describedby", `${control.id}_error ${read.id}`);
    }
    form.querySelector("[data-new-label]").textContent = label ?? "";
  }

  function effect(screen, html) {
    const box = screen.querySelector("[data-effect]");
    const heading = screen.querySelector("[data-effect-heading]");
    if (!shown.has(screen)) shown.set(screen, { html: box.innerHTML, heading: heading.textContent });
    box.innerHTML = html; // made by this site's own template
    heading.textContent = heading.dataset.corrected;
    box.parentElement.toggleAttribute("data-typed", true);
  }

  function restore(screen) {
    clearTimeout(waiting);
    asking?.abort();
    showBefore(screen);
  }

  // Of an answer that tells of no effect: what was typed since is still to be asked for.
  function showBefore(screen) {
    const before = shown.get(screen);
    if (!before) return;
    screen.querySelector("[data-effect]").innerHTML = before.html;
    screen.querySelector("[data-effect-heading]").textContent = before.heading;
    screen.querySelector(".bench-effect").removeAttribute("data-typed");
  }

  async function preview(form) {
    const screen = screenOf(form);
    if (!screen) return;
    if (!mark(form)) {
      restore(screen);
      say(form, { errors: {}, days: {} });
      return;
    }
    asking?.abort();
    asking = new AbortController();
    const typed = new FormData(form);
    typed.delete("csrfmiddlewaretoken");
    try {
      const address = `${screen.dataset.effectAddress.split("?")[0]}?${new URLSearchParams(typed)}`;
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok || !screen.isConnected) return;
      const told = await answer.json();
      say(form, told);
      if (told.effect) effect(screen, told.effect);
      else showBefore(screen);
    } catch (error) {
      if (error.name !== "AbortError") showBefore(screen); // it is checked when it is saved
    }
  }

  function soon(form) {
    clearTimeout(waiting);
    waiting = setTimeout(() => preview(form), WAIT);
  }

  // Fighting has no subject: the field is emptied with it, and filled again without it.
  function followPredicate(form) {
    const { predicate, subject } = form.elements;
    if (predicate.value === "fighting" && subject.value) {
      subject.dataset.before = subject.value;
      subject.value = "";
    } else if (predicate.value !== "fighting" && subject.dataset.before) {
      subject.value ||= subject.dataset.before;
      delete subject.dataset.before;
    }
  }

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, ({ target }) => {
      const form = formOf(target);
      if (!form) return;
      if (target.name === "predicate") followPredicate(form);
      soon(form);
    });
  }
  document.addEventListener("focusout", ({ target }) => {
    const form = formOf(target);
    if (form && target.matches("[data-names]") && isChanged(target)) soon(form);
  });
  document.addEventListener("keydown", (event) => {
    const form = formOf(event.target);
    if (form && event.key === "Enter" && event.target.tagName === "SELECT" && !event.repeat) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  document.addEventListener("bench:wrong", ({ target, detail }) => {
    const form = formOf(target);
    if (!form) return;
    const words = Object.entries(detail).map(([name, messages]) => [name, messages.join(" ")]);
    document.activeElement?.blur(); // what is wrong is shown at every field
    say(form, { errors: Object.fromEntries(words), days: {} });
  });
  document.addEventListener("bench:correction", ({ target, detail }) => {
    const form = target.querySelector("form[data-correction]");
    if (detail.open) {
      if (mark(form)) preview(form);
    } else restore(target);
  });
})();
