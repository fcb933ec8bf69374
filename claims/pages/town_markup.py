"""What a town's page has hundreds of, as markup: rows of its table, and the list of its statuses.

Built as text rather than by templates, as the drawing is (`claims.drawing.svg`): that takes a tenth
of the time. What came from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from claims.drawing.svg import Markup
from claims.pages.badges import markup as badge
from claims.pages.claim_rows import TownRow
from claims.pages.history import Period
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


def _quiet(words: str) -> str:
    return f'<span class="quiet">{escape(words)}</span>'
