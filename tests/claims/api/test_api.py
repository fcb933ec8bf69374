"""The API as a program sees it: what each address answers, and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pgtrigger
import pytest
from django.core.management import call_command
from django.test import Client

from claims.derive import derive
from claims.models import Claim, ExtractionRun
from sources.ingest import text_hash
from tests.factories import make_actor, make_claim, make_document, make_user

pytestmark = pytest.mark.django_db


def get(client: Client, address: str, code: int = 200, /, **parameters: Any) -> Any:
    response = client.get(f"/api/v1/{address}", parameters)
    kind = "application/json" if code < 400 else "application/problem+json"
    assert (response.status_code, response["Content-Type"]) == (code, kind)
    return response.json()


@pytest.fixture
def soledar() -> dict[str, Claim]:
    """10 to 13 January 2023: Wagner's claim is verified; Kyiv's denial waits."""
    claims = {
        "wagner": make_claim(asserted_on=date(2023, 1, 10), state="accepted"),
        "kyiv": make_claim(
            claimant="Ukraine",
            subject="Wagner Group",
            stance="denies",
            asserted_on=date(2023, 1, 11),
        ),
        "washington": make_claim(
            claimant="United States",
            subject="Russia",
            stance="unconfirmed",
            asserted_on=date(2023, 1, 13),
            state="accepted",
        ),
    }
    derive({claims["wagner"].place_id})
    return claims


@pytest.mark.parametrize(
    "search", ["Soledar", "soled", "Соледар", "СОЛÉДАР", "karlo libknekhtivsk"]
)
def test_search_finds_a_town_by_any_spelling(
    client: Client, soledar: dict[str, Claim], search: str
) -> None:
    make_claim(place="Bakhmut")
    town = soledar["wagner"].place
    (found,) = get(client, "towns/", search=search)["results"]
    assert found == {
        "id": str(town.id),
        "name": "Soledar",
        "url": f"http://testserver/towns/soledar-{town.short_id}/",
        "status": "claimed russia",
        "status_with_pending": "contested",
        "since": "2023-01-10",
        "conflict": "ukraine",
        "country": "UA",
        "admin1": "Donetsk Oblast",
        "latitude": 48.68,
        "longitude": 38.09,
        "population": 10000,
        "provisional": False,
        "live_claims": 3,
        "pending_claims": 1,
        "latest_on": "2023-01-13",
    }


def test_search_that_nothing_fits(client: Client, soledar: dict[str, Claim]) -> None:
    assert get(client, "towns/", search="edar")["results"] == []


def test_town_with_pending_claims_alone_is_unknown(client: Client) -> None:
    derive({make_claim(asserted_on=date(2023, 1, 10)).place_id})
    (found,) = get(client, "towns/")["results"]
    assert (found["status"], found["since"]) == ("unknown", None)
    assert found["status_with_pending"] == "claimed russia"
    (found,) = get(client, "towns/", include_pending="true")["results"]
    assert (found["status"], found["since"]) == ("claimed russia", "2023-01-10")


def test_town_without_a_live_claim_is_in_no_list_but_has_its_address(client: Client) -> None:
    place = make_claim(state="rejected").place
    assert get(client, "towns/")["results"] == []
    town = get(client, f"towns/{place.id}/")
    assert (town["status"], town["live_claims"]) == ("unknown", 0)


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"status": "claimed"}, ["Soledar"]),
        ({"status": "contested"}, []),
        ({"status": "contested", "include_pending": "true"}, ["Soledar"]),
        ({"status": "unknown"}, ["Bakhmut"]),
        ({"conflict": "ukraine"}, ["Bakhmut", "Soledar"]),
        ({"conflict": "sudan"}, []),
        ({"search": ""}, ["Bakhmut", "Soledar"]),
    ],
)
def test_filters_of_towns(
    client: Client, soledar: dict[str, Claim], parameters: dict[str, str], names: list[str]
) -> None:
    make_claim(place="Bakhmut")
    found = get(client, "towns/", **parameters)["results"]
    assert [town["name"] for town in found] == names


def test_a_town(client: Client, soledar: dict[str, Claim]) -> None:
    town = get(client, f"towns/{soledar['wagner'].place_id}/")
    assert town["names"] == ["Soledar", "Солéдар", "Соледар", "Karlo-Libknekhtivsk"]
    assert [side["key"] for side in town["conflict"]["sides"]] == ["ukraine", "russia"]
    assert client.get(town["status_url"]).status_code == 200
    assert client.get(town["timeline_url"]).status_code == 200


def test_status_counts_verified_claims_unless_told_otherwise(
    client: Client, soledar: dict[str, Claim]
) -> None:
    address = f"towns/{soledar['wagner'].place_id}/status/"
    answer = get(client, address, known_on="2023-01-15")
    assert (answer["known_on"], answer["include_pending"]) == ("2023-01-15", False)
    assert answer["town"]["name"] == "Soledar"
    assert answer["parts"] == []
    assert answer["bands"] == [
        {
            "from": "2023-01-10",
            "to": None,
            "status": "claimed russia",
            "kind": "claimed",
            "sides": ["russia"],
            "holder": "russia",
            "divided": [],
            "by_own_word": False,
            "rule": 4,
            "version": "v1",
            "deciding": [str(soledar["wagner"].id)],
            "freshness": "fresh",
            "last_word_on": "2023-01-10",
        }
    ]
    answer = get(client, address, include_pending="true")
    assert [(band["from"], band["to"], band["status"]) for band in answer["bands"]] == [
        ("2023-01-10", "2023-01-10", "claimed russia"),
        ("2023-01-11", None, "contested"),
    ]
    assert answer["bands"][1]["freshness"] == "stale"


def test_status_as_known_on_a_day(client: Client, soledar: dict[str, Claim]) -> None:
    address = f"towns/{soledar['wagner'].place_id}/status/"
    answer = get(client, address, include_pending="true", known_on="2023-01-10")
    assert [band["status"] for band in answer["bands"]] == ["claimed russia"]
    assert get(client, address, known_on="2023-01-09")["bands"] == []


def test_status_as_of_a_time(client: Client, soledar: dict[str, Claim]) -> None:
    """What was recorded: the denial was found on 2 March 2024, Wagner's claim accepted then."""
    march = datetime(2024, 3, 1, 12, tzinfo=UTC)
    with pgtrigger.ignore("claims.ClaimEvent:append_only"):
        events = Claim._meta.get_field("events").related_model._default_manager
        events.update(pgh_created_at=march + timedelta(days=1))
        events.filter(pgh_obj=soledar["wagner"]).update(pgh_created_at=march, state="pending")
    town = f"towns/{soledar['wagner'].place_id}"
    answer = get(client, f"{town}/status/", as_of="2024-03-01", include_pending="1")
    assert answer["as_of"] == "2024-03-01T23:59:59.999999Z"
    assert [(band["status"], band["freshness"]) for band in answer["bands"]] == [
        ("claimed russia", "stale")
    ]
    assert get(client, f"{town}/status/", as_of="2024-03-01")["bands"] == []
    for early in ("2024-02-29", "2024-03-01T11:59:59Z", "2024-03-01T13:59+02:00"):
        assert get(client, f"{town}/status/", as_of=early, include_pending="1")["bands"] == []
    answer = get(client, f"{town}/timeline/", as_of="2024-03-02", include_pending="1")
    assert [(claim["label"], claim["state"]) for claim in answer["results"]] == [
        ("Wagner Group: Soledar captured", "pending"),
        ("Ukraine denies: Soledar captured by Wagner Group", "pending"),
        ("United States cannot confirm: Soledar captured by Russia", "accepted"),
    ]
    assert [band["status"] for band in answer["bands"]] == ["claimed russia", "contested"]
    page = get(client, f"{town}/timeline/", as_of="2024-03-02", include_pending="1", page_size=2)
    assert [claim["label"] for claim in client.get(page["next"]).json()["results"]] == [
        "United States cannot confirm: Soledar captured by Russia"
    ]


def test_status_as_of_a_time_and_as_known_on_a_day(
    client: Client, soledar: dict[str, Claim]
) -> None:
    """Freshness is that of the earlier of the two days."""
    address = f"towns/{soledar['wagner'].place_id}/status/"
    (band,) = get(client, address, as_of="2999-01-01", known_on="2023-01-10")["bands"]
    assert (band["status"], band["freshness"]) == ("claimed russia", "fresh")


def test_status_of_a_part(client: Client) -> None:
    claim = make_claim(place="Bakhmut", extent="part", part_label="east", state="accepted")
    (part,) = get(client, f"towns/{claim.place_id}/status/")["parts"]
    assert part["label"] == "east"
    assert [band["status"] for band in part["bands"]] == ["claimed russia"]


def test_timeline_holds_bands_and_claims(client: Client, soledar: dict[str, Claim]) -> None:
    address = f"towns/{soledar['wagner'].place_id}/timeline/"
    answer = get(client, address)
    assert [claim["label"] for claim in answer["results"]] == [
        "Wagner Group: Soledar captured",
        "United States cannot confirm: Soledar captured by Russia",
    ]
    answer = get(client, address, include_pending="1", known_on="2023-01-11", page_size=1)
    assert [band["status"] for band in answer["bands"]] == ["claimed russia", "contested"]
    assert [claim["label"] for claim in answer["results"]] == ["Wagner Group: Soledar captured"]
    answer = client.get(answer["next"]).json()
    assert [claim["label"] for claim in answer["results"]] == [
        "Ukraine denies: Soledar captured by Wagner Group"
    ]
    assert answer["next"] is None


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({}, ["washington", "kyiv", "wagner"]),
        ({"claimant": "ukraine"}, ["kyiv"]),
        ({"side": "russia"}, ["wagner"]),
        ({"stance": "denies"}, ["kyiv"]),
        ({"stance": ["denies", "asserts"]}, ["kyiv", "wagner"]),
        ({"predicate": "holds"}, []),
        ({"state": "pending"}, ["kyiv"]),
        ({"state": "rejected"}, []),
        ({"asserted_from": "2023-01-11"}, ["washington", "kyiv"]),
        ({"asserted_from": "2023-01-11", "asserted_to": "2023-01-12"}, ["kyiv"]),
        ({"conflict": "ukraine"}, ["washington", "kyiv", "wagner"]),
        ({"conflict": "sudan"}, []),
        ({"town": "00000000-0000-7000-8000-000000000000"}, []),
        ({"town": "СОЛЕДАР"}, ["washington", "kyiv", "wagner"]),
        ({"claimant": "Wagner Group"}, ["wagner"]),
        ({"subject": "russia"}, ["washington"]),
        ({"actor": "wagner-group"}, ["kyiv", "wagner"]),
        ({"include_pending": "false"}, ["washington", "wagner"]),
        ({"state": "verified"}, ["washington", "wagner"]),
        ({"publisher": "example courier"}, ["washington", "kyiv", "wagner"]),
        ({"published_from": "2023-01-11", "published_to": "2023-01-11"}, ["kyiv"]),
        ({"event_from": "2023-01-01"}, []),
        ({"q": "captured karlo-libknekhtivsk -ukraine"}, ["washington", "wagner"]),
    ],
)
def test_filters_of_claims(
    client: Client, soledar: dict[str, Claim], parameters: dict[str, Any], names: list[str]
) -> None:
    found = get(client, "claims/", **parameters)["results"]
    assert [row["id"] for row in found] == [str(soledar[name].id) for name in names]


def test_side_is_that_of_the_day(client: Client) -> None:
    actor = make_actor("Town Guard", side="russia", kind="unit", until=date(2023, 1, 10))
    before = make_claim(claimant=actor, asserted_on=date(2023, 1, 10))
    make_claim(claimant=actor, asserted_on=date(2023, 1, 11))
    (found,) = get(client, "claims/", side="russia")["results"]
    assert (found["id"], found["side"]) == (str(before.id), "russia")


def test_a_claim(client: Client) -> None:
    claim = make_claim(
        speaker="a spokesman", quote="its men have taken Soledar", cue="have taken", confidence=0.8
    )
    row = get(client, f"claims/{claim.id}/")
    assert row["label"] == "Wagner Group: Soledar captured"
    assert row["url"] == f"http://testserver/claims/{claim.id}/"
    assert row["speaker"] == "a spokesman"
    assert row["claimant"] == {
        "id": str(claim.claimant_id),
        "slug": "wagner-group",
        "name": "Wagner Group",
        "kind": "movement",
    }
    (evidence,) = row["evidence"]
    assert evidence == {
        "start": 27,
        "end": 53,
        "quote": "its men have taken Soledar",
        "cue": "have taken",
    }
    assert claim.document.text[27:53] == evidence["quote"]
    assert row["document"]["publisher"] == "Example Courier"


def test_a_publishers_own_claim_has_no_claimant(client: Client) -> None:
    claim = make_claim("fighting", claimant=None)
    row = get(client, f"claims/{claim.id}/")
    assert (row["claimant"], row["side"], row["subject"]) == (None, None, None)
    assert row["label"] == "Example Courier: fighting in Soledar"


def test_documents(client: Client) -> None:
    document = make_document(published=datetime(2023, 1, 11, 22, tzinfo=UTC), published_offset=180)
    make_claim(document=document)
    other = make_document("Another text.", publisher="Example Herald")
    ExtractionRun.objects.create(
        document=other,
        extractor_version="1",
        state="failed",
        error="why",
        finished_at=datetime.now(UTC),
    )
    rows = get(client, "documents/")["results"]
    assert [(row["extraction"], row["live_claims"]) for row in rows] == [
        ("failed", 0),
        ("waiting", 1),
    ]
    assert "text" not in rows[0]
    row = get(client, f"documents/{document.id}/")
    assert row["text"] is None  # nobody has said that it may be given on
    assert row["published_utc"] == "2023-01-11T22:00:00Z"
    assert row["text_hash"] == text_hash(document.text)
    assert [quotation["quote"] for quotation in row["quotations"]] == [
        "The Wagner Group says that its men have taken Soledar."
    ]
    assert row["published"] == "2023-01-12T01:00:00+03:00"
    assert row["url"] == f"http://testserver/documents/{document.id}/"
    (found,) = get(client, "documents/", publisher="example herald")["results"]
    assert found["id"] == str(other.id)
    (found,) = get(
        client,
        "documents/",
        published_from="2023-01-11",
        conflict="ukraine",
        published_to="2023-01-11",
        publisher="Example Courier",
    )["results"]
    assert found["id"] == str(document.id)
    assert get(client, "documents/", published_to="2023-01-10")["results"] == []


def test_actors(client: Client) -> None:
    wagner = make_actor(names=["Вагнер"], speakers=["Yevgeny Prigozhin"])
    make_actor("United States")
    (row,) = get(client, "actors/", search="вагн")["results"]
    assert row == get(client, f"actors/{wagner.id}/")
    assert row["allegiances"] == [
        {"conflict": "ukraine", "side": "russia", "since": None, "until": None}
    ]
    assert row["names"] == ["Wagner Group", "Вагнер"]
    assert row["speakers"][0]["names"] == ["Yevgeny Prigozhin"]
    assert len(get(client, "actors/")["results"]) == 2
    assert [row["slug"] for row in get(client, "actors/", side="russia")["results"]] == [
        "wagner-group"
    ]
    assert get(client, "actors/", conflict="sudan")["results"] == []
    assert [row["slug"] for row in get(client, "actors/", kind="state")["results"]] == [
        "united-states"
    ]


@pytest.mark.parametrize(
    "address",
    [
        "towns/{id}/",
        "towns/{id}/status/",
        "towns/{id}/timeline/",
        "claims/{id}/",
        "documents/{id}/",
        "actors/{id}/",
        "towns/soledar/",
        "nothing/here/",
    ],
)
def test_what_is_not_there(client: Client, address: str) -> None:
    make_claim()
    told = get(client, address.format(id=uuid4()), 404)
    assert (told["type"], told["title"], told["status"]) == ("about:blank", "Not Found", 404)


def test_pages_join_without_gap_or_overlap(client: Client) -> None:
    ids = [str(make_claim().id) for _ in range(5)]
    seen, address = [], "/api/v1/claims/?page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
        if len(seen) == 2:
            make_claim()  # what comes in between is newer, and moves nothing
    assert seen == ids[::-1]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_refused(client: Client, method: str) -> None:
    client.force_login(make_user(superuser=True))
    address = f"/api/v1/claims/{make_claim().id}/"
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", ["/api/v1/towns/", "/api/schema/"])
def test_reading_needs_a_login_where_it_is_not_public(
    client: Client, settings: Any, address: str
) -> None:
    settings.PUBLIC_READING = False
    assert client.get(address).status_code == 401
    client.force_login(make_user())
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("towns/", 4),
        ("towns/{town}/status/", 2),
        ("towns/{town}/timeline/", 7),
        ("claims/", 6),
        ("documents/", 1),
        ("actors/", 6),
    ],
)
def test_queries_do_not_grow_with_rows(
    client: Client, django_assert_num_queries: Any, address: str, queries: int
) -> None:
    claim = make_claim("holds", claimant="Ukraine", subject="Russia", state="accepted")
    address = address.format(town=claim.place_id)
    for _ in range(2):
        derive({claim.place_id})
        with django_assert_num_queries(queries):
            get(client, address)
        for town in ("Soledar", "Bakhmut"):
            make_claim(place=town, state="accepted")
            make_claim("fighting", place=town, claimant="Armed Forces of Ukraine")


def test_schema_is_valid_and_without_warnings(tmp_path: Any) -> None:
    file = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    assert "/api/v1/towns/{id}/timeline/:" in file.read_text()


def test_description_for_people_names_every_end_point_and_parameter(client: Client) -> None:
    response = client.get("/api/")
    page = response.content.decode()
    for text in (
        "/api/v1/towns/{id}/status/",
        "/api/v1/claims/",
        "known_on",
        "asserted_from",
        "status_with_pending",
        "last_word_on",
        "/api/schema/",
    ):
        assert f"<code>{text}</code>" in page
    assert "<script>" not in page
    assert " style=" not in page
