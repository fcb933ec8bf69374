"""Deciding on all that a filter finds, and batches, as an editor without scripts does it."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive_due
from claims.models import Batch, Claim
from claims.review import bulk
from claims.review.consequences import consequences
from claims.review.decisions import decide
from claims.views.bench import bulk as view
from tests.claims.bench.page import Page
from tests.factories import make_claim, make_conflict, make_place, make_user
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user("an-editor")
    client.force_login(user)
    return user


def get(client: Client, address: str, status: int = 200) -> Page:
    answer = client.get(address)
    assert answer.status_code == status
    return Page(answer.content.decode())


def decide_on(client: Client, query: str) -> Batch:
    """Preview and post it, as it stands; the batch that it makes."""
    form = get(client, f"/bench/bulk/?{query}").form("Decide on")
    answer = client.post(form.action, dict(form.fields))
    assert answer.status_code == 302
    batch = Batch.objects.latest("at")
    assert answer["Location"] == f"/bench/batches/{batch.pk}/"
    return batch


def states() -> dict[str, int]:
    rows = list(Claim.objects.values_list("state", flat=True))
    return {state: rows.count(state) for state in set(rows)}


def test_a_filtered_set_is_previewed_decided_on_and_undone(client: Client, editor: User) -> None:
    soledar()
    make_claim(place="Bakhmut")
    derive_due()
    assert states() == {"accepted": 5, "pending": 4, "rejected": 1}
    listed = get(client, "/claims/?town=Soledar&state=pending")
    assert "/bench/bulk/?town=Soledar&state=pending" in listed.links
    asked = get(client, "/bench/bulk/?town=Soledar&state=pending")
    assert "3 claims as asked" in asked.text
    form = asked.form("Preview")
    assert dict(form.fields) == {
        **{"town": "Soledar", "state": "pending"},
        **{"because": "", "reason": ""},
    }
    page = get(client, "/bench/bulk/?town=Soledar&state=pending&decide=accept&reason=All+read.")
    assert "3 claims will be decided on 3 claims pending; in 1 town: Soledar 3" in page.text
    assert states()["pending"] == 4
    form = page.form("Decide on 3 claims")
    made = make_claim()  # after the preview: it fits the filter, and is not decided on
    answer = client.post(form.action, dict(form.fields))
    batch = Batch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/bench/batches/{batch.pk}/")
    assert states() == {"accepted": 8, "pending": 2, "rejected": 1}
    assert Claim.objects.get(pk=made.pk).state == "pending"
    assert (batch.kind, batch.reason, batch.query, batch.by) == (
        "accept",
        "All read.",
        "town=Soledar&state=pending",
        editor,
    )
    page = get(client, f"/bench/batches/{batch.pk}/")
    assert "Accepted an-editor" in page.text
    assert "3 claims decided on" in page.text
    assert "Town: Soledar" in page.text
    answer = client.post(page.form("Undo all of it").action)
    assert states() == {"accepted": 5, "pending": 5, "rejected": 1}
    undone = get(client, answer["Location"])
    assert "Undone: Accepted" in undone.text
    page = get(client, f"/bench/batches/{batch.pk}/")
    assert "Undone by an-editor" in page.text
    assert "Undo all of it" not in page.text
    listed = get(client, "/bench/batches/")
    assert "Undone: Accepted 3 claims an-editor" in listed.text
    assert "Accepted undone" in listed.text


def test_what_follows_for_the_towns_is_told_before(client: Client, editor: User) -> None:
    claim = make_claim(asserted_on=date(2023, 1, 10))
    make_claim("fighting", claimant=None, place="Bakhmut", state="accepted")
    make_claim("fighting", claimant=None, place="Bakhmut", asserted_on=date(2023, 1, 12))
    derive_due()
    page = get(client, "/bench/bulk/?decide=accept&state=pending")
    assert (
        "Soledar Verified: unknown → becomes claimed by Russia from 10 January 2023"
        " With pending claims: as it is" in page.text
    )
    assert "1 town keep their statuses." in page.text
    page = get(client, "/bench/bulk/?decide=reject&because=who&state=pending")
    assert (
        "Soledar Verified: as it is With pending claims: claimed by Russia → becomes unknown"
        in page.text
    )
    decide(claim=claim, kind="accept", by=editor)


def test_consequences_are_those_that_come(editor: User) -> None:
    place = soledar()
    pending = Claim.objects.filter(state="pending")
    ids = set(pending.values_list("id", flat=True))
    (told,) = consequences(ids, state="accepted", towns=[place.pk])
    for claim in pending:
        decide(claim=claim, kind="accept", by=editor)
    (now,) = consequences([], state="accepted", towns=[place.pk])
    assert told.verified.before.bands != told.verified.after.bands
    assert told.verified.after.bands == now.verified.before.bands
    assert told.with_pending.after.bands == now.with_pending.before.bands
    assert not now.changes


def test_what_is_left_alone_is_named(client: Client, editor: User) -> None:
    accepted, pending = make_claim(state="accepted"), make_claim()
    page = get(client, "/bench/bulk/?decide=accept")
    assert "1 claim will be decided on" in page.text
    assert "Left as they are 1 claim: it is decided so already" in page.text
    assert accepted.get_absolute_url() in page.links
    form = page.form("Decide on 1 claim")
    decide(claim=pending, kind="unverifiable", by=make_user("other"))
    answer = client.post(form.action, dict(form.fields))
    page = get(client, answer["Location"])
    assert "0 claims decided on Left alone: 1 claim" in page.text
    assert "left: somebody has changed it since" in page.text
    assert states() == {"accepted": 1, "unverifiable": 1}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("decide=reject", "A rejection needs a reason."),
        ("decide=reject&because=other", "Say which other reason."),
        ("decide=reject&because=duplicate", "duplicate is not one of the available choices"),
        ("decide=explode", "explode is not one of the available choices"),
        ("decide=accept&town=Nowhere", "nothing is decided on a guess"),
        ("decide=accept&asserted_from=soon", "nothing is decided on a guess"),
    ],
)
def test_what_is_not_clear_is_not_previewed(
    client: Client, editor: User, query: str, told: str
) -> None:
    make_claim()
    page = get(client, f"/bench/bulk/?{query}")
    assert told in page.text
    assert "will be decided on" not in page.text


@pytest.mark.parametrize("token", ["", "forged", "of another"])
def test_only_ones_own_preview_is_acted_on(client: Client, editor: User, token: str) -> None:
    make_claim()
    if token == "of another":
        token = dict(get(client, "/bench/bulk/?decide=accept").form("Decide on").fields)["token"]
        client.force_login(make_user("other"))
    answer = client.post("/bench/bulk/", {"token": token}, follow=True)
    assert "This preview is too old, or not yours" in answer.content.decode()
    assert not Batch.objects.exists()


def test_who_may(client: Client, editor: User) -> None:
    """Analysts none of it; editors of one conflict nothing of another."""
    make_claim()
    sudan = make_conflict("sudan", "Sudan", sides=[])
    make_claim(place=make_place("El Fasher", conflict=sudan))
    form = get(client, "/bench/bulk/?decide=accept").form("Decide on 2 claims")
    batch = decide_on(client, "decide=accept")
    client.force_login(make_user("of-sudan", conflict=sudan))
    page = get(client, f"/bench/batches/{batch.pk}/")
    assert "Undo all of it" not in page.text
    for action in ("undo", "go-on"):
        assert client.post(f"/bench/batches/{batch.pk}/{action}/").status_code == 403
    assert (
        "conflict in which you have no such role"
        in get(client, "/bench/bulk/?decide=reject&because=who").text
    )
    client.force_login(make_user("an-analyst", role="analyst"))
    assert "/bench/bulk/" not in "".join(get(client, "/claims/").links)
    for address in ("/bench/bulk/", "/bench/batches/", f"/bench/batches/{batch.pk}/"):
        get(client, address, 403)
    assert client.post(form.action, dict(form.fields)).status_code == 403
    client.logout()
    assert client.get("/bench/bulk/").status_code == 302
    assert states() == {"accepted": 2}


def test_roles_are_asked_again_when_it_is_done(client: Client, editor: User) -> None:
    make_claim()
    form = get(client, "/bench/bulk/?decide=accept").form("Decide on")
    editor.memberships.update(conflict=make_conflict("sudan", "Sudan", sides=[]))
    assert client.post(form.action, dict(form.fields)).status_code == 403
    assert states() == {"pending": 1}


def test_a_long_batch_shows_how_far_it_is(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(view, "wake", woken.append)
    monkeypatch.setattr(bulk.go_on, "__defaults__", (2,))
    for _ in range(5):
        make_claim()
    batch = decide_on(client, "decide=unverifiable")
    assert woken == ["claims.tasks.decide_batches"]
    page = get(client, f"/bench/batches/{batch.pk}/")
    assert "2 of 5 claims so far" in page.text
    client.post(page.form("Go on now").action)
    client.post(page.form("Go on now").action)
    assert "5 claims decided on" in get(client, f"/bench/batches/{batch.pk}/").text


@pytest.mark.parametrize("number", [1, 6])
def test_pages_take_a_constant_number_of_queries(
    client: Client, editor: User, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for n in range(number):
        make_claim(place=f"Town {n}")
        make_claim(place=f"Town {n}", state="accepted")
    get(client, "/bench/bulk/?decide=accept")
    with django_assert_num_queries(17):
        get(client, "/bench/bulk/?decide=accept")
    batch = decide_on(client, "decide=accept")
    with django_assert_num_queries(10):
        get(client, f"/bench/batches/{batch.pk}/")
    with django_assert_num_queries(5):
        get(client, "/bench/batches/")
