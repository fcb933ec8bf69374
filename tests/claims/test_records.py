"""Claims and statuses as plain data."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from claims.derive import derive
from claims.feed.numbering import numbered
from claims.models import Change, Claim, StatusInterval
from claims.records import as_interval, band_record, claim_records, claim_rows, interval_record
from sources.ingest import text_hash
from tests.factories import make_actor, make_claim, make_document, make_evidence

pytestmark = pytest.mark.django_db
SITE = "https://claims.example.org"


def only(rows: Any) -> dict[str, Any]:
    (record,) = claim_records(rows, site=SITE)
    return record


def test_a_claim_says_all_that_is_known_of_it() -> None:
    document = make_document(
        published=datetime(2023, 1, 11, 22, tzinfo=UTC),
        published_offset=180,
        url="https://courier.example/soledar",
    )
    claim = make_claim(
        "holds",
        claimant="Ukraine",
        subject="Russia",
        stance="denies",
        extent="part",
        part_words="the west of the town",
        part_label="west",
        document=document,
        speaker="a spokesman",
        confidence=0.5,
    )
    town, (evidence,) = claim.place, claim.evidence.all()
    numbered()
    at = Change.objects.filter(claim=claim.pk).latest("number").at
    assert at is not None
    with translation.override("uk"):
        record = only(Claim.objects.all())
    assert json.loads(json.dumps(record)) == record
    assert record == {
        "id": str(claim.pk),
        "url": f"{SITE}/claims/{claim.pk}/",
        "label": "Ukraine denies: the west of the town of Soledar held by Russia",
        "conflict": "ukraine",
        "town": {
            "id": str(town.pk),
            "name": "Soledar",
            "url": f"{SITE}/towns/soledar-{town.short_id}/",
            "country": "UA",
            "admin1": "Donetsk Oblast",
            "geonameid": None,
            "latitude": 48.68,
            "longitude": 38.09,
        },
        "claimant": {
            "id": str(claim.claimant_id),
            "slug": "ukraine",
            "name": "Ukraine",
            "kind": "state",
        },
        "side": "ukraine",
        "subject": {
            "id": str(claim.subject_id),
            "slug": "russia",
            "name": "Russia",
            "kind": "state",
        },
        "state": "pending",
        "place_ambiguous": False,
        "speaker": "a spokesman",
        "stance": "denies",
        "predicate": "holds",
        "extent": "part",
        "part_words": "the west of the town",
        "part_label": "west",
        "asserted_on": "2023-01-11",
        "asserted_precision": "day",
        "event_date": None,
        "event_precision": "",
        "document": {
            "id": str(document.pk),
            "title": "Who holds Soledar?",
            "publisher": "Example Courier",
            "published": "2023-01-12T01:00:00+03:00",
            "published_utc": "2023-01-11T22:00:00Z",
            "url": f"{SITE}/documents/{document.pk}/",
            "source_url": "https://courier.example/soledar",
            "provenance": "article",
            "family": str(document.family_id),
            "text_hash": text_hash(document.text),
            "version": 1,
            "replaced_at": None,
            "withdrawn_at": None,
        },
        "evidence": [
            {"start": 0, "end": evidence.end, "quote": evidence.quote, "cue": ""},
        ],
        "confidence": 0.5,
        "origin": "extracted",
        "extractor_version": "test",
        "no_longer_found": False,
        "duplicate_of": None,
        "replaces": None,
        "version": 1,
        "created_at": claim.created_at.isoformat().replace("+00:00", "Z"),
        "updated_at": at.isoformat().replace("+00:00", "Z"),
    }


def test_labels_are_those_of_the_pages() -> None:
    claims = [
        make_claim(),
        make_claim("fighting", claimant=None),
        make_claim(claimant="Ukraine", subject="Wagner Group", stance="unconfirmed"),
        make_claim("holds", extent="part", part_words="the east of Soledar", part_label="east"),
    ]
    told = {record["id"]: record["label"] for record in claim_records(Claim.objects.all(), site="")}
    assert told == {str(claim.pk): claim.label for claim in claims}


def test_sides_are_those_of_the_day() -> None:
    actor = make_actor("Town Guard", side="russia", kind="unit", until=date(2023, 1, 10))
    make_claim(claimant=actor, asserted_on=date(2023, 1, 10))
    make_claim(claimant=actor, asserted_on=date(2023, 1, 11))
    rows = Claim.objects.order_by("asserted_on")
    assert [record["side"] for record in claim_records(rows, site="")] == ["russia", None]


def test_a_state_in_a_town_of_no_war_is_a_side_of_its_own() -> None:
    claim = make_claim(claimant="Russia")
    claim.place.conflict = None
    claim.place.save()
    record = only(Claim.objects.all())
    assert (record["conflict"], record["side"]) == (None, "russia")


def test_what_waits_for_its_place_in_the_feed_has_no_time() -> None:
    make_claim()
    assert only(Claim.objects.all())["updated_at"] is None


def test_rows_of_history_are_as_they_were() -> None:
    claim = make_claim()
    claim.state = Claim.State.ACCEPTED
    claim.speaker = "somebody"
    claim.save()
    numbered()
    events = Claim._meta.get_field("events").related_model._default_manager.order_by("pgh_id")
    then, now = claim_records(events, site=SITE)
    assert (then["state"], then["speaker"], then["version"]) == ("pending", "", 1)
    assert now == only(Claim.objects.all())
    assert then["id"] == now["id"]
    assert then["updated_at"] <= now["updated_at"]


def test_duplicates_and_replacements_are_named() -> None:
    first = make_claim()
    second = make_claim(state="rejected", duplicate_of=first, replaces=first)
    record = only(Claim.objects.filter(pk=second.pk))
    assert (record["duplicate_of"], record["replaces"]) == (str(first.pk), str(first.pk))


def test_passages_stand_in_the_order_of_the_text() -> None:
    claim = make_claim(quote="fighting in Soledar goes on")
    make_evidence(claim, "its men have taken Soledar", "have taken")
    assert [one["quote"] for one in only(Claim.objects.all())["evidence"]] == [
        "its men have taken Soledar",
        "fighting in Soledar goes on",
    ]


@pytest.mark.parametrize("number", [1, 5])
def test_a_batch_takes_five_queries(django_assert_num_queries: Any, number: int) -> None:
    for _ in range(number):
        make_claim()
    with django_assert_num_queries(5):
        assert len(list(claim_records(Claim.objects.all(), site=""))) == number
    rows = list(claim_rows(Claim.objects.all()))
    with django_assert_num_queries(4):
        assert len(list(claim_records(rows, site=""))) == number


def test_batches_join(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.records.BATCH", 2)
    ids = [str(make_claim().pk) for _ in range(5)]
    records = claim_records(Claim.objects.order_by("id"), site="")
    assert [record["id"] for record in records] == ids


def test_an_interval_is_the_same_from_its_row_and_from_the_feed() -> None:
    claim = make_claim(state="accepted")
    derive({claim.place_id})
    row = StatusInterval.objects.get(include_pending=False)
    change = Change.objects.filter(what="status", status__include_pending=False).get()
    assert change.status is not None
    expected = {
        "town": str(claim.place_id),
        "include_pending": False,
        "part": "",
        "from": "2023-01-11",
        "to": None,
        "status": "claimed russia",
        "kind": "claimed",
        "sides": ["russia"],
        "holder": "russia",
        "divided": [],
        "by_own_word": False,
        "rule": 4,
        "version": "v1",
        "deciding": [str(claim.pk)],
        "last_word_on": "2023-01-11",
    }
    assert interval_record(row) == expected
    assert interval_record(change.status) == expected


def test_a_band_is_as_fresh_as_on_its_last_day() -> None:
    claim = make_claim(state="accepted")
    derive({claim.place_id})
    row = StatusInterval.objects.get(include_pending=False)
    assert band_record(row, today=date(2023, 1, 12))["freshness"] == "fresh"
    assert band_record(row, today=date(2024, 1, 12))["freshness"] == "stale"
    row.end = date(2023, 1, 13)
    ended = band_record(as_interval(row), today=date(2024, 1, 12))
    assert (ended["to"], ended["freshness"]) == ("2023-01-12", "fresh")
