"""Upkeep in the admin: for who manages all conflicts, and nothing of what the bench does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Batch, Decision, ExtractionRun, ReviewPolicy, SavedFilter
from claims.names import ruling as naming
from claims.review.decisions import decide
from entities.models import Actor, Conflict, Load, Place
from sources.models import Intake
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


def test_claims_are_read_here_and_decided_on_at_the_bench(admin: Client) -> None:
    text = "Before it. " * 40 + "Its men have taken Soledar. " + "After it. " * 40
    claim = make_claim(document=make_document(text), quote="Its men have taken Soledar.")
    address = f"{CLAIMS}{claim.pk}/change/"
    page = admin.get(address).content.decode()
    assert "Before it. <mark>Its men have taken Soledar.</mark> After it." in page
    assert page.count("Before it.") == 21
    assert f'<a href="/bench/claims/{claim.pk}/">at the bench</a>' in page
    assert 'name="_save"' not in page
    assert 'name="kind"' not in page
    assert " style=" not in page
    assert admin.post(address, {"kind": "accept"}).status_code == 403
    data = {"action": "accept", "_selected_action": [claim.pk]}
    admin.post(CLAIMS, data, follow=True)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("role", "conflict", "status"),
    [
        ("administrator", False, 200),
        ("administrator", True, 302),
        ("adjudicator", False, 302),
        ("reader", False, 302),
        ("", False, 302),
    ],
)
def test_it_is_for_who_manages_all_conflicts(
    client: Client, role: str, conflict: bool, status: int
) -> None:
    where = make_conflict() if conflict else None
    client.force_login(make_user("ann", role=role, conflict=where, is_staff=False))
    for address in ("/admin/", CLAIMS, "/admin/entities/place/add/"):
        assert client.get(address).status_code == status
    page = client.get("/").content.decode()
    assert ('href="/admin/"' in page) is (status == 200)


def test_accounts_are_for_superusers_alone(client: Client) -> None:
    """Who could change them could make himself one."""
    client.force_login(make_user("ann", role="administrator", is_staff=False))
    assert "auth/user" not in client.get("/admin/").content.decode()
    assert client.get("/admin/auth/user/").status_code == 403
    assert client.get("/admin/auth/group/add/").status_code == 403


def test_an_administrator_who_is_demoted_has_no_permission_left(client: Client) -> None:
    user = make_user("ann", role="administrator")
    client.force_login(user)
    assert client.get(CLAIMS).status_code == 200
    user.memberships.update(role="adjudicator")
    assert client.get(CLAIMS).status_code == 403


def test_lists_are_grouped_by_what_they_are_about(admin: Client) -> None:
    groups = {
        group["name"]: [model["object_name"] for model in group["models"]]
        for group in admin.get("/admin/").context["app_list"]
    }
    assert groups == {
        "Claims": ["Claim", "Decision", "Batch", "QueuedClaim"],
        "Names": ["Conflict", "Actor", "Place", "NameDecision"],
        "Sources": ["Publisher", "Document", "Intake", "ExtractionRun"],
        "People": ["User", "Group", "Membership", "ReviewPolicy", "SavedFilter"],
    }


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


READ_ONLY = (
    *("claims_claim", "claims_decision", "claims_batch", "claims_queuedclaim"),
    *("claims_namedecision", "claims_membership", "claims_reviewpolicy", "claims_savedfilter"),
    *("claims_extractionrun", "sources_document", "sources_intake"),
)
CHANGED_HERE = ("sources_publisher", "entities_actor", "entities_place", "entities_conflict")


@pytest.fixture
def rows() -> dict[str, Any]:
    """One of each list."""
    user, claim = make_user(), make_claim()
    decision = decide(claim=claim, kind="accept", by=user)
    return {
        "claims_claim": claim,
        "claims_decision": decision,
        "claims_batch": Batch.objects.create(kind="accept", by=user),
        "claims_queuedclaim": make_claim().queued,
        "claims_namedecision": naming.ignore(kind="actor", name="Nobody", by=user).decision,
        "claims_membership": user.memberships.get(),
        "claims_reviewpolicy": ReviewPolicy.objects.create(second_reading="all"),
        "claims_savedfilter": SavedFilter.objects.create(user=user, name="mine", query="q=x"),
        "claims_extractionrun": ExtractionRun.objects.create(
            document=claim.document, extractor_version="1"
        ),
        "sources_document": claim.document,
        "sources_intake": Intake.objects.create(way="pasted", by=user),
        "sources_publisher": claim.document.publisher,
        "entities_actor": claim.claimant,
        "entities_place": claim.place,
        "entities_conflict": claim.place.conflict,
    }


@pytest.mark.parametrize("name", [*READ_ONLY, *CHANGED_HERE])
def test_every_list_is_shown_searched_and_offers_no_deletion(
    admin: Client, rows: dict[str, Any], name: str
) -> None:
    address, pk = reverse(f"admin:{name}_changelist"), rows[name].pk
    response = admin.get(address)
    assert response.status_code == 200
    assert "delete_selected" not in response.content.decode()
    assert admin.get(address, {"q": "Soledar"}).status_code == 200
    assert admin.get(reverse(f"admin:{name}_change", args=[pk])).status_code == 200
    assert admin.post(reverse(f"admin:{name}_delete", args=[pk])).status_code == 403


@pytest.mark.parametrize("name", READ_ONLY)
def test_rows_that_are_only_read_cannot_be_posted(
    admin: Client, rows: dict[str, Any], name: str
) -> None:
    address = reverse(f"admin:{name}_change", args=[rows[name].pk])
    assert admin.post(address, {}).status_code == 403
    assert admin.get(reverse(f"admin:{name}_add")).status_code == 403
    assert 'name="_save"' not in admin.get(address).content.decode()


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
