"""The jobs of extraction, and the names that they did not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.extraction import records
from claims.models.vocabulary import choices
from sources.models import Document

if TYPE_CHECKING:
    from claims.models.vocabulary import Words


class ExtractionRunQuerySet(models.QuerySet["ExtractionRun"]):
    def untried(self) -> ExtractionRunQuerySet:
        """Those of this extractor's version that wait to be read, and were not tried before."""
        return self.filter(
            state=ExtractionRun.State.WAITING,
            attempts=0,
            extractor_version=records.EXTRACTOR_VERSION,
        )

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
            waiting_since=Now(),
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
    # What it changed: word ("added", "superseded" …) → ids of claims.
    changes = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Since when a result is waited for: of the present reading, not of the first.
    waiting_since = models.DateTimeField(db_default=Now())
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
            # Counted for alarms, and listed, whatever the number of those that are done.
            models.Index(fields=["id"], name="run_failed", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.state}"


class Suggestion(models.Model):
    """A name in a document that nothing knew when it was extracted, for an editor to say what
    it is. Characters `[start, end)` of the document's text use it so first."""

    run = models.ForeignKey(ExtractionRun, models.CASCADE, related_name="suggestions")
    kind: Words[records.NameKind] = models.CharField(
        max_length=5, choices=choices(records.NameKind)
    )
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200)  # the same for all its spellings
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sentence = models.TextField()
    taken_for: Words[records.TakenFor] = models.CharField(
        max_length=8, choices=choices(records.TakenFor)
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
        indexes = [models.Index(fields=["kind", "folded"], name="suggestion_by_name")]

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
