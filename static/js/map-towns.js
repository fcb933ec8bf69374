// Towns and what they were on any day, from the intervals that the server has packed
// (claims/pages/replay.py). Knows nothing of the map.
const MapTowns = (() => {
  const DAY = 24 * 3600 * 1000;

  class Towns {
    constructor(packed, data) {
      this.data = data;
      this.first = packed.first ? Date.parse(packed.first) : Date.parse(data.day);
      this.looks = packed.looks.map(([status, words, fill, edge, letter, pending]) => (
        { status, words, fill, edge, letter, pending: Boolean(pending) }));
      this.words = packed.words;
      this.all = packed.towns.map(([id, name, where, url, latitude, longitude, begun, segments], order) => (
        { id, name, where, url, begun, segments, order, at: latitude === null ? null : [latitude, longitude] }));
      this.changes = [...new Set(this.all.flatMap((town) => town.segments.filter(([start, since]) => start === since).map(([start]) => start)))];
      this.changes.sort((one, other) => one - other);
    }

    number(iso) { return Math.round((Date.parse(iso) - this.first) / DAY); }
    iso(day) { return new Date(this.first + day * DAY).toISOString().slice(0, 10); }

    // What a town is on a day; null before anything was said of it. `look` null: no status yet.
    on(town, day) {
      let low = 0;
      let high = town.segments.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (town.segments[middle][0] <= day) low = middle + 1;
        else high = middle;
      }
      if (low === 0) return day < town.begun ? null : { town, look: null, since: null, deciding: "", age: null, freshness: "" };
      const [, since, look, words, said] = town.segments[low - 1];
      const age = Towns.age(said, day);
      const { fresh, ageing } = this.data;
      const freshness = age === null || age <= fresh ? "" : age <= ageing ? "ageing" : "stale";
      return { town, look: this.looks[look], since, deciding: this.words[words], age: freshness ? age : null, freshness };
    }

    // Days since the deciding word was said last; `said` has pairs: from which day on, which day
    // was the last. Null where nothing ages.
    static age(said, day) {
      let age = null;
      for (let pair = 0; pair < said.length && said[pair] <= day; pair += 2) age = day - said[pair + 1];
      return age;
    }

    // All that fit the filters on a day, in the order of the list.
    shown(day) {
      const { status, sort } = this.data;
      const found = this.all.map((town) => this.on(town, day)).filter((state) => state && this.fits(state, status));
      if (sort === "changed") {
        const rank = (state) => (state.look && !(state.look.pending && !this.data.includePending) ? state.since : -Infinity);
        found.sort((one, other) => rank(other) - rank(one) || one.town.order - other.town.order);
      }
      return found;
    }

    fits({ look }, status) {
      if (!status) return true;
      if (status === "only-pending") return !look || look.pending;
      return look !== null && look.status === status && (this.data.includePending || !look.pending);
    }

    // The nearest day after (`way` 1) or before (-1) this one on which some town's words changed.
    change(day, way) {
      const found = way > 0 ? this.changes.find((one) => one > day) : this.changes.findLast((one) => one < day);
      return found ?? null;
    }
  }

  // Words with the number in the plural form that the page's language has for it.
  const language = document.documentElement.lang || "en";
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const counted = (forms, number) => forms[plurals.select(number)].replace("{n}", numbers.format(number));

  // E.g. "11 January 2023", as the server writes days.
  const days = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  function dayInWords(iso) {
    const parts = Object.fromEntries(days.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
    return `${parts.day} ${parts.month} ${parts.year}`;
  }

  return { Towns, counted, dayInWords };
})();
