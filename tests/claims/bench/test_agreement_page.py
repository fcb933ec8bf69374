"""The page that says how far readers agree, with figures worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.access.roles import Conflicts
from claims.models import Claim, Decision, QueuedClaim, ReviewPolicy
from claims.pages.bench.agreement import agreement_page, read_twice
from claims.review.decisions import decide
from claims.review.progress import Scope
from claims.review.second_reading import adjudicate, read_again, undo
from tests.factories import make_claim, make_conflict, make_place, make_user
from tests.reading import read

pytestmark = pytest.mark.django_db
EVERYTHING = Scope(Conflicts(everywhere=True))
SAID: dict[str, dict[str, Any]] = {
    "accept": {"kind": "accept"},
    "mayor": {"kind": "correct", "values": {"speaker": "the mayor"}},
    "spokesman": {"kind": "correct", "values": {"speaker": "a spokesman", "stance": "denies"}},
    "reject": {"kind": "reject", "because": "who"},
    "unverifiable": {"kind": "unverifiable"},
}


@pytest.fixture
def olena() -> User:
    return make_user("olena")


@pytest.fixture
def sana() -> User:
    return make_user("sana")


@pytest.fixture
def analyst(client: Client) -> Client:
    client.force_login(make_user("ana", role="analyst"))
    return client


@pytest.fixture(autouse=True)
def _all_are_read_twice() -> None:
    ReviewPolicy.objects.create(conflict=make_conflict(), second_reading="all")


def read_by(first: User, second: User, ours: str, theirs: str, **fields: Any) -> Claim:
    claim = make_claim(**fields)
    decide(claim=claim, by=first, **SAID[ours])
    read_again(claim=claim, by=second, **SAID[theirs])
    return claim


def lately() -> tuple[date, date]:
    today = datetime.now(UTC).date()
    return today - timedelta(days=1), today + timedelta(days=1)


def test_each_pair_of_readers_is_one_whoever_read_first(olena: User, sana: User) -> None:
    """Three of four alike; by chance (3 x 2 + 1 x 1 + 0 x 1) / 16 = 7/16; so 5/9."""
    read_by(olena, sana, "accept", "accept")
    read_by(sana, olena, "accept", "accept")
    read_by(sana, olena, "unverifiable", "accept")
    read_by(olena, sana, "reject", "reject")
    page = agreement_page(read_twice(EVERYTHING, *lately()))
    (pair,) = page.pairs
    assert (pair.title, pair.pairs, pair.same, pair.settled) == ("olena and sana", 4, 3, 3)
    assert pair.kappa.value == pytest.approx(5 / 9)
    assert pair.says_so == pytest.approx(4 / 5)
    assert pair.fields is None
    # Rows are olena's, columns sana's.
    assert pair.table == (
        ("accepted", (2, 0, 0, 1)),
        ("corrected", (0, 0, 0, 0)),
        ("rejected", (0, 0, 1, 0)),
        ("unverifiable", (0, 0, 0, 0)),
    )
    assert page.whole is not None
    # Over all, rows are first readings: sana's "unverifiable" was one.
    assert [cells for _, cells in page.whole.table][3] == (1, 0, 0, 0)


def test_other_values_are_the_same_outcome_and_yet_a_disagreement(olena: User, sana: User) -> None:
    """One field of the three that were corrected was corrected alike."""
    read_by(olena, sana, "mayor", "mayor")
    read_by(olena, sana, "mayor", "spokesman")
    (pair,) = agreement_page(read_twice(EVERYTHING, *lately())).pairs
    assert (pair.same, pair.settled, pair.corrected) == (2, 1, 3)
    assert pair.fields == pytest.approx(2 / 5)
    assert pair.kappa.value is None


def test_by_conflict_and_only_of_these_days(olena: User, sana: User) -> None:
    syria = make_conflict("syria", "Syrian civil war")
    ReviewPolicy.objects.create(conflict=syria, second_reading="all")
    read_by(olena, sana, "accept", "accept")
    read_by(olena, sana, "accept", "reject", place=make_place("Tal Rifat", conflict=syria))
    first, last = lately()
    page = agreement_page(read_twice(EVERYTHING, first, last))
    assert [(row.title, row.pairs, row.same) for row in page.conflicts] == [
        ("Russo-Ukrainian war", 1, 1),
        ("Syrian civil war", 1, 0),
    ]
    (there,) = read_twice(Scope(Conflicts(everywhere=True), "syria"), first, last)
    assert there.conflict == "Syrian civil war"
    assert read_twice(EVERYTHING, last, last + timedelta(days=9)) == []
    nobody = Conflicts(everywhere=False, ids=frozenset())
    assert read_twice(Scope(nobody), first, last) == []


def test_a_reading_that_was_taken_back_does_not_count(olena: User, sana: User) -> None:
    read_by(olena, sana, "accept", "reject")
    undo(decision=Decision.objects.get(reading="second"), by=sana)
    assert read_twice(EVERYTHING, *lately()) == []


def test_what_was_opened_again_was_read_twice_all_the_same(olena: User, sana: User) -> None:
    claim = read_by(olena, sana, "accept", "reject")
    decide(claim=claim, by=olena, kind="reopen")
    (pair,) = read_twice(EVERYTHING, *lately())
    assert (pair.first.outcome, pair.second.outcome) == ("accept", "reject")


class TestPage:
    def test_what_it_shows(self, analyst: Client, olena: User, sana: User) -> None:
        read_by(olena, sana, "accept", "accept")
        waiting = read_by(olena, sana, "accept", "reject")
        settled = read_by(sana, olena, "mayor", "accept")
        adjudicate(claim=settled, by=make_user("marek"), kind="accept", reason="No mayor.")
        page = read(analyst, "/bench/agreement/")
        assert "3 claims read twice, 2 disagreements" in page.text
        assert "All readers fewer than 30 pairs 3 same outcome 1: 0.33 (0.06 to 0.79)" in page.text
        assert "first: olena: accepted second: sana: rejected somebody else says it" in page.text
        assert "adjudicator: awaits an adjudicator" in page.text
        assert "first: sana: corrected (speaker) second: olena: accepted" in page.text
        assert "adjudicator: marek: accepted No mayor." in page.text
        for claim in (waiting, settled):
            assert claim.get_absolute_url() in page.links

    def test_what_became_of_a_disagreement(self, analyst: Client, olena: User, sana: User) -> None:
        decide(claim=read_by(olena, sana, "accept", "reject"), by=olena, **SAID["reject"])
        decide(claim=read_by(olena, sana, "accept", "reject"), by=olena, kind="reopen")
        text = read(analyst, "/bench/agreement/").text
        assert "adjudicator: the first reader followed" in text
        assert "adjudicator: opened again or read anew since" in text

    def test_kappa_that_cannot_be_told(self, analyst: Client, olena: User, sana: User) -> None:
        read_by(olena, sana, "accept", "accept")
        text = read(analyst, "/bench/agreement/").text
        assert "Cohen’s kappa cannot be told" in text
        assert "Both readers found the same everywhere." in text

    def test_where_nothing_was_read_twice(self, analyst: Client) -> None:
        text = read(analyst, "/bench/agreement/").text
        assert "No claim was read twice in these days" in text

    def test_the_period_is_in_the_address(self, analyst: Client, olena: User, sana: User) -> None:
        read_by(olena, sana, "accept", "accept")
        assert "No claim was read twice" in read(analyst, "/bench/agreement/?to=2023-01-31").text
        here = read(analyst, "/bench/agreement/?period=month&conflict=ukraine").text
        assert "1 claim read twice" in here

    def test_it_takes_as_many_queries_however_many_were_read(
        self,
        analyst: Client,
        olena: User,
        sana: User,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(4):
            read_by(olena, sana, "accept", "reject")
        # Session, user, roles, conflicts; the readings, their readers and the claims in dispute.
        with django_assert_num_queries(7):
            read(analyst, "/bench/agreement/")


class TestQuestions:
    """A decided claim is put before another reader, from its page."""

    @pytest.fixture(autouse=True)
    def _nothing_is_read_twice(self, _all_are_read_twice: None) -> None:
        ReviewPolicy.objects.all().delete()

    def test_from_the_claims_page(self, analyst: Client, olena: User) -> None:
        claim = make_claim()
        decide(claim=claim, by=olena, kind="accept")
        address = f"/bench/claims/{claim.pk}/question/"
        assert address in read(analyst, claim.get_absolute_url()).links
        answer = analyst.post(address, {"note": "Is this the mine?"}, follow=True)
        assert answer.redirect_chain == [(claim.get_absolute_url(), 302)]
        html = answer.content.decode()
        assert "Another reader will look at this claim." in html
        assert "A second reader has still to compare it with the text." in html
        assert address not in html
        assert QueuedClaim.objects.get().note == "Is this the mine?"

    @pytest.mark.parametrize(
        ("state", "note", "message"),
        [
            ("accepted", " ", "Say what is to be looked at again."),
            ("pending", "Why?", "Only a decided claim can be questioned."),
            ("accepted", "w" * 1001, "Ensure this value has at most 1000 characters"),
        ],
    )
    def test_what_is_refused_is_kept(
        self, analyst: Client, state: str, note: str, message: str
    ) -> None:
        claim = make_claim(state=state)
        answer = analyst.post(f"/bench/claims/{claim.pk}/question/", {"note": note})
        assert answer.status_code == 400
        html = answer.content.decode()
        assert message in html
        assert note.strip() in html

    def test_it_needs_an_analyst_of_the_conflict(self, client: Client) -> None:
        claim = make_claim(state="accepted")
        address = f"/bench/claims/{claim.pk}/question/"
        syria = make_conflict("syria", "Syrian civil war")
        for user in (
            make_user("reader", role="reader"),
            make_user("elsewhere", role="analyst", conflict=syria),
        ):
            client.force_login(user)
            assert address not in read(client, claim.get_absolute_url()).links
            assert client.post(address, {"note": "Why?"}).status_code == 403
        assert not QueuedClaim.objects.exists()

    def test_a_pending_claim_offers_none(self, analyst: Client) -> None:
        claim = make_claim()
        assert not any("question" in link for link in read(analyst, claim.get_absolute_url()).links)


class TestPublicly:
    def test_where_readings_are_awaited_or_disputed(
        self, client: Client, olena: User, sana: User
    ) -> None:
        claim = make_claim()
        self.says(client, claim, None, "No editor has compared it with the text yet.")
        decide(claim=claim, by=olena, kind="accept")
        self.says(client, claim, "awaited", "A second reader has still to compare it")
        read_again(claim=claim, by=sana, kind="unverifiable")
        self.says(client, claim, "disputed", "Two readers disagree on it: an adjudicator")
        adjudicate(claim=claim, by=make_user("marek"), kind="accept")
        self.says(client, claim, None, "accepted")
        text = read(client, claim.get_absolute_url()).text
        assert "accepted by an adjudicator" in text
        assert "found unverifiable by a second reader" in text
        assert "A second reader" not in text
        assert "Two readers" not in text

    def test_a_reading_taken_back_is_told(self, client: Client, olena: User, sana: User) -> None:
        claim = read_by(olena, sana, "accept", "reject")
        undo(decision=Decision.objects.get(reading="second"), by=sana)
        text = read(client, claim.get_absolute_url()).text
        assert "a reading taken back" in text
        assert "opened again" not in text

    def says(self, client: Client, claim: Claim, told: str | None, words: str) -> None:
        assert client.get(f"/api/v1/claims/{claim.pk}/").json()["second_reading"] == told
        assert words in read(client, claim.get_absolute_url()).text
