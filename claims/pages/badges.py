"""A status as a small picture with words, wherever one is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

from django.utils.translation import get_language, gettext

from claims.drawing.svg import Markup
from claims.pages.colours import Fill, fill_of
from claims.pages.wording import HasStatus, count, in_words
from claims.status.records import DEFAULTS, Freshness
from entities.models import Side


@dataclass(frozen=True, slots=True)
class Badge:
    """`pending`: only pending claims say so. `age` says that the deciding word is not fresh."""

    status: str
    words: str
    fill: Fill
    pending: bool = False
    freshness: Freshness | None = None
    age: str = ""


def badge(
    interval: HasStatus,
    sides: Mapping[str, Side],
    *,
    pending: bool = False,
    last_word_on: date | None = None,
    today: date | None = None,
    language: str | None = None,
) -> Badge:
    """The badge of a status among a conflict's sides, by key. With `today`, it fades by the
    days since `last_word_on`; None there does not age. `language`: that in use."""
    age = None if last_word_on is None or today is None else (today - last_word_on).days
    return Badge(
        status=interval.status,
        words=in_words(interval, {key: side.name for key, side in sides.items()}, language),
        fill=fill_of(interval, {key: side.colour for key, side in sides.items()}),
        pending=pending,
        freshness=None if age is None else _freshness(age),
        age=""
        if age is None or age <= DEFAULTS.fresh
        else _silence(age, language or get_language()),
    )


def markup(shown: Badge, since: str = "") -> Markup:
    """The badge as pages have it; `since`: its status's first day, in words."""
    edge = f'stroke="{escape(shown.fill.edge)}"' if shown.fill.edge else ""
    after = []
    if since:
        told = escape(gettext("since %(since)s") % {"since": since})
        after.append(f' <span class="since">{told}</span>')
    if shown.pending:
        after.append(f' <span class="tag">{escape(gettext("pending"))}</span>')
    if shown.age:
        after.append(f' <span class="tag age">{escape(shown.age)}</span>')
    return Markup(
        f'<span class="badge{" pending" if shown.pending else ""}">'
        f'<svg class="swatch {shown.freshness or ""}" width="28" height="15" aria-hidden="true"'
        f' focusable="false"><rect x="1" y="1" width="26" height="13" rx="2"'
        f' fill="{escape(shown.fill.fill)}" {edge}/></svg>'
        f' <span class="status-word">{escape(shown.words)}</span>{"".join(after)}</span>'
    )


@lru_cache(maxsize=1024)
def _silence(age: int, language: str | None) -> str:
    """In the language in use; nothing of a short one."""
    if age <= DEFAULTS.fresh:
        return ""
    return gettext("no claim for %(days)s") % {"days": count(age, "day", language)}


def _freshness(age: int) -> Freshness:
    if age <= DEFAULTS.fresh:
        return "fresh"
    return "ageing" if age <= DEFAULTS.ageing else "stale"
