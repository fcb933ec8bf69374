"""The map page: the list of its towns, and what its script needs to draw and replay them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from claims.models import StatusInterval
from claims.on_day import ListedTown
from claims.own_sides import COLOURS
from claims.pages.colours import Fill, fill_of
from claims.pages.deciding import deciding_claims, deciding_words, initials
from claims.pages.home import AsOf, Coloured, TownRow, shown, town_row
from claims.pages.wording import STATUS_HELP, STATUS_WORDS
from claims.statements import Among
from claims.status.records import DEFAULTS, Interval, Status
from entities.models import Side

# A number of each plural form that languages have, by the forms' names.
PLURALS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 5, "other": 100}


@dataclass(frozen=True, slots=True)
class MapRow:
    """A town of the list beside the map: a row of the list of towns, and who decides."""

    town: TownRow
    deciding: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    status: Status
    name: str | Promise
    words: str | Promise
    fill: Fill


@dataclass(frozen=True, slots=True)
class LegendSide:
    letter: str
    name: str
    colour: str


def map_rows(places: Iterable[ListedTown], day: date, *, include_pending: bool) -> list[MapRow]:
    """The list's rows. One query more than the places themselves take."""
    found = [(place, shown(place, include_pending=include_pending)[0]) for place in places]
    ids = [interval.id for _, intervals in found for interval in intervals]
    claims = deciding_claims(StatusInterval.objects.filter(Among(F("pk"), ids)))
    return [
        MapRow(
            town_row(place, day, include_pending=include_pending),
            deciding_words((str(id_) for one in intervals for id_ in one.deciding), claims),
        )
        for place, intervals in found
    ]


def legend_sides(sides: Sequence[Side]) -> list[LegendSide]:
    letters = initials([side.name for side in sides])
    return [
        LegendSide(letter, side.name, side.colour)
        for letter, side in zip(letters, sides, strict=True)
    ]


def legend(sides: Sequence[Side]) -> list[LegendEntry]:
    """Every status, in the colours of the first two sides, or of no side in particular."""
    return [
        LegendEntry(example.status, STATUS_WORDS[example.status], words, fill_of(example, colours))
        for (example, colours), words in zip(examples(sides), STATUS_HELP.values(), strict=True)
    ]


def examples(sides: Sequence[Side]) -> list[Coloured]:
    """The statuses whose fills `legend` refers to."""
    colours = {side.key: side.colour for side in sides} or {colour: colour for colour in COLOURS}
    keys = tuple(colours)[:2]
    return [
        (
            Interval(
                start=date.min,
                end=None,
                status=status,
                sides=keys if status == "contested" else keys[:1],
                rule=0,
                deciding=(),
            ),
            colours,
        )
        for status in STATUS_HELP
    ]


def script_data(ask: Mapping[str, Any], of: AsOf) -> dict[str, Any]:
    """What the page's script needs to know, for `json_script`."""
    wanted = {
        "q": ask["q"] or "",
        "conflict": ask["conflict"] or "",
        "include_pending": "on" if ask["include_pending"] else "",
    }
    query = urlencode({name: value for name, value in wanted.items() if value})
    tiles = {"address": settings.MAP_TILES, "credit": settings.MAP_TILES_CREDIT}
    return {
        "intervals": f"{reverse('map-intervals')}?{query}",
        "base": static("base-map/base.json"),
        "tiles": tiles if settings.MAP_TILES else None,
        "day": of.day.isoformat(),
        "newest": (of.newest or of.day).isoformat(),
        "status": ask["status"] or "",
        "sort": ask["sort"],
        "includePending": ask["include_pending"],
        "view": ask["view"] or "",
        "fresh": DEFAULTS.fresh,
        "ageing": DEFAULTS.ageing,
        "texts": texts(),
    }


def texts() -> dict[str, Any]:
    """The script's words. What counts something is given in each plural form, with {n} for the
    number; {day} and {words} stand for what the script puts there."""
    return {
        "since": gettext("since {day}"),
        "pending": gettext("pending"),
        "noStatus": gettext("no status: nothing said decides one"),
        "link": gettext("All that was said"),
        "showOnMap": gettext("show {words} on the map"),
        "newestDay": gettext("As of {day}, the day of the newest claim"),
        "otherDay": gettext("As of {day}, with all that is known now"),
        "play": gettext("Play"),
        "pause": gettext("Pause"),
        "failed": gettext("The statuses could not be loaded, so only the list below is shown."),
        "noBase": gettext("The land could not be loaded."),
        "credit": gettext("Land and water: Natural Earth, without borders"),
        "zoomIn": gettext("Zoom in"),
        "zoomOut": gettext("Zoom out"),
        "close": gettext("Close"),
        "silence": _plural(lambda n: ngettext("no claim for {n} day", "no claim for {n} days", n)),
        "towns": _plural(lambda n: ngettext("{n} town", "{n} towns", n)),
        "inView": _plural(lambda n: ngettext("{n} town in this view", "{n} towns in this view", n)),
        "elsewhere": _plural(
            lambda n: ngettext("{n} more outside of it", "{n} more outside of it", n)
        ),
        "tooMany": _plural(
            lambda n: ngettext(
                "The first {n} is listed; zoom in for the others.",
                "The first {n} are listed; zoom in for the others.",
                n,
            )
        ),
    }


def _plural(forms: Callable[[int], str]) -> dict[str, str]:
    return {name: forms(number) for name, number in PLURALS.items()}
