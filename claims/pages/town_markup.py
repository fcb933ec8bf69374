"""What a town's page has dozens of, as markup: rows of its table, the list of its statuses, the
claims that decide one with who speaks, and the towns round it.

Built as text rather than by templates, as the drawing is (`claims.drawing.svg`): that takes a tenth
of the time. What came from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from claims.drawing.locator import Point
from claims.drawing.svg import Markup
from claims.pages.badges import markup as badge
from claims.pages.claim_rows import TownRow
from claims.pages.history import Period
from claims.pages.reasons import SpeakingSide, Voice
from claims.pages.wording import day_in_words


def table_rows(rows: Iterable[TownRow]) -> Markup:
    """Of the table of claims, with as many cells as it has headings."""
    about, retold, is_open = _("about %(day)s"), _("retold"), _("which %(place)s is open")
    return Markup("\n".join(_table_row(row, about, retold, is_open) for row in rows))


def _table_row(row: TownRow, about: str, retold: str, is_open: str) -> str:
    claim = row.claim
    who = escape(row.who)
    if claim.speaker and claim.speaker != row.who:
        who += _quiet(claim.speaker)
    label = f'<a href="{row.address}">{escape(row.label)}</a>'
    if claim.place_ambiguous:
        label += f'<span class="tag">{escape(is_open % {"place": claim.town})}</span>'
    day = escape(row.said_on) + (_quiet(about % {"day": row.about}) if row.about else "")
    quotes = "".join(f"<q>{escape(quote)}</q>" for quote in row.quotes)
    published = row.published + (f", {retold}" if row.retold else "")
    source = f'<a href="{row.passage}">{escape(row.publisher)}</a>{_quiet(published)}'
    pending = ' class="pending"' if row.pending else ""
    return (
        f'<tr id="{row.anchor}" role="row" tabindex="-1"{pending}>'
        f'<td role="cell" class="day">{day}</td>\n<td role="cell" class="who">{who}</td>\n'
        f'<td role="cell" class="label">{label}</td>\n'
        f'<td role="cell" class="quotation">{quotes}</td>\n'
        f'<td role="cell" class="publisher">{source}</td>\n'
        f'<td role="cell"><span class="state {claim.state}">{escape(row.state)}</span></td></tr>'
    )


def periods(found: Iterable[Period]) -> Markup:
    """The entries of a list of statuses."""
    to, lasting, rule = _("to"), _("to this day"), _("rule %(rule)s")
    language = get_language() or ""
    return Markup("\n".join(_period(period, to, lasting, rule, language) for period in found))


def _period(period: Period, to: str, lasting: str, rule: str, language: str) -> str:
    days = day_in_words(period.first, language=language)
    if period.last is None:
        days += f" {lasting}"
    elif period.last != period.first:
        days += f" {to} {day_in_words(period.last, language=language)}"
    deciding = " · ".join(
        f'<a href="{row.address}">{escape(row.label)}</a>' for row in period.deciding
    )
    if period.more:
        more = ngettext("and %(number)s more", "and %(number)s more", period.more)
        deciding += f" {_quiet(more % {'number': period.more})}"
    return (
        f'<li id="{escape(period.anchor)}" tabindex="-1"><span class="day">{escape(days)}</span>'
        f" <span>{badge(period.badge)} {_quiet(rule % {'rule': period.rule})}</span>"
        f' <span class="deciding-line">{deciding}</span></li>'
    )


def deciding(rows: Iterable[TownRow]) -> Markup:
    """The claims that decide a status, as entries of a list."""
    return Markup("\n".join(map(_deciding, rows)))


def _deciding(row: TownRow) -> str:
    source = (row.when, row.claim.speaker, row.publisher, row.state)
    told = _quiet(" · ".join(filter(None, source)))
    quote = f"<q>{escape(row.quotes[0])}</q>" if row.quotes else ""
    pending = ' class="pending"' if row.pending else ""
    return f'<li{pending}><a href="{row.address}">{escape(row.label)}</a> {told}{quote}</li>'


def speaking(sides: Iterable[SpeakingSide]) -> Markup:
    """Who speaks on each side, as groups of a list of descriptions."""
    apart = _("divided among themselves")
    return Markup("\n".join(_speaking(side, apart) for side in sides))


def _speaking(side: SpeakingSide, apart: str) -> str:
    sign = '<rect x="1" y="1" width="8" height="8" rx="2" class="no-side"/>'
    if side.colour:
        sign = f'<rect width="10" height="10" rx="2" fill="{escape(side.colour)}"/>'
    divided = f' <span class="tag divided">{escape(apart)}</span>' if side.divided else ""
    return (
        '<div><dt><svg width="10" height="10" aria-hidden="true" focusable="false">'
        f"{sign}</svg> {escape(side.name)}{divided}</dt>\n"
        f"{''.join(map(_voice, side.voices))}</div>"
    )


def _voice(voice: Voice) -> str:
    speakers = f" ({escape(', '.join(voice.speakers))})" if voice.speakers else ""
    said = f"{speakers}: {escape(voice.said)} {_quiet(voice.day)}"
    return f"<dd><b>{escape(voice.who)}</b>{said}</dd>"


def around(points: Iterable[Point]) -> Markup:
    """The towns round one, on its small map."""
    return Markup("\n".join(map(_point, points)))


def _point(point: Point) -> str:
    name, at = escape(point.spot.name), f'x="{point.x}" y="{point.y}"'
    words = ""
    if point.named:
        beside = 'dx="-5" dy="3.5" text-anchor="end"' if point.left else 'dx="5" dy="3.5"'
        words = f"<text {at} {beside}>{name}</text>"
    dot = f'<circle class="other" cx="{point.x}" cy="{point.y}" r="2.2"/>'
    shown = f"<g><title>{name}</title>{dot}{words}</g>"
    return f'<a href="{escape(point.spot.url)}">{shown}</a>' if point.spot.url else shown


def _quiet(words: str) -> str:
    return f'<span class="quiet">{escape(words)}</span>'
