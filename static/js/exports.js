// Looks again, ever less often, until every file is made. Rows that have changed are replaced;
// what has focus in them keeps it. Without this script the page can be loaded again.
(() => {
  const FIRST = 1000; // milliseconds
  const LONGEST = 10000;
  const jobs = (where) =>
    new Map([...where.querySelectorAll("[data-job]")].map((row) => [row.dataset.job, row]));

  const renew = (page) => {
    const here = jobs(document);
    let changed = false;
    for (const [id, row] of jobs(page)) {
      const old = here.get(id);
      if (!old || old.dataset.stamp === row.dataset.stamp) continue;
      changed = true;
      if (old.dataset.state !== row.dataset.state) {
        const title = row.querySelector("h2, h3").textContent.trim();
        document.querySelector("[data-told]").textContent = `${title}: ${row.dataset.state}`;
      }
      const focused = [...old.querySelectorAll("a, button")].indexOf(document.activeElement);
      old.replaceWith(row);
      if (focused >= 0) [...row.querySelectorAll("a, button")].at(0)?.focus();
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
