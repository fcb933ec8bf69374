"""What versions of the extractor have changed: by version, by document, claim by claim; and the
decisions whose claims the latest extraction does not find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import (
    Count,
    Exists,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import Claim, Decision, ExtractionRun
from claims.pages.claim_history import DECIDED, FIELDS, FieldChange
from claims.pages.claim_rows import ClaimRow, claim_row
from claims.pages.forms import AskForm
from claims.pages.wording import STATES
from claims.replacing import pair
from claims.review.readings import readings_of
from claims.run_changes import WORDS
from entities.models import Conflict
from sources.models import Document

State = ExtractionRun.State
CHANGES = {
    "added": _("new"),
    "superseded": _("superseded"),
    "found_again": _("found again"),
    "no_longer_found": _("decided, no longer found"),
    "renamed": _("named anew"),
    "replaced": _("in a decided one’s place"),
    "moved": _("moved to the changed text"),
    "reopened": _("gone from the changed text, opened again"),
}
AGAIN, FIRST, ALL = "again", "first", "all"
DECIDED_STATES = ("accepted", "corrected", "rejected", "unverifiable")


def _conflicts() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Conflict"),
        required=False,
        choices=[("", _("all conflicts")), *Conflict.objects.values_list("slug", "name")],
    )


class ChangedForm(AskForm):
    """Which documents of a version are shown."""

    change = forms.ChoiceField(
        label=_("With claims"),
        required=False,
        choices=[("", _("changed in any way")), *CHANGES.items()],
    )
    reading = forms.ChoiceField(
        label=_("Documents"),
        required=False,
        initial=AGAIN,
        choices=[
            (AGAIN, _("read before")),
            (FIRST, _("new ones")),
            (ALL, _("all")),
        ],
    )
    conflict = forms.ChoiceField(required=False)
    q = forms.CharField(label=_("In the title"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conflict"] = _conflicts()


class LostForm(AskForm):
    """Which decided claims that are no longer found are shown."""

    state = forms.ChoiceField(
        label=_("Decided as"),
        required=False,
        choices=[("", _("anything")), *((word, STATES[word]) for word in DECIDED_STATES)],
    )
    replaced = forms.ChoiceField(
        label=_("In their place"),
        required=False,
        choices=[
            ("", _("a claim or none")),
            ("yes", _("another claim")),
            ("no", _("no claim")),
        ],
    )
    conflict = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conflict"] = _conflicts()


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many claims were changed in one way. `word`: as addresses have it."""

    word: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Version:
    """A version's runs. `again`: documents that an earlier one had read; new claims are counted
    in these alone."""

    name: str
    documents: int
    done: int
    waiting: int
    running: int
    failed: int
    again: int
    changes: tuple[ChangeCount, ...]
    latest: datetime | None

    @property
    def present(self) -> bool:
        return self.name == EXTRACTOR_VERSION

    @property
    def share(self) -> int:
        """Per cent of its documents that are read."""
        return 100 * self.done // self.documents if self.documents else 100


def _number(word: str) -> Coalesce:
    """How many claims a run changed in this way."""
    of_word = KeyTransform(word, "changes")
    return Coalesce(Func(of_word, function="jsonb_array_length", output_field=IntegerField()), 0)


def _runs() -> QuerySet[Any]:
    """Runs, each with `again`: whether an earlier version had read the document."""
    earlier = ExtractionRun.objects.filter(document=OuterRef("document"), id__lt=OuterRef("id"))
    return ExtractionRun.objects.annotate(again=Exists(earlier))


def versions() -> list[Version]:
    """The latest first. One query."""
    in_state = {f"in_{state}": Count("id", filter=Q(state=state)) for state in State.values}
    # All claims of a new document are new: that is no change that the version made.
    news = {"added": Q(again=True)}
    sums = {word: Sum(_number(word), filter=news.get(word)) for word in WORDS}
    rows: Iterable[dict[str, Any]] = (
        _runs()
        .values("extractor_version")
        .annotate(
            first=Max("id"),
            documents=Count("id"),
            read_again=Count("id", filter=Q(again=True)),
            latest=Max("finished_at"),
            **in_state,
            **sums,
        )
        .order_by("-first")
    )
    return [
        Version(
            name=row["extractor_version"],
            documents=row["documents"],
            done=row["in_done"],
            waiting=row["in_waiting"],
            running=row["in_running"],
            failed=row["in_failed"],
            again=row["read_again"],
            changes=tuple(ChangeCount(word, str(CHANGES[word]), row[word] or 0) for word in WORDS),
            latest=row["latest"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document in a list, with what its extraction changed."""

    document: Document
    finished: datetime | None
    changes: tuple[ChangeCount, ...]


def changed_documents(version: str, ask: Mapping[str, Any]) -> QuerySet[Any]:
    """Runs of the version that changed claims, as asked, the latest to end first."""
    runs = _runs().filter(extractor_version=version).exclude(changes={})
    if ask["reading"] != ALL:
        runs = runs.filter(again=ask["reading"] == AGAIN)
    if ask["change"]:
        runs = runs.filter(changes__has_key=ask["change"])
    if ask["conflict"]:
        runs = runs.filter(document__conflict_slug=ask["conflict"])
    if ask["q"]:
        runs = runs.filter(document__title__icontains=ask["q"])
    return (
        runs.select_related("document__publisher")
        .defer("document__text")
        .order_by("-finished_at", "-id")
    )


def changed_document(run: ExtractionRun) -> ChangedDocument:
    counts = tuple(
        ChangeCount(word, str(CHANGES[word]), len(run.changes[word]))
        for word in WORDS
        if run.changes.get(word)
    )
    return ChangedDocument(run.document, run.finished_at, counts)


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """The decision that stands on a claim."""

    what: str
    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class ShownClaim:
    row: ClaimRow
    decision: ShownDecision | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim before and after, either of them None. `what`: the change in words; `fields`:
    what one says otherwise than the other."""

    what: str
    before: ShownClaim | None
    after: ShownClaim | None
    fields: tuple[FieldChange, ...] = ()


def differences(run: ExtractionRun) -> tuple[Difference, ...]:
    """What the extraction changed, claim by claim, in the text's order: what stands in another's
    place beside it. Five queries."""
    changes = run.changes
    pairs = {new: old for old, new in changes.get("replaced", [])}
    ids = {id_ for word in WORDS if word != "replaced" for id_ in changes.get(word, [])}
    claims = {str(claim.id): claim for claim in _claims(ids | {*pairs, *pairs.values()})}
    shown = {id_: shown_claim(claim) for id_, claim in claims.items()}
    gone = [claims[id_] for id_ in changes.get("superseded", []) if id_ in claims]
    new = [claims[id_] for id_ in changes.get("added", []) if id_ in claims and id_ not in pairs]
    pairs |= {str(after.id): str(before.id) for before, after in pair(gone, new)}
    found = [
        _in_place(shown[old], shown[after])
        for after, old in pairs.items()
        if old in shown and after in shown
    ]
    paired = {*pairs, *pairs.values()}
    for word in WORDS:
        for id_ in changes.get(word, []):
            if word == "replaced" or id_ in paired or id_ not in shown:
                continue
            gone_now = word in ("superseded", "no_longer_found", "reopened")
            found.append(_alone(word, shown[id_], gone=gone_now))
    return tuple(sorted(found, key=_place_in_text))


def _in_place(before: ShownClaim, after: ShownClaim) -> Difference:
    old, new = before.row.claim, after.row.claim
    fields = tuple(
        FieldChange(str(label), words(getattr(old, name)), words(getattr(new, name)))
        for name, (label, words) in FIELDS.items()
        if name not in ("state", "no_longer_found") and getattr(old, name) != getattr(new, name)
    )
    return Difference(str(_("another in its place")), before, after, fields)


def _alone(word: str, one: ShownClaim, *, gone: bool) -> Difference:
    return Difference(str(CHANGES[word]), one if gone else None, None if gone else one)


def _place_in_text(difference: Difference) -> tuple[int, str]:
    one = difference.before or difference.after
    if one is None:
        return 0, ""
    starts = [item.start for item in one.row.claim.evidence.all()]
    return min(starts, default=0), one.row.label


def _claims(ids: Iterable[str]) -> QuerySet[Claim]:
    return with_decisions(Claim.objects.filter(pk__in=list(ids)))


def with_decisions(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with all that a row and the decision on it need: two queries more."""
    decisions = Decision.objects.select_related("by").order_by("at", "id")
    return (
        claims.select_related("document__publisher", "place", "claimant", "subject")
        .prefetch_related("evidence", Prefetch("decisions", decisions))
        .defer("document__text")
    )


def shown_claim(claim: Claim) -> ShownClaim:
    """Of `with_decisions`."""
    return ShownClaim(claim_row(claim, None), shown_decision(claim.decisions.all()))


def shown_decision(decisions: Iterable[Decision]) -> ShownDecision | None:
    """The decision that stands, of a claim's, the earliest first."""
    read = readings_of(decisions)
    standing = read.adjudication or read.first
    if standing is None:
        return None
    one = standing.decision
    return ShownDecision(
        str(DECIDED[standing.outcome]), one.by.get_username(), one.at, str(one.why)
    )


def lost_claims(ask: Mapping[str, Any]) -> QuerySet[Claim]:
    """Decided claims that the latest extraction of their documents does not find, as asked, the
    latest said first."""
    claims = Claim.objects.filter(no_longer_found=True, state__in=DECIDED_STATES)
    if ask["state"]:
        claims = claims.filter(state=ask["state"])
    if ask["conflict"]:
        claims = claims.filter(place__conflict__slug=ask["conflict"])
    if ask["replaced"]:
        in_place = Exists(Claim.objects.filter(replaces=OuterRef("pk")))
        claims = claims.filter(in_place if ask["replaced"] == "yes" else ~in_place)
    return claims.order_by("-asserted_on", "-id")


@dataclass(frozen=True, slots=True)
class LostClaim:
    """A decided claim that is no longer found, and those found in its place."""

    shown: ShownClaim
    instead: tuple[ClaimRow, ...]


def lost_rows(claims: Sequence[Claim]) -> list[LostClaim]:
    """Of a page of `lost_claims`. Five queries."""
    ids = [claim.pk for claim in claims]
    instead = Claim.objects.select_related("document__publisher", "place", "claimant", "subject")
    found = (
        with_decisions(Claim.objects.filter(pk__in=ids))
        .prefetch_related(
            Prefetch("replaced_by", instead.prefetch_related("evidence").defer("document__text"))
        )
        .in_bulk(ids)
    )
    return [
        LostClaim(
            shown_claim(found[id_]),
            tuple(claim_row(one, None) for one in found[id_].replaced_by.all()),
        )
        for id_ in ids
    ]
