"""A claim as the pages show it: in a table's row, and as the words of a mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext

from claims.models import Claim
from claims.pages.addresses import address_of
from claims.pages.wording import (
    AnyClaim,
    about,
    claim_in_short,
    day_in_words,
    said_on,
    state_in_words,
)
from claims.town_claims import TownClaim

OneClaim = TypeVar("OneClaim", Claim, TownClaim)
LONGEST_QUOTE = 280  # characters beside a mark; the table has the whole of it


@dataclass(frozen=True)
class _Row(Generic[OneClaim]):
    """A claim with its words, each made when it is asked for: of a town's thousands of claims most
    are only counted. `side`: its claimant's side, by key; "" for third parties. `language`: that
    of the words; None: that in use."""

    claim: OneClaim
    side: str
    language: str | None = None

    @cached_property
    def label(self) -> str:
        return self.claim.label

    @cached_property
    def who(self) -> str:
        return str(self.claim.claimant or self.publisher)

    @cached_property
    def short(self) -> str:
        """What was said, in a word or two."""
        return claim_in_short(self.claim, self.language)

    @cached_property
    def said_on(self) -> str:
        return said_on(self.claim, self.language)

    @cached_property
    def about(self) -> str:
        """The day that it is about, where that is another."""
        return about(self.claim, self.language)

    @cached_property
    def state(self) -> str:
        return state_in_words(self.claim.state, self.language)

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """The passages that carry the claim, each once, in the text's order."""
        return tuple(dict.fromkeys(quoted(passage) for passage in _passages(self.claim)))

    @property
    def publisher(self) -> str:
        return str(self.claim.document.publisher)

    @property
    def published(self) -> str:
        """The day, in the publisher's own offset."""
        return day_in_words(self.claim.document.published_local.date(), language=self.language)

    @property
    def retold(self) -> bool:
        return self.claim.document.provenance == "retold"

    @property
    def id(self) -> str:
        return str(self.claim.id)

    @property
    def anchor(self) -> str:
        return f"claim-{self.claim.id}"

    @property
    def address(self) -> str:
        return address_of("claim", self.claim.id)

    @property
    def passage(self) -> str:
        """The address of the passage in the document."""
        return f"{address_of('document', self.claim.document_id)}#{self.anchor}"

    @property
    def pending(self) -> bool:
        return self.claim.state == Claim.State.PENDING

    @property
    def when(self) -> str:
        """The day on which it was said, and the one that it is about, where that is another."""
        if not self.about:
            return self.said_on
        return gettext("%(said)s, about %(about)s") % {"said": self.said_on, "about": self.about}

    @property
    def told(self) -> str:
        """All that a mark says in words, line by line: label, day, quotation, source."""
        source = f"{self.publisher} · {self.state}"
        quote = _shortened(self.quotes[0]) if self.quotes else ""
        return "\n".join(filter(None, [self.label, self.when, quote, source]))


class ClaimRow(_Row[Claim]):
    """Of a claim as a row of the database."""


class TownRow(_Row[TownClaim]):
    """Of one of a town's claims."""


def claim_row(claim: Claim, side: str | None) -> ClaimRow:
    return ClaimRow(claim, side or "")


def town_rows(claims: Iterable[TownClaim]) -> dict[str, TownRow]:
    """By the claims' ids, in the language in use."""
    language = get_language() or ""
    return {claim.id: TownRow(claim, claim.side or "", language) for claim in claims}


def _passages(claim: AnyClaim) -> Sequence[str]:
    if isinstance(claim, TownClaim):
        return claim.passages
    return [item.quote for item in sorted(claim.evidence.all(), key=lambda item: item.start)]


def quoted(passage: str) -> str:
    """A passage as rows show it; that of a withdrawn text is empty."""
    return f"“{' '.join(passage.split())}”" if passage else f"[{gettext('text withdrawn')}]"


def _shortened(quote: str) -> str:
    if len(quote) <= LONGEST_QUOTE:
        return quote
    return quote[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …”"
