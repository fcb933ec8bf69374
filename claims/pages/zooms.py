"""Ways from one range of days to others that are close at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from claims.drawing.scale import Scale
from claims.pages.addresses import Address
from claims.pages.forms import FIRST_DAY, LAST_DAY
from claims.status.days import span
from claims.town_claims import TownClaim

PADDING = 0.03  # of the range, at either end
LAST_DAYS = timedelta(days=89)


@dataclass(frozen=True, slots=True)
class Zoom:
    """A way to another range; `key` is the keyboard's."""

    label: str
    href: str
    key: str = ""


def default_scale(claims: Iterable[TownClaim]) -> Scale | None:
    """From the first to the last day on which something was said, with some room."""
    said = [span(claim.asserted_on, claim.asserted_precision) for claim in claims]
    if not said:
        return None
    first, last = min(days[0] for days in said), max(days[1] for days in said)
    room = timedelta(days=max(1, round(((last - first).days + 1) * PADDING)))
    return Scale(first - room, last + room)


def scale_of(claims: Sequence[TownClaim], first: date | None, last: date | None) -> Scale | None:
    """The range from `first` to `last`, each as by default where it is None; None where there
    are no claims."""
    whole = default_scale(claims)
    if whole is None:
        return None
    start, end = first or whole.first, last or whole.last
    if start > end:  # only one end was given, and it lies beyond the other
        start, end = (start, start) if first else (end, end)
    return Scale(start, end)


def zooms(claims: Sequence[TownClaim], scale: Scale, address: Address) -> Iterable[Zoom]:
    def to(first: date | None, last: date | None) -> str:
        return address.but(from_=first, to=last) + "#timeline"

    yield Zoom(_("all claims"), to(None, None), "0")
    if scale.days > LAST_DAYS.days + 1 and claims:
        last = max(span(claim.asserted_on, claim.asserted_precision)[1] for claim in claims)
        yield Zoom(_("last 90 days of claims"), to(last - LAST_DAYS, last))
    quarter = timedelta(days=scale.days // 4)
    half = timedelta(days=max(1, scale.days // 2))
    if quarter:
        yield Zoom(_("closer"), to(scale.first + quarter, scale.last - quarter), "+")
    for label, first, end, key in (
        (_("wider"), scale.first - half, scale.last + half, "-"),
        (_("earlier"), scale.first - half, scale.last - half, "ArrowLeft"),
        (_("later"), scale.first + half, scale.last + half, "ArrowRight"),
    ):
        if first >= FIRST_DAY and end <= LAST_DAY:
            yield Zoom(label, to(first, end), key)
