"""The editors' queue as pages show it: what waits, why it stands where it stands, who has what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.asking import WORDS
from claims.models import Claim, QueuedClaim
from claims.models.queueing import DOUBTFUL
from claims.pages.claim_list import LABELS, Chip
from claims.pages.wording import SAID, STANCES, day_in_words
from claims.review.queue import REASONS, Counts, QueueForm, awaiting, chosen, is_held
from claims.review.readings import readings_of
from claims.review.second_reading import as_extracted
from entities.models import Actor, Conflict, Place, Side
from sources.models import Document

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Stage = QueuedClaim.Stage
AHEAD = 8  # claims that the screen's column shows
STAGES: Mapping[str, StrOrPromise] = {
    Stage.FIRST: _("first readings"),
    Stage.SECOND: _("second readings"),
    Stage.ADJUDICATION: _("to adjudicate"),
}
REASON_WORDS: Mapping[str, StrOrPromise] = {
    "decides": _("a status may hang on it"),
    "disputed": _("somebody else says otherwise"),
    "doubtful": _("the extractor doubts"),
    "passed": _("sent on by a reader"),
}
VOCABULARIES: dict[str, Mapping[Any, Any]] = {"predicate": SAID, "stance": STANCES}
# Shown without asking; the rest folds away. Stage and reason are chosen by their numbers.
FIRST = ("q", "town", "actor", "conflict", "publisher")
MORE = (
    *("claimant", "subject", "side", "asserted_from", "asserted_to", "event_from", "event_to"),
    *("published_from", "published_to"),
)
BOXES = ("predicate", "stance")


class QueueListForm(QueueForm):
    """The same parameters with labels, in the words that the pages use."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")
        for name, field in self.fields.items():
            field.label = LABELS.get(name, "")
            field.widget.attrs.setdefault("autocomplete", "off")
        for name, words in VOCABULARIES.items():
            boxes = [(word, words[word]) for word in WORDS[name]]
            self.fields[name].widget = forms.CheckboxSelectMultiple(choices=boxes)
        self.conflicts = dict(Conflict.objects.values_list("slug", "name"))
        self.fields["conflict"].widget = _select(_("all conflicts"), self.conflicts)
        sides = dict(Side.objects.order_by("name", "key").values_list("key", "name"))
        self.fields["side"].widget = _select(_("any side"), sides)

    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE]

    def boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in BOXES]

    @property
    def wrong_in_more(self) -> bool:
        return any(name in self.errors for name in (*MORE, *BOXES))


def _select(none: StrOrPromise, choices: Mapping[str, str]) -> forms.Select:
    return forms.Select(choices=[("", none), *choices.items()])


@dataclass(frozen=True, slots=True)
class Facet:
    """A stage or reason to choose by: how many claims it would show, and the address that
    chooses it, or, where it is `chosen`, leaves it out."""

    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A claim that waits. `claim` is as its reader is shown it: at a second reading as it was
    extracted. `why`: the reasons for its place, in words. `held_by`, `until`: who else has it."""

    claim: Claim
    stage: str
    why: tuple[str, ...]
    held_by: str = ""
    until: str = ""
    mine: bool = False

    @property
    def stage_words(self) -> str:
        if self.stage == Stage.SECOND:
            return gettext("second reading")
        return gettext("its readers differ") if self.stage == Stage.ADJUDICATION else ""


def stages(found: Counts, query: QueryDict) -> list[Facet]:
    return _facets("stage", STAGES, found.stages, query)


def reasons(found: Counts, query: QueryDict) -> list[Facet]:
    return _facets("reason", {name: REASON_WORDS[name] for name in REASONS}, found.reasons, query)


def _facets(
    name: str, words: Mapping[str, StrOrPromise], numbers: Mapping[str, int], query: QueryDict
) -> list[Facet]:
    chosen = query.getlist(name)
    facets = []
    for one, label in words.items():
        rest = query.copy()
        rest.pop("page", None)
        without = [value for value in chosen if value != one]
        rest.setlist(name, without if one in chosen else [*chosen, one])
        facets.append(Facet(str(label), numbers[one], f"?{rest.urlencode()}", one in chosen))
    return facets


def chips(form: QueueListForm, query: QueryDict) -> list[Chip]:
    """What is asked for besides stages and reasons, each with the address without it."""
    return [
        Chip(str(LABELS[name]), words, _without(query, name, word))
        for name, value in form.asked.items()
        if name in LABELS
        for word, words in _in_words(form, name, value)
    ]


def _in_words(form: QueueListForm, name: str, value: Any) -> Iterable[tuple[str | None, str]]:
    if name in VOCABULARIES:
        return [(word, str(VOCABULARIES[name][word])) for word in value]
    if isinstance(value, date):
        return [(None, day_in_words(value))]
    if name == "conflict":
        return [(None, form.conflicts.get(value, value))]
    if name == "document":
        document = Document.objects.select_related("publisher").defer("text").filter(pk=value)
        return [(None, str(document.first() or value))]
    return [(None, str(value))]


def _without(query: QueryDict, name: str, word: str | None) -> str:
    rest = query.copy()
    rest.pop("page", None)
    values = [] if word is None else [value for value in query.getlist(name) if value != word]
    rest.setlist(name, values)
    return f"?{rest.urlencode()}"


def ahead(
    *, by: User, asked: Mapping[str, Any], skip: Collection[UUID], current: UUID
) -> list[QueueRow]:
    """The claim on the screen, if it waits, and those that come after it. A constant number of
    queries."""
    now = timezone.now()
    free = Q(holder__isnull=True) | Q(holder=by) | Q(leased_until__lte=now)
    rows = chosen(awaiting(by), asked).filter(free).exclude(pk__in=[*skip, current])
    ids = list(rows.values_list("pk", flat=True)[:AHEAD])
    return queue_rows([current, *ids], by=by)


def queue_rows(ids: Iterable[UUID], *, by: User) -> list[QueueRow]:
    """What a list shows of these rows of the queue, in a constant number of queries. Rows are
    read after they are chosen, so that the database never sorts whole ones."""
    wanted = list(ids)
    found = _with_claims().in_bulk(wanted)
    rows = [found[id_] for id_ in wanted if id_ in found]
    shown = _as_shown(rows)
    now = timezone.now()
    return [
        QueueRow(
            claim=shown[row.pk],
            stage=row.stage,
            why=tuple(_why(row, shown[row.pk])),
            mine=row.holder_id == by.pk and row.leased_until is not None and row.leased_until > now,
            **_held(row, by),
        )
        for row in rows
    ]


def _with_claims() -> QuerySet[QueuedClaim]:
    return QueuedClaim.objects.select_related(
        *("claim__document__publisher", "claim__place", "claim__claimant", "claim__subject"),
        *("holder", "passed_by"),
    ).defer("claim__document__text")


def _held(row: QueuedClaim, by: User) -> dict[str, str]:
    if not is_held(row, by=by) or row.leased_until is None:
        return {}
    return {"held_by": str(row.holder), "until": f"{row.leased_until:%H:%M} UTC"}


def _as_shown(rows: Sequence[QueuedClaim]) -> dict[UUID, Claim]:
    """The claims; those that await another reader as they were extracted, so that the list tells
    nobody what the first reader made of them. None or three queries more."""
    found = {row.pk: row.claim for row in rows}
    again = {row.pk: row.claim for row in rows if row.stage != Stage.FIRST}
    if not again:
        return found
    decided = Claim.objects.filter(pk__in=again).prefetch_related("decisions").only("id")
    for claim in decided:
        decisions = sorted(claim.decisions.all(), key=lambda one: (one.at, one.pk))
        again[claim.pk] = as_extracted(again[claim.pk], readings_of(decisions))
    places = Place.objects.in_bulk({claim.place_id for claim in again.values()})
    named = {id_ for claim in again.values() for id_ in (claim.claimant_id, claim.subject_id)}
    actors = Actor.objects.in_bulk(named - {None})
    for claim in again.values():
        claim.place = places[claim.place_id]
        claim.claimant = actors[claim.claimant_id] if claim.claimant_id else None
        claim.subject = actors[claim.subject_id] if claim.subject_id else None
    return found | again


def _why(row: QueuedClaim, claim: Claim) -> Iterable[str]:
    """The reasons for its place, the weightiest first."""
    if row.passed_by:
        who = {"who": row.passed_by, "note": row.note}
        told = gettext("%(who)s asks: “%(note)s”") if row.note else gettext("sent on by %(who)s")
        yield told % who
    if row.decides:
        yield gettext("the status of %(town)s may hang on it") % {"town": claim.place}
    if row.disputed:
        yield gettext("somebody else says otherwise")
    if row.doubtful and claim.place_ambiguous:
        yield gettext("which %(town)s is open") % {"town": claim.place}
    if row.doubtful and claim.confidence < DOUBTFUL:
        share = round(claim.confidence * 100)
        yield gettext("the extractor is %(share)s %% sure") % {"share": share}
