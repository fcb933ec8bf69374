"""The rows of lists as markup: of towns, of changes, of claims.

Built as text rather than by templates, as a town's table is (`claims.pages.town_markup`): fifty of
them took most of the time of their pages. What came from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.urls import get_script_prefix, reverse
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from claims.changes import ChangedTown
from claims.drawing.svg import Markup
from claims.on_day import ListedTown
from claims.pages.addresses import address_of
from claims.pages.badges import markup as badge
from claims.pages.changes import ChangedDay, ChangeRow, Voice
from claims.pages.claim_list import ListRow
from claims.pages.home import TownRow
from claims.pages.wording import day_in_words, where
from entities.models import Place

LONGEST_QUOTE = 240  # characters


def towns(rows: Iterable[TownRow]) -> Markup:
    """The rows of the list of towns."""
    before, first, none = (
        _("before: %(words)s"),
        _("first word"),
        _("no status: nothing said decides one"),
    )
    claims, pending = _("claims:"), _("(%(number)s pending)")
    return Markup("\n".join(_town(row, before, first, none, claims, pending) for row in rows))


def _town(row: TownRow, before: str, first: str, none: str, claims: str, pending: str) -> str:
    status = badge(row.badge) if row.badge else _quiet(none)
    change = ""
    if row.since:
        told = before % {"words": row.before} if row.before else first
        change = f'<span class="day">{escape(day_in_words(row.since))}</span> {_quiet(told)}'
    number = _number(row.place.live_claims)
    if row.place.pending_claims:
        number += f" {_quiet(pending % {'number': _number(row.place.pending_claims)})}"
    return (
        f'<tr>\n<th scope="row">{_place(row.place)}</th>\n<td>{status}</td>\n<td>{change}</td>\n'
        f'<td class="number">{_on_phone(claims)}{number}</td>\n</tr>'
    )


def changes(days: Iterable[ChangedDay]) -> Markup:
    """The list of changes, day by day."""
    was, became = _on_phone(_("was")), _on_phone(_("became"))
    nothing, why = _quiet(_("nothing said before")), _("why? rule %(rule)s")
    return Markup(
        "\n".join(
            _day(day, [_change(row, was, became, nothing, why) for row in day.rows]) for day in days
        )
    )


def _day(day: ChangedDay, rows: Iterable[str]) -> str:
    id_ = f"day-{day.day.isoformat()}"
    number = ngettext("%(number)s change", "%(number)s changes", day.count)
    return (
        f'<tbody role="rowgroup" aria-labelledby="{id_}">\n<tr role="row" class="changed-day">'
        f'<th colspan="4" scope="rowgroup" role="rowheader"><h2 id="{id_}">'
        f"{escape(day_in_words(day.day))}</h2> {_quiet(number % {'number': _number(day.count)})}"
        f"</th></tr>\n{chr(10).join(rows)}\n</tbody>"
    )


def _change(row: ChangeRow, was: str, became: str, nothing: str, why: str) -> str:
    before = badge(row.before) if row.before else nothing
    more = ""
    if row.more:
        words = ngettext("and %(n)s word said earlier", "and %(n)s words said earlier", row.more)
        more = f'<p class="quiet">{escape(words % {"n": row.more})}</p>'
    rule = escape(why % {"rule": row.rule})
    return (
        f'<tr role="row">\n<th scope="row" role="rowheader">{_place(row.place)}</th>\n'
        f'<td role="cell" class="was">{was}{before}</td>\n'
        f'<td role="cell" class="became">{became}{badge(row.now)}</td>\n'
        f'<td role="cell" class="voices">\n'
        f'<ul class="voices">{"".join(map(_voice, row.voices))}</ul>\n{more}'
        f'<details class="why"><summary>{rule}</summary> <p>{escape(str(row.rule_text))}</p>'
        "</details>\n</td>\n</tr>"
    )


def _voice(voice: Voice) -> str:
    reports = []
    for on, claim in voice.reports:
        by = f", {claim.publisher}" if voice.who != claim.publisher else ""
        report = f'<a href="{address_of("claim", claim.id)}" class="report">{escape(on + by)}</a>'
        if claim.pending:
            report += f' <span class="tag">{escape(_("pending"))}</span>'
        reports.append(report)
    return f"<li><b>{escape(voice.who)}</b>: {escape(voice.said)} {' · '.join(reports)}</li>"


def claims(rows: Iterable[ListRow]) -> Markup:
    """The rows of the list of claims."""
    about, retold = _("about %(day)s"), _("retold")
    return Markup("\n".join(_claim(row, about, retold) for row in rows))


def _claim(row: ListRow, about: str, retold: str) -> str:
    claim = row.claim
    day = escape(row.said_on)
    if row.about:
        day += _below(about % {"day": row.about})
    who = escape(claim.who)
    if claim.speaker and claim.speaker != claim.who:
        who += _below(claim.speaker)
    quotes = "".join(f'<q class="below">{escape(_shortened(quote))}</q>' for quote in row.quotes)
    published = row.published + (f", {retold}" if claim.provenance == "retold" else "")
    passage = f"{address_of('document', claim.document_id)}#claim-{claim.id}"
    pending = ' class="pending"' if claim.pending else ""
    town = town_address(claim.town_slug, claim.town_short_id)
    return (
        f'<tr role="row"{pending}>\n<td role="cell" class="day">{day}</td>\n'
        f'<td role="cell"><a href="{town}">{escape(claim.town)}</a></td>\n'
        f'<td role="cell">{who}</td>\n<td role="cell" class="said">'
        f'<a href="{address_of("claim", claim.id)}">{escape(row.label)}</a>{quotes}</td>\n'
        f'<td role="cell" class="source"><a href="{passage}">{escape(claim.publisher)}</a>'
        f"{_below(published)}</td>\n"
        f'<td role="cell"><span class="state {claim.state}">{escape(row.state)}</span></td>\n</tr>'
    )


def _place(place: Place | ListedTown | ChangedTown) -> str:
    address = town_address(place.slug, place.short_id)
    return (
        f'<a href="{address}">{escape(place.name)}</a>'
        f' <span class="where">{escape(where(place))}</span>'
    )


def town_address(slug: str, short_id: str) -> str:
    """As `Place.get_absolute_url`: quicker, for hundreds."""
    return _town_pattern(get_script_prefix()) % (slug, short_id)


@lru_cache(maxsize=16)
def _town_pattern(prefix: str) -> str:
    pattern = reverse("town", args=["slug", "0"]).replace("%", "%%")
    return pattern.replace("slug-0", "%s-%s")


def _shortened(quote: str) -> str:
    return quote if len(quote) <= LONGEST_QUOTE else Truncator(quote).chars(LONGEST_QUOTE)


def _number(number: int) -> str:
    return _number_in(number, get_language())


@lru_cache(maxsize=4096)
def _number_in(number: int, language: str | None) -> str:
    """In the language in use."""
    return str(number_format(number, force_grouping=True))


def _quiet(words: str) -> str:
    return f'<span class="quiet">{escape(words)}</span>'


def _below(words: str) -> str:
    return f'<span class="quiet below">{escape(words)}</span>'


def _on_phone(words: str) -> str:
    return f'<span class="on-phone">{escape(words)} </span>'
