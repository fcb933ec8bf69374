"""The table of a town's claims: sorted by a column, cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from claims.pages.addresses import Address
from claims.pages.claim_rows import TownRow

WHOLE, PAGE = 200, 100  # rows: a table of so many is whole, a longer one has pages of so many


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: `sorted`, as ARIA says it, "" where the table is sorted by another;
    `href` sorts by it, the other way round where it is sorted by it already."""

    label: str
    sorted: str
    href: str


@dataclass(frozen=True, slots=True)
class ClaimTable:
    headings: tuple[Heading, ...]
    page: Page[TownRow]

    @property
    def rows(self) -> Sequence[TownRow]:
        return list(self.page)

    @property
    def count(self) -> int:
        """Of all pages."""
        return self.page.paginator.count


KEYS: dict[str, Callable[[TownRow], Any]] = {
    "who": lambda row: (row.who.casefold(), row.claim.speaker.casefold()),
    "claim": lambda row: row.label.casefold(),
    "quotation": lambda row: row.quotes[0].casefold() if row.quotes else "",
    "publisher": lambda row: (
        row.publisher.casefold(),
        row.claim.document.published,
    ),
    "state": lambda row: row.claim.state,
}


def claim_table(
    rows: Sequence[TownRow], sort: str, number: str | None, address: Address
) -> ClaimTable:
    """`rows`, by day, in the order that `sort` names: a column, with "-" before it the other way
    round. `number`: which page is asked for; the nearest where there is none."""
    name, back = sort.removeprefix("-"), sort.startswith("-")
    if name == "day":
        ordered = rows[::-1] if back else rows
    else:
        ordered = sorted(rows, key=KEYS[name], reverse=back)
    page = Paginator(ordered, PAGE if len(ordered) > WHOLE else WHOLE).get_page(number)
    return ClaimTable(_headings(name, address, back=back), page)


def _headings(by: str, address: Address, *, back: bool) -> tuple[Heading, ...]:
    labels = {
        "day": _("Day"),
        "who": _("Who"),
        "claim": _("Claim"),
        "quotation": _("Quotation"),
        "publisher": _("Publisher"),
        "state": _("State"),
    }
    return tuple(
        Heading(
            label,
            ("descending" if back else "ascending") if name == by else "",
            address.but(sort=f"-{name}" if name == by and not back else name) + "#claims",
        )
        for name, label in labels.items()
    )
