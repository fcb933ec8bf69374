"""Claims, the evidence for them, what editors decide of them and what follows for a town."""

from claims.models.claims import Claim, ClaimQuerySet, Evidence
from claims.models.decisions import Decision
from claims.models.due import DueTown
from claims.models.intervals import StatusInterval
from claims.models.runs import ExtractionRun, ExtractionRunQuerySet, Suggestion
from claims.models.tracked import TrackedStatement
from claims.models.words import ClaimWords, EvidenceWords

__all__ = [
    "Claim",
    "ClaimQuerySet",
    "ClaimWords",
    "Decision",
    "DueTown",
    "Evidence",
    "EvidenceWords",
    "ExtractionRun",
    "ExtractionRunQuerySet",
    "StatusInterval",
    "Suggestion",
    "TrackedStatement",
]
