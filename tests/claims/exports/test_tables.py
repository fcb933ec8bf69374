"""What the tables hold: of Soledar in January 2023, and of wars with other sides."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import records
from claims.derive import derive
from claims.exports import columns
from claims.exports.asking import Refused
from claims.exports.columns import Table
from claims.exports.tables import TABLES, town_days
from claims.exports.writing import count
from claims.models import Claim
from entities.models import Place
from tests.claims.exports.reading import SITE, lines, objects, parts
from tests.factories import make_actor, make_claim, make_conflict, make_document, make_place
from tests.scenes import soledar

pytestmark = pytest.mark.django_db
ACCEPTED = Claim.State.ACCEPTED


def test_a_claim_has_all_of_the_codebook_and_its_source() -> None:
    place = make_place("Soledar", geonameid=693_942)
    document = make_document(
        "The Wagner Group says that its men have taken Soledar. It is theirs.",
        title="Wagner, Soledar",
        published=datetime(2023, 1, 10, 23, 30, tzinfo=UTC),
        published_offset=120,
        url="https://courier.example/1",
    )
    claim = make_claim(
        place=place,
        document=document,
        asserted_on=date(2023, 1, 10),
        event_date=date(2023, 1, 9),
        event_precision="week",
        speaker="Yevgeny Prigozhin",
        state=ACCEPTED,
        quote="The Wagner Group says that its men have taken Soledar.",
        cue="have taken",
        confidence=0.75,
    )
    [row] = lines("claims")
    assert row["id"] == str(claim.id)
    assert row["url"] == f"{SITE}/claims/{claim.id}/"
    assert row["label"] == "Wagner Group: Soledar captured"
    assert parts(row, "state", "version", "place_ambiguous") == ("accepted", "1", "false")
    assert parts(row, "town", "geonameid", "country", "admin1", "conflict") == (
        *("Soledar", "693942", "UA", "Donetsk Oblast", "ukraine"),
    )
    assert parts(row, "latitude", "longitude") == ("48.68", "38.09")
    assert parts(row, "claimant", "claimant_slug", "claimant_kind", "side") == (
        *("Wagner Group", "wagner-group", "movement", "russia"),
    )
    assert parts(row, "stance", "predicate", "subject", "extent", "part_label") == (
        *("asserts", "captured", "Wagner Group", "whole", ""),
    )
    assert parts(row, "asserted_on", "asserted_precision") == ("2023-01-10", "day")
    assert parts(row, "event_date", "event_precision") == ("2023-01-09", "week")
    assert json.loads(row["evidence"]) == ["The Wagner Group says that its men have taken Soledar."]
    assert json.loads(row["evidence_at"]) == ["0-54"]
    assert json.loads(row["cues"]) == ["have taken"]
    # UCDP's; the day is the publisher's, who is two hours ahead.
    assert row["source_article"] == "Example Courier, 2023-01-11, Wagner, Soledar"
    assert parts(row, "source_office", "source_date") == ("Example Courier", "2023-01-11")
    assert parts(row, "source_headline", "source_original") == (
        *("Wagner, Soledar", "Yevgeny Prigozhin"),
    )
    assert row["source_url"] == "https://courier.example/1"
    assert row["published"] == "2023-01-10T23:30:00Z"
    assert parts(row, "confidence", "origin", "no_longer_found") == ("0.75", "extracted", "false")


def test_who_is_no_speaker_speaks_for_himself() -> None:
    make_claim(claimant="United States", stance="unconfirmed", subject="Russia")
    make_claim("fighting", claimant=None, asserted_on=date(2023, 1, 12))
    rows = lines("claims")
    assert [row["source_original"] for row in rows] == ["United States", "Example Courier"]
    assert parts(rows[1], "claimant", "side", "subject") == ("", "", "")


def test_a_filter_is_that_of_the_list_of_claims() -> None:
    soledar()
    assert len(lines("claims")) == 8  # and not the rejected one
    assert [row["predicate"] for row in lines("claims", "state=rejected")] == ["holds"]
    denied = lines("claims", "stance=denies&include_pending=false")
    assert [row["label"] for row in denied] == [
        "Armed Forces of Ukraine denies: Soledar captured by Russia"
    ]
    days = [row["asserted_on"] for row in lines("claims", "order=-said")]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("table", TABLES)
def test_what_is_no_filter_is_refused(table: str) -> None:
    soledar()
    wrong = "confict=ukraine&stance=maybe&town=Nowhere&town=Soledar"
    with pytest.raises(Refused) as refused:
        count(table=table, query=wrong)
    assert set(refused.value.parameters) == {"confict", "stance", "town"}
    assert "confict: there is no such parameter. Valid are: actor, " in str(refused.value)
    assert '"maybe" is not a valid choice.' in str(refused.value)
    assert refused.value.parameters["town"] == ["given more than once."]
    assert set(refused.value.message_dict) == {"query"}


def test_days_of_the_panel_do_not_end_before_they_start() -> None:
    with pytest.raises(Refused, match="to: The range must not end before it starts"):
        count(table="town-days", query="from=2023-02-01&to=2023-01-01")


def test_a_town_has_a_row_each_day() -> None:
    soledar()
    rows = lines("town-days")
    assert [row["date"] for row in rows] == [f"202301{day}" for day in range(10, 26)]
    by_day = {row["day"]: row for row in rows}
    names = ("status", "status_verified", "status_with_pending", "kind")
    assert parts(by_day["2023-01-10"], *names) == ("RU", "RU", "RU", "claimed")
    assert parts(by_day["2023-01-11"], *names) == (*["CONTESTED"] * 3, "contested")
    assert parts(by_day["2023-01-21"], *names) == (*["CONTESTED"] * 3, "contested")
    assert parts(by_day["2023-01-22"], *names) == ("RU", "RU", "RU", "controlled")
    assert parts(by_day["2023-01-25"], "rule", "rules_version", "town") == ("1", "v1", "Soledar")
    assert json.loads(by_day["2023-01-11"]["sides"]) == ["russia", "ukraine"]
    assert count(table="town-days", query="") == 16


def test_the_panel_has_days_before_and_after_what_was_said() -> None:
    soledar()
    rows = lines("town-days", "from=2023-01-09&to=2023-01-10&conflict=ukraine")
    assert [parts(row, "date", "status", "kind", "sides") for row in rows] == [
        ("20230109", "", "", "[]"),
        ("20230110", "RU", "claimed", '["russia"]'),
    ]
    later = lines("town-days", "from=2024-02-28&to=2024-03-01")
    assert [row["day"] for row in later] == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert {row["status"] for row in later} == {"RU"}
    assert lines("town-days", "conflict=sudan") == []
    assert count(table="town-days", query="conflict=sudan") == 0


def sudan() -> Place:
    """A town that one side captures and the other leaves, in a war whose sides are no states."""
    sides = [("saf", "Sudanese army", "#0072b2"), ("rsf", "Rapid Support Forces", "#d55e00")]
    conflict = make_conflict("sudan", "Sudanese civil war", sides)
    state = make_actor("Sudan", kind="state", side="saf", conflict=conflict)
    make_actor("Sudanese Army", kind="army", side="saf", conflict=conflict, parent=state)
    make_actor("RSF", kind="movement", side="rsf", conflict=conflict, official=True)
    return make_place(
        "Exampleville", country="SD", admin1="North Darfur", conflict=conflict, latitude=None,
        longitude=None, geonameid=None,
    )  # fmt: skip


def test_sides_have_codes_in_any_war() -> None:
    place = sudan()
    day = date(2025, 10, 26)
    make_claim("holds", place=place, claimant="Sudanese Army", asserted_on=date(2025, 10, 25))
    make_claim(place=place, claimant="RSF", asserted_on=day, state=ACCEPTED)
    derive([place.id])
    rows = lines("town-days")
    names = ("date", "status", "status_with_pending", "kind", "kind_with_pending")
    assert [parts(row, *names) for row in rows] == [
        ("20251025", "", "SAF", "", "claimed"),
        ("20251026", "RSF", "RSF", "claimed", "claimed"),
    ]
    assert parts(rows[0], "geonameid", "latitude", "conflict") == ("", "", "sudan")


def test_statuses_are_intervals_with_what_brought_them_about() -> None:
    soledar()
    rows = [row for row in lines("statuses") if row["include_pending"] == "false"]
    names = ("from", "to", "kind", "status", "holder", "rule", "part")
    assert [parts(row, *names) for row in rows] == [
        ("2023-01-10", "2023-01-10", "claimed", "claimed russia", "russia", "4", ""),
        ("2023-01-11", "2023-01-21", "contested", "contested", "", "2", ""),
        ("2023-01-22", "", "controlled", "controlled russia", "russia", "1", ""),
    ]
    wagner = Claim.objects.get(speaker="Yevgeny Prigozhin")
    assert json.loads(rows[0]["deciding"]) == [str(wagner.id)]
    verified = lines("statuses", "include_pending=false&from=2023-01-11&to=2023-01-20")
    assert [parts(row, "from", "status") for row in verified] == [("2023-01-11", "contested")]


def test_captures_are_events_of_acled() -> None:
    soledar()
    wagner = Claim.objects.get(speaker="Yevgeny Prigozhin")
    first, second = lines("control-changes")
    assert list(first) == list(TABLES["control-changes"].names)
    assert parts(first, "event_date", "year", "time_precision") == ("2023-01-10", "2023", "1")
    assert first["event_id_cnty"] == f"UA{wagner.id.hex}"
    assert parts(first, "disorder_type", "event_type", "sub_event_type") == (
        *("Political violence", "Battles", "Non-state actor overtakes territory"),
    )
    assert parts(first, "actor1", "inter1", "actor2", "inter2", "interaction") == (
        *("Wagner Group", "Rebel group", "Ukraine", "State forces", "State forces-Rebel group"),
    )
    assert parts(first, "country", "admin1", "location", "geo_precision") == (
        *("Ukraine", "Donetsk Oblast", "Soledar", "1"),
    )
    assert parts(first, "source", "tags") == ("Example Courier", "verified; claims=1")
    assert first["notes"] == (
        "Wagner Group: Soledar captured (Example Courier, said on 2023-01-10): "
        f"{SITE}/claims/{wagner.id}/"
    )
    assert first["timestamp"] == str(int(wagner.created_at.timestamp()))
    empty = {name for name, value in first.items() if value == ""}
    assert empty == {
        *("assoc_actor_1", "assoc_actor_2", "civilian_targeting", "iso", "region"),
        *("admin2", "admin3", "source_scale", "fatalities"),
    }
    # Of a foreign state, about the day before it was said.
    assert parts(second, "event_date", "actor1", "inter1") == (
        *("2023-01-12", "Russia", "External/Other forces"),
    )
    assert count(table="control-changes", query="") == 2


def test_what_is_said_twice_of_one_capture_is_one_event() -> None:
    day = date(2023, 1, 11)
    make_claim(asserted_on=day)
    make_claim(asserted_on=day, claimant="Russia", subject="Wagner Group", state=ACCEPTED)
    make_claim(asserted_on=date(2023, 1, 12))
    make_claim(asserted_on=day, subject="Russia")
    make_claim(asserted_on=day, extent="part", part_label="east")
    make_claim("holds", asserted_on=day)
    make_claim(asserted_on=day, stance="denies", claimant="Ukraine", subject="Wagner Group")
    Claim.objects.filter(pk=make_claim(asserted_on=day).pk).update(subject=None)
    Claim.objects.filter(pk=make_claim(asserted_on=day).pk).update(subject=None)
    rows = lines("control-changes")
    told = sorted(parts(row, "event_date", "actor1", "tags") for row in rows)
    assert told == [
        ("2023-01-11", "", "pending; claims=1"),
        ("2023-01-11", "", "pending; claims=1"),
        ("2023-01-11", "Russia", "pending; claims=1"),
        ("2023-01-11", "Wagner Group", "verified; claims=2"),
        ("2023-01-12", "Wagner Group", "pending; claims=1"),
    ]
    assert count(table="control-changes", query="") == 5
    late = lines("control-changes", "from=2023-01-12&to=2023-01-12")
    assert [row["event_date"] for row in late] == ["2023-01-12"]


def test_a_government_regains_and_what_is_left_is_no_battle() -> None:
    place = sudan()
    left, day = date(2025, 10, 20), date(2025, 10, 26)
    make_claim("withdrew", place=place, claimant="RSF", asserted_on=left)
    make_claim(place=place, claimant="Sudanese Army", asserted_on=day)
    names = ("disorder_type", "event_type", "sub_event_type", "inter1", "assoc_actor_1", "actor2")
    peaceful = (
        *("Strategic developments", "Strategic developments", "Non-violent transfer of territory"),
        *("State forces", "Sudan", "Rapid Support Forces"),
    )
    assert [parts(row, *names) for row in lines("control-changes")] == [peaceful]
    make_claim("fighting", place=place, claimant="RSF", asserted_on=date(2025, 10, 25))
    [row] = lines("control-changes")
    assert parts(row, *names) == (
        *("Political violence", "Battles", "Government regains territory"),
        *("State forces", "Sudan", "Rapid Support Forces"),
    )
    assert parts(row, "inter2", "geo_precision", "latitude") == ("Rebel group", "", "")


@pytest.mark.parametrize(
    ("precision", "code"), [("day", "1"), ("week", "2"), ("month", "3"), ("year", "")]
)
def test_precision_is_acleds(precision: str, code: str) -> None:
    make_claim(asserted_on=date(2023, 3, 1), event_date=date(2023, 1, 2), event_precision=precision)
    [row] = lines("control-changes")
    assert parts(row, "event_date", "time_precision") == ("2023-01-02", code)


@pytest.mark.parametrize("table", TABLES)
def test_what_is_counted_is_what_is_written(table: str) -> None:
    soledar()
    assert len(objects(table)) == count(table=table, query="") > 0


def towns(numbers: range) -> None:
    for number in numbers:
        claimant = make_actor(f"Actor {number}", side="russia", kind="army")
        place, day = make_place(f"Town {number}"), date(2023, 1, number + 1)
        make_claim(place=place, claimant=claimant, asserted_on=day, state=ACCEPTED)
        derive([place.id])


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_queries_do_not_grow_with_the_rows(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of many rows takes as many queries as one of few."""

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert list(table.rows({}, SITE))
        return len(found)

    towns(range(2))
    few = queries()
    towns(range(2, 12))
    assert queries() == few <= 12
    monkeypatch.setattr(columns, "BATCH", 4)
    monkeypatch.setattr(records, "BATCH", 4)
    monkeypatch.setattr(town_days, "TOWNS", 4)
    assert queries() <= 3 * few


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_columns_have_meanings(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    for column in table.columns:
        assert column.meaning.endswith("."), column.name
