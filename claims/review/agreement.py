"""How far two readers of the same claims agree. Pure: counts in, numbers out.

A pair of readings is two outcomes of one claim, e.g. ("accept", "reject"). What cannot be told
from the pairs at hand is None, never zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import sqrt

OUTCOMES = ("accept", "correct", "reject", "unverifiable")
SAYS_SO = frozenset({"accept", "correct"})  # outcomes by which the text says so
Z = 1.959963984540054  # standard errors to either side that hold 95 % of a normal distribution
SMALL = 30  # pairs below which a standard error for large samples means little
TINY = 1e-9  # what rounding leaves of a standard error of nothing

Pair = tuple[str, str]
Field = tuple[str, str, str]  # a claim's id, a field, and the value that it was corrected to


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % confidence interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa: 1 for full agreement, 0 for as much as chance alone would give, below 0 for
    less than that.

    `observed` is the share of pairs with one outcome, `expected` the share that two readers
    would have by chance who give each outcome as often as these two did. `value` is None where
    `expected` is 1 (both always gave the same single outcome), as agreement beyond chance then
    has no room: J. Cohen, "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20 (1960), 37-46. `error` is the standard error for large samples
    that does not suppose a kappa of 0: J. L. Fleiss, J. Cohen, B. S. Everitt, "Large sample
    standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969), 323-327.
    """

    pairs: int
    observed: float
    expected: float
    value: float | None
    error: float | None

    @property
    def interval(self) -> Interval | None:
        """Cut at -1 and 1, beyond which no kappa lies. None for fewer than `SMALL` pairs, and
        where the formula knows no spread (full agreement): it would feign certainty."""
        if self.value is None or self.error is None or self.pairs < SMALL or self.error < TINY:
            return None
        spread = Z * self.error
        return Interval(max(-1.0, self.value - spread), min(1.0, self.value + spread))


def kappa(pairs: Iterable[Pair]) -> Kappa | None:
    """Cohen's kappa over the outcomes of the pairs, whatever they are; None without pairs."""
    cells = Counter(pairs)
    n = cells.total()
    if not n:
        return None
    rows, columns = _margins(cells)
    observed = sum(count for (a, b), count in cells.items() if a == b) / n
    # In whole numbers, so that what is certain is exactly so.
    by_chance = sum(rows[outcome] * columns[outcome] for outcome in rows)
    expected = by_chance / n**2
    if by_chance == n**2:
        return Kappa(n, observed, expected, None, None)
    value = (observed - expected) / (1 - expected)
    return Kappa(n, observed, expected, value, _error(cells, value, expected))


def _margins(cells: Counter[Pair]) -> tuple[Counter[str], Counter[str]]:
    """How often the first, and the second, gave each outcome."""
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for (a, b), count in cells.items():
        rows[a] += count
        columns[b] += count
    return rows, columns


def _error(cells: Counter[Pair], value: float, expected: float) -> float:
    n = cells.total()
    rows, columns = _margins(cells)
    variance = -((value - expected * (1 - value)) ** 2)
    for (a, b), count in cells.items():
        if a == b:
            weight = 1 - (rows[a] + columns[a]) / n * (1 - value)
        else:
            weight = (columns[a] + rows[b]) / n * (1 - value)
        variance += count / n * weight**2
    # Full agreement gives 0, which rounding may leave a little below.
    return sqrt(max(0.0, variance) / n) / (1 - expected)


def f1(both: int, only_first: int, only_second: int) -> float | None:
    """Pairwise F1 of what two readers marked: `both` did, or only one of them. None where nobody
    marked anything.

    Taking either reader as the truth gives the same number, and what neither marked does not
    enter: G. Hripcsak, A. S. Rothschild, "Agreement, the F-measure, and reliability in
    information retrieval", Journal of the American Medical Informatics Association 12 (2005),
    296-298.
    """
    marked = 2 * both + only_first + only_second
    return 2 * both / marked if marked else None


def f1_of_saying_so(pairs: Iterable[Pair]) -> float | None:
    """F1 of "the text says so": accepted or corrected by both, or by one of them."""
    told = Counter((a in SAYS_SO, b in SAYS_SO) for a, b in pairs)
    return f1(told[True, True], told[True, False], told[False, True])


def f1_of_fields(first: Collection[Field], second: Collection[Field]) -> float | None:
    """F1 of corrected fields: one field of one claim is agreed on where both corrected it, and
    to the same value."""
    ours, theirs = set(first), set(second)
    return f1(len(ours & theirs), len(ours - theirs), len(theirs - ours))


def share_interval(some: int, all: int) -> Interval | None:
    """The 95 % interval of the share `some / all`, good for small numbers as well: E. B. Wilson,
    "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209-212. None for none at all."""
    if not all:
        return None
    share, spread = some / all, Z**2 / all
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * sqrt(share * (1 - share) / all + spread / (4 * all))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
