"""What awaits whom, in which order; who is handed a claim, for how long; and that two editors, or
twenty, never get into each other's way."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim, Decision, Membership, QueuedClaim
from claims.review import queue
from claims.review.decisions import Outdated, decide
from claims.review.policies import move
from claims.review.queue import (
    Held,
    QueueForm,
    awaiting,
    counts,
    keep,
    pass_on,
    release,
    take,
    take_this,
)
from tests.factories import make_claim, make_conflict, make_document, make_place, make_user

pytestmark = pytest.mark.django_db
Role = Membership.Role


def make_editor(name: str = "editor", role: str = Role.EDITOR, conflict: Any = None) -> User:
    return make_user(name, role=role, conflict=conflict)


@pytest.fixture
def editor() -> User:
    return make_editor()


@pytest.fixture
def other() -> User:
    return make_editor("other")


def order(by: User, **asked: Any) -> list[UUID]:
    return [row.pk for row in queue.chosen(awaiting(by), asked)]


def flag(claim: Claim, **flags: Any) -> Claim:
    QueuedClaim.objects.filter(claim=claim).update(**flags)
    return claim


def expire(claim: Claim) -> None:
    QueuedClaim.objects.filter(claim=claim).update(leased_until=timezone.now())


def asked(query: dict[str, Any]) -> dict[str, Any]:
    return QueueForm(query).asked


def test_what_may_change_a_status_comes_first_then_the_disputed_the_doubtful_and_the_new(
    editor: User,
) -> None:
    old, new = (make_claim(asserted_on=date(2023, 1, day)) for day in (3, 9))
    doubtful = make_claim(asserted_on=date(2023, 1, 2), confidence=0.4)
    ambiguous = make_claim(asserted_on=date(2023, 1, 1), place_ambiguous=True)
    disputed = flag(make_claim(asserted_on=date(2023, 1, 1)), disputed=True)
    decides = flag(make_claim(asserted_on=date(2023, 1, 1)), decides=True)
    both = flag(make_claim(asserted_on=date(2022, 1, 1)), decides=True, doubtful=True)
    assert order(editor) == [
        claim.pk for claim in (both, decides, disputed, doubtful, ambiguous, new, old)
    ]


def test_claims_of_one_article_come_in_the_order_in_which_they_were_read(editor: User) -> None:
    document = make_document()
    claims = [make_claim(predicate, document=document) for predicate in ("holds", "captured")]
    make_claim("withdrew", document=document, state="accepted")
    assert order(editor) == [claim.pk for claim in claims]


def test_the_order_is_read_off_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = QueuedClaim.objects.order_by(*queue.ORDER)[:1].explain()
    assert "queued_order" in plan
    assert "Sort" not in plan


def test_what_was_handed_out_is_handed_to_nobody_else(editor: User, other: User) -> None:
    first, second = (make_claim(asserted_on=date(2023, 1, day)) for day in (9, 3))
    mine, his = take(by=editor, asked={}), take(by=other, asked={})
    assert mine is not None
    assert his is not None
    assert (mine.pk, his.pk) == (first.pk, second.pk)
    assert take(by=other, asked={}, skip=[second.pk]) is None
    again = take(by=editor, asked={})
    assert again is not None
    assert again.pk == first.pk  # whose page broke down gets it back


def test_a_lease_lasts_as_long_as_the_setting_says_and_then_ends(
    editor: User, other: User, settings: Any
) -> None:
    settings.REVIEW_LEASE = 300
    claim = make_claim()
    row = take(by=editor, asked={})
    assert row is not None
    assert row.leased_until is not None
    left = (row.leased_until - timezone.now()).total_seconds()
    assert 295 < left <= 300
    assert take(by=other, asked={}) is None
    expire(claim)
    taken = take(by=other, asked={})
    assert taken is not None
    assert taken.holder == other
    with pytest.raises(Held):
        take_this(claim=claim, by=editor)


def test_a_page_that_lives_keeps_its_claim(editor: User, other: User) -> None:
    claim = make_claim()
    take(by=editor, asked={})
    expire(claim)
    assert keep(claims=[claim.pk], by=editor) == [claim.pk]
    assert take(by=other, asked={}) is None
    expire(claim)
    take(by=other, asked={})
    assert keep(claims=[claim.pk], by=editor) == []
    row = QueuedClaim.objects.get()
    assert row.holder == other


def test_what_is_released_is_for_all_again(editor: User, other: User) -> None:
    claim = make_claim()
    take(by=editor, asked={})
    assert release(claims=[claim.pk], by=other) == 0
    assert take(by=other, asked={}) is None
    assert release(claims=[claim.pk], by=editor) == 1
    row = take(by=other, asked={})
    assert row is not None
    assert row.pk == claim.pk


def test_an_editor_holds_three_at_most_the_oldest_goes_back(editor: User) -> None:
    claims = [make_claim(asserted_on=date(2023, 1, day)) for day in (9, 8, 7, 6)]
    for claim in claims:  # as their pages do that are opened
        take_this(claim=claim, by=editor)
    held = QueuedClaim.objects.filter(holder=editor).values_list("pk", flat=True)
    assert set(held) == {claim.pk for claim in claims[1:]}


def test_skipped_ones_come_to_others(editor: User, other: User) -> None:
    first, second = (make_claim(asserted_on=date(2023, 1, day)) for day in (9, 3))
    row = take(by=editor, asked={}, skip=[first.pk])
    assert row is not None
    assert row.pk == second.pk
    row = take(by=other, asked={})
    assert row is not None
    assert row.pk == first.pk


def test_a_direct_link_takes_the_claim_unless_another_has_it(editor: User, other: User) -> None:
    claim = make_claim()
    row = take_this(claim=claim, by=editor)
    assert row is not None
    assert row.leased_until is not None
    with pytest.raises(Held) as refused:
        take_this(claim=claim, by=other)
    until = f"{row.leased_until:%H:%M} UTC"
    assert refused.value.messages == [f"editor is reading this claim, until {until}."]
    assert refused.value.row.holder == editor
    assert take_this(claim=make_claim(state="accepted"), by=editor) is None


def test_whoever_passes_a_claim_on_is_not_handed_it_again(editor: User, other: User) -> None:
    claim = make_claim()
    take(by=editor, asked={})
    pass_on(claim=claim, by=editor, note="  Which Soledar? ")
    assert take(by=editor, asked={}) is None
    row = take(by=other, asked={})
    assert row is not None
    assert (row.stage, row.passed_by, row.note) == ("first", editor, "Which Soledar?")
    assert order(other, reason=["passed"]) == [claim.pk]
    with pytest.raises(Held):
        pass_on(claim=claim, by=editor)


def test_a_lone_editor_has_nobody_to_pass_a_claim_on_to(editor: User) -> None:
    claim = make_claim()
    make_user("gone", role="")
    make_editor("elsewhere", conflict=make_conflict("sudan", "War in Sudan", ()))
    make_editor("reads", Role.ANALYST)
    with pytest.raises(ValidationError, match="There is nobody else yet"):
        pass_on(claim=claim, by=editor)
    assert QueuedClaim.objects.get().passed_by is None


def test_what_is_decided_cannot_be_passed_on(editor: User) -> None:
    with pytest.raises(ValidationError, match="no longer waits for you"):
        pass_on(claim=make_claim(state="accepted"), by=editor)


def test_an_editor_of_one_war_is_handed_nothing_of_another() -> None:
    conflict = make_conflict("sudan", "War in Sudan", ())
    here = make_claim()
    there = make_claim(place=make_place("El Fasher", conflict=conflict))
    nowhere = make_place("Nowhere")
    nowhere.conflict = None
    nowhere.save()
    of_none = make_claim(place=nowhere)
    assert order(make_editor("one", conflict=conflict)) == [there.pk]
    assert set(order(make_editor("all"))) == {here.pk, there.pk, of_none.pk}
    assert order(make_editor("reader", Role.ANALYST)) == []
    assert set(order(make_user("root", superuser=True))) == {here.pk, there.pk, of_none.pk}
    elsewhere = make_editor("two", conflict=conflict)
    assert take_this(claim=here, by=elsewhere) is None


@pytest.fixture
def decided(editor: User) -> Claim:
    claim = make_claim()
    decide(claim=claim, kind="accept", by=editor)
    return claim


def test_a_second_reading_is_for_somebody_else(decided: Claim, editor: User, other: User) -> None:
    move(decided, "second")
    assert order(editor) == []
    assert take_this(claim=decided, by=editor) is None
    row = take(by=other, asked={})
    assert row is not None
    assert (row.pk, row.stage) == (decided.pk, "second")
    decided = Claim.objects.get()
    assert queue.reading_of(decided, by=other) == "second"
    assert queue.reading_of(decided, by=editor) == "first"


def test_an_adjudicator_is_neither_of_the_readers(
    decided: Claim, editor: User, other: User
) -> None:
    Decision.objects.create(claim=decided, kind="reject", because="who", reading="second", by=other)
    move(decided, "adjudication")
    Membership.objects.filter(user=other).update(role=Role.ADJUDICATOR)
    judge = make_editor("judge", Role.ADJUDICATOR)
    third = make_editor("third")
    assert [order(user) for user in (editor, other, third)] == [[], [], []]
    row = take(by=judge, asked={})
    assert row is not None
    assert row.stage == "adjudication"
    decided = Claim.objects.get()
    assert queue.reading_of(decided, by=judge) == "adjudication"
    for user in (editor, third):
        with pytest.raises(ValidationError, match="an adjudicator decides"):
            queue.reading_of(decided, by=User.objects.get(pk=user.pk))


def test_filters_are_those_of_claims_with_stage_and_reason(editor: User) -> None:
    bakhmut = flag(make_claim(place="Bakhmut"), decides=True)
    soledar = make_claim("fighting", claimant="Ukraine")
    second = make_claim("withdrew", claimant="Ukraine")
    decide(claim=second, kind="reject", by=make_editor("first"), because="who")
    move(second, "second")
    for query, found in (
        ({}, [bakhmut, soledar, second]),
        ({"town": "Бахмут"}, [bakhmut]),
        ({"claimant": "ukraine"}, [soledar, second]),
        ({"predicate": ["fighting", "withdrew"]}, [soledar, second]),
        ({"stage": ["second"]}, [second]),
        ({"reason": ["decides", "disputed"]}, [bakhmut]),
        ({"reason": ["doubtful"]}, []),
        ({"state": "accepted", "include_pending": "false"}, [bakhmut, soledar, second]),
    ):
        assert set(order(editor, **asked(query))) == {claim.pk for claim in found}, query
    assert QueueForm({"stage": ["third"], "reason": ["whim"]}).asked == {}


def test_counts_are_what_each_choice_would_show(
    editor: User, other: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    flag(make_claim(place="Bakhmut"), decides=True)
    flag(make_claim(), decides=True, disputed=True)
    make_claim(confidence=0.1)
    second = make_claim("withdrew")
    decide(claim=second, kind="reject", by=other, because="who")
    move(second, "second")
    take(by=other, asked={})
    with django_assert_num_queries(2):  # one of them: the editor's roles
        found = counts(by=editor, asked={})
    assert (found.total, found.held) == (4, 1)
    assert found.stages == {"first": 3, "second": 1, "adjudication": 0}
    assert found.reasons == {"decides": 2, "disputed": 1, "doubtful": 1, "passed": 0}
    found = counts(by=editor, asked=asked({"reason": ["decides"], "stage": ["second"]}))
    assert found.total == 0
    assert found.stages == {"first": 2, "second": 0, "adjudication": 0}
    assert found.reasons == {"decides": 0, "disputed": 0, "doubtful": 0, "passed": 0}
    found = counts(by=editor, asked=asked({"town": "Bakhmut"}))
    assert (found.total, found.stages["first"], found.reasons["decides"]) == (1, 1, 1)


def test_handing_out_takes_as_many_queries_however_long_the_queue_is(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        make_claim()
    awaiting(editor).exists()  # the roles are known
    for skip in ([], [make_claim().pk]):
        with django_assert_num_queries(1):
            take(by=editor, asked={}, skip=skip)


def in_threads(work: list[Callable[[], Any]]) -> list[Any]:
    """What each gives, or raises, run at the same time with a connection of its own."""
    ready = threading.Barrier(len(work))

    def one(function: Callable[[], Any]) -> Any:
        ready.wait(30)
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result(120) for future in [pool.submit(one, task) for task in work]]


def sitting(by: User, handed: list[tuple[UUID, str, float, float]]) -> Callable[[], int]:
    """An editor who decides on all that he is handed; notes each claim, and from when to when
    it was in his hands."""

    def work() -> int:
        decided = 0
        while row := take(by=by, asked={}):
            begun = datetime.now(UTC).timestamp()
            claim = Claim.objects.get(pk=row.pk)
            decide(claim=claim, kind="accept", by=by, version=claim.version)
            handed.append((row.pk, by.username, begun, datetime.now(UTC).timestamp()))
            decided += 1
        return decided

    return work


@pytest.mark.django_db(transaction=True)
def test_two_editors_on_one_queue_of_200_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.review.decisions.wake", lambda task: None)
    document = make_document()
    for day in range(200):
        make_claim(document=document, asserted_on=date(2022, 1, 1) + timedelta(days=day))
    handed: list[tuple[UUID, str, float, float]] = []
    editors = [make_editor("one"), make_editor("two")]
    counted = in_threads([sitting(user, handed) for user in editors])
    assert sum(counted) == len(handed) == 200
    assert min(counted) > 0
    assert len({claim for claim, *_ in handed}) == 200  # none lost
    assert Counter(Decision.objects.values_list("claim")).most_common(1)[0][1] == 1
    assert set(Claim.objects.values_list("state", "version")) == {("accepted", 2)}
    assert not QueuedClaim.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_editors_who_only_take_never_have_the_same_claim() -> None:
    claims = {make_claim().pk for _ in range(24)}
    editors = [make_editor(f"editor {number}") for number in range(8)]

    def three(by: User) -> list[UUID]:
        taken: list[UUID] = []
        for _ in range(3):
            row = take(by=by, asked={}, skip=taken)
            assert row is not None
            taken.append(row.pk)
        return taken

    handed = in_threads([lambda by=user: three(by) for user in editors])  # type: ignore[misc]
    assert sorted(claim for taken in handed for claim in taken) == sorted(claims)


@pytest.mark.django_db(transaction=True)
def test_of_those_who_follow_one_link_one_gets_the_claim() -> None:
    claim = make_claim()
    editors = [make_editor(f"editor {number}") for number in range(8)]

    def follow(by: User) -> str | None:
        try:
            row = take_this(claim=claim, by=by)
        except Held as error:
            return str(error.row.holder)
        assert row is not None
        return None

    found = in_threads([lambda by=user: follow(by) for user in editors])  # type: ignore[misc]
    holder = QueuedClaim.objects.get().holder
    assert found.count(None) == 1
    assert {name for name in found if name} == {str(holder)}


@pytest.fixture
def twenty(monkeypatch: pytest.MonkeyPatch) -> list[User]:
    monkeypatch.setattr("claims.review.decisions.wake", lambda task: None)
    return [make_editor(f"editor {number}") for number in range(20)]


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_edit_one_version_exactly_one_wins(twenty: list[User]) -> None:
    claim = make_claim()
    for version in (1, 2, 3):

        def edit(by: User, version: int = version) -> int | None:
            row = Claim(pk=claim.pk)
            values = {"speaker": f"{by.username}, {version}"}
            try:
                decide(claim=row, kind="correct", by=by, version=version, values=values)
            except Outdated:
                return None
            return row.version

        found = in_threads([lambda by=user: edit(by) for user in twenty])  # type: ignore[misc]
        assert Counter(found) == {None: 19, version + 1: 1}
        last = Decision.objects.get(version=version + 1)
        assert Claim.objects.get().speaker == f"{last.by.username}, {version}"
    assert Decision.objects.count() == 3
