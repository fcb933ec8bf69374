"""Decisions that scripts take and read through the API."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import Claim, Decision, QueuedClaim
from claims.review.decisions import decide
from claims.review.queue import take_this
from tests.factories import make_actor, make_claim, make_conflict, make_place, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user("an-editor")
    client.force_login(user)
    return user


@pytest.fixture
def claim() -> Claim:
    return make_claim(asserted_on=date(2023, 1, 10))


def address(claim: Claim) -> str:
    return f"/api/v1/claims/{claim.pk}/decisions/"


def send(client: Client, claim: Claim, code: int, **content: Any) -> Any:
    answer = client.post(address(claim), {"version": 1, **content}, content_type="application/json")
    kind = "application/json" if code < 400 else "application/problem+json"
    assert (answer.status_code, answer["Content-Type"]) == (code, kind)
    return answer.json()


def test_a_decision_is_taken_and_shown(client: Client, editor: User, claim: Claim) -> None:
    told = send(client, claim, 201, kind="reject", because="date", reason="Said a week before.")
    decision = Decision.objects.get()
    assert told == {
        "id": decision.pk,
        "kind": "reject",
        "reading": "first",
        "because": "date",
        "reason": "Said a week before.",
        "changes": {},
        "version": 2,
        "by": "an-editor",
        "at": decision.at.isoformat().replace("+00:00", "Z"),
    }
    claim.refresh_from_db()
    assert (claim.state, claim.version) == ("rejected", 2)
    shown = client.get(f"/api/v1/claims/{claim.pk}/").json()
    assert (shown["state"], shown["version"]) == ("rejected", 2)


def test_a_correction_names_its_rows(client: Client, editor: User, claim: Claim) -> None:
    bakhmut, army = make_place("Bakhmut"), make_actor("Armed Forces of Ukraine")
    values = {
        "town": bakhmut.key,
        "claimant": None,
        "subject": army.slug,
        "predicate": "holds",
        "event_date": "2023-01-09",
        "event_precision": "day",
    }
    told = send(client, claim, 201, kind="correct", values=values)
    assert told["changes"] == {
        "place": [str(claim.place_id), str(bakhmut.pk)],
        "claimant": [str(claim.claimant_id), "None"],
        "subject": [str(claim.subject_id), str(army.pk)],
        "predicate": ["captured", "holds"],
        "event_date": ["", "2023-01-09"],
        "event_precision": ["", "day"],
    }
    claim.refresh_from_db()
    assert (claim.label, claim.state) == (
        "Example Courier: Bakhmut held by Armed Forces of Ukraine",
        "corrected",
    )


@pytest.mark.parametrize("name", ["id", "short_id", "key"])
def test_a_town_by_each_of_its_names(client: Client, editor: User, claim: Claim, name: str) -> None:
    bakhmut = make_place("Bakhmut")
    send(client, claim, 201, kind="correct", values={"town": str(getattr(bakhmut, name))})
    assert Claim.objects.get().place == bakhmut


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        ({}, {"kind": ["This field is required."]}),
        ({"kind": "explode"}, {"kind": ['"explode" is not a valid choice.']}),
        ({"kind": "accept", "version": 0}, {"version": [...]}),
        ({"kind": "accept", "version": None}, {"version": ["This field may not be null."]}),
        ({"kind": "reject"}, {"reason": ["A rejection needs a reason."]}),
        ({"kind": "reject", "because": "?"}, {"because": ['"?" is not a valid choice.']}),
        ({"kind": "accept", "because": "date"}, {"because": [...]}),
        ({"kind": "reopen"}, {"kind": [...]}),
        ({"kind": "correct"}, {"values": ["A correction says what it changes."]}),
        ({"kind": "accept", "values": {"speaker": "X"}}, {"values": [...]}),
        ({"kind": "correct", "values": {"state": "x"}}, {"values.state": [...]}),
        ({"kind": "correct", "values": {"town": "Nowhere"}}, {"values.town": [...]}),
        ({"kind": "correct", "values": {"town": str(uuid4())}}, {"values.town": [...]}),
        ({"kind": "correct", "values": {"claimant": "nobody"}}, {"values.claimant": [...]}),
        ({"kind": "correct", "values": {"asserted_on": "soon"}}, {"values.asserted_on": [...]}),
        ({"kind": "correct", "values": {"predicate": "bombed"}}, {"values.predicate": [...]}),
        ({"kind": "correct", "values": {"speaker": "x" * 201}}, {"values.speaker": [...]}),
        (
            {"kind": "correct", "values": {"predicate": "fighting"}},
            {"values": ["Fighting has no subject: leave it empty."]},
        ),
        ({"kind": "correct", "values": {"predicate": "captured"}}, {"kind": [...]}),
        ({"kind": "accept", "reason": "x" * 501}, {"reason": [...]}),
    ],
)
def test_what_is_wrong_is_told_by_field(
    client: Client, editor: User, claim: Claim, content: dict[str, Any], errors: dict[str, Any]
) -> None:
    told = send(client, claim, 400, **content)
    found = {fault["name"]: fault["detail"] for fault in told["parameters"]}
    assert found.keys() == errors.keys()
    for name, (words,) in errors.items():
        assert found[name] == (words if words is not ... else found[name])
        assert f"{name}: {found[name]}" in told["detail"]
    assert not Decision.objects.exists()


def test_an_outdated_decision_has_both_versions(client: Client, editor: User, claim: Claim) -> None:
    decide(claim=claim, kind="correct", by=make_user("other"), values={"speaker": "a founder"})
    told = send(client, claim, 409, kind="accept", reason="As it says.")
    assert told["detail"] == "Somebody has changed this claim since you read it."
    assert told["yours"] == {"kind": "accept", "reason": "As it says.", "version": 1}
    now = told["now"]
    assert (now["version"], now["speaker"], now["state"]) == (2, "a founder", "corrected")
    assert Decision.objects.count() == 1


def test_a_claim_that_another_reads_is_left_to_him(
    client: Client, editor: User, claim: Claim
) -> None:
    take_this(claim=Claim.objects.get(), by=make_user("other"))
    told = send(client, claim, 409, kind="accept")
    assert told["detail"].startswith("other is reading this claim, until ")
    assert told["now"]["state"] == "pending"
    assert QueuedClaim.objects.get().holder == make_user("other")


def test_who_may_decide(client: Client, claim: Claim) -> None:
    assert client.post(address(claim), {"kind": "accept", "version": 1}).status_code == 401
    sudan = make_conflict("sudan", "Sudan", sides=[])
    for user in (make_user("an-analyst", role="analyst"), make_user("of-sudan", conflict=sudan)):
        client.force_login(user)
        told = send(client, claim, 403, kind="accept")
        assert told["detail"] == "This needs the role “editor”: ask an administrator."
    assert not Decision.objects.exists()


def test_decisions_need_a_token_against_forged_requests(claim: Claim) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    assert send(client, claim, 403, kind="accept")["detail"].startswith("CSRF Failed")


def test_decisions_are_listed_and_names_kept_from_readers(
    client: Client, editor: User, claim: Claim
) -> None:
    decide(claim=claim, kind="correct", by=editor, values={"speaker": "X"}, reason="He is named.")
    decide(claim=claim, kind="reject", by=editor, because="who")
    make_claim(state="accepted")

    def listed() -> list[list[Any]]:
        rows = client.get(address(claim)).json()["results"]
        names = ("kind", "because", "reason", "by", "version")
        return [[row[name] for name in names] for row in rows]

    assert listed() == [
        ["reject", "who", "", "an-editor", 3],
        ["correct", "", "He is named.", "an-editor", 2],
    ]
    client.logout()
    assert listed() == [["reject", None, None, None, 3], ["correct", None, None, None, 2]]


def test_a_claim_that_is_not_there(client: Client, editor: User) -> None:
    assert client.get(f"/api/v1/claims/{uuid4()}/decisions/").status_code == 404
