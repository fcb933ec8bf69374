"""Real articles, from ingest to the page of the town they speak of."""

from __future__ import annotations

import os
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import TestCase

from claims.models import Claim
from claims.timeline import timeline
from entities.models import Place

EVAL_DIR = os.environ.get("CLAIMS_EVAL_DIR")


@pytest.mark.skipif(not EVAL_DIR, reason="CLAIMS_EVAL_DIR is not set")
class TestFiveArticles(TestCase):
    """Five articles of January and March 2023, ingested and read as a user would."""

    soledar: Place

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("load_packs", stdout=StringIO())
        call_command("load_gazetteer", stdout=StringIO())
        call_command("ingest", str(Path(str(EVAL_DIR)) / "seeds.docs.jsonl"), stdout=StringIO())
        call_command("process", stdout=StringIO(), stderr=StringIO())
        cls.soledar = Place.objects.filter(name="Soledar", claims__isnull=False).distinct().get()

    def test_soledar_is_contested_with_pending_claims(self) -> None:
        status = timeline(self.soledar).with_pending
        days = [date(2023, 1, day) for day in (11, 12, 13, 14)]
        found = [status.on(day) for day in days]
        assert [band and band.text() for band in found] == ["contested"] * 4

    def test_nothing_follows_from_verified_claims_yet(self) -> None:
        assert timeline(self.soledar).verified.bands == ()

    def test_who_says_what(self) -> None:
        said = {
            (str(claim.claimant), claim.stance, claim.predicate)
            for claim in Claim.objects.filter(place=self.soledar).select_related("claimant")
        }
        assert ("Wagner Group", "asserts", "captured") in said
        assert ("Ukraine", "asserts", "fighting") in said
        unconfirmed = {claimant for claimant, stance, _ in said if stance == "unconfirmed"}
        assert "United States" in unconfirmed
        assert Claim.objects.filter(
            place=self.soledar,
            claimant__name="Russian Ministry of Defence",
            stance="asserts",
            predicate="captured",
            asserted_on=date(2023, 1, 13),
        ).exists()

    def test_the_page_shows_it(self) -> None:
        page = self.client.get(self.soledar.get_absolute_url()).content.decode()
        assert "Wagner Group: Soledar captured" in page
        assert "Ukraine: fighting in Soledar" in page
        assert "United States cannot confirm: Soledar captured" in page
        assert "contested" in page
