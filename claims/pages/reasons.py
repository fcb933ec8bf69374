"""Why a town has its status: the rule, the claims that decide, who speaks on which side, what
would end it, and how many independent voices stand behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.pages.claim_rows import TownRow
from claims.pages.wording import RULES, STATUS_WORDS, day_in_words
from claims.pages.wording import count as number_of
from claims.status.records import DEFAULTS, Interval, Status, TownStatus
from claims.timeline import Timeline
from claims.town_claims import TownClaim

if TYPE_CHECKING:
    Text = str | Promise

ENDS: dict[Status, tuple[Text, ...]] = {
    "controlled": (
        gettext_lazy("Another side is said to have captured the whole town."),
        gettext_lazy("An official voice of %(holder)s says that it has lost or left the town."),
        gettext_lazy("Somebody says that another side than %(holder)s attacks the town."),
    ),
    "claimed": (
        gettext_lazy(
            "Another side denies it, claims the town, or says that %(holder)s left it: contested."
        ),
        gettext_lazy("Attacks or, against a capture, fighting are reported: contested."),
        gettext_lazy("An official voice of another side concedes the town: controlled."),
        gettext_lazy("Those who say so take it back."),
    ),
    "contested": (
        gettext_lazy("An official voice of one side concedes the town: controlled by the other."),
        gettext_lazy("One side is said to attack a town that the other has captured: fought-over."),
        gettext_lazy(
            "Whoever contradicts says otherwise, or does not repeat it for %(days)s days."
        ),
    ),
    "fought-over": (
        gettext_lazy("A side is said to have captured the town: claimed, or contested."),
        gettext_lazy("An official voice of one side concedes the town: controlled."),
        gettext_lazy("Nobody speaks of fighting or attacks for %(days)s days."),
    ),
    "unknown": (gettext_lazy("Somebody says who controls the town, or that it is fought over."),),
}
DO_NOT_END: dict[Status, Text] = {
    "controlled": gettext_lazy("Later denials by the side that conceded it do not end it."),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """What one claimant last said in the status's time; `speakers` who were named for it."""

    who: str
    speakers: tuple[str, ...]
    said: str
    day: str


@dataclass(frozen=True, slots=True)
class SpeakingSide:
    """One side's claimants; `divided`: they differ among themselves on the day."""

    name: str
    colour: str
    divided: bool
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands behind a status, each thing counted once. `texts`: documents without their
    copies. `speakers`: named persons and described ones, by claimant."""

    claims: int
    claimants: int
    speakers: int
    documents: int
    texts: int
    publishers: int


@dataclass(frozen=True, slots=True)
class Reasons:
    question: str
    rule: int
    rule_text: str
    version: str
    deciding: tuple[TownRow, ...]
    ends: tuple[str, ...]
    ends_not: str
    sides: tuple[SpeakingSide, ...]
    counts: Counts
    in_short: str
    independence: str


def reasons(
    interval: Interval,
    status: TownStatus,
    line: Timeline,
    rows: Mapping[str, TownRow],
    *,
    since: date,
    today: date,
    include_pending: bool,
) -> Reasons:
    """Of `interval`, which is in force on `today` and has said the same since `since`."""
    deciding = tuple(rows[id_] for id_ in interval.deciding if id_ in rows)
    behind = _behind(deciding, line, rows, since, today, include_pending=include_pending)
    counts = count(line.by_id[row.id] for row in behind)
    names = {key: side.name for key, side in line.sides.items()}
    told = {
        "holder": names.get(interval.holder or "", interval.holder or _("the holder")),
        "days": DEFAULTS.repeat_within,
    }
    return Reasons(
        question=_("why %(status)s?") % {"status": STATUS_WORDS[interval.status]},
        rule=interval.rule,
        rule_text=str(RULES[interval.rule]),
        version=interval.version,
        deciding=deciding,
        ends=tuple(str(text) % told for text in ENDS[interval.status]),
        ends_not=str(DO_NOT_END.get(interval.status, "")),
        sides=tuple(_sides(behind, line, status.divided_on(today))),
        counts=counts,
        in_short=_in_short(interval, len(deciding), counts),
        independence=_independence(counts, since),
    )


def count(claims: Iterable[TownClaim]) -> Counts:
    found = list(claims)
    return Counts(
        claims=len(found),
        claimants=len({claim.who for claim in found}),
        speakers=len({(claim.who, claim.speaker) for claim in found if claim.speaker}),
        documents=len({claim.document_id for claim in found}),
        texts=len({claim.document.family_id for claim in found}),
        publishers=len({claim.document.publisher_id for claim in found}),
    )


def _behind(
    deciding: Sequence[TownRow],
    line: Timeline,
    rows: Mapping[str, TownRow],
    since: date,
    today: date,
    *,
    include_pending: bool,
) -> list[TownRow]:
    """The deciding claims, and all that was said in the status's time, by day."""
    decisive = {row.id for row in deciding}
    return [
        rows[claim.id]
        for claim in line.claims
        if claim.id in decisive
        or (since <= claim.asserted_on <= today and (include_pending or claim.verified))
    ]


def _sides(
    behind: Iterable[TownRow], line: Timeline, divided: Sequence[str]
) -> Iterable[SpeakingSide]:
    """Who spoke, by side, each with what it said last."""
    said: dict[str, dict[str, list[TownRow]]] = {key: {} for key in (*line.sides, "")}
    for row in behind:
        said.setdefault(row.side, {}).setdefault(row.who, []).append(row)
    for key, claimants in said.items():
        if claimants:
            side = line.sides.get(key)
            yield SpeakingSide(
                side.name if side else _("Others"),
                side.colour if side else "",
                key in divided,
                tuple(_voice(who, found) for who, found in claimants.items()),
            )


def _voice(who: str, found: Sequence[TownRow]) -> Voice:
    last = max(row.claim.asserted_on for row in found)
    latest = [row for row in found if row.claim.asserted_on == last]
    return Voice(
        who,
        tuple(dict.fromkeys(row.claim.speaker for row in latest if row.claim.speaker)),
        ", ".join(dict.fromkeys(row.short for row in latest)),
        latest[0].said_on,
    )


def _in_short(interval: Interval, deciding: int, counts: Counts) -> str:
    """E.g. "rule 2 · 2 deciding claims · 3 claimants in 5 articles"."""
    parts = (
        _("rule %(number)s") % {"number": interval.rule},
        number_of(deciding, "deciding claim"),
        _("%(claimants)s in %(articles)s")
        % {
            "claimants": number_of(counts.claimants, "claimant"),
            "articles": number_of(counts.documents, "article"),
        },
    )
    return " · ".join(parts)


def _independence(counts: Counts, since: date) -> str:
    """How many voices stand behind a status, in words."""
    articles = number_of(counts.documents, "article")
    if counts.texts != counts.documents:
        articles += " " + _("(%(number)s without copies)") % {"number": counts.texts}
    said = _(
        "The deciding claims, and what was said since %(day)s: %(claims)s in %(articles)s of"
        " %(publishers)s, by %(claimants)s"
    ) % {
        "day": day_in_words(since),
        "claims": number_of(counts.claims, "claim"),
        "articles": articles,
        "publishers": number_of(counts.publishers, "publisher"),
        "claimants": number_of(counts.claimants, "claimant"),
    }
    if not counts.speakers:
        return said
    speakers = number_of(counts.speakers, "speaker")
    return _("%(said)s and %(speakers)s named or described") % {"said": said, "speakers": speakers}
