// Looks again, ever less often, until every job on the page is settled. Rows that have changed are
// replaced, but for one in which somebody fills in a form; new ones are added where the list grows.
// Without this script the page can be loaded again.
//
//   data-jobs      around all of it; with data-settled there is nothing to look for any more
//   data-grows     the list to whose end new rows go
//   data-job       a row, by its number or id; data-stamp changes with what it shows
//   data-state     of a row, in words: told by data-told as it changes, after the row's heading
//   data-live      words beside the rows, by name; data-appears: what is put before the list
(() => {
  const FIRST = 1000; // milliseconds
  const LONGEST = 12000;
  const ACTIONS = "a, button";
  const root = document.querySelector("[data-jobs]");
  const list = root.querySelector("[data-grows]");
  const jobs = (where) =>
    new Map([...where.querySelectorAll("[data-job]")].map((row) => [row.dataset.job, row]));

  const tell = (row) => {
    const told = document.querySelector("[data-told]");
    const heading = row.querySelector("h2, h3").textContent.trim();
    if (told) told.textContent = `${heading}: ${row.dataset.state}`;
  };

  // Whether the row was replaced; a link or button of it that had focus has it again.
  const replace = (old, row) => {
    if (old.dataset.stamp === row.dataset.stamp) return false;
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    if (focus && !focus.matches(ACTIONS)) return false;
    const place = focus ? [...old.querySelectorAll(ACTIONS)].indexOf(focus) : -1;
    if (old.dataset.state !== row.dataset.state) tell(row);
    old.replaceWith(row);
    if (focus) {
      const actions = [...row.querySelectorAll(ACTIONS)];
      (actions[place] ?? actions.at(-1))?.focus();
    }
    return true;
  };

  const renew = (page) => {
    const here = jobs(root);
    let changed = false;
    for (const [id, row] of jobs(page)) {
      const old = here.get(id);
      if (old) changed = replace(old, row) || changed;
      else if (list) {
        list.append(row);
        changed = true;
      }
    }
    for (const part of page.querySelectorAll("[data-appears]")) {
      if (!root.querySelector(`#${part.id}`)) list.before(part);
    }
    for (const told of document.querySelectorAll("[data-live]")) {
      const now = page.querySelector(`[data-live="${told.dataset.live}"]`);
      if (now.textContent !== told.textContent) told.replaceChildren(...now.childNodes);
    }
    return changed;
  };

  const look = async (wait) => {
    let next = Math.min(wait * 1.4, LONGEST);
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.querySelector("[data-jobs]");
        if (!found) return; // logged out, or all are gone
        if (renew(page)) next = FIRST;
        if ("settled" in found.dataset) return;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no connection: the next look may have one
    }
    setTimeout(look, next, next);
  };
  setTimeout(look, FIRST, FIRST);
})();
