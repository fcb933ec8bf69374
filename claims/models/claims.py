"""Claims and their evidence."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from claims.extraction import records
from claims.models import changes, due, queueing
from claims.models.vocabulary import choices
from config.ids import new_id
from entities.models import Actor, Place
from sources.models import Document

if TYPE_CHECKING:
    from claims.models.vocabulary import Words


class ClaimQuerySet(models.QuerySet["Claim"]):
    def counting(self, *, include_pending: bool) -> ClaimQuerySet:
        """Those from which a status may follow: verified ones, or pending ones as well."""
        return self.filter(state__in=Claim.counting(include_pending=include_pending))

    def live(self) -> ClaimQuerySet:
        """All that stand: not rejected, unverifiable or superseded."""
        return self.counting(include_pending=True)


@pghistory.track(
    # Extraction writes some seventy at once: one look for the context, which is a subtransaction
    # each time, and one run of the feed's trigger, where each claim had its own.
    pghistory.InsertEvent(level=pgtrigger.Statement),
    pghistory.UpdateEvent(),
    meta={
        "triggers": [*changes.OF_CLAIM_EVENTS],
        # What was recorded of a town by some day (`claims.recorded`).
        "indexes": [models.Index(fields=["place"], name="history_of_town")],
    },
)
@pgtrigger.register(*due.OF_CLAIMS, *queueing.OF_CLAIMS, *changes.OF_CLAIMS)
@pgtrigger.register(
    pgtrigger.Trigger(
        name="next_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=["version"]),
        func="NEW.version = OLD.version + 1; RETURN NEW;",
    ),
    # However a duplicate comes to stand again, what it gave to the other goes back with it.
    pgtrigger.Trigger(
        name="take_back_evidence",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("duplicate_of"),
        func="""
        DELETE FROM claims_evidence
        WHERE claim_id = OLD.duplicate_of_id AND taken_from_id = NEW.id;
        RETURN NULL;
        """,
    ),
)
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
    stance: Words[records.Stance] = models.CharField(max_length=12, choices=choices(records.Stance))
    predicate: Words[records.Predicate] = models.CharField(
        max_length=12, choices=choices(records.Predicate)
    )
    subject = models.ForeignKey(
        Actor, models.PROTECT, null=True, blank=True, related_name="claims_about"
    )
    extent: Words[records.Extent] = models.CharField(
        max_length=6, choices=choices(records.Extent), default="whole"
    )
    part_words = models.CharField(max_length=200, blank=True)
    part_label = models.CharField(max_length=100, blank=True)
    asserted_on = models.DateField()
    asserted_precision: Words[records.Precision] = models.CharField(
        max_length=6, choices=choices(records.Precision), default="day"
    )
    event_date = models.DateField(null=True, blank=True)
    event_precision: Words[records.Precision | Literal[""]] = models.CharField(
        max_length=6, choices=choices(records.Precision), blank=True
    )
    confidence = models.FloatField(default=1.0)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.EXTRACTED)
    # Of the claim as extracted, so that a later extraction finds its row again.
    fingerprint = models.CharField(max_length=64, blank=True)
    extractor_version = models.CharField(max_length=50, blank=True)
    # The latest extraction no longer finds it, though an editor has decided on it.
    no_longer_found = models.BooleanField(default=False)
    # Rejected, because it says the same as that one.
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    # Found where an earlier extraction found that one, which an editor had decided on.
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    # Counted up by the database whenever the row changes: who edits says what he has read.
    version = models.PositiveIntegerField(default=1, editable=False)
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
                violation_error_message=_("Fighting has no subject: leave it empty."),
            ),
            models.CheckConstraint(
                condition=Q(extent="part") | Q(part_words="", part_label=""),
                name="claim_whole_has_no_part",
                violation_error_message=_("A claim about the whole town names no part of it."),
            ),
            models.CheckConstraint(
                condition=Q(event_date__isnull=True, event_precision="")
                | Q(event_date__isnull=False, event_precision__in=get_args(records.Precision)),
                name="claim_event_date_has_precision",
                violation_error_message=_(
                    "A day that the claim is about needs its precision, and a precision its day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(event_date__isnull=True) | Q(stance="asserts"),
                name="claim_only_assertions_have_event_dates",
                violation_error_message=_(
                    "Only what is asserted is about a day of its own: leave that day empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(event_date__isnull=True)
                | ~Q(asserted_precision="day")
                | Q(event_date__lte=F("asserted_on")),
                name="claim_event_not_after_assertion",
                violation_error_message=_(
                    "What a claim is about cannot be later than the day on which it was said."
                ),
            ),
            models.CheckConstraint(
                condition=Q(confidence__range=(0, 1)), name="claim_confidence_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(origin="extracted") & ~Q(fingerprint="")
                | Q(origin="editor", fingerprint=""),
                name="claim_extracted_has_fingerprint",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True)
                | Q(state="rejected") & ~Q(duplicate_of=F("id")),
                name="claim_duplicate_is_rejected",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
                name="claim_replaces_another",
            ),
            models.UniqueConstraint(
                fields=["document", "fingerprint"],
                condition=Q(origin="extracted"),
                name="claim_once_in_a_document",
            ),
        ]
        indexes = [
            # A town's timeline, and how many claims it has, without reading them.
            models.Index(
                fields=["place", "asserted_on"],
                include=["state"],
                condition=Q(state__in=["pending", "accepted", "corrected"]),
                name="claim_live",
            ),
            # The day of the newest claim, on which lists open; and lists of claims by day, counted
            # and chosen by predicate, state and town without reading them. Of 100,000 claims, those
            # of a year that tell of captures in a war: 5 ms to count and 0.4 to find the last 50,
            # which took 52 and 54 by the towns' own index (EXPLAIN ANALYZE); 66 bytes a claim.
            models.Index(
                fields=["asserted_on", "id", "predicate"],
                include=["place", "state"],
                condition=Q(state__in=["pending", "accepted", "corrected"]),
                name="claim_said",
            ),
            # Decided claims that extraction has lost: few of many.
            models.Index(
                fields=["asserted_on"], name="claim_lost", condition=Q(no_longer_found=True)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.id])

    @classmethod
    def counting(cls, *, include_pending: bool) -> list[str]:
        """The states in which a claim counts."""
        return [*cls.VERIFIED, cls.State.PENDING] if include_pending else [*cls.VERIFIED]

    @property
    def label(self) -> str:
        """One line wherever the claim is shown, e.g. "Wagner Group: Soledar captured",
        "Ukraine denies: Soledar captured by Russia", "Ukraine: fighting in Soledar"."""
        same = self.subject_id in (None, self.claimant_id)
        return label_of(
            self.stance,
            self.predicate,
            who=str(self.claimant or self.document.publisher),
            town=town_in_words(str(self.place), self.extent, self.part_words),
            subject="" if same else str(self.subject),
            language=get_language(),
        )


def town_in_words(town: str, extent: str, part_words: str) -> str:
    """The town, or the part of it."""
    if extent != "part":
        return town
    if town in part_words:
        return part_words
    part, of_town = _part_of_town(get_language())
    return of_town % {"part": part_words or part, "town": town}


@lru_cache
def _part_of_town(language: str | None) -> tuple[str, str]:
    """In the language that is in use."""
    return gettext("part"), gettext("%(part)s of %(town)s")


# Each with nobody else, and by somebody else, as the subject.
_PROPOSITIONS = {
    "captured": (_("%(town)s captured"), _("%(town)s captured by %(subject)s")),
    "holds": (_("%(town)s held"), _("%(town)s held by %(subject)s")),
    "advancing": (_("advance on %(town)s"), _("advance on %(town)s by %(subject)s")),
    "encircled": (_("%(town)s encircled"), _("%(town)s encircled by %(subject)s")),
    "fighting": (_("fighting in %(town)s"), _("fighting in %(town)s")),
    "withdrew": (_("withdrawal from %(town)s"), _("withdrawal from %(town)s by %(subject)s")),
}
_STANCES = {
    "asserts": _("%(who)s: %(what)s"),
    "denies": _("%(who)s denies: %(what)s"),
    "unconfirmed": _("%(who)s cannot confirm: %(what)s"),
}


@lru_cache(maxsize=8192)  # pages say the same of hundreds of claims
def label_of(
    stance: str, predicate: str, *, who: str, town: str, subject: str, language: str | None
) -> str:
    """A claim's label. `subject` is empty where it is the claimant."""
    said, proposition = _forms(stance, predicate, bool(subject), language)
    return said % {"who": who, "what": proposition % {"town": town, "subject": subject}}


@lru_cache  # to look a translation up takes longer than all the rest of a label
def _forms(stance: str, predicate: str, by_another: bool, language: str | None) -> tuple[str, str]:
    """What a label is put together from, in the language that is in use."""
    return str(_STANCES[stance]), str(_PROPOSITIONS[predicate][by_another])


@pgtrigger.register(*changes.OF_EVIDENCE)
class Evidence(models.Model):
    """Characters `[start, end)` of the document's text that carry the claim."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="evidence")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    cue = models.CharField(max_length=200, blank=True)  # the words that told the predicate
    # A passage of a claim that was merged into this one: it goes when that one stands again.
    taken_from = models.ForeignKey(
        Claim, models.CASCADE, null=True, blank=True, related_name="passages_given"
    )

    class Meta:
        ordering = ["claim", "start"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="evidence_not_empty"),
            models.UniqueConstraint(fields=["claim", "start", "end"], name="evidence_once"),
            models.CheckConstraint(
                condition=Q(taken_from__isnull=True) | ~Q(taken_from=F("claim")),
                name="evidence_taken_from_another",
            ),
        ]

    def __str__(self) -> str:
        return self.quote
