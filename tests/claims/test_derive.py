"""From rows to intervals: what the rules are fed, and where their answer goes. The rules
themselves are tested without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.derive import derive, for_status, read, side_of, status_actors, status_claim
from claims.models import Claim, StatusInterval
from claims.timeline import timeline
from entities.models import Allegiance, Place
from tests.factories import make_actor, make_claim, make_conflict, make_document, make_place

pytestmark = pytest.mark.django_db


def january(day: int) -> date:
    return date(2023, 1, day)


@pytest.fixture
def soledar() -> Place:
    """The record of January 2023, retold: Kyiv's answers of the 11th still wait."""
    place = make_place()
    make_claim(asserted_on=january(10), state="accepted")
    make_claim("fighting", claimant="Ukraine", asserted_on=january(11))
    make_claim(claimant="Ukraine", subject="Russia", stance="denies", asserted_on=january(11))
    make_claim(
        "fighting",
        claimant="Russian Ministry of Defence",
        asserted_on=january(12),
        state="accepted",
    )
    make_claim(claimant="Russian Ministry of Defence", asserted_on=january(13), state="accepted")
    make_claim(
        claimant="United States",
        subject="Russia",
        stance="unconfirmed",
        asserted_on=january(13),
        state="accepted",
    )
    make_claim(
        "withdrew",
        claimant="Armed Forces of Ukraine",
        asserted_on=january(25),
        state="accepted",
    )
    make_claim(claimant="Ukraine", asserted_on=january(14), state="rejected")
    derive({place.id})
    return place


def intervals(include_pending: bool) -> list[tuple[date, date | None, str, list[str], int]]:
    rows = StatusInterval.objects.filter(include_pending=include_pending, part_label="")
    return list(rows.values_list("start", "end", "status", "sides", "rule"))


def test_verified_and_with_pending(soledar: Place) -> None:
    assert intervals(include_pending=True) == [
        (january(10), january(11), "claimed", ["russia"], 4),
        (january(11), january(25), "contested", ["russia", "ukraine"], 2),
        (january(25), None, "controlled", ["russia"], 1),
    ]
    assert intervals(include_pending=False) == [
        (january(10), january(25), "claimed", ["russia"], 4),
        (january(25), None, "controlled", ["russia"], 1),
    ]


def test_an_interval_names_what_decided_it(soledar: Place) -> None:
    interval = StatusInterval.objects.get(include_pending=True, status="contested")
    labels = {str(Claim.objects.get(pk=pk)) for pk in interval.deciding}
    assert labels >= {
        "Wagner Group: Soledar captured",
        "Ukraine denies: Soledar captured by Russia",
    }
    assert interval.divided == ["russia"]
    assert interval.version == "v1"
    assert interval.last_word_by(date.max) == january(11)


def test_deriving_again_writes_nothing(soledar: Place) -> None:
    before = list(StatusInterval.objects.values())
    with CaptureQueriesContext(connection) as asked:
        derive({soledar.id})
    assert not [query for query in asked.captured_queries if "INSERT" in query["sql"]]
    assert list(StatusInterval.objects.values()) == before


def test_only_what_differs_is_written(soledar: Place) -> None:
    """Kyiv's denial of the 11th is accepted: what pending claims said already stays as it is;
    of the verified intervals the first ends earlier, one is new, and the last stays."""
    before = {(row.include_pending, row.start): row.pk for row in StatusInterval.objects.all()}
    Claim.objects.filter(stance="denies").update(state="accepted")
    derive({soledar.id})
    after = {(row.include_pending, row.start): row.pk for row in StatusInterval.objects.all()}
    assert before.items() < after.items()
    assert after.keys() - before.keys() == {(False, january(11))}
    assert intervals(include_pending=False) == intervals(include_pending=True)
    assert StatusInterval.objects.get(pk=before[False, january(10)]).end == january(11)


def test_what_no_longer_follows_goes(soledar: Place) -> None:
    before = set(StatusInterval.objects.values_list("pk", flat=True))
    Claim.objects.filter(predicate="withdrew").update(state="unverifiable")
    derive({soledar.id})
    after = set(StatusInterval.objects.values_list("pk", flat=True))
    assert after < before
    assert [row[0] for row in intervals(include_pending=False)] == [january(10)]


def test_rows_say_the_same_as_the_timeline(soledar: Place) -> None:
    shown = timeline(soledar)
    for include_pending in (True, False):
        bands = shown.status(include_pending=include_pending).bands
        assert intervals(include_pending) == [
            (band.start, band.end, band.status, list(band.sides), band.rule) for band in bands
        ]


def test_other_towns_are_left_alone_and_an_empty_one_is_emptied(soledar: Place) -> None:
    bakhmut = make_claim(place="Bakhmut", state="accepted").place
    derive({bakhmut.id})
    assert soledar.intervals.count() == 5
    Claim.objects.filter(place=bakhmut).update(state="rejected")
    derive({bakhmut.id, soledar.id})
    assert (bakhmut.intervals.count(), soledar.intervals.count()) == (0, 5)


def test_parts_have_intervals_of_their_own() -> None:
    claim = make_claim(place="Bakhmut", extent="part", part_label="east", state="accepted")
    derive({claim.place_id})
    rows = claim.place.intervals.filter(include_pending=False)
    assert list(rows.values_list("part_label", "status")) == [
        ("", "fought-over"),
        ("east", "claimed"),
    ]


def test_copies_count_once_with_the_earliest_ones_days() -> None:
    at = datetime(2023, 1, 12, 9, tzinfo=UTC)
    make_claim(document=make_document(published=at), asserted_on=january(12), state="accepted")
    copy = make_document(publisher="Example Herald", published=at + timedelta(days=3))
    place = make_claim(document=copy, asserted_on=january(15), state="accepted").place
    derive({place.id})
    (row,) = place.intervals.filter(include_pending=False)
    assert (row.start, row.last_word_by(date.max)) == (january(12), january(12))


def test_deriving_many_towns_takes_the_same_number_of_queries(
    django_assert_num_queries: Any,
) -> None:
    for names in (["Soledar", "Bakhmut"], ["Oneville", "Twoville", "Threeville"]):
        ids = {make_claim(place=name, state="accepted").place_id for name in names}
        with django_assert_num_queries(13):
            derive(ids)
        with django_assert_num_queries(11):
            derive(ids)


def test_a_claim_as_the_rules_take_it() -> None:
    claim = make_claim(speaker="Yevgeny Prigozhin", event_date=january(10), event_precision="day")
    record = status_claim(for_status().get(pk=claim.pk))
    assert (record.claimant, record.claimant_side, record.subject_side) == (
        "wagner-group",
        "russia",
        "russia",
    )
    assert record.published == claim.document.published
    assert (record.event_date, record.event_precision) == (january(10), "day")
    assert (record.family, record.document) == (
        str(claim.document.family_id),
        str(claim.document_id),
    )


def test_what_is_read_for_the_rules_is_what_the_rows_say() -> None:
    """As plain values or as rows: in a war and in none, by actors, publishers and papers."""
    other = make_conflict("elsewhere", "Another war", [("north", "North", "#101010")])
    far, nowhere = make_place("Farville", conflict=other), make_place("Noville", conflict=None)
    guard = make_actor("Town Guard", side="russia", kind="unit", until=january(10))
    Allegiance.objects.create(actor=guard, side=other.sides.get(), since=january(5))
    document = make_document(published=datetime(2023, 1, 14, 23, tzinfo=UTC), published_offset=120)
    outlet = make_actor("Example News", kind="publisher")
    for place in (make_place(), far, nowhere):
        for day in (4, 10, 11):
            make_claim(place=place, claimant=guard, subject=guard, asserted_on=january(day))
        make_claim(place=place, document=document, claimant=None, subject="Russia")
        make_claim("fighting", place=place, document=document, claimant=outlet, state="accepted")
        make_claim(
            place=place,
            state="corrected",
            extent="part",
            part_label="east",
            speaker="a soldier",
            event_date=january(9),
            event_precision="day",
        )
    Place.objects.filter(pk=nowhere.pk).update(conflict=None)
    places = list(Place.objects.values_list("pk", flat=True))
    towns, who = read(places)
    for town in places:
        rows = list(for_status().filter(place=town).order_by("id"))
        assert sorted(towns[town].claims, key=lambda one: one.id) == [
            status_claim(row) for row in rows
        ]
        assert sorted(towns[town].verified, key=lambda one: one.id) == [
            status_claim(row) for row in rows if row.state in Claim.VERIFIED
        ]
        said_by = status_actors(rows)
        assert {key: who.actors[key] for key in said_by} == said_by


def test_publishers_are_third_parties_and_never_official() -> None:
    make_claim(claimant=None, subject="Russia")
    make_claim(claimant=make_actor("Example News", kind="publisher"), subject="Russia")
    make_claim(claimant="Ukraine")
    actors = status_actors(for_status().order_by("id"))
    assert [(a.key, a.is_publisher, a.official) for a in actors.values()] == [
        ("publisher:Example Courier", True, False),
        ("example-news", True, False),
        ("ukraine", False, True),
    ]


def test_a_side_is_that_of_the_places_conflict_on_the_day() -> None:
    other = make_conflict("elsewhere", "Another war", [("north", "North", "#101010")])
    actor = make_actor("Town Guard", side="russia", kind="unit", until=january(10))
    Allegiance.objects.create(
        actor=actor, side=make_conflict().sides.get(key="ukraine"), since=january(12)
    )
    Allegiance.objects.create(actor=actor, side=other.sides.get())
    place, far = make_place(), make_place("Farville", conflict=other)
    days = (january(10), january(11), january(12))
    assert [side_of(actor, place, day) for day in days] == ["russia", None, "ukraine"]
    assert [side_of(actor, far, day) for day in days] == ["north"] * 3
    assert side_of(None, place, january(10)) is None
    place.conflict = None
    assert side_of(actor, place, january(10)) is None


def command(*towns: str) -> str:
    out = StringIO()
    call_command("derive_status", *towns, stdout=out)
    return out.getvalue()


def test_command_derives_all_towns_or_those_named(soledar: Place) -> None:
    make_claim(place="Bakhmut", state="accepted")
    StatusInterval.objects.all().delete()
    assert command("Соле") == "1 towns, 5 bands\n"
    assert command() == "2 towns, 7 bands\n"
    with pytest.raises(CommandError, match="no town with claims has a name that begins with 'Ufa'"):
        command("Ufa")


def test_command_empties_what_no_claim_stands_behind_any_more(soledar: Place) -> None:
    Claim.objects.update(state="rejected")
    assert command() == "1 towns, 0 bands\n"
