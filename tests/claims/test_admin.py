"""Review and upkeep in the admin: every decision goes through `claims.review`, and nothing is
changed or deleted beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, Decision, ExtractionRun
from entities.models import Actor, Conflict, Load, Place
from tests.factories import (
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_place,
    make_user,
)

pytestmark = pytest.mark.django_db
CLAIMS = "/admin/claims/claim/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user("chief", superuser=True))
    return client


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def decided(claim: Claim) -> list[tuple[str, str, str]]:
    return list(claim.decisions.values_list("kind", "reason", "by__username"))


def act(client: Client, action: str, claims: list[Claim], **fields: str) -> Any:
    data = {"action": action, "_selected_action": [claim.pk for claim in claims], **fields}
    return client.post(CLAIMS, data, follow=True)


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("accept", "pending", "accepted"),
        ("unverifiable", "pending", "unverifiable"),
        ("reopen", "accepted", "pending"),
    ],
)
def test_actions_decide_on_all_that_are_chosen(
    admin: Client, action: str, before: str, after: str
) -> None:
    claims = [make_claim(state=before), make_claim(state=before)]
    response = act(admin, action, claims)
    assert said(response) == [f"{action}: 2 claims"]
    for claim in claims:
        claim.refresh_from_db()
        assert claim.state == after
        assert decided(claim) == [(action, "", "chief")]


def test_rejecting_many_asks_for_the_reason_first(admin: Client) -> None:
    claims = [make_claim(), make_claim()]
    page = act(admin, "reject", claims).content.decode()
    assert 'name="reason"' in page
    assert page.count("Wagner Group: Soledar captured") == 2
    page = act(admin, "reject", claims, reason=" ").content.decode()
    assert "A rejection needs a reason." in page
    assert not Decision.objects.exists()

    response = act(admin, "reject", claims, reason="Said of the salt mine.")
    assert said(response) == ["reject: 2 claims"]
    for claim in claims:
        claim.refresh_from_db()
        assert claim.state == "rejected"
        assert decided(claim) == [("reject", "Said of the salt mine.", "chief")]


def test_what_cannot_be_decided_is_said_and_the_rest_goes_on(admin: Client) -> None:
    gone, pending = make_claim(state="superseded"), make_claim()
    assert sorted(said(act(admin, "accept", [gone, pending]))) == [
        "Wagner Group: Soledar captured: The claim is superseded: the text as now read does "
        "not hold it.",
        "accept: 1 claim",
    ]


def test_claim_is_decided_on_beside_its_passage(admin: Client) -> None:
    text = "Before it. " * 40 + "Its men have taken Soledar. " + "After it. " * 40
    claim = make_claim(document=make_document(text), quote="Its men have taken Soledar.")
    address = f"{CLAIMS}{claim.pk}/change/"
    page = admin.get(address).content.decode()
    assert "Before it. <mark>Its men have taken Soledar.</mark> After it." in page
    assert page.count("Before it.") == 21
    assert 'name="kind" value="accept"' in page
    assert 'name="kind" value="reopen"' not in page
    assert 'name="_save"' not in page
    assert " style=" not in page

    response = admin.post(address, {"kind": "reject", "reason": ""}, follow=True)
    assert said(response) == ["Wagner Group: Soledar captured: A rejection needs a reason."]
    response = admin.post(address, {"kind": "reject", "reason": "Of the mine."}, follow=True)
    assert said(response) == ["reject: 1 claim"]
    assert decided(claim) == [("reject", "Of the mine.", "chief")]
    assert 'name="kind" value="reject"' not in response.content.decode()


@pytest.mark.parametrize("kind", ["", "correct", "delete"])
def test_other_kinds_of_decision_are_refused(admin: Client, kind: str) -> None:
    claim = make_claim()
    assert admin.post(f"{CLAIMS}{claim.pk}/change/", {"kind": kind}).status_code == 403
    assert decided(claim) == []


def test_who_may_only_look_decides_nothing(client: Client) -> None:
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="view_claim"))
    client.force_login(user)
    claim = make_claim()
    address = f"{CLAIMS}{claim.pk}/change/"
    assert 'name="kind"' not in client.get(address).content.decode()
    assert client.post(address, {"kind": "accept"}).status_code == 403
    for action in ("accept", "reject"):
        act(client, action, [claim], reason="why")
    assert not Decision.objects.exists()


def test_list_can_be_filtered_and_searched(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    make_claim("fighting", claimant="Ukraine", place="Bakhmut")
    for _ in range(5):
        make_claim()
    with django_assert_max_num_queries(12):
        page = admin.get(CLAIMS, {"state__exact": "pending", "q": "Бахмут"}).content.decode()
    assert "Ukraine: fighting in Bakhmut" in page
    assert "Soledar captured" not in page
    page = admin.get(CLAIMS, {"predicate__exact": "captured"}).content.decode()
    assert "fighting in Bakhmut" not in page


@pytest.mark.parametrize(
    "name",
    [
        "claims_claim",
        "claims_decision",
        "claims_extractionrun",
        "sources_document",
        "sources_publisher",
        "entities_actor",
        "entities_place",
        "entities_conflict",
    ],
)
def test_every_list_is_shown_and_offers_no_deletion(admin: Client, name: str) -> None:
    claim = make_claim(state="accepted")
    act(admin, "unverifiable", [claim])
    ExtractionRun.objects.create(document=claim.document, extractor_version="1")
    response = admin.get(reverse(f"admin:{name}_changelist"))
    assert response.status_code == 200
    assert "delete_selected" not in response.content.decode()
    row = response.context["cl"].result_list[0]
    assert admin.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    assert admin.post(reverse(f"admin:{name}_delete", args=[row.pk])).status_code == 403


@pytest.mark.parametrize("name", ["claims_decision", "claims_extractionrun", "sources_document"])
def test_rows_that_are_only_read_cannot_be_posted(admin: Client, name: str) -> None:
    claim = make_claim()
    act(admin, "accept", [claim])
    run = ExtractionRun.objects.create(document=claim.document, extractor_version="1")
    row = {
        "claims_decision": claim.decisions.get(),
        "claims_extractionrun": run,
        "sources_document": claim.document,
    }[name]
    assert admin.post(reverse(f"admin:{name}_change", args=[row.pk]), {}).status_code == 403


def test_failed_runs_can_be_tried_again(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr("claims.admin.wake", lambda: woken.append(True))
    failed, done = (
        ExtractionRun.objects.create(
            document=make_document(f"Text {state}."),
            extractor_version="1",
            state=state,
            attempts=5,
            error="ValueError: no" if state == "failed" else "",
            finished_at=timezone.now(),
        )
        for state in ("failed", "done")
    )
    response = admin.post(
        reverse("admin:claims_extractionrun_changelist"),
        {"action": "try_again", "_selected_action": [failed.pk, done.pk]},
        follow=True,
    )
    assert said(response) == ["1 failed of 2 chosen wait again"]
    assert woken == [True]
    failed.refresh_from_db()
    done.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error, failed.finished_at) == (
        "waiting",
        0,
        "",
        None,
    )
    assert done.state == "done"


def formset(name: str, rows: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    data = {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{name}-{number}-{field}": value for field, value in row.items()}
    return data


def test_saving_an_actor_marks_it_and_folds_its_names(admin: Client) -> None:
    actor = make_actor("Town Guard", kind="unit")
    (name,) = actor.names.all()
    rows = [
        {"id": name.pk, "actor": actor.pk, "name": "Town Guard", "kind": "name", "order": 0},
        {"actor": actor.pk, "name": "Мíська варта", "kind": "name", "order": 1},
    ]
    response = admin.post(
        reverse("admin:entities_actor_change", args=[actor.pk]),
        {
            "slug": actor.slug,
            "name": "Town Guards",
            "kind": "unit",
            **formset("names", rows, initial=1),
            **formset("allegiances", []),
            **formset("speakers", []),
        },
    )
    assert response.status_code == 302
    actor = Actor.objects.get(pk=actor.pk)
    assert (actor.name, actor.edited) == ("Town Guards", True)
    assert set(actor.names.values_list("name", "folded")) == {
        ("Town Guard", "town guard"),
        ("Town Guards", "town guards"),
        ("Мíська варта", "miska varta"),
    }
    assert Load.objects.filter(source="editors").exists()


def test_saving_a_place_marks_it(admin: Client) -> None:
    place = make_place("Newtown", population=10)
    (name,) = place.names.all()
    rows = [{"id": name.pk, "place": place.pk, "name": "Newtown", "order": 0}]
    response = admin.post(
        reverse("admin:entities_place_change", args=[place.pk]),
        {
            "key": place.key,
            "slug": place.slug,
            "name": "Newtown",
            "country": "UA",
            "admin1": "",
            "population": 20,
            **formset("names", rows, initial=1),
        },
    )
    assert response.status_code == 302
    place = Place.objects.get(pk=place.pk)
    assert (place.population, place.edited, place.names.count()) == (20, True, 1)


def test_saving_a_conflict_marks_it_and_its_changed_sides(admin: Client) -> None:
    conflict = make_conflict()
    sides = list(conflict.sides.all())
    rows = [
        {
            "id": side.pk,
            "conflict": conflict.pk,
            "key": side.key,
            "name": side.name,
            "colour": "#123456" if side.key == "russia" else side.colour,
            "order": side.order,
        }
        for side in sides
    ]
    response = admin.post(
        reverse("admin:entities_conflict_change", args=[conflict.pk]),
        {"slug": "ukraine", "name": "War", "regions": "UA", **formset("sides", rows, len(rows))},
    )
    assert response.status_code == 302
    assert Conflict.objects.get().edited
    assert set(conflict.sides.values_list("key", "colour", "edited")) == {
        ("russia", "#123456", True),
        ("ukraine", "#1f77c9", False),
    }


def test_place_is_found_by_any_spelling(admin: Client) -> None:
    make_place()
    make_place("Bakhmut")
    response = admin.get(reverse("admin:entities_place_changelist"), {"q": "Соледар"})
    assert [place.name for place in response.context["cl"].result_list] == ["Soledar"]
