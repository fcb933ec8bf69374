"""Claims that editors add, cut and merge, and how that is taken back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pghistory.models
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection

from claims.derive import derive_due
from claims.models import Batch, Claim, Evidence, QueuedClaim, StatusInterval
from claims.review import bulk
from claims.review.decisions import Outdated, decide
from claims.review.editing import (
    MOST_FOUND,
    AlreadyThere,
    Part,
    add_claim,
    find_passage,
    merge,
    split,
    trimmed,
)
from sources.models import Document
from tests.factories import (
    TEXT,
    make_actor,
    make_claim,
    make_document,
    make_evidence,
    make_place,
    make_user,
)

pytestmark = pytest.mark.django_db
DENIAL = "fighting in Soledar goes on"
SPAN = (TEXT.index(DENIAL), TEXT.index(DENIAL) + len(DENIAL))


@pytest.fixture
def editor() -> User:
    return make_user()


def says(**fields: Any) -> dict[str, Any]:
    """What the text's second sentence says, by field."""
    return {
        "place": make_place(),
        "claimant": make_actor("Ukraine"),
        "stance": "asserts",
        "predicate": "fighting",
        "asserted_on": date(2023, 1, 11),
        **fields,
    }


def evidence(claim: Claim) -> list[str]:
    return list(claim.evidence.order_by("start").values_list("quote", flat=True))


def test_a_claim_that_was_missed_is_verified_and_counts(editor: User) -> None:
    document = make_document()
    claim = add_claim(document=document, spans=[SPAN], values=says(), by=editor, reason=" Missed. ")
    claim.refresh_from_db()
    assert (claim.state, claim.origin, claim.fingerprint, claim.version) == (
        "accepted",
        "editor",
        "",
        1,
    )
    assert list(claim.evidence.values_list("start", "end", "quote")) == [(*SPAN, DENIAL)]
    decision = claim.decisions.get()
    assert (decision.kind, decision.reason, decision.by, decision.version) == (
        "accept",
        "Missed.",
        editor,
        1,
    )
    event = pghistory.models.Events.objects.tracks(claim).get()
    assert event.pgh_context == {"user": editor.pk, "reason": "Missed."}
    assert derive_due() == 1
    intervals = StatusInterval.objects.filter(place=claim.place)
    assert set(intervals.values_list("include_pending", "status")) == {
        (False, "fought-over"),
        (True, "fought-over"),
    }
    assert not QueuedClaim.objects.exists()


def test_white_space_round_a_passage_is_not_part_of_it(editor: User) -> None:
    start = TEXT.index("Kyiv denies it")
    claim = add_claim(
        document=make_document(),
        spans=[(start - 2, start + 5), SPAN, SPAN],
        values=says(),
        by=editor,
    )
    assert evidence(claim) == ["Kyiv", DENIAL]


@pytest.mark.parametrize(
    "span", [(-5, 3), (5, 5), (7, 5), (0, len(TEXT) + 1), (len(TEXT), len(TEXT) + 4), (54, 56)]
)
def test_a_passage_that_is_not_in_the_text(editor: User, span: tuple[int, int]) -> None:
    assert TEXT[54:56] == "\n\n"
    with pytest.raises(ValidationError, match=r"These characters are not in the text\."):
        add_claim(document=make_document(), spans=[span], values=says(), by=editor)
    assert not Claim.objects.exists()


def test_a_claim_without_a_passage(editor: User) -> None:
    with pytest.raises(ValidationError, match="needs a passage"):
        add_claim(document=make_document(), spans=[], values=says(), by=editor)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"subject": "Russia"}, "Fighting has no subject: leave it empty."),
        ({"part_label": "east"}, "A claim about the whole town names no part of it."),
        ({"event_date": date(2023, 1, 9)}, "needs its precision"),
        (
            {"stance": "denies", "event_date": date(2023, 1, 9), "event_precision": "day"},
            "Only what is asserted is about a day of its own",
        ),
        (
            {"event_date": date(2023, 1, 12), "event_precision": "day"},
            "cannot be later than the day on which it was said",
        ),
        ({"place": None}, "This field cannot be null"),
        ({"predicate": "bombed"}, "is not a valid choice"),
        ({"state": "rejected"}, "Not a claim's own: state"),
    ],
)
def test_a_claim_that_breaks_a_rule_is_refused_in_words(
    editor: User, fields: dict[str, Any], told: str
) -> None:
    if "subject" in fields:
        fields = {**fields, "subject": make_actor(fields["subject"])}
    with pytest.raises(ValidationError) as refused:
        add_claim(document=make_document(), spans=[SPAN], values=says(**fields), by=editor)
    assert told in " ".join(refused.value.messages)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("state", ["pending", "accepted", "corrected", "rejected", "unverifiable"])
def test_the_same_claim_is_pointed_at(editor: User, state: str) -> None:
    document = make_document()
    there = make_claim("fighting", claimant="Ukraine", document=document, state=state)
    with pytest.raises(AlreadyThere) as refused:
        add_claim(document=document, spans=[SPAN], values=says(speaker="a spokesman"), by=editor)
    assert refused.value.claim == there
    assert Claim.objects.get() == there


@pytest.mark.parametrize(
    "fields",
    [
        {"predicate": "holds"},
        {"claimant": None},
        {"extent": "part", "part_label": "east"},
        {"asserted_precision": "week"},
        {"state": "superseded"},
        {"document": None},
    ],
)
def test_another_claim_is_added_beside(editor: User, fields: dict[str, Any]) -> None:
    document = make_document()
    if "document" in fields:
        fields = {"document": make_document(TEXT, publisher="Another Courier")}
    if "claimant" in fields:
        fields = {**fields, "subject": None}
    make_claim(**{"predicate": "fighting", "claimant": "Ukraine", "document": document, **fields})
    add_claim(document=document, spans=[SPAN], values=says(), by=editor)
    assert Claim.objects.count() == 2


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("takes the town", ["takes the town", "takes  the\ntown"]),
        ("  the \n town ", ["the town", "the\ntown"]),
        ("of the", ["of\u00a0the"]),
        ("fell.", []),
        (" \n", []),
        ("takesthe town", []),
        ("Wagner", ["Wagner"]),
    ],
)
def test_a_pasted_passage_is_found_whatever_its_white_space(passage: str, found: list[str]) -> None:
    text = "Wagner takes the town, says one. It takes  the\ntown, of\u00a0the other."
    assert [text[start:end] for start, end in find_passage(text, passage)] == found


def test_many_finds_are_cut() -> None:
    assert find_passage("ab " * 100, "ab") == [(3 * n, 3 * n + 2) for n in range(MOST_FOUND)]


def test_characters_beyond_the_basic_plane_count_once() -> None:
    text = "🚩 Солéдар fell 🚩"
    (span,) = find_passage(text, "Солéдар fell")
    assert trimmed(text, (span[0] - 1, span[1] + 1)) == span == (2, 14)


@pytest.fixture
def both(editor: User) -> Claim:
    """A claim about two towns that was read as one."""
    document = make_document("Wagner took Soledar and Bakhmut, it said.")
    claim = make_claim(document=document, quote="Wagner took Soledar and Bakhmut")
    make_evidence(claim, "it said")
    return claim


def cut(claim: Claim, editor: User, **fields: Any) -> Batch:
    return split(
        **{
            "claim": claim,
            "version": claim.version,
            "values": {},
            "parts": [Part({"place": make_place("Bakhmut")}, [(0, 31)])],
            "by": editor,
            **fields,
        }
    )


def test_splitting_keeps_the_claim_and_adds_another(both: Claim, editor: User) -> None:
    batch = cut(both, editor, values={"speaker": "a founder"}, reason="Two towns.")
    soledar, bakhmut = Claim.objects.order_by("created_at")
    assert (soledar.pk, soledar.state, soledar.speaker) == (both.pk, "corrected", "a founder")
    assert evidence(soledar) == ["Wagner took Soledar and Bakhmut", "it said"]
    assert (bakhmut.place.name, bakhmut.state, bakhmut.origin, bakhmut.speaker) == (
        "Bakhmut",
        "accepted",
        "editor",
        "",
    )
    assert (bakhmut.predicate, bakhmut.claimant) == (both.predicate, both.claimant)
    assert evidence(bakhmut) == ["Wagner took Soledar and Bakhmut"]
    assert list(batch.decisions.order_by("id").values_list("claim", "kind", "reason")) == [
        (soledar.pk, "correct", "Two towns."),
        (bakhmut.pk, "accept", "Two towns."),
    ]


def test_splitting_without_a_correction_accepts(both: Claim, editor: User) -> None:
    cut(both, editor, values={"predicate": "captured"})
    both.refresh_from_db()
    assert (both.state, both.decisions.get().kind) == ("accepted", "accept")


def test_splitting_an_accepted_claim_leaves_it(both: Claim, editor: User) -> None:
    decide(claim=both, kind="accept", by=editor)
    batch = cut(both, editor)
    both.refresh_from_db()
    assert (both.state, both.version) == ("accepted", 2)
    assert batch.decisions.get().claim != both


@pytest.mark.parametrize("state", ["rejected", "unverifiable", "superseded"])
def test_what_does_not_stand_is_not_split(editor: User, state: str) -> None:
    with pytest.raises(ValidationError, match="Only a claim that stands"):
        cut(make_claim(state=state), editor)
    assert not Batch.objects.exists()


def test_a_part_that_says_the_same_is_no_part(both: Claim, editor: User) -> None:
    with pytest.raises(AlreadyThere) as refused:
        cut(both, editor, parts=[Part({}, [(0, 6)])])
    assert refused.value.claim == both
    both.refresh_from_db()
    assert (both.state, both.version, Batch.objects.count()) == ("pending", 1, 0)


def test_splitting_an_outdated_claim_changes_nothing(both: Claim, editor: User) -> None:
    decide(claim=Claim.objects.get(), kind="accept", by=editor)
    with pytest.raises(Outdated):
        cut(both, editor)
    assert (Claim.objects.count(), Batch.objects.count()) == (1, 0)


def test_a_split_is_undone_as_a_whole(both: Claim, editor: User) -> None:
    batch = cut(both, editor, values={"speaker": "a founder"})
    undoing = bulk.start_undoing(batch=batch, by=editor)
    assert bulk.go_on(undoing) == 0
    soledar, bakhmut = Claim.objects.order_by("created_at")
    assert (soledar.state, soledar.speaker) == ("pending", "")
    assert (bakhmut.state, bakhmut.decisions.last().because) == ("rejected", "other")  # type: ignore[union-attr]
    bulk.go_on(bulk.start_undoing(batch=undoing, by=editor))
    soledar, bakhmut = Claim.objects.order_by("created_at")
    assert (soledar.state, soledar.speaker, bakhmut.state) == (
        "corrected",
        "a founder",
        "accepted",
    )


@pytest.fixture
def alike(editor: User) -> list[Claim]:
    """The same said twice in one document, with a passage in common, and in its copy."""
    document = make_document()
    copy = make_document(TEXT, publisher="Another Courier")
    first = make_claim(document=document, quote="The Wagner Group says", state="accepted")
    second = make_claim(document=document, quote="its men have taken Soledar", cue="taken")
    make_evidence(second, "The Wagner Group says")
    return [first, second, make_claim(document=copy, quote="taken")]


def join(claims: list[Claim], editor: User, **fields: Any) -> Batch:
    return merge(
        **{
            "kept": claims[0],
            "others": claims[1:],
            "versions": {claim.pk: claim.version for claim in claims},
            "by": editor,
            **fields,
        }
    )


def test_merging_keeps_one_with_the_passages_of_its_document(
    alike: list[Claim], editor: User
) -> None:
    batch = join(alike, editor, reason="One sentence, read twice.")
    kept, same, copy = (Claim.objects.get(pk=claim.pk) for claim in alike)
    assert (kept.state, kept.version) == ("accepted", 1)
    assert evidence(kept) == ["The Wagner Group says", "its men have taken Soledar"]
    taken = kept.evidence.get(quote="its men have taken Soledar")
    assert (taken.taken_from, taken.cue) == (same, "taken")
    for other in (same, copy):
        assert (other.state, other.duplicate_of) == ("rejected", kept)
    decisions = batch.decisions.order_by("id").values_list("claim", "kind", "because", "reason")
    assert list(decisions) == [
        (one.pk, "reject", "duplicate", "One sentence, read twice.") for one in (same, copy)
    ]


def taken_back_as_a_batch(batch: Batch, editor: User) -> None:
    bulk.go_on(bulk.start_undoing(batch=batch, by=editor))


def taken_back_one_by_one(batch: Batch, editor: User) -> None:
    for decision in batch.decisions.all():
        decide(claim=decision.claim, kind="reopen", by=editor)


@pytest.mark.parametrize("take_back", [taken_back_as_a_batch, taken_back_one_by_one])
def test_passages_go_back_with_their_claims_whichever_way_they_stand_again(
    alike: list[Claim], editor: User, take_back: Callable[[Batch, User], None]
) -> None:
    before = {claim.pk: evidence(claim) for claim in alike}
    take_back(join(alike, editor), editor)
    now = Claim.objects.order_by("created_at")
    assert [claim.state for claim in now] == ["accepted", "pending", "pending"]
    assert [claim.duplicate_of for claim in now] == [None, None, None]
    assert {claim.pk: evidence(claim) for claim in now} == before


@pytest.mark.parametrize("number", [0, 1, 2])
def test_merging_with_any_outdated_claim_changes_nothing(
    alike: list[Claim], editor: User, number: int
) -> None:
    decide(claim=Claim.objects.get(pk=alike[number].pk), kind="unverifiable", by=editor)
    with pytest.raises(Outdated) as refused:
        join(alike, editor)
    assert refused.value.claim == alike[number]
    assert (Batch.objects.count(), Evidence.objects.exclude(taken_from=None).count()) == (0, 0)


def test_what_is_not_one_text_is_not_merged(alike: list[Claim], editor: User) -> None:
    with pytest.raises(ValidationError, match="Only claims of one text"):
        join([alike[0], make_claim()], editor)
    with pytest.raises(ValidationError, match="Only claims that stand"):
        join([alike[0], make_claim(document=alike[0].document, state="rejected")], editor)
    for others in ([], [alike[0]]):
        with pytest.raises(ValidationError, match="Choose the claim to keep"):
            join(alike, editor, others=others)


@pytest.mark.django_db(transaction=True)
def test_two_editors_add_the_same_claim_at_once(editor: User) -> None:
    document, values = make_document(), says()

    def add(_: int) -> str:
        try:
            add_claim(
                document=Document.objects.get(pk=document.pk),
                spans=[SPAN],
                values=values,
                by=editor,
            )
        except AlreadyThere:
            return "there"
        finally:
            connection.close()
        return "added"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(add, range(4)))
    assert outcomes == ["added", "there", "there", "there"]
    assert Claim.objects.count() == 1
