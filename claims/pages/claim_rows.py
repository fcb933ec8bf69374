"""A claim as the pages show it: in a table's row, and as the words of a mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from claims.models import Claim
from claims.pages.addresses import address_of
from claims.pages.wording import about, claim_in_short, said_on, state_in_words

LONGEST_QUOTE = 280  # characters beside a mark; the table has the whole of it


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with its words. `side`: its claimant's side, by key; "" for third parties.
    `short`: what was said, in a word or two."""

    claim: Claim
    label: str
    side: str
    who: str
    short: str
    said_on: str
    about: str
    state: str
    quotes: tuple[str, ...]

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
        source = f"{self.claim.document.publisher} · {self.state}"
        quote = _shortened(self.quotes[0]) if self.quotes else ""
        return "\n".join(filter(None, [self.label, self.when, quote, source]))


def claim_row(claim: Claim, side: str | None) -> ClaimRow:
    return ClaimRow(
        claim=claim,
        label=claim.label,
        side=side or "",
        who=str(claim.claimant or claim.document.publisher),
        short=claim_in_short(claim),
        said_on=said_on(claim),
        about=about(claim),
        state=state_in_words(claim.state),
        quotes=tuple(quotes(claim)),
    )


def quotes(claim: Claim) -> Iterable[str]:
    """The passages that carry the claim, each once, in the text's order."""
    evidence = sorted(claim.evidence.all(), key=lambda item: item.start)
    return dict.fromkeys(
        f"“{' '.join(item.quote.split())}”" if item.quote else f"[{gettext('text withdrawn')}]"
        for item in evidence
    )


def _shortened(quote: str) -> str:
    if len(quote) <= LONGEST_QUOTE:
        return quote
    return quote[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …”"
