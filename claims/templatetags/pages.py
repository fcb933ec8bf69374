"""Filters of the pages' templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.translation import get_language

from claims.drawing.locator import Point
from claims.drawing.scale import Tick
from claims.drawing.svg import Markup
from claims.extraction.records import Predicate, Stance
from claims.pages import badges, chart_markup, field_markup, list_markup, town_markup, wording
from claims.pages.badges import Badge
from claims.pages.changes import ChangedDay
from claims.pages.chart_bands import Band
from claims.pages.claim_list import ListRow
from claims.pages.claim_rows import TownRow
from claims.pages.history import Period
from claims.pages.home import TownRow as ListedTown
from claims.pages.lanes import ChartRow
from claims.pages.legend import Entry, StatusEntry
from claims.pages.reasons import SpeakingSide
from claims.pages.wording import day_in_words
from claims.status.records import Status
from entities.models import Place

register = template.Library()


@register.filter
def day(value: date) -> str:
    """E.g. "11 January 2023"."""
    return day_in_words(value)


@register.filter
def moment(value: datetime) -> str:
    """A time in the offset that it carries, e.g. "11 January 2023, 18:05 (UTC+03:00)"."""
    offset = value.strftime("%z")
    zone = f"UTC{offset[:3]}:{offset[3:]}" if offset != "+0000" else "UTC"
    return f"{day_in_words(value.date())}, {value:%H:%M} ({zone})"


@register.filter
def where(place: Place) -> str:
    return wording.where(place)


@register.filter
def badge(shown: Badge, since: str = "") -> Markup:
    """A status's small picture with its words."""
    return badges.markup(shown, since)


@register.filter
def iso(value: date | None) -> str | None:
    """A day as addresses have it; None, which leaves it out of one, for none."""
    return value.isoformat() if value else None


@register.filter
def words(value: str) -> list[str]:
    return value.split()


@register.filter
def item(container: Mapping[str, Any], key: str) -> Any:
    """What a mapping, or a form, has under a key that the template language cannot write."""
    try:
        return container[key]
    except KeyError:
        return None


@register.filter
def count(number: int, one: str) -> str:
    """E.g. "1 claim", "12 claims"."""
    return wording.count(number, one)


@register.filter
def stance(word: Stance) -> str:
    return str(wording.STANCES[word])


@register.filter
def predicate(word: Predicate) -> str:
    return str(wording.SAID[word])


@register.filter
def state(word: str) -> str:
    """A claim's state in the reader's language."""
    return str(wording.STATES[word])


@register.filter
def run_state(word: str | None) -> str:
    """A run's state in the reader's language; of no run, that it waits."""
    return str(wording.RUN_STATES[word or "waiting"])


@register.filter
def way(word: str) -> str:
    """How something was brought in, in the reader's language."""
    return str(wording.WAYS[word])


@register.filter
def status_word(word: Status) -> str:
    return str(wording.STATUS_WORDS[word])


@register.filter
def table_rows(rows: Iterable[TownRow]) -> Markup:
    """Of the table of a town's claims."""
    return town_markup.table_rows(rows)


@register.filter
def list_items(periods: Iterable[Period]) -> Markup:
    """Of the list of a town's statuses."""
    return town_markup.periods(periods)


@register.filter
def deciding_items(rows: Iterable[TownRow]) -> Markup:
    """Of the list of claims that decide a status."""
    return town_markup.deciding(rows)


@register.filter
def speaking_items(sides: Iterable[SpeakingSide]) -> Markup:
    """Of the list of who speaks on which side."""
    return town_markup.speaking(sides)


@register.filter
def towns_around(points: Iterable[Point]) -> Markup:
    """Of the small map beside a town's name."""
    return town_markup.around(points)


@register.filter
def chart_rows(rows: Iterable[ChartRow]) -> Markup:
    """Of a town's drawing."""
    return chart_markup.rows(rows)


@register.filter
def chart_row(row: ChartRow) -> Markup:
    return chart_markup.row(row)


@register.filter
def chart_bands(bands: Iterable[Band]) -> Markup:
    return chart_markup.bands(bands)


@register.filter
def chart_grid(ticks: Iterable[Tick]) -> Markup:
    """Lines at a drawing's days."""
    return chart_markup.grid(ticks)


@register.filter
def chart_axis(ticks: Iterable[Tick]) -> Markup:
    """The names of a drawing's days."""
    return chart_markup.axis(ticks)


@register.filter
def legend_signs(entries: Iterable[Entry]) -> Markup:
    return chart_markup.signs(entries)


@register.filter
def legend_statuses(entries: Iterable[StatusEntry]) -> Markup:
    return chart_markup.statuses(entries)


@register.filter
def field(shown: BoundField) -> Markup:
    """A field of a form with its label and what is wrong with it."""
    return field_markup.field(shown)


@register.filter
def town_rows(rows: Iterable[ListedTown]) -> Markup:
    """Of the list of towns."""
    return list_markup.towns(rows)


@register.filter
def change_rows(days: Iterable[ChangedDay]) -> Markup:
    """Of the list of changes."""
    return list_markup.changes(days)


@register.filter
def claim_rows(rows: Iterable[ListRow]) -> Markup:
    """Of the list of claims."""
    return list_markup.claims(rows)


@register.simple_tag
def keys(heading_id: str, *, decides: bool) -> str:
    """The list of keys, with those of the bench for who `decides`: on every page the same."""
    return _keys(heading_id, decides, get_language())


@lru_cache(maxsize=64)
def _keys(heading_id: str, decides: bool, language: str | None) -> str:
    told = {"heading_id": heading_id, "decides": decides}
    return render_to_string("_components/keys.html", told)
