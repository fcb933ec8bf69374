"""The words by which claims are searched: columns that the database makes in the claims' own
tables. Rows of `Claim` and `Evidence` leave them alone."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from claims.models.claims import Claim, Evidence


class ClaimWords(models.Model):
    """What a claim's label says besides names that are rows: speaker, part, predicate and
    stance."""

    claim = models.OneToOneField(
        Claim, models.DO_NOTHING, primary_key=True, db_column="id", related_name="words"
    )
    words = SearchVectorField()

    class Meta:
        managed = False
        db_table = "claims_claim"
        default_permissions = ()

    def __str__(self) -> str:
        return f"the words of {self.claim_id}"


class EvidenceWords(models.Model):
    """A passage's quotation."""

    evidence = models.OneToOneField(
        Evidence, models.DO_NOTHING, primary_key=True, db_column="id", related_name="words"
    )
    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="+")
    words = SearchVectorField()

    class Meta:
        managed = False
        db_table = "claims_evidence"
        default_permissions = ()

    def __str__(self) -> str:
        return f"the words of {self.evidence_id}"
