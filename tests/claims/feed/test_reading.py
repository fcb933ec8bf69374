"""What the feed tells of each change: in the API, as partners read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.extraction.records import Extraction
from claims.feed import cursor_after, last_number, number_of
from claims.models import Claim, Decision, Evidence, StatusInterval
from claims.reconcile import reconcile
from claims.review import bulk
from claims.review.decisions import decide, undo
from claims.review.editing import add_claim, merge
from claims.runs import article
from tests.factories import (
    make_claim,
    make_conflict,
    make_document,
    make_evidence,
    make_place,
    make_user,
)

pytestmark = pytest.mark.django_db
Record = dict[str, Any]
Kind = Decision.Kind


def page(client: Client, code: int = 200, /, **parameters: Any) -> Any:
    response = client.get("/api/v1/changes/", parameters)
    assert response.status_code == code
    return response.json()


class Follower:
    """Reads on from where it was, and keeps what stands, as the documentation says."""

    def __init__(self, client: Client, **filters: Any) -> None:
        self.client, self.filters = client, filters
        self.cursor: str | None = None
        self.claims: dict[str, Record] = {}
        self.statuses: dict[tuple[Any, ...], Record] = {}

    def read(self) -> list[Record]:
        found: list[Record] = []
        more = True
        while more:
            asked = {**self.filters, **({"cursor": self.cursor} if self.cursor else {})}
            answer = page(self.client, page_size=3, **asked)
            found += answer["results"]
            self.cursor, more = answer["next"], answer["more"]
        for change in found:
            self._apply(change)
        return found

    def _apply(self, change: Record) -> None:
        if change["what"] == "claim":
            claim = change["claim"]
            if claim is not None and claim["counts"]:
                self.claims[change["claim_id"]] = claim
            else:
                self.claims.pop(change["claim_id"], None)
            return
        if change["before"]:
            self.statuses.pop(slot(change["before"]), None)
        if change["action"] == "removed":
            self.statuses.pop(slot(change["status"]), None)
        else:
            self.statuses[slot(change["status"])] = change["status"]


def slot(interval: Record) -> tuple[Any, ...]:
    return tuple(interval[name] for name in ("town", "include_pending", "part", "from"))


@pytest.fixture
def feed(client: Client) -> Follower:
    return Follower(client)


@pytest.fixture
def editor() -> User:
    return make_user("Olena Editor")


@contextmanager
def one_change(feed: Follower) -> Iterator[Record]:
    """What is told of the one change of a claim that is made meanwhile."""
    feed.read()
    told: Record = {}
    yield told
    found = [change for change in feed.read() if change["what"] == "claim"]
    assert len(found) == 1, found
    told.update(found[0])


def reason(told: Record) -> Record:
    """Without what is null."""
    return {name: value for name, value in told["reason"].items() if value is not None}


class TestReasons:
    def test_extracted(self, feed: Follower) -> None:
        with one_change(feed) as told:
            claim = make_claim(extractor_version="1.2")
        assert (told["number"], told["what"], told["action"]) == (1, "claim", "added")
        assert told["claim_id"] == told["claim"]["id"] == str(claim.id)
        assert told["claim"]["counts"] is True
        assert told["claim"]["updated_at"] == told["at"]
        assert told["at"].endswith("Z")
        at = datetime.fromisoformat(told["at"].replace("Z", "+00:00"))
        assert told["timestamp"] == int(at.timestamp())
        assert "status" not in told
        assert reason(told) == {
            "kind": "extracted",
            "text": "found in the document by the extractor",
            "extractor_version": "1.2",
        }

    def test_rejected_and_the_rejection_undone(self, feed: Follower, editor: User) -> None:
        claim = make_claim()
        with one_change(feed) as told:
            decision = decide(
                claim=claim, kind=Kind.REJECT, by=editor, because="not-said", reason="ask Olena"
            )
        assert told["action"] == "changed"
        assert (told["claim"]["state"], told["claim"]["counts"]) == ("rejected", False)
        assert reason(told) == {
            "kind": "rejected",
            "because": "not-said",
            "text": "the text does not say so",
            "reading": "first",
        }
        assert "Olena" not in str(told)
        with one_change(feed) as told:
            undo(decision=decision, by=editor)
        assert (told["claim"]["state"], told["claim"]["counts"]) == ("pending", True)
        assert reason(told)["kind"] == "undone"

    @pytest.mark.parametrize(
        ("kind", "state", "counts", "word"),
        [
            (Kind.ACCEPT, "accepted", True, "accepted"),
            (Kind.UNVERIFIABLE, "unverifiable", False, "unverifiable"),
        ],
    )
    def test_decided(
        self, feed: Follower, editor: User, kind: str, state: str, counts: bool, word: str
    ) -> None:
        claim = make_claim()
        with one_change(feed) as told:
            decide(claim=claim, kind=kind, by=editor)
        assert (told["claim"]["state"], told["claim"]["counts"]) == (state, counts)
        assert reason(told)["kind"] == word
        with one_change(feed) as told:
            decide(claim=claim, kind=Kind.REOPEN, by=editor)
        assert reason(told)["kind"] == "reopened"

    def test_corrected(self, feed: Follower, editor: User) -> None:
        claim = make_claim()
        with one_change(feed) as told:
            decide(claim=claim, kind=Kind.CORRECT, by=editor, values={"predicate": "advancing"})
        assert told["claim"]["predicate"] == "advancing"
        assert reason(told)["kind"] == "corrected"

    def test_superseded_and_found_again(self, feed: Follower) -> None:
        claim = make_claim(extractor_version="1")
        with one_change(feed) as told:
            reconcile(claim.document, Extraction(article(claim.document), ()), "2")
        assert (told["claim"]["state"], told["claim"]["counts"]) == ("superseded", False)
        assert told["claim"]["extractor_version"] == "1"
        assert (reason(told)["kind"], reason(told)["extractor_version"]) == ("superseded", "2")
        with one_change(feed) as told:
            Claim.objects.filter(pk=claim.pk).update(state="pending")
        assert reason(told)["kind"] == "found-again"

    def test_a_decided_claim_that_is_no_longer_found(self, feed: Follower) -> None:
        claim = make_claim(state="accepted")
        with one_change(feed) as told:
            reconcile(claim.document, Extraction(article(claim.document), ()), "2")
        assert (told["claim"]["state"], told["claim"]["counts"]) == ("accepted", True)
        assert reason(told)["kind"] == "no-longer-found"

    def test_merged(self, feed: Follower, editor: User) -> None:
        document = make_document()
        kept = make_claim(document=document)
        other = make_claim(
            document=document, claimant="Ukraine", quote="fighting in Soledar goes on"
        )
        feed.read()
        merge(kept=kept, others=[other], versions={kept.pk: 1, other.pk: 1}, by=editor)
        told = {change["claim_id"]: change for change in feed.read()}
        assert reason(told[str(other.pk)]) == {
            "kind": "duplicate",
            "because": "duplicate",
            "text": "it says the same as another claim, which stands for it",
            "reading": "first",
            "duplicate_of": str(kept.pk),
        }
        # The passage that it was given.
        assert reason(told[str(kept.pk)])["kind"] == "passages"
        quotes = [item["quote"] for item in told[str(kept.pk)]["claim"]["evidence"]]
        assert quotes[1:] == ["fighting in Soledar goes on"]

    def test_added_by_an_editor(self, feed: Follower, editor: User) -> None:
        claim = make_claim()
        values = {"place": claim.place, "stance": "asserts", "predicate": "fighting"}
        with one_change(feed) as told:
            add_claim(
                document=claim.document,
                spans=[(0, 20)],
                values={**values, "asserted_on": date(2023, 1, 11)},
                by=editor,
            )
        assert (told["action"], reason(told)["kind"]) == ("added", "added")
        assert len(told["claim"]["evidence"]) == 1

    def test_deleted(self, feed: Follower) -> None:
        claim = make_claim()
        gone = str(claim.pk)
        feed.read()
        assert gone in feed.claims
        claim.delete()
        *_, told = feed.read()
        assert (told["action"], told["claim_id"], told["claim"]) == ("removed", gone, None)
        assert reason(told)["kind"] == "gone"
        assert feed.claims == {}


class TestPassages:
    def test_each_change_of_them_is_told_once(self, feed: Follower) -> None:
        claim = make_claim()
        with one_change(feed) as told:
            extra = make_evidence(claim, "fighting in Soledar goes on")
        assert (told["action"], reason(told)["kind"]) == ("changed", "passages")
        assert len(told["claim"]["evidence"]) == 2
        with one_change(feed) as told:
            Evidence.objects.filter(pk=extra.pk).update(cue="fighting")
        assert [item["cue"] for item in told["claim"]["evidence"]] == ["", "fighting"]
        with one_change(feed) as told:
            extra.delete()
        assert len(told["claim"]["evidence"]) == 1
        assert feed.claims[str(claim.pk)]["updated_at"] == told["at"]

    def test_of_two_claims_when_one_goes_over_to_the_other(self, feed: Follower) -> None:
        one, other = make_claim(), make_claim(claimant="Ukraine")
        feed.read()
        item = make_evidence(one, "fighting in Soledar goes on")
        feed.read()
        Evidence.objects.filter(pk=item.pk).update(claim=other)
        assert {change["claim_id"] for change in feed.read()} == {str(one.pk), str(other.pk)}


class TestManyAtOnce:
    def test_bulk_writes_are_told_one_by_one(self, feed: Follower) -> None:
        claims = [make_claim() for _ in range(4)]
        feed.read()
        Claim.objects.filter(pk__in=[claim.pk for claim in claims]).update(state="accepted")
        told = feed.read()
        assert sorted(change["claim_id"] for change in told) == sorted(
            str(claim.pk) for claim in claims
        )
        assert {claim["state"] for claim in feed.claims.values()} == {"accepted"}

    def test_a_batch_and_its_undoing(self, feed: Follower, editor: User) -> None:
        claims = [make_claim() for _ in range(3)]
        feed.read()
        batch = bulk.start(
            id=claims[0].pk,
            kind=Kind.REJECT,
            versions={claim.pk: 1 for claim in claims},
            because="not-said",
            by=editor,
        )
        bulk.go_on(batch)
        assert [reason(change)["because"] for change in feed.read()] == ["not-said"] * 3
        assert feed.claims == {}
        bulk.go_on(bulk.start_undoing(batch=batch, by=editor))
        assert [reason(change)["kind"] for change in feed.read()] == ["undone"] * 3
        assert len(feed.claims) == 3


class TestStatuses:
    def intervals(self) -> set[tuple[str, bool, str, str]]:
        return {
            (str(row.place_id), row.include_pending, row.part_label, row.start.isoformat())
            for row in StatusInterval.objects.all()
        }

    def test_the_interval_before_and_after(self, feed: Follower) -> None:
        claim = make_claim(state="accepted", asserted_on=date(2023, 1, 10))
        derive([claim.place_id])
        feed.read()
        make_claim(
            claimant="Ukraine",
            subject="Wagner Group",
            stance="denies",
            asserted_on=date(2023, 1, 12),
            state="accepted",
        )
        feed.read()
        derive([claim.place_id])
        told = [change for change in feed.read() if not change["status"]["include_pending"]]
        ended = next(change for change in told if change["action"] == "changed")
        added = next(change for change in told if change["action"] == "added")
        assert (ended["before"]["from"], ended["before"]["to"]) == ("2023-01-10", None)
        assert (ended["status"]["from"], ended["status"]["to"]) == ("2023-01-10", "2023-01-11")
        assert (added["status"]["status"], added["before"]) == ("contested", None)
        assert added["status"]["town"] == str(claim.place_id)
        assert "claim" not in added
        assert set(feed.statuses) == self.intervals()

    def test_a_copy_is_right_after_the_cache_was_emptied_and_made_again(
        self, feed: Follower
    ) -> None:
        first = make_claim(state="accepted", asserted_on=date(2023, 1, 10))
        make_claim(state="accepted", place="Bakhmut")
        derive([first.place_id, make_place("Bakhmut").pk])
        feed.read()
        assert set(feed.statuses) == self.intervals()
        # Meanwhile another start: emptied, and derived from other claims.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction
        Claim.objects.filter(pk=first.pk).update(state="rejected")
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE claims_statusinterval")
        feed.read()
        assert feed.statuses == {}
        derive([first.place_id, make_place("Bakhmut").pk])
        feed.read()
        assert set(feed.statuses) == self.intervals()
        assert {town for town, *_ in feed.statuses} == {str(make_place("Bakhmut").pk)}

    def test_what_is_derived_again_alike_is_no_change(self, feed: Follower) -> None:
        claim = make_claim(state="accepted")
        derive([claim.place_id])
        feed.read()
        derive([claim.place_id])
        StatusInterval.objects.update(rule=4)
        StatusInterval.objects.update(rule=4)
        assert [change["action"] for change in feed.read()] in ([], ["changed"] * 2)


class TestNarrowed:
    def test_to_a_town_a_claim_that_leaves_it_is_told_not_to_count(
        self, client: Client, editor: User
    ) -> None:
        claim = make_claim()
        here, there = Follower(client, town="Soledar"), Follower(client, town="Bakhmut")
        make_place("Bakhmut")
        here.read()
        there.read()
        assert (len(here.claims), len(there.claims)) == (1, 0)
        decide(claim=claim, kind=Kind.CORRECT, by=editor, values={"place": make_place("Bakhmut")})
        (told,) = here.read()
        assert (told["action"], told["claim"]["counts"]) == ("changed", False)
        assert told["claim"]["town"]["name"] == "Bakhmut"
        (told,) = there.read()
        assert told["claim"]["counts"] is True
        assert (len(here.claims), len(there.claims)) == (0, 1)

    def test_to_a_conflict(self, client: Client, editor: User) -> None:
        sudan = make_conflict("sudan", "War in Sudan", [("army", "Army", "#111111")])
        elsewhere = make_place("El Fasher", conflict=sudan)
        claim = make_claim()
        here = Follower(client, conflict="ukraine")
        there = Follower(client, conflict="sudan", what="claim")
        here.read()
        there.read()
        decide(claim=claim, kind=Kind.CORRECT, by=editor, values={"place": elsewhere})
        here.read()
        there.read()
        assert (len(here.claims), list(there.claims)) == (0, [str(claim.pk)])

    def test_to_claims_or_statuses(self, client: Client) -> None:
        claim = make_claim(state="accepted")
        derive([claim.place_id])
        assert {row["what"] for row in page(client, what="claim")["results"]} == {"claim"}
        assert {row["what"] for row in page(client, what="status")["results"]} == {"status"}

    def test_what_is_left_out_is_passed_over(self, client: Client) -> None:
        make_claim()
        make_place("Bakhmut")
        answer = page(client, town="Bakhmut")
        assert (answer["results"], answer["more"]) == ([], False)
        assert number_of(answer["next"]) == last_number() > 0


class TestCursors:
    def test_pages_neither_repeat_nor_leave_out(self, client: Client) -> None:
        for _ in range(5):
            make_claim()
        seen, cursor, more = [], cursor_after(0), True
        while more:
            answer = page(client, page_size=2, cursor=cursor)
            seen += [change["number"] for change in answer["results"]]
            cursor, more = answer["next"], answer["more"]
        assert seen == list(range(1, last_number() + 1))
        assert page(client, cursor=cursor) == {"next": cursor, "more": False, "results": []}

    def test_latest_is_what_comes_from_now_on(self, client: Client) -> None:
        make_claim()
        answer = page(client, cursor="latest")
        assert answer["results"] == []
        with transaction.atomic():
            claim = make_claim()
        (told,) = page(client, cursor=answer["next"])["results"]
        assert told["claim_id"] == str(claim.pk)

    def test_they_are_the_same_for_ever(self) -> None:
        assert cursor_after(0) == "bjow"
        assert cursor_after(123_456_789) == "bjoxMjM0NTY3ODk"
        assert number_of("bjoxMjM0NTY3ODk") == 123_456_789

    @pytest.mark.parametrize(
        "cursor",
        ["5", "bjo", "bjotMQ", "bjowMQ", "bjow=", "ü", "x" * 41, "bjoyOTk5OTk5"],
    )
    def test_what_is_none_is_refused(self, client: Client, cursor: str) -> None:
        answer = page(client, 400, cursor=cursor)
        assert [fault["name"] for fault in answer["parameters"]] == ["cursor"]

    def test_a_place_that_a_restored_server_has_not_reached(self, client: Client) -> None:
        make_claim()
        told = page(client, 400, cursor=cursor_after(1000))["detail"]
        assert "restored from a backup" in told

    @pytest.mark.parametrize(
        "wrong",
        [{"page_size": 0}, {"page_size": 501}, {"what": "town"}, {"town": "Nowhere at all"}],
    )
    def test_what_is_not_understood_is_refused(self, client: Client, wrong: Record) -> None:
        (name,) = wrong
        assert [fault["name"] for fault in page(client, 400, **wrong)["parameters"]] == [name]


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        claim = make_claim(place=make_place(f"Made-up {number}"), state="accepted")
        derive([claim.place_id])
        Claim.objects.filter(pk=claim.pk).update(speaker="A spokesman")
        page(client, cursor="latest")
        make_evidence(claim, "fighting in Soledar goes on")
    page(client, cursor="latest")
    with django_assert_num_queries(12):
        assert len(page(client, page_size=500)["results"]) == count * 5
