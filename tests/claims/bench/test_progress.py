"""How far reviewing is: what waits, who decided how much, and whose claims fail."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.access.roles import Conflicts
from claims.models import Claim, Decision, QueuedClaim, ReviewPolicy
from claims.review.decisions import decide, undo
from claims.review.progress import Scope, acceptance, reasons, waiting, worked
from claims.review.second_reading import adjudicate, read_again
from tests.factories import (
    make_claim,
    make_conflict,
    make_document,
    make_evidence,
    make_place,
    make_user,
)
from tests.reading import Reader, read

pytestmark = pytest.mark.django_db
EVERYTHING = Scope(Conflicts(everywhere=True))


@pytest.fixture
def editor() -> User:
    return make_user("olena")


@pytest.fixture
def analyst(client: Client) -> Client:
    client.force_login(make_user("ana", role="analyst"))
    return client


def decided(by: User, *states: str, **fields: Any) -> None:
    """Claims that ended so."""
    for state in states:
        make_claim(state=state, **fields)


def today() -> date:
    return datetime.now(UTC).date()


def elsewhere() -> Any:
    return make_place("Tal Rifat", conflict=make_conflict("syria", "Syrian civil war"))


class TestWaiting:
    def test_by_stage_conflict_and_age(self, editor: User) -> None:
        now = datetime(2023, 3, 1, tzinfo=UTC)
        for days in (0, 0.9, 1, 2.9, 3, 7, 28, 91, 1000):
            claim = make_claim()
            since = now - timedelta(days=days)
            QueuedClaim.objects.filter(claim=claim).update(since=since)
        far = make_claim(place=elsewhere())
        QueuedClaim.objects.filter(claim=far).update(since=now, stage="adjudication")
        found = [(row.stage, row.name, row.ages) for row in waiting(EVERYTHING, now)]
        assert found == [
            ("first", "Russo-Ukrainian war", [2, 2, 1, 1, 1, 2]),
            ("adjudication", "Syrian civil war", [1, 0, 0, 0, 0, 0]),
        ]

    def test_only_of_conflicts_that_one_may_see(self) -> None:
        make_claim()
        make_claim(place=elsewhere())
        allowed = Conflicts(everywhere=False, ids=frozenset({make_conflict("syria").pk}))
        (row,) = waiting(Scope(allowed), datetime.now(UTC))
        assert (row.name, row.total) == ("Syrian civil war", 1)
        assert waiting(Scope(allowed, "ukraine"), datetime.now(UTC)) == []


class TestWorked:
    def test_decisions_by_editor_and_day(self, editor: User) -> None:
        ReviewPolicy.objects.create(conflict=make_conflict(), second_reading="all")
        second, third = make_user("sana"), make_user("marek")
        claim = make_claim()
        decide(claim=claim, by=editor, kind="accept")
        read_again(claim=claim, by=second, kind="unverifiable")
        adjudicate(claim=claim, by=third, kind="accept")
        other = make_claim()
        undo(decision=decide(claim=other, by=editor, kind="accept"), by=editor)
        decide(claim=other, by=editor, kind="reject", because="who")
        found = worked(EVERYTHING, today() - timedelta(days=1), today() + timedelta(days=1))
        assert [(row.name, sum(row.first.values()), sum(row.again.values())) for row in found] == [
            ("olena", 3, 0),
            ("marek", 0, 1),
            ("sana", 0, 1),
        ]

    def test_only_of_these_days(self, editor: User) -> None:
        decide(claim=make_claim(), by=editor, kind="accept")
        day = Decision.objects.get().at.astimezone(UTC).date()
        (row,) = worked(EVERYTHING, day, day)
        assert row.first == {day: 1}
        assert worked(EVERYTHING, day + timedelta(days=1), day + timedelta(days=9)) == []
        assert worked(EVERYTHING, day - timedelta(days=9), day - timedelta(days=1)) == []

    def test_reasons_of_rejections(self, editor: User) -> None:
        for because, reason in (("who", ""), ("who", "The mayor."), ("", "Of the mine.")):
            claim = make_claim()
            decide(claim=claim, by=editor, kind="reject", because=because, reason=reason)
        assert reasons(EVERYTHING, today(), today() + timedelta(days=1)) == [("who", 2), ("", 1)]


class TestAcceptance:
    def test_the_worst_rule_comes_first(self, editor: User) -> None:
        decided(editor, *["rejected"] * 3, *["accepted"] * 7, cue="seized")
        decided(editor, *["rejected"] * 8, "corrected", "unverifiable", cue="Entered")
        decided(editor, *["rejected"] * 9, cue="fell")  # too few
        decided(editor, "pending", "superseded", cue="seized")
        found = acceptance(EVERYTHING)["cue"]
        assert [(row.key, dict(row.states), row.mostly_rejected) for row in found.rows] == [
            (
                "entered",
                {"accepted": 0, "corrected": 1, "rejected": 8, "unverifiable": 1},
                False,  # as low as 49 % may be by chance
            ),
            ("seized", {"accepted": 7, "corrected": 0, "rejected": 3, "unverifiable": 0}, False),
        ]
        assert found.fewer == 1

    def test_mostly_rejected_is_more_than_chance(self, editor: User) -> None:
        decided(editor, *["rejected"] * 9, "accepted", cue="fell")
        (row,) = acceptance(EVERYTHING)["cue"].rows
        assert row.mostly_rejected

    def test_a_claim_told_twice_by_one_rule_counts_once(self, editor: User) -> None:
        decided(editor, *["accepted"] * 10, cue="taken")
        claim = Claim.objects.latest("id")
        make_evidence(claim, "Kyiv denies it", "Taken")
        (row,) = acceptance(EVERYTHING)["cue"].rows
        assert row.decided == 10

    def test_what_an_editor_added_is_left_out(self, editor: User) -> None:
        decided(editor, *["accepted"] * 10, origin="editor")
        found = acceptance(EVERYTHING)
        assert [ranking.rows for ranking in found.values()] == [()] * 4
        assert [ranking.fewer for ranking in found.values()] == [0] * 4

    def test_by_predicate_publisher_and_version(self, editor: User) -> None:
        document = make_document(publisher="Example Herald")
        decided(editor, *["accepted"] * 10, document=document, extractor_version="7")
        decided(editor, *["unverifiable"] * 12, predicate="holds", extractor_version="8")
        found = acceptance(EVERYTHING)
        keys = {name: [(row.key, row.decided) for row in found[name].rows] for name in found}
        assert keys == {
            "cue": [("", 22)],
            "predicate": [("holds", 12), ("captured", 10)],
            "publisher": [("Example Courier", 12), ("Example Herald", 10)],
            "version": [("8", 12), ("7", 10)],
        }

    def test_of_one_conflict(self, editor: User) -> None:
        decided(editor, *["accepted"] * 10)
        decided(editor, *["accepted"] * 11, place=elsewhere())
        (row,) = acceptance(Scope(Conflicts(everywhere=True), "syria"))["predicate"].rows
        assert row.decided == 11


class TestPage:
    def test_each_number_leads_to_the_claims_that_it_counts(
        self, analyst: Client, editor: User
    ) -> None:
        decided(editor, *["rejected"] * 9, "accepted", cue="fell", document=make_document())
        decided(editor, "pending", "rejected", cue="seized")
        page = read(analyst, "/bench/progress/")
        lists = [link for link in page.links if link.startswith("/claims/?")]
        counts = {}
        for link in lists:
            asked = parse_qs(urlsplit(link).query)
            if "cue" in asked or "conflict" in asked:
                about = " ".join(asked["state"]), *asked.get("cue", ["all"])
                counts[about] = " ".join(
                    read(analyst, link).text.partition(" as asked")[0].split()[-2:]
                )
        assert counts == {
            ("accepted corrected unverifiable rejected", "fell"): "10 claims",
            ("accepted", "fell"): "1 claim",
            ("rejected", "fell"): "9 claims",
            ("pending", "all"): "1 claim",
        }
        assert "The claims of 1 rule are mostly rejected" in page.text
        assert "fell: 9 of 10 decided claims rejected" in page.text

    def test_with_nothing_at_all(self, analyst: Client) -> None:
        text = read(analyst, "/bench/progress/").text
        assert "Nothing waits: every claim is decided." in text
        assert "Nobody decided anything in these days." in text
        assert "Nothing was rejected in these days." in text
        assert text.count("Nothing has enough decided claims yet.") == 4

    def test_one_editors_days(self, analyst: Client, editor: User) -> None:
        decide(claim=make_claim(), by=editor, kind="accept")
        decide(claim=make_claim(), by=make_user("sana"), kind="accept")
        day = Decision.objects.latest("id").at.astimezone(UTC).date()
        page = read(analyst, f"/bench/progress/?editor=olena&from={day}&to={day}")
        assert "Decisions by olena" in page.text
        assert f"{day:%-d %B %Y} 1 0" in page.text
        assert "sana" not in page.text
        nobody = read(analyst, "/bench/progress/?editor=nobody").text
        assert "nobody decided nothing in these days." in nobody

    def test_one_conflicts_analyst_sees_that_one_alone(self, client: Client, editor: User) -> None:
        decided(editor, *["rejected"] * 10)
        make_claim()
        make_claim(place=elsewhere())
        conflict = make_conflict("syria")
        client.force_login(make_user("sam", role="analyst", conflict=conflict))
        page = read(client, "/bench/progress/")
        assert "1 claim waits for a reader" in page.text
        assert "Russo-Ukrainian war" not in page.text
        assert "captured" not in page.text

    @pytest.mark.parametrize("address", ["/bench/progress/", "/bench/agreement/"])
    def test_it_needs_an_analyst(self, client: Client, address: str) -> None:
        client.force_login(make_user("reader", role="reader"))
        read(client, address, 403)

    @pytest.mark.parametrize("address", ["/bench/progress/", "/bench/agreement/"])
    def test_days_that_are_none_are_told(self, analyst: Client, address: str) -> None:
        text = read(analyst, f"{address}?from=2023-02-01&to=2023-01-01&conflict=nowhere").text
        assert "The range must not end before it starts." in text

    def test_it_takes_as_many_queries_however_many_claims_there_are(
        self,
        analyst: Client,
        editor: User,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for number in range(12):
            document = make_document(f"Text {number}.", publisher=f"Publisher {number}")
            decided(editor, "pending", "rejected", document=document, cue=f"cue {number % 2}")
        decide(claim=make_claim(), by=editor, kind="reject", because="who")
        # Session, user, roles, conflicts; and the five of the page.
        with django_assert_num_queries(9):
            read(analyst, "/bench/progress/")


class TestWays:
    """The bench's own row of pages."""

    def ways(self, client: Client, role: str, address: str = "/bench/progress/") -> list[str]:
        client.force_login(make_user(role, role=role))
        html = client.get(address).content.decode()
        _, found, row = html.partition('<nav class="bench-nav')
        return Reader(row.partition("</nav>")[0]).links if found else []

    def test_each_role_finds_what_it_may_do(self, client: Client) -> None:
        analyst = ["/bench/extractions/", "/bench/progress/", "/bench/agreement/"]
        editor = [
            *("/bench/", "/bench/bring/", "/bench/names-inbox/", "/bench/batches/"),
            *analyst,
        ]
        assert self.ways(client, "analyst") == analyst
        assert self.ways(client, "editor") == editor
        assert self.ways(client, "administrator") == [
            *("/bench/", "/bench/bring/", "/sources/", "/bench/names-inbox/", "/bench/batches/"),
            *analyst,
            *("/bench/people/", "/bench/policies/", "/operations/"),
        ]

    def test_each_of_them_opens_and_is_marked(self, client: Client) -> None:
        for address in self.ways(client, "administrator"):
            html = client.get(address).content.decode()
            assert f'<a href="{address}" aria-current="page">' in html, address

    def test_nobody_meets_it_while_reading(self, client: Client) -> None:
        assert self.ways(client, "editor", "/claims/") == []
