// Looks again, ever less often, until everything that was brought in is settled. Rows that have
// changed are replaced; one in which somebody types is left alone.
(() => {
  const FIRST = 1500; // milliseconds
  const LONGEST = 15000;
  const root = document.querySelector("[data-brought]");
  const list = root.querySelector(".brought");
  const rows = (where) =>
    new Map([...where.querySelectorAll("[data-item]")].map((row) => [row.dataset.item, row]));

  const renew = (page) => {
    const here = rows(list);
    let changed = false;
    for (const [number, row] of rows(page)) {
      const old = here.get(number);
      if (!old) list.append(row);
      else if (old.dataset.stamp !== row.dataset.stamp && !old.contains(document.activeElement)) {
        old.replaceWith(row);
      } else continue;
      changed = true;
    }
    for (const part of page.querySelectorAll("[data-if-incomplete]")) {
      if (!root.querySelector(`#${part.id}`)) list.before(part);
    }
    for (const told of document.querySelectorAll("[data-live]")) {
      const now = page.querySelector(`[data-live="${told.dataset.live}"]`);
      if (now.textContent !== told.textContent) told.replaceChildren(...now.childNodes);
    }
    return changed;
  };

  const look = async (wait) => {
    let next = Math.min(wait * 1.5, LONGEST);
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.querySelector("[data-brought]");
        if (!found) return; // logged out
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
