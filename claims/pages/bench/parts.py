"""What the pages of splitting a claim and of merging several show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Evidence
from claims.pages.bench.adding import Passages, passages
from claims.pages.bench.correction import NAMES, CorrectionForm
from claims.pages.bench.names import KnownShown, known_shown
from claims.pages.claim_rows import ClaimRow, claim_row
from claims.review.editing import Span
from sources.models import Document

MOST_PARTS = 5  # cut from one claim at a time
KEPT = "kept"  # prefix of the fields of the claim that is split


class KeptForm(CorrectionForm):
    """What the claim that is split says from then on: nothing has to change."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self.errors.pop(NON_FIELD_ERRORS, None)
        return given


class PartForm(CorrectionForm):
    """What a part says otherwise than the claim that it is cut from."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors.pop(NON_FIELD_ERRORS, None):
            self.add_error(None, _("This part says the same as the claim: change what differs."))
        return given


@dataclass(frozen=True, slots=True)
class Carrying:
    """A passage of the claim that is split; `chosen`: it carries the part too."""

    span: str
    quote: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PartShown:
    """One claim of a split: its form, what it may mean by its names, and its passages."""

    number: int
    form: CorrectionForm
    carrying: tuple[Carrying, ...] = ()
    found: Passages | None = None

    @property
    def choices(self) -> dict[str, list[KnownShown]]:
        return {
            name: [known_shown(NAMES[name], one) for one in some]
            for name, some in self.form.candidates.items()
        }

    @property
    def spans(self) -> Sequence[Span]:
        return self.found.spans if self.found else ()


def split_parts(claim: Claim, posted: QueryDict | None, number: int) -> list[PartShown]:
    """`number` parts to be cut from `claim`, as posted, or as they come: like the claim."""
    evidence = list(claim.evidence.order_by("start"))
    return [_part(claim, evidence, posted, one) for one in range(1, number + 1)]


def _part(
    claim: Claim, evidence: Sequence[Evidence], posted: QueryDict | None, number: int
) -> PartShown:
    prefix = f"part{number}"
    if posted is None or f"{prefix}-predicate" not in posted:
        return PartShown(
            number, PartForm(claim=claim, prefix=prefix), tuple(_carrying(evidence, None))
        )
    given = QueryDict(mutable=True)
    given.setlist("span", posted.getlist(f"{prefix}-span"))
    given["passage"] = posted.get(f"{prefix}-passage", "")
    return PartShown(
        number,
        PartForm(posted, claim=claim, prefix=prefix),
        tuple(_carrying(evidence, given.getlist("span"))),
        passages(claim.document, given),
    )


def _carrying(evidence: Iterable[Evidence], chosen: Sequence[str] | None) -> Iterable[Carrying]:
    """All are chosen until somebody has chosen."""
    for item in evidence:
        span = f"{item.start}-{item.end}"
        yield Carrying(span, item.quote, chosen is None or span in chosen)


@dataclass(frozen=True, slots=True)
class Mergeable:
    """A claim that may repeat another. `copy`: it is of a copy of the document."""

    row: ClaimRow
    copy: bool
    kept: bool
    same: bool


def mergeable(document: Document, posted: QueryDict) -> list[Mergeable]:
    """The claims that stand of the document and of its copies, by town, then in the order of
    their days; those chosen already as posted."""
    found = (
        Claim.objects.live()
        .filter(document__family=document.family_id)
        .select_related("document__publisher", "place", "claimant", "subject")
        .prefetch_related("evidence")
        .defer("document__text")
        .order_by("place__name", "asserted_on", "id")
    )
    same = posted.getlist("same")
    return [
        Mergeable(
            claim_row(claim, None),
            copy=claim.document_id != document.pk,
            kept=str(claim.pk) == posted.get("keep"),
            same=str(claim.pk) in same,
        )
        for claim in found
    ]
