"""Claims, the evidence for them, what editors decide of them and what follows for a town."""

from claims.models.batches import BatchedClaim
from claims.models.changes import Change
from claims.models.claims import Claim, ClaimQuerySet, Evidence
from claims.models.decisions import Batch, Decision
from claims.models.due import DueTown
from claims.models.exports import Export, Release, ReleaseFile
from claims.models.history import ClaimsContext
from claims.models.intervals import StatusInterval
from claims.models.keys import ApiKey
from claims.models.name_decisions import NameDecision
from claims.models.people import Membership, ReviewPolicy, SavedFilter
from claims.models.queueing import QueuedClaim
from claims.models.runs import ExtractionRun, ExtractionRunQuerySet, Suggestion
from claims.models.tracked import TrackedStatement
from claims.models.webhooks import Delivery, Webhook
from claims.models.words import ClaimWords, EvidenceWords

__all__ = [
    "ApiKey",
    "Batch",
    "BatchedClaim",
    "Change",
    "Claim",
    "ClaimQuerySet",
    "ClaimWords",
    "ClaimsContext",
    "Decision",
    "Delivery",
    "DueTown",
    "Evidence",
    "EvidenceWords",
    "Export",
    "ExtractionRun",
    "ExtractionRunQuerySet",
    "Membership",
    "NameDecision",
    "QueuedClaim",
    "Release",
    "ReleaseFile",
    "ReviewPolicy",
    "SavedFilter",
    "StatusInterval",
    "Suggestion",
    "TrackedStatement",
    "Webhook",
]
