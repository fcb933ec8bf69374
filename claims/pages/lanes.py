"""The lanes of a town's drawing: a side's claimants, each a row of marks, or of columns where
marks would cover each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.drawing import svg
from claims.drawing.density import (
    Bins,
    Column,
    bin_days,
    binned,
    columns,
    height,
    merged,
    unit,
)
from claims.drawing.marks import RowDrawing, Sign, row
from claims.drawing.scale import Scale
from claims.drawing.svg import Markup
from claims.extraction.records import Predicate, Stance
from claims.models import Claim
from claims.pages.addresses import Address
from claims.pages.claim_rows import TownRow
from claims.pages.wording import SAID, count, day_in_words
from claims.timeline import Lane, Timeline
from claims.town_claims import TownClaim

MOST_ROWS = 8  # of a lane; the claimants with fewer claims are folded away
MOST_LEVELS = 3  # of marks below each other; more are drawn as columns
# Where a column would be a single day, opening it shows no more: marks stand as deep as need be.
DEEPEST = 15


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One claimant's row. `count`: its claims that are drawn. `dense`: as columns."""

    name: str
    count: int
    height: float
    markup: Markup
    dense: bool


@dataclass(frozen=True, slots=True)
class ChartLane:
    """`more` are folded away. `summary` is drawn in place of the rows where all of the lane is.
    `key` tells it from others; `more_count` counts the claims of `more`."""

    key: str
    name: str
    colour: str
    count: int
    rows: tuple[ChartRow, ...]
    more: tuple[ChartRow, ...]
    summary: ChartRow

    @property
    def claimants(self) -> int:
        return len(self.rows) + len(self.more)

    @property
    def more_count(self) -> int:
        return sum(row.count for row in self.more)


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows are drawn. `hrefs`: where claims' marks lead, by id; those of others to their
    claim, or without an `address` nowhere."""

    scale: Scale
    address: Address | None
    rows: Mapping[str, TownRow]
    hrefs: Mapping[str, str]
    about: Mapping[str, str]  # sides' names by colour
    told: bool = True  # columns say what they count


@dataclass(frozen=True, slots=True)
class Draft:
    """A row before it is known how high a claim is in columns: `marks` or `columns` is set."""

    name: str
    count: int
    marks: RowDrawing | None
    columns: tuple[Column, ...]


def sign(claim: TownClaim, colour: str) -> Sign:
    event, precision = claim.event_date, claim.event_precision
    return Sign(
        id=claim.id,
        predicate=claim.predicate,
        stance=claim.stance,
        asserted=(claim.asserted_on, claim.asserted_precision),
        event=None if event is None else (event, precision or "day"),
        part=claim.extent == "part",
        part_label=claim.part_label,
        pending=claim.state == Claim.State.PENDING,
        colour=colour,
    )


def lanes(timeline: Timeline, plan: Plan) -> tuple[ChartLane, ...]:
    """The lanes of those claims of `timeline` that `plan` has rows for."""
    drafts = [(lane, *_drafts(lane, timeline, plan)) for lane in timeline.lanes()]
    drawn = [draft for _, rows, more, _ in drafts for draft in (*rows, *more)]
    folded = unit(column for *_, whole in drafts for column in whole.columns)
    per_claim = unit(column for draft in drawn for column in draft.columns)

    unlinked = replace(plan, address=None, hrefs={}, told=False)

    def finished(draft: Draft) -> ChartRow:
        return _finished(draft, plan, per_claim)

    return tuple(
        ChartLane(
            key=lane.side.key if lane.side else "others",
            name=lane.name,
            colour=lane.side.colour if lane.side else "",
            count=whole.count,
            rows=tuple(finished(draft) for draft in rows),
            more=tuple(finished(draft) for draft in more),
            summary=_finished(whole, unlinked, folded),
        )
        for lane, rows, more, whole in drafts
        if whole.count
    )


def _drafts(lane: Lane, timeline: Timeline, plan: Plan) -> tuple[list[Draft], list[Draft], Draft]:
    """A lane's rows, those to fold away, and all of them as one row of columns."""
    signs: dict[str, list[Sign]] = {}
    colours: dict[str | None, str] = {key: side.colour for key, side in timeline.sides.items()}
    for claimant in lane.rows:
        shown = [
            sign(claim, colours.get(claim.subject_side, ""))
            for claim in claimant.claims
            if claim.id in plan.rows
        ]
        if shown:
            signs[claimant.name] = shown
    # Counted over all claims, so that a row does not come and go as the range moves.
    ranks = {claimant.name: -len(claimant.claims) for claimant in lane.rows}
    first = set(sorted(signs, key=lambda name: ranks[name])[:MOST_ROWS])
    bins = {name: binned(found, plan.scale) for name, found in signs.items()}
    drafts = [_draft(name, found, bins[name], plan.scale) for name, found in signs.items()]
    rows = [draft for draft in drafts if draft.name in first]
    more = [draft for draft in drafts if draft.name not in first]
    every = columns(merged(bins.values()), plan.scale)
    return rows, more, Draft(lane.name, sum(map(len, signs.values())), None, every)


def _draft(name: str, signs: Sequence[Sign], bins: Bins, scale: Scale) -> Draft:
    deepest = DEEPEST if bin_days(scale) == 1 else MOST_LEVELS
    drawing = row(signs, scale, None if scale.days == 1 else deepest)
    if drawing is not None:
        return Draft(name, len(signs), drawing, ())
    return Draft(name, len(signs), None, columns(bins, scale))


def _finished(draft: Draft, plan: Plan, per_claim: float) -> ChartRow:
    if draft.marks is not None:
        markup = Markup("".join(_marks(draft.marks, plan)))
        return ChartRow(draft.name, draft.count, draft.marks.height, markup, dense=False)
    tall = height(draft.columns, per_claim)
    words = words_of_columns() if plan.told else None
    href = "" if plan.address is None else plan.address.between() + "#timeline"
    parts = (
        svg.column(
            column,
            _told(column, plan, words) if words else "",
            # To the column's own days, where its claims are marks.
            href and href % {"first": column.first, "last": column.last},
            per_claim=per_claim,
            height=tall,
        )
        for column in draft.columns
    )
    return ChartRow(draft.name, draft.count, tall, Markup("".join(parts)), dense=True)


def _marks(drawing: RowDrawing, plan: Plan) -> Iterable[str]:
    for mark in drawing.marks:
        id_ = mark.sign.id
        own = "" if plan.address is None else plan.rows[id_].address
        yield svg.mark(mark, plan.rows[id_].told, plan.hrefs.get(id_, own))


class ColumnWords(NamedTuple):
    """What columns say, in one language."""

    language: str
    days: str
    predicates: Mapping[Predicate, str]
    stances: Mapping[Stance, str]


def words_of_columns() -> ColumnWords:
    return _words_of_columns(get_language() or "")


@lru_cache(maxsize=8)
def _words_of_columns(language: str) -> ColumnWords:
    return ColumnWords(
        language=language,
        days=_("%(first)s to %(last)s"),
        predicates={predicate: str(words) for predicate, words in SAID.items()},
        stances={
            "asserts": _("%(count)s asserted"),
            "denies": _("%(count)s denied"),
            "unconfirmed": _("%(count)s not confirmed"),
        },
    )


def _told(column: Column, plan: Plan, words: ColumnWords) -> str:
    """A column in words: its days, and what was said how often about whom."""
    first = day_in_words(column.first, language=words.language)
    last = day_in_words(column.last, language=words.language)
    days = first if column.first == column.last else words.days % {"first": first, "last": last}
    said: dict[str, list[str]] = {}
    for segment in column.segments:
        what, side = words.predicates[segment.predicate], plan.about.get(segment.colour, "")
        told = words.stances[segment.stance] % {"count": segment.count}
        said.setdefault(f"{what}, {side}" if side else what, []).append(told)
    lines = [f"{what}: {', '.join(counts)}" for what, counts in said.items()]
    return "\n".join([f"{days}: {count(column.total, 'claim', words.language)}", *lines])
