"""A war that no pack knows, from ingest to the page of its towns: made-up towns and movements."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from claims.models import Claim
from claims.timeline import timeline
from entities.models import Actor, Allegiance, Place
from tests.factories import make_actor
from tests.reading import read

FIRST = (
    "The Front for Dawn in Chad (FDC) said on Monday that it had captured Harrok.\n\n"
    "Chad's army denied that Harrok had fallen. A spokesman for President Idran Tolbe said "
    "fighting was continuing in Harrok.\n\n"
    "The rebels seized the village of Oumkessa on Sunday, an FDC commander said."
)
SECOND = (
    "Chad's defence ministry said on Friday that its troops had withdrawn from Harrok.\n\n"
    "The Front for Dawn in Chad said that its fighters were in full control of Harrok."
)


def article(id_: str, day: str, text: str) -> str:
    return json.dumps(
        {"id": id_, "publisher": "Harrow Gazette", "published": f"{day}T18:00:00+01:00",
         "title": "", "text": text}
    )  # fmt: skip


def dump(tmp_path: Path) -> Path:
    """A GeoNames dump of one town in Chad, and of one of its name elsewhere."""
    path = tmp_path / "TD.txt"
    rows = [("9000001", "TD", "13.4", "14.7"), ("9000002", "TH", "14.4", "103.1")]
    path.write_text(
        "".join(
            f"{id_}\tHarrok\tHarrok\t\t{lat}\t{lon}\tP\tPPL\t{country}\t\t05\t\t\t\t12000\t\t300"
            "\tUTC\t2030-01-01\n"
            for id_, country, lat, lon in rows
        ),
        encoding="utf-8",
    )
    return path


@pytest.fixture
def harrok(db: None, tmp_path: Path) -> Place:
    make_actor("Chad", kind="state", official=True)
    make_actor("Wagner Group")  # of a war that a pack knows
    call_command("import_geonames", str(dump(tmp_path)), stdout=StringIO())
    documents = tmp_path / "docs.jsonl"
    lines = [article("1", "2031-05-12", FIRST), article("2", "2031-05-16", SECOND)]
    documents.write_text("\n".join(lines) + "\n", encoding="utf-8")
    call_command("ingest", str(documents), stdout=StringIO())
    call_command("process", stdout=StringIO(), stderr=StringIO())
    return Place.objects.get(key="gn-9000001")


def test_from_ingest_to_the_page(harrok: Place, client: Client) -> None:
    assert harrok.conflict is None
    assert not Claim.objects.filter(place__key="gn-9000002").exists()
    status = timeline(harrok).with_pending
    said = [(band.start, band.text(), band.rule) for band in status.bands]
    assert said == [
        (date(2031, 5, 12), "contested", 2),
        (date(2031, 5, 16), "controlled front-for-dawn-in-chad", 1),
    ]
    assert status.bands[0].sides == ("chad", "front-for-dawn-in-chad")
    page = read(client, harrok.get_absolute_url())
    assert "controlled by Front for Dawn in Chad" in page.text
    assert "Front for Dawn in Chad: Harrok captured" in page.text
    assert "Armed Forces of Chad denies: Harrok captured by Front for Dawn in Chad" in page.text
    assert "President of Chad: fighting in Harrok" in page.text
    ours = read(client, f"{harrok.get_absolute_url()}?who=chad")
    assert "Armed Forces of Chad denies" in ours.text


def test_actors_and_their_states(harrok: Place) -> None:
    rows = Actor.objects.filter(provisional=True).select_related("parent").order_by("name")
    assert [(a.name, a.kind, a.official, a.parent and a.parent.slug) for a in rows] == [
        ("Armed Forces of Chad", "army", True, "chad"),
        ("Front for Dawn in Chad", "movement", True, None),
        ("Ministry of Defence of Chad", "ministry", True, "chad"),
        ("President of Chad", "government", True, "chad"),
    ]
    movement = rows.get(kind="movement")
    assert set(movement.names.values_list("name", flat=True)) >= {"FDC"}
    assert not Allegiance.objects.filter(actor__in=rows).exists()


def test_a_town_that_no_gazetteer_knows(harrok: Place, client: Client) -> None:
    village = Place.objects.get(name="Oumkessa")
    assert (village.provisional, village.conflict) == (True, None)
    (band,) = timeline(village).with_pending.bands
    assert band.text() == "claimed front-for-dawn-in-chad"
    assert "claimed by Front for Dawn in Chad" in read(client, village.get_absolute_url()).text


def test_lists_and_the_api_name_the_sides(harrok: Place, client: Client) -> None:
    home = read(client, "/?include_pending=on")
    assert "controlled by Front for Dawn in Chad" in home.text
    assert "claimed by Front for Dawn in Chad" in home.text
    found = client.get("/api/v1/claims/", {"side": "chad", "town": str(harrok.id)}).json()
    sides = {(row["claimant"]["name"], row["side"]) for row in found["results"]}
    assert sides == {
        ("Armed Forces of Chad", "chad"),
        ("Ministry of Defence of Chad", "chad"),
        ("President of Chad", "chad"),
    }
    towns = client.get("/api/v1/towns/", {"search": "Harrok"}).json()["results"]
    assert [row["status_with_pending"] for row in towns] == ["controlled front-for-dawn-in-chad"]
