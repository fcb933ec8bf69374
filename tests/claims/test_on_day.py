"""The list of towns as of a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from claims.derive import derive
from claims.models import Claim, StatusInterval
from claims.on_day import changed, latest_changed, newest_day, towns_on
from claims.status.records import Status
from entities.models import Place
from tests.factories import make_actor, make_claim, make_conflict, make_place
from tests.reading import read
from tests.scenes import soledar

pytestmark = pytest.mark.django_db
ACCEPTED = Claim.State.ACCEPTED


def babanusa() -> Place:
    """A town of another war, with one claim of 2 March 2023."""
    sudan = make_conflict("sudan", "War in Sudan", (("saf", "Sudanese army", "#1f77c9"),))
    army = make_actor("Sudanese army", side="saf", conflict=sudan, official=True)
    town = make_place("Babanusa", conflict=sudan, country="SD", latitude=11.33, longitude=27.8)
    make_claim("holds", place=town, claimant=army, state=ACCEPTED, asserted_on=date(2023, 3, 2))
    derive([town.id])
    return town


class TestNewestDay:
    def test_is_that_of_the_newest_claim_that_stands(self) -> None:
        make_claim(asserted_on=date(2023, 1, 10))
        make_claim(asserted_on=date(2023, 1, 12), state=Claim.State.REJECTED)
        assert newest_day() == date(2023, 1, 10)

    def test_in_a_conflict(self) -> None:
        make_claim(asserted_on=date(2023, 1, 10))
        babanusa()
        assert newest_day() == date(2023, 3, 2)
        assert newest_day("ukraine") == date(2023, 1, 10)
        assert newest_day("yemen") is None

    def test_without_claims_there_is_none(self) -> None:
        assert newest_day() is None


class TestTownsOn:
    def test_a_town_is_as_it_was_on_the_day(self) -> None:
        soledar()
        found = {
            day: [(town.status_now, town.status_since) for town in towns_on(date(2023, 1, day))]
            for day in (9, 10, 11, 21, 22)
        }
        assert found == {
            9: [],
            10: [("claimed", date(2023, 1, 10))],
            11: [("contested", date(2023, 1, 11))],
            21: [("contested", date(2023, 1, 11))],
            22: [("controlled", date(2023, 1, 22))],
        }

    def test_claims_are_counted_up_to_the_day(self) -> None:
        soledar()
        town = towns_on(date(2023, 1, 11)).get()
        assert (town.live_claims, town.pending_claims) == (5, 2)
        town = towns_on(date(2023, 1, 25)).get()
        assert (town.live_claims, town.pending_claims) == (8, 3)

    def test_a_new_deciding_claim_is_no_change(self) -> None:
        place = make_place()
        told: list[tuple[int, Status, list[str], int]] = [
            (1, "contested", ["russia"], 2),
            (2, "contested", ["russia", "ukraine"], 2),  # contested by more: the same word
            (3, "claimed", ["russia"], 4),
            (4, "claimed", ["ukraine"], 4),
            (5, "claimed", ["ukraine"], 4),
        ]
        rows = [
            StatusInterval(
                place=place,
                include_pending=False,
                start=date(2023, 1, day),
                end=date(2023, 1, day + 1) if day < 5 else None,
                status=status,
                sides=sides,
                rule=rule,
                version="v1",
            )
            for day, status, sides, rule in told
        ]
        StatusInterval.objects.bulk_create(rows)
        starts = changed(StatusInterval.objects.all()).order_by("start").values_list("start")
        assert [start.day for (start,) in starts] == [1, 3, 4]


class TestHome:
    def test_opens_on_the_day_of_the_newest_claim(self, client: Client) -> None:
        soledar()
        text = read(client, "/").text
        assert "As of 25 January 2023, the day of the newest claim 1 town" in text
        assert "controlled by Russia 22 January 2023 before: contested" in text

    def test_takes_any_day(self, client: Client) -> None:
        soledar()
        page = read(client, "/?on=2023-01-12")
        assert "As of 12 January 2023, with all that is known now" in page.text
        assert "contested 11 January 2023 before: claimed by Russia" in page.text
        assert "to 25 January 2023, the day of the newest claim" in page.text
        assert "No town fits" in read(client, "/?on=2023-01-09").text

    def test_the_newest_claim_is_that_of_the_conflict_that_is_chosen(self, client: Client) -> None:
        soledar()
        babanusa()
        assert "As of 2 March 2023, the day of the newest claim 2 towns" in read(client, "/").text
        text = read(client, "/?conflict=ukraine").text
        assert "As of 25 January 2023, the day of the newest claim 1 town" in text

    def test_silence_is_counted_to_the_day(self, client: Client) -> None:
        babanusa()
        assert "no claim for" not in read(client, "/").text
        assert "no claim for" not in read(client, "/?on=2023-03-16").text
        page = client.get("/?on=2023-03-17").content.decode()
        assert "no claim for 15 days" in page
        assert "swatch ageing" in page
        assert "swatch stale" in client.get("/?on=2023-05-02").content.decode()

    def test_silence_is_counted_before_the_word_was_said_again(self, client: Client) -> None:
        town = babanusa()
        make_claim(
            "holds",
            place=town,
            claimant=Claim.objects.get().claimant,
            state=ACCEPTED,
            asserted_on=date(2023, 6, 1),
        )
        derive([town.id])
        assert "no claim for 30 days" in read(client, "/?on=2023-04-01").text
        assert "no claim for" not in read(client, "/?on=2023-06-10").text

    def test_a_day_that_is_none_is_said_and_the_rest_kept(self, client: Client) -> None:
        soledar()
        page = read(client, "/?on=2023-02-30&conflict=ukraine")
        assert "Enter a valid date." in page.text
        assert "As of 25 January 2023" in page.text
        assert "1 town as asked" in page.text

    def test_leads_to_the_map_with_the_same_filters(self, client: Client) -> None:
        soledar()
        page = read(client, "/?conflict=ukraine&on=2023-01-12&sort=claims")
        assert "/map/?conflict=ukraine&on=2023-01-12" in page.links


class TestLatestChanged:
    def test_is_found_without_sorting_all_towns_in_the_same_order(self) -> None:
        for number, said in enumerate((5, 3, 9, 9, 3, 7)):
            place = make_place(f"Made-up {6 - number}")
            make_claim(place=place, state=ACCEPTED, asserted_on=date(2023, 1, said))
            derive([place.id])
        day = date(2023, 1, 20)
        found = latest_changed(day, 1)
        assert found == [Place.objects.get(name="Made-up 3").pk]
        first = towns_on(day).order_by("-status_since", "name").first()
        assert first is not None
        assert found == [first.pk]

    def test_where_few_statuses_have_begun_all_towns_are_sorted(self) -> None:
        soledar()
        assert latest_changed(date(2023, 1, 25), 1) is None
