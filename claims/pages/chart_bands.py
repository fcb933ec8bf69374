"""Status bands: of the town, verified and with pending claims, and of its labelled parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.drawing import svg
from claims.drawing.bands import Stretch, stretches
from claims.drawing.marks import LETTER, NARROWEST
from claims.drawing.scale import Scale
from claims.drawing.svg import Markup
from claims.pages.claim_rows import TownRow
from claims.pages.colours import fill_of
from claims.pages.wording import STATUS_WORDS, count, day_in_words, in_words
from claims.status.records import Freshness, Interval, Status, TownStatus
from claims.timeline import Timeline

CAPTION = 14.0  # pixels above a town's band for its words
HIGH, THIN = 14.0, 7.0  # pixels: a town's band, and a part's
MOST_TOLD = 3  # deciding words that a stretch tells


@dataclass(frozen=True, slots=True)
class Band:
    """One status band as a row of the drawing. `words` are all it says."""

    name: str
    height: float
    markup: Markup
    words: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What a drawing's bands are of: a town as known on a day, up to `today`. `name` tells it
    from another one beside it."""

    line: Timeline
    today: date
    rows: Mapping[str, TownRow]
    name: str = ""


def anchor(kind: str, part: str, interval: Interval) -> str:
    """The id of a status's entry in the list of all statuses; `kind`: verified or pending."""
    words = [kind, *part.split(), interval.start.isoformat()]
    return "-".join(["status", *words])


def bands(known: Known, scale: Scale, *, linked: bool) -> tuple[Band, ...]:
    """The town's two bands; `linked`: each stretch leads to its entry in the list."""
    verified, pending = known.line.verified.bands, known.line.with_pending.bands
    names = (_("Status, verified"), _("Status, with pending"))
    if known.name:
        names = (
            _("%(day)s, verified") % {"day": known.name},
            _("%(day)s, + pending") % {"day": known.name},
        )
    drawn = (
        (names[0], "verified", stretches(verified, scale, today=known.today)),
        (
            names[1],
            "pending",
            stretches(pending, scale, today=known.today, verified=verified),
        ),
    )
    return tuple(
        Band(
            name,
            CAPTION + HIGH + 2,
            _markup(known, kind, "", found, CAPTION, HIGH, linked=linked),
            _words(found, known.line),
        )
        for name, kind, found in drawn
    )


def part_bands(known: Known, scale: Scale, *, linked: bool) -> tuple[Band, ...]:
    """A thin band for each labelled part; below the verified one that with pending claims,
    where it says something else."""
    found = []
    verified, pending = known.line.verified.parts, known.line.with_pending.parts
    for label in sorted({*verified, *pending}):
        sure = stretches(verified.get(label, ()), scale, today=known.today)
        both = stretches(
            pending.get(label, ()), scale, today=known.today, verified=verified.get(label, ())
        )
        differs = any(stretch.only_pending for stretch in both)
        markup = _markup(known, "verified", label, sure, 4, THIN, linked=linked)
        if differs:
            below = _markup(known, "pending", label, both, 6 + THIN, THIN, linked=linked)
            markup = Markup(markup + below)
        if sure or both:
            words = _words(sure, known.line)
            if differs:
                told = _words(both, known.line)
                words = _("%(verified)s; with pending claims: %(pending)s") % {
                    "verified": words,
                    "pending": told,
                }
            found.append(Band(label, 8 + THIN * (2 if differs else 1), markup, words, part=True))
    return tuple(found)


def _markup(
    known: Known,
    kind: str,
    part: str,
    drawn: Sequence[Stretch],
    top: float,
    height: float,
    *,
    linked: bool,
) -> Markup:
    sides = known.line.sides
    names = {key: side.name for key, side in sides.items()}
    colours = {key: side.colour for key, side in sides.items()}
    parts, say = [], phrases()
    for stretch in drawn:
        fill = fill_of(stretch.interval, colours)
        parts.append(
            svg.stretch(
                stretch,
                _told(stretch, known, names, say),
                # What is compared with has no entries on the page.
                f"#{anchor(kind, part, stretch.interval)}" if linked and not known.name else "",
                fill=fill.fill,
                edge="" if part else fill.edge,
                caption="" if part else _caption(stretch, names, say),
                top=top,
                height=height,
            )
        )
    return Markup("".join(parts))


class Phrases(NamedTuple):
    """What stretches say, in one language."""

    language: str
    only_pending: str
    begins: str
    days: str
    rule: str
    held: str
    statuses: Mapping[Status, str]
    ages: Mapping[Freshness | None, str]


def phrases() -> Phrases:
    return _phrases(get_language() or "")


@lru_cache(maxsize=8)
def _phrases(language: str) -> Phrases:
    return Phrases(
        language=language,
        only_pending=_("%(status)s (only with pending claims)"),
        begins=_("%(status)s from %(day)s"),
        days=_("%(first)s to %(last)s"),
        rule=_("rule %(rule)s, %(deciding)s"),
        held=_("held"),
        statuses={status: str(words) for status, words in STATUS_WORDS.items()},
        ages={
            "fresh": _("said again within 14 days"),
            "ageing": _("ageing: no such word for over 14 days"),
            "stale": _("stale: no such word for over 60 days"),
            None: _("does not age"),
        },
    )


def _told(stretch: Stretch, known: Known, names: Mapping[str, str], say: Phrases) -> str:
    """All that a stretch says: status, days, freshness at its beginning, rule, who decided it."""
    interval = stretch.interval
    first = day_in_words(stretch.first, language=say.language)
    last = day_in_words(stretch.last, language=say.language)
    days = first if first == last else say.days % {"first": first, "last": last}
    status = in_words(interval, names, say.language)
    if stretch.only_pending:
        status = say.only_pending % {"status": status}
    deciding = [known.rows[id_] for id_ in interval.deciding if id_ in known.rows]
    words = list(dict.fromkeys((row.who, row.short) for row in deciding))
    who = " / ".join(f"{who}: {said}" for who, said in words[:MOST_TOLD])
    if len(words) > MOST_TOLD:
        who += f" / +{len(words) - MOST_TOLD}"
    number = count(len(deciding), "deciding claim", say.language)
    rule = say.rule % {"rule": interval.rule, "deciding": number}
    return "\n".join(filter(None, [status, days, who, f"{rule} · {say.ages[stretch.freshness]}"]))


def _caption(stretch: Stretch, names: Mapping[str, str], say: Phrases) -> str:
    """As many words of the status as there is room for above the band."""
    letters = stretch.room / 100 * NARROWEST / LETTER
    if not letters:
        return ""
    interval = stretch.interval
    words = in_words(interval, names, say.language)
    short = say.held if interval.by_own_word else say.statuses[interval.status]
    return next((text for text in (words, short) if len(text) < letters), "")


def _words(drawn: Sequence[Stretch], line: Timeline) -> str:
    names, say = {key: side.name for key, side in line.sides.items()}, phrases()
    said = [
        say.begins
        % {
            "status": in_words(item.interval, names, say.language),
            "day": day_in_words(item.first, language=say.language),
        }
        for number, item in enumerate(drawn)
        if item.starts or number == 0
    ]
    return "; ".join(said) or _("no status")


def every_interval(status: TownStatus) -> list[Interval]:
    """The town's and its parts'."""
    return [item for found in (status.bands, *status.parts.values()) for item in found]
