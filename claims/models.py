"""Claims, the evidence for them, what editors decide of them and what follows for a town."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar, get_args

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from claims.extraction import records
from config.ids import new_id
from entities.models import Actor, Place
from sources.models import Document

if TYPE_CHECKING:
    from claims.status.records import Status

    Word = TypeVar("Word")
    Words = models.CharField[Word, Word]  # a column of the words of one vocabulary


def _choices(vocabulary: object) -> list[tuple[str, str]]:
    return [(word, word) for word in get_args(vocabulary)]


class ExtractionRunQuerySet(models.QuerySet["ExtractionRun"]):
    def try_again(self) -> int:
        """Let those that failed wait once more, with all their attempts. Returns how many."""
        return self.filter(state=ExtractionRun.State.FAILED).wait_again()

    def wait_again(self) -> int:
        """Let those that have ended wait once more. Returns how many."""
        ended = [ExtractionRun.State.DONE, ExtractionRun.State.FAILED]
        return self.filter(state__in=ended).update(
            state=ExtractionRun.State.WAITING,
            attempts=0,
            error="",
            skipped="",
            leased_until=None,
            finished_at=None,
        )


class ExtractionRun(models.Model):
    """The extraction of one document by one version of the extractor. The row is the job."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    document = models.ForeignKey(Document, models.CASCADE, related_name="runs")
    extractor_version = models.CharField(max_length=50)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Until when the worker that runs it may keep it; and, waiting, before when not to try again.
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    skipped = models.CharField(max_length=200, blank=True)  # why the document was set aside
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExtractionRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "extractor_version"], name="run_once_for_a_version"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]),
                name="run_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(leased_until__isnull=False),
                name="run_running_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="run_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
                name="run_finished_has_a_time",
            ),
        ]
        indexes = [
            # The sweep looks for open runs among many finished ones.
            models.Index(
                fields=["leased_until"],
                name="run_open",
                condition=Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.state}"


class Suggestion(models.Model):
    """A name in a document that nothing knew when it was extracted, for an editor to say what
    it is. Characters `[start, end)` of the document's text use it so first."""

    run = models.ForeignKey(ExtractionRun, models.CASCADE, related_name="suggestions")
    kind: Words[records.NameKind] = models.CharField(
        max_length=5, choices=_choices(records.NameKind)
    )
    name = models.CharField(max_length=200)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sentence = models.TextField()
    taken_for: Words[records.TakenFor] = models.CharField(
        max_length=8, choices=_choices(records.TakenFor)
    )
    of = models.CharField(max_length=200, blank=True)  # for whom a speaker was taken to speak

    class Meta:
        ordering = ["run", "start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=get_args(records.NameKind)), name="suggestion_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="place", taken_for="town")
                | Q(kind="actor", taken_for__in=["claimant", "subject", "speaker"]),
                name="suggestion_taken_for_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(of="") | Q(taken_for="speaker"), name="suggestion_of_a_speaker"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="suggestion_not_empty"),
            models.UniqueConstraint(
                fields=["run", "kind", "name"], name="suggestion_once_in_a_run"
            ),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="suggestion_by_name")]

    def __str__(self) -> str:
        return f"{self.name}: {self.label}"

    @property
    def label(self) -> str:
        """What the name was taken for, e.g. "a speaker for Ukraine"."""
        of = f" for {self.of}" if self.of else ""
        return {
            "town": "a town",
            "claimant": "somebody who makes a claim",
            "subject": "somebody whom a claim is about",
            "speaker": f"a speaker{of}",
        }[self.taken_for]


class ClaimQuerySet(models.QuerySet["Claim"]):
    def counting(self, *, include_pending: bool) -> ClaimQuerySet:
        """Those from which a status may follow: verified ones, or pending ones as well."""
        states = [*Claim.VERIFIED, Claim.State.PENDING] if include_pending else Claim.VERIFIED
        return self.filter(state__in=states)

    def live(self) -> ClaimQuerySet:
        """All that stand: not rejected, unverifiable or superseded."""
        return self.counting(include_pending=True)


@pghistory.track()
class Claim(models.Model):
    """One statement about who holds a place, in the codebook's terms. `claimant` null: the
    document's publisher. A week is given by its Monday, a month or year by its first day."""

    class State(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        CORRECTED = "corrected"
        REJECTED = "rejected"
        UNVERIFIABLE = "unverifiable"
        SUPERSEDED = "superseded"

    class Origin(models.TextChoices):
        EXTRACTED = "extracted"
        EDITOR = "editor"

    VERIFIED = (State.ACCEPTED, State.CORRECTED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="claims")
    place = models.ForeignKey(Place, models.PROTECT, related_name="claims")
    place_ambiguous = models.BooleanField(
        default=False, help_text="More than one known place fits, and the text does not say which."
    )
    claimant = models.ForeignKey(
        Actor, models.PROTECT, null=True, blank=True, related_name="claims"
    )
    speaker = models.CharField(max_length=200, blank=True)
    stance: Words[records.Stance] = models.CharField(
        max_length=12, choices=_choices(records.Stance)
    )
    predicate: Words[records.Predicate] = models.CharField(
        max_length=12, choices=_choices(records.Predicate)
    )
    subject = models.ForeignKey(
        Actor, models.PROTECT, null=True, blank=True, related_name="claims_about"
    )
    extent: Words[records.Extent] = models.CharField(
        max_length=6, choices=_choices(records.Extent), default="whole"
    )
    part_words = models.CharField(max_length=200, blank=True)
    part_label = models.CharField(max_length=100, blank=True)
    asserted_on = models.DateField()
    asserted_precision: Words[records.Precision] = models.CharField(
        max_length=6, choices=_choices(records.Precision), default="day"
    )
    event_date = models.DateField(null=True, blank=True)
    event_precision: Words[records.Precision | Literal[""]] = models.CharField(
        max_length=6, choices=_choices(records.Precision), blank=True
    )
    confidence = models.FloatField(default=1.0)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.EXTRACTED)
    # Of the claim as extracted, so that a later extraction finds its row again.
    fingerprint = models.CharField(max_length=64, blank=True)
    extractor_version = models.CharField(max_length=50, blank=True)
    # The latest extraction no longer finds it, though an editor has decided on it.
    no_longer_found = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["asserted_on", "id"]
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__in": get_args(vocabulary)}),
                    name=f"claim_{field}_known",
                )
                for field, vocabulary in (
                    ("stance", records.Stance),
                    ("predicate", records.Predicate),
                    ("extent", records.Extent),
                    ("asserted_precision", records.Precision),
                )
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "pending",
                        "accepted",
                        "corrected",
                        "rejected",
                        "unverifiable",
                        "superseded",
                    ]
                ),
                name="claim_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(predicate="fighting") | Q(subject__isnull=True),
                name="claim_fighting_has_no_subject",
            ),
            models.CheckConstraint(
                condition=Q(extent="part") | Q(part_words="", part_label=""),
                name="claim_whole_has_no_part",
            ),
            models.CheckConstraint(
                condition=Q(event_date__isnull=True, event_precision="")
                | Q(event_date__isnull=False, event_precision__in=get_args(records.Precision)),
                name="claim_event_date_has_precision",
            ),
            models.CheckConstraint(
                condition=Q(event_date__isnull=True) | Q(stance="asserts"),
                name="claim_only_assertions_have_event_dates",
            ),
            models.CheckConstraint(
                condition=Q(event_date__isnull=True)
                | ~Q(asserted_precision="day")
                | Q(event_date__lte=F("asserted_on")),
                name="claim_event_not_after_assertion",
            ),
            models.CheckConstraint(
                condition=Q(confidence__range=(0, 1)), name="claim_confidence_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(origin="extracted") & ~Q(fingerprint="")
                | Q(origin="editor", fingerprint=""),
                name="claim_extracted_has_fingerprint",
            ),
            models.UniqueConstraint(
                fields=["document", "fingerprint"],
                condition=Q(origin="extracted"),
                name="claim_once_in_a_document",
            ),
        ]
        indexes = [
            # A town's timeline.
            models.Index(fields=["place", "asserted_on"], name="claim_timeline"),
            # The editors' queue.
            models.Index(fields=["created_at"], name="claim_queue", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.id])

    @property
    def label(self) -> str:
        """One line wherever the claim is shown, e.g. "Wagner Group: Soledar captured",
        "Ukraine denies: Soledar captured by Russia", "Ukraine: fighting in Soledar"."""
        by = "" if self.subject_id in (None, self.claimant_id) else f" by {self.subject}"
        town = (
            f"{self.part_words or 'part'} of {self.place}"
            if self.extent == "part"
            else f"{self.place}"
        )
        if self.extent == "part" and str(self.place) in self.part_words:
            town = self.part_words
        proposition = {
            "captured": f"{town} captured{by}",
            "holds": f"{town} held{by}",
            "advancing": f"advance on {town}{by}",
            "encircled": f"{town} encircled{by}",
            "fighting": f"fighting in {town}",
            "withdrew": f"withdrawal from {town}{by}",
        }[self.predicate]
        verb = {"asserts": "", "denies": " denies", "unconfirmed": " cannot confirm"}[self.stance]
        return f"{self.claimant or self.document.publisher}{verb}: {proposition}"


class Evidence(models.Model):
    """Characters `[start, end)` of the document's text that carry the claim."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="evidence")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    cue = models.CharField(max_length=200, blank=True)  # the words that told the predicate

    class Meta:
        ordering = ["claim", "start"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="evidence_not_empty"),
            models.UniqueConstraint(fields=["claim", "start", "end"], name="evidence_once"),
        ]

    def __str__(self) -> str:
        return self.quote


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Decision(models.Model):
    """What an editor decided on a claim, when and why. Never changed: undone by another."""

    class Kind(models.TextChoices):
        ACCEPT = "accept"
        CORRECT = "correct"
        REJECT = "reject"
        UNVERIFIABLE = "unverifiable"
        REOPEN = "reopen"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict, blank=True)  # field → [before, after]
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["claim", "at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["accept", "correct", "reject", "unverifiable", "reopen"]),
                name="decision_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reject") | ~Q(reason=""), name="decision_reject_says_why"
            ),
            models.CheckConstraint(
                condition=Q(kind="correct") | Q(changes={}), name="decision_only_correct_changes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by}"


class StatusInterval(models.Model):
    """A town's status over some days, derived from its claims (`claims.derive`): a cache that
    can be emptied and made again at any time."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="intervals")
    include_pending = models.BooleanField()
    part_label = models.CharField(max_length=100, blank=True)  # empty: the town's own
    start = models.DateField()
    end = models.DateField(null=True, blank=True)  # the first day after it; null: to this day
    status: Words[Status] = models.CharField(max_length=12)
    sides = ArrayField(models.CharField(max_length=50), default=list)  # who holds, or contests
    divided = ArrayField(models.CharField(max_length=50), default=list)
    rule = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=10)
    by_own_word = models.BooleanField(default=False)  # claimed without a capture
    last_word_on = models.DateField(null=True, blank=True)  # what freshness is read off
    deciding = ArrayField(models.UUIDField(), default=list)  # ids of claims

    class Meta:
        ordering = ["place", "include_pending", "part_label", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "include_pending", "part_label", "start"],
                name="interval_once",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                name="interval_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["controlled", "claimed", "contested", "fought-over", "unknown"]
                ),
                name="interval_status_known",
            ),
        ]
        indexes = [
            # The list of towns with their present status.
            models.Index(
                fields=["include_pending", "status"],
                name="interval_present",
                condition=Q(end__isnull=True, part_label=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.status} from {self.start}"
