// The verification screen: a key decides and shows the next claim, which has been fetched ahead.
// Every key presses a button that is there to see; the buttons' forms work without this script.
(() => {
  const AS_DATA = { Accept: "application/json" };
  const KEEP = 60_000; // milliseconds between two signs that a claim is still being read
  const said = document.querySelector("[data-bench-said]");
  let sending = Promise.resolve(); // decisions go out one after the other
  let busy = false; // a decision that has to be waited for
  let ahead = null; // the next claim's screen: { claim, address, title, screen }
  let fetching = null;
  let before = ""; // the key before, for "g" and a letter

  const screen = () => document.querySelector("[data-bench]");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  // --- screens ---------------------------------------------------------------------------------

  function screenIn(html, address) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const found = page.querySelector("[data-bench]");
    const told = page.querySelector("ul.messages")?.textContent.trim().replace(/\s+/g, " ");
    return found && { claim: found.dataset.claim, address, title: page.title, screen: found, told };
  }

  function show(next, { push = true } = {}) {
    const old = screen();
    const scrolls = ["[data-queue-scroll]"].map((name) => old.querySelector(name)?.scrollTop ?? 0);
    old.replaceWith(document.adoptNode(next.screen));
    document.title = next.title;
    if (push) history.pushState({ bench: true }, "", next.address);
    prepare();
    const queue = screen().querySelector("[data-queue-scroll]");
    if (queue) [queue.scrollTop] = scrolls;
    const top = screen().getBoundingClientRect().top;
    if (top < 0) window.scrollBy(0, top - 8); // on a phone, to where the next claim begins
    screen().querySelector("[data-heading]").focus({ preventScroll: true });
    if (next.told) tell(next.told, { wrong: true });
    fetchAhead();
  }

  async function open(address, options) {
    const answer = await fetch(address);
    const found = screenIn(await answer.text(), answer.url);
    if (found) show(found, options);
    else location.assign(answer.url);
  }

  // To where an endpoint leads, or what it says instead.
  async function go(address) {
    await sending;
    const told = await (await fetch(address, { headers: AS_DATA })).json();
    if (told.next) await open(told.next);
    else tell(told.error, { wrong: true });
  }

  // The claim after this one, so that a decision shows it at once. It is handed out with it.
  function fetchAhead() {
    ahead = null;
    const here = screen();
    if (here.dataset.refused !== undefined) {
      here.dataset.ready = "";
      return;
    }
    const address = new URL(here.dataset.next, location.href);
    address.searchParams.append("skip", here.dataset.claim);
    const mine = sending.then(() => fetch(address)).then(async (answer) => {
      const found = answer.ok && screenIn(await answer.text(), answer.url);
      if (fetching === mine && found && found.claim !== here.dataset.claim) ahead = found;
    }).catch(() => {}).finally(() => { here.dataset.ready = ""; }); // else the next comes when it is asked for
    fetching = mine;
  }

  function prepare() {
    const here = screen();
    here.classList.add("scripted");
    for (const button of here.querySelectorAll("[data-open-correction], [data-close]")) button.hidden = false;
    const correct = here.querySelector("[data-correct]");
    correct?.addEventListener("toggle", () => {
      correct.dispatchEvent(new CustomEvent("bench:correction", { bubbles: true, detail: { open: correct.open } }));
    });
    if (correct?.open) focusIn(correct.querySelector(".wrong input, .wrong select") ?? correct.querySelector("input:not([type=hidden])"));
    passage(1, { quietly: true });
  }

  function focusIn(field) {
    field?.focus({ preventScroll: true });
    field?.select?.();
  }

  // --- passages --------------------------------------------------------------------------------

  function passage(number, { quietly = false } = {}) {
    const article = screen().querySelector("[data-article]");
    const found = [...article.querySelectorAll(`[data-in-passage="${number}"]`)];
    if (!found.length) return;
    for (const one of article.querySelectorAll(".here")) one.classList.remove("here");
    if (!quietly) for (const one of found) one.classList.add("here");
    article.dataset.at = number;
    // Within its own box: the page stays where it is.
    article.scrollTop = Math.max(0, found[0].offsetTop - article.clientHeight / 3);
    for (const link of screen().querySelectorAll("[data-passage]")) {
      link.toggleAttribute("aria-current", Number(link.dataset.passage) === number);
    }
  }

  function step(by) {
    const article = screen().querySelector("[data-article]");
    const numbers = [...new Set([...article.querySelectorAll("[data-in-passage]")].map((one) => Number(one.dataset.inPassage)))];
    if (!numbers.length) return;
    const at = numbers.indexOf(Number(article.dataset.at));
    passage(numbers[(at + by + numbers.length) % numbers.length]);
  }

  // --- decisions -------------------------------------------------------------------------------

  // What was decided, beside the keys and to screen readers; `undo`: the claim that it was on.
  function tell(words, { wrong = false, undo = "", undoable = !wrong } = {}) {
    said.textContent = words;
    const last = screen()?.querySelector("[data-last]");
    if (!last) return;
    last.classList.toggle("wrong", wrong);
    last.classList.toggle("told", words !== "");
    last.querySelector("[data-last-words]").textContent = words;
    last.querySelector("[data-undo-claim]").value = undo;
    last.querySelector("[data-undo]").hidden = !undoable;
    last.querySelector("[data-last-link]").hidden = true;
  }

  async function send(form, submitter) {
    const body = new FormData(form, submitter);
    const answer = await fetch(form.action, { method: "POST", body, headers: AS_DATA });
    if (answer.redirected) location.reload(); // logged out meanwhile: to log in, and back here
    return { ok: answer.ok, status: answer.status, ...(await answer.json()) };
  }

  // A decision that is shown as taken before the answer is there; should it be refused, that is
  // said wherever the editor is by then.
  function takeAtOnce(form, submitter, next, words) {
    const { claim, label, lost } = screen().dataset;
    const refused = (why) => {
      tell(`${label}: ${why}`, { wrong: true });
      offer(claim);
    };
    const sent = sending.then(() => send(form, submitter));
    sending = sent.then((told) => {
      if (!told.ok) refused(told.error);
    }, () => refused(lost));
    show(next);
    tell(words, { undo: claim, undoable: !form.matches("[data-leaves]") });
  }

  // The way back to a claim whose decision was refused.
  function offer(claim) {
    const link = screen().querySelector("[data-last-link]");
    link.href = screen().dataset.here.replace("00000000-0000-0000-0000-000000000000", claim);
    link.hidden = false;
  }

  async function waitFor(form, submitter, words) {
    const here = screen();
    busy = true;
    here.setAttribute("aria-busy", "true");
    try {
      await sending;
      const next = ahead;
      const told = await send(form, submitter);
      if (told.status === 409 && form.matches("[data-correction]")) form.submit(); // to a page with both versions
      else if (!told.ok) wrong(form, told);
      else {
        if (next && told.claim === next.claim) show(next);
        else await open(told.next);
        if (form.matches("[data-undo]")) tell(`${screen().dataset.label}: ${form.dataset.said}`);
        else tell(words, { undo: here.dataset.claim, undoable: "undo" in told });
      }
    } catch {
      tell(here.dataset.lost, { wrong: true });
    } finally {
      busy = false;
      here.removeAttribute("aria-busy");
    }
  }

  function wrong(form, { error, errors }) {
    tell(error, { wrong: true });
    form.dispatchEvent(new CustomEvent("bench:wrong", { bubbles: true, detail: errors }));
    focusIn(form.querySelector(".wrong input, .wrong select"));
  }

  // Not while the next claim is on its way: two requests at once would be handed two claims.
  async function decide(form, submitter, words) {
    busy = true;
    await fetching;
    busy = false;
    if (ahead && !form.matches("[data-wait]")) takeAtOnce(form, submitter, ahead, words);
    else await waitFor(form, submitter, words);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-decide]");
    if (!form || !screen()) return;
    event.preventDefault();
    if (busy) return;
    const { submitter } = event;
    const told = submitter?.dataset.said || form.dataset.said;
    const words = told ? `${screen().dataset.label}: ${told}` : "";
    decide(form, submitter, words);
  });

  // --- keys ------------------------------------------------------------------------------------

  function panel(name) {
    const found = screen().querySelector(`[data-panel="${name}"]`);
    if (!found) return;
    found.open = !found.open;
    if (found.open) focusIn(found.querySelector("[data-first], input:not([type=hidden]), button:not(.hidden)"));
    else found.querySelector("summary").focus({ preventScroll: true });
  }

  function correction(open) {
    const found = screen().querySelector("[data-correct]");
    if (!found) return;
    found.open = open;
    if (open) focusIn(found.querySelector(".wrong input, .wrong select") ?? found.querySelector("input:not([type=hidden])"));
    else screen().querySelector("[data-open-correction]").focus({ preventScroll: true });
  }

  // A figure: one of two readings, where there are two; else the reason of a rejection.
  function figure(number) {
    const rejecting = screen().querySelector('[data-panel="reject"]');
    const reading = screen().querySelector(`.readings [data-bench-key="${number}"]`);
    if (reading && !rejecting?.open) return reading;
    const other = screen().querySelector("[data-other]");
    if (other && other.dataset.other === String(number)) {
      rejecting.open = true;
      focusIn(other);
      return null;
    }
    return screen().querySelector(`[data-because="${number}"]`);
  }

  function press(key) {
    if (/^[1-9]$/.test(key)) figure(Number(key))?.click();
    else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (key === "c") correction(true);
    else {
      const button = screen().querySelector(`[data-bench-key="${CSS.escape(key)}"]`);
      if (!button || button.closest("[hidden]")) return false;
      if (button.tagName === "SUMMARY") panel(button.parentElement.dataset.panel);
      else button.click();
    }
    return true;
  }

  function escape(event) {
    const open = event.target.closest?.("[data-panel][open]") ?? screen().querySelector("[data-panel][open]");
    if (open) panel(open.dataset.panel);
    else if (event.target.closest?.("[data-correct]")) correction(false);
  }

  document.addEventListener("keydown", (event) => {
    if (!screen() || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return void escape(event);
    const pair = `${before} ${event.key}`;
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.target.matches("[data-other]") && event.key === "Enter") {
      event.preventDefault();
      if (!event.repeat) event.target.form.requestSubmit(event.target.form.querySelector('[value="other"]:not(.hidden)'));
      return;
    }
    if (typing) return;
    before = event.key;
    if (event.repeat || document.querySelector(`[data-key="${CSS.escape(pair)}"]`)) return;
    if (press(event.key.toLowerCase())) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest?.("[data-open-correction]")) correction(!screen().querySelector("[data-correct]").open);
    else if (target.closest?.("[data-correction] [data-close]")) correction(false);
    else if (target.closest?.("[data-passage]")) {
      event.preventDefault();
      passage(Number(target.closest("[data-passage]").dataset.passage));
    } else if (target.closest?.("a[data-go]")) {
      event.preventDefault();
      go(target.closest("a").href);
    } else {
      const panels = screen()?.querySelectorAll("[data-panel][open]") ?? [];
      for (const one of panels) if (!one.contains(target)) one.open = false;
    }
  });

  // --- the lease, and the way back -------------------------------------------------------------

  const held = () => [screen()?.dataset.claim, ahead?.claim].filter(Boolean);

  function heldClaims() {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token());
    for (const claim of held()) body.append("claim", claim);
    return body;
  }

  setInterval(() => {
    const address = screen()?.dataset.keep;
    if (!address || document.hidden) return;
    fetch(address, { method: "POST", body: heldClaims() }).catch(() => {}); // the next may get through
  }, KEEP);
  addEventListener("pagehide", () => {
    const address = screen()?.dataset.release;
    if (address && held().length) navigator.sendBeacon(address, heldClaims());
  });
  addEventListener("popstate", () => { if (screen()) open(location.href, { push: false }); });

  if (screen()) {
    prepare();
    fetchAhead();
  }
})();
