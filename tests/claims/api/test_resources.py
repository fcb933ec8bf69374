"""Resources of the API: what each answers, sorted, boxed and sparse as asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from claims.derive import derive
from claims.models import Claim
from sources.models import Publisher
from tests.factories import make_actor, make_claim, make_conflict, make_document, make_place
from tests.factories import make_user as a_user

pytestmark = pytest.mark.django_db


def get(client: Client, address: str, /, **parameters: Any) -> Any:
    response = client.get(f"/api/v1/{address}", parameters)
    assert response.status_code == 200, response.content
    return response.json()


def refused(client: Client, address: str, /, **parameters: Any) -> dict[str, Any]:
    """What is said of the one parameter that is not valid."""
    response = client.get(f"/api/v1/{address}", parameters)
    assert response.status_code == 400
    (fault,) = response.json()["parameters"]
    told: dict[str, Any] = fault
    return told


def all_ids(client: Client, address: str) -> list[str]:
    found, next_one = [], f"/api/v1/{address}"
    while next_one:
        page = client.get(next_one).json()
        found += [row["id"] for row in page["results"]]
        next_one = page["next"]
    return found


def test_conflicts_and_their_sides(client: Client) -> None:
    conflict = make_conflict()
    row = get(client, "conflicts/ukraine/")
    (listed,) = get(client, "conflicts/")["results"]
    assert row == listed
    assert row == {
        "id": str(conflict.pk),
        "slug": "ukraine",
        "name": "Russo-Ukrainian war",
        "regions": ["UA"],
        "sides": [
            {"key": "ukraine", "name": "Ukraine", "colour": "#1f77c9"},
            {"key": "russia", "name": "Russia", "colour": "#d1495b"},
        ],
    }
    sides = get(client, "sides/", conflict="ukraine")["results"]
    assert [(one["conflict"], one["key"], one["order"]) for one in sides] == [
        ("ukraine", "ukraine", 0),
        ("ukraine", "russia", 1),
    ]
    assert get(client, f"sides/{sides[0]['id']}/") == sides[0]
    assert get(client, "sides/", conflict="sudan")["results"] == []


def test_places_are_there_whether_somebody_claims_them_or_not(client: Client) -> None:
    claimed = make_claim().place
    other = make_place("Bakhmut", latitude=48.59, longitude=38.0, provisional=True)
    assert [row["name"] for row in get(client, "places/")["results"]] == ["Bakhmut", "Soledar"]
    assert get(client, f"places/{other.pk}/")["names"] == ["Bakhmut", "Бахмут", "Artemivsk"]
    for parameters, found in (
        ({"claimed": "true"}, [claimed]),
        ({"claimed": "false"}, [other]),
        ({"provisional": "true"}, [other]),
        ({"search": "артем"}, [other]),
        ({"search": "бахм"}, [other]),
        ({"country": "ua", "conflict": "ukraine"}, [other, claimed]),
        ({"bbox": "38.05,48,39,49"}, [claimed]),
        ({"bbox": "170,-90,38.05,90"}, [other]),
        ({"geonameid": 1}, []),
    ):
        rows = get(client, "places/", **parameters)["results"]
        assert [row["id"] for row in rows] == [str(place.pk) for place in found], parameters


def test_publishers(client: Client) -> None:
    make_document()
    free = Publisher.objects.create(
        name="Open Herald", licence="CC BY 4.0", texts_may_be_given_on=True
    )
    rows = get(client, "publishers/")["results"]
    assert [(row["name"], row["documents"]) for row in rows] == [
        ("Example Courier", 1),
        ("Open Herald", 0),
    ]
    (row,) = get(client, "publishers/", texts_may_be_given_on="true")["results"]
    assert (row["id"], row["licence"]) == (str(free.pk), "CC BY 4.0")
    (row,) = get(client, "publishers/", search="cour")["results"]
    assert row["name"] == "Example Courier"


def test_texts_leave_only_where_they_may(client: Client) -> None:
    ours = make_document("A text of ours.", provenance="retold")
    theirs = make_document("A text of theirs.")
    client.force_login(a_user(superuser=True))
    assert get(client, f"documents/{ours.pk}/")["text"] == "A text of ours."
    assert get(client, f"documents/{theirs.pk}/")["text"] is None
    Publisher.objects.update(texts_may_be_given_on=True)
    assert get(client, f"documents/{theirs.pk}/")["text"] == "A text of theirs."


def test_documents_of_an_interval(client: Client) -> None:
    early = make_document("One.", published=datetime(2023, 1, 10, 12, tzinfo=UTC))
    late = make_document("Two.", published=datetime(2023, 1, 12, 12, tzinfo=UTC))
    for span, found in (
        ("2023-01-10/2023-01-11", [early]),
        ("2023-01-12T12:00:00Z/..", [late]),
        ("../2023-01-12", [late, early]),
    ):
        rows = get(client, "documents/", datetime=span)["results"]
        assert [row["id"] for row in rows] == [str(one.pk) for one in found], span
    rows = get(client, "documents/", sort="published")["results"]
    assert [row["id"] for row in rows] == [str(early.pk), str(late.pk)]
    assert refused(client, "documents/", datetime="2023")["name"] == "datetime"


def test_fields_that_are_asked_for_alone(client: Client) -> None:
    claim = make_claim()
    (row,) = get(client, "claims/", fields="id,label")["results"]
    assert row == {"id": str(claim.pk), "label": "Wagner Group: Soledar captured"}
    assert get(client, f"claims/{claim.pk}/", fields="relations, version") == {
        "relations": [],
        "version": 1,
    }
    for address, fields, expected in (
        ("towns/", "name,status", {"name": "Soledar", "status": "unknown"}),
        ("places/", "name,country", {"name": "Soledar", "country": "UA"}),
        ("conflicts/", "slug", {"slug": "ukraine"}),
        ("documents/", "title", {"title": "Who holds Soledar?"}),
        ("actors/", "slug", {"slug": "wagner-group"}),
    ):
        (row,) = get(client, address, fields=fields)["results"]
        assert row == expected


def test_fields_that_there_are_not_are_refused_with_those_there_are(client: Client) -> None:
    make_claim()
    fault = refused(client, "claims/", fields="id,text")
    assert (fault["name"], fault["detail"]) == ("fields", "There is no such field. “text”")
    assert {"id", "label", "updated_at", "document"} <= set(fault["valid"])
    assert refused(client, "publishers/", fields="texts")["name"] == "fields"


@pytest.mark.parametrize("sort", ["asserted_on", "published", "town", "confidence", "state", "id"])
@pytest.mark.parametrize("turned", [False, True])
def test_sorted_pages_join_without_gap_or_overlap(client: Client, sort: str, turned: bool) -> None:
    for day in (10, 11, 11, 11, 10, 12, 11):
        make_claim(
            place=("Soledar", "Bakhmut")[day % 2],
            asserted_on=date(2023, 1, day),
            confidence=day / 20,
            state=("pending", "accepted")[day % 2],
        )
    column = {"published": "document__published", "town": "place__name"}.get(sort, sort)
    turn = "-" if turned else ""
    expected = Claim.objects.order_by(f"{turn}{column}", f"{turn}id").values_list("id", flat=True)
    found = all_ids(client, f"claims/?page_size=2&sort={turn}{sort}")
    assert found == [str(id_) for id_ in expected]


def test_a_cursor_is_of_its_own_order(client: Client) -> None:
    for _ in range(2):
        make_claim()
    page = get(client, "claims/", sort="asserted_on", page_size=1)
    other = page["next"].replace("sort=asserted_on", "sort=-asserted_on")
    assert client.get(other).status_code == 400
    fault = refused(client, "claims/", sort="size")
    assert fault["valid"][:4] == ["id", "-id", "asserted_on", "-asserted_on"]


@pytest.fixture
def soledar() -> Claim:
    """Wagner's claim of the 10th, and Kyiv's denial of the 11th, both verified."""
    claim = make_claim(asserted_on=date(2023, 1, 10), state="accepted")
    make_claim(
        claimant="Ukraine",
        subject="Wagner Group",
        stance="denies",
        asserted_on=date(2023, 1, 11),
        state="accepted",
    )
    derive({claim.place_id})
    return claim


def test_the_status_on_a_day(client: Client, soledar: Claim) -> None:
    address = f"towns/{soledar.place_id}/status/"
    for day, status, freshness in (
        ("2023-01-10", "claimed russia", "fresh"),
        ("2023-01-11", "contested", "fresh"),
        ("2023-02-20", "contested", "ageing"),
    ):
        answer = get(client, address, at=day)
        (band,) = answer["bands"]
        assert (answer["at"], band["status"], band["freshness"]) == (day, status, freshness)
    assert get(client, address, at="2023-01-09")["bands"] == []
    (band,) = get(client, address, at="2023-01-11", known_on="2023-01-10")["bands"]
    assert band["status"] == "claimed russia"


def test_a_status_is_told_from_claims_where_it_is_not_derived_yet(
    client: Client, soledar: Claim
) -> None:
    address = f"towns/{soledar.place_id}/status/"
    derived = get(client, address)
    make_claim("fighting", claimant=None, state="accepted", asserted_on=date(2023, 1, 11))
    waiting = get(client, address)
    derive({soledar.place_id})
    assert get(client, address) == waiting
    assert [band["status"] for band in derived["bands"]] == ["claimed russia", "contested"]


def test_towns_at_a_day_and_as_known_then(client: Client, soledar: Claim) -> None:
    for parameters, expected in (
        ({}, ("contested", "2023-01-11", 2, "2023-01-11")),
        ({"at": "2023-01-10"}, ("claimed russia", "2023-01-10", 1, "2023-01-10")),
        ({"known_on": "2023-01-10"}, ("claimed russia", "2023-01-10", 1, "2023-01-10")),
        ({"known_on": "2023-01-11"}, ("contested", "2023-01-11", 2, "2023-01-11")),
        (
            {"known_on": "2023-01-11", "at": "2023-01-10"},
            ("claimed russia", "2023-01-10", 2, "2023-01-11"),
        ),
        ({"as_of": "2999-01-01"}, ("contested", "2023-01-11", 2, "2023-01-11")),
        ({"status": "contested", "at": "2023-01-12"}, ("contested", "2023-01-11", 2, "2023-01-11")),
    ):
        (town,) = get(client, "towns/", **parameters)["results"]
        told = (town["status"], town["since"], town["live_claims"], town["latest_on"])
        assert told == expected, parameters
    for parameters in (
        {"at": "2023-01-09"},
        {"known_on": "2023-01-09"},
        {"as_of": "2023-01-12"},
        {"bbox": "0,0,1,1"},
        {"country": "SD"},
    ):
        assert get(client, "towns/", **parameters)["results"] == [], parameters
    fault = refused(client, "towns/", known_on="2023-01-10", status="contested")
    assert fault == {"name": "status", "detail": "cannot be given with known_on."}


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("towns/?known_on=2023-01-31", 8),
        ("towns/?at=2023-01-31", 6),
        ("places/", 2),
        ("conflicts/", 2),
        ("sides/", 1),
        ("publishers/", 1),
        ("claims/?sort=published&fields=id", 6),
    ],
)
def test_queries_do_not_grow_with_rows(
    client: Client, django_assert_num_queries: Any, address: str, queries: int
) -> None:
    make_claim(state="accepted")
    for _ in range(2):
        with django_assert_num_queries(queries):
            get(client, address)
        make_claim(place="Bakhmut", claimant=make_actor("Somebody"), state="accepted")
        make_claim(place="Bakhmut", state="accepted")
