"""The town page: headline, drawing, table and map."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import escape, unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.models import Claim, Evidence, StatusInterval
from entities.models import Actor, Place, Side
from sources.models import Document, Publisher
from tests.factories import make_actor, make_claim, make_document, make_place
from tests.reading import read, rows
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


class TestTown:
    def test_a_wrong_name_with_the_right_id_leads_to_the_right_address(
        self, client: Client
    ) -> None:
        place = soledar()
        wrong = reverse("town", args=["artemivsk-the-old", place.short_id])
        response = client.get(wrong, {"known_on": "2023-01-12"})
        assert response.status_code == 301
        assert response["Location"] == f"{place.get_absolute_url()}?known_on=2023-01-12"

    def test_an_unknown_town_is_a_page_of_its_own(self, client: Client) -> None:
        page = read(client, "/towns/soledar-0000000000/", 404)
        assert "Nothing here" in page.text

    def test_a_town_without_claims_says_what_would_start_its_timeline(self, client: Client) -> None:
        page = read(client, make_place().get_absolute_url())
        assert "No claims Soledar is known" in page.text

    def test_the_headline_names_status_day_and_deciding_words(self, client: Client) -> None:
        page = read(client, soledar().get_absolute_url())
        assert "controlled by Russia since 22 January 2023" in page.text
        assert "Wagner Group: captured / Armed Forces of Ukraine: withdrew" in page.text
        assert "why controlled? rule 1 · 2 deciding claims · 2 claimants in 2 articles" in page.text
        assert "Солéдар · Соледар · Karlo-Libknekhtivsk" in page.text

    def test_every_live_claim_is_a_mark_and_a_row(self, client: Client) -> None:
        place = soledar()
        page = read(client, place.get_absolute_url())
        live = {f"claim-{claim.id}" for claim in Claim.objects.live()}
        assert len(live) == 8
        assert set(rows(page)) == live
        assert len(rows(page)) == 8
        for anchor in live:
            assert f"#{anchor}" in page.links
        assert "“Soledar has not fallen”“the claim is untrue” Example Courier" in page.text

    def test_lanes_are_in_the_order_of_the_sides_with_others_last(self, client: Client) -> None:
        html = client.get(soledar().get_absolute_url()).content.decode()
        lanes = re.findall(r'data-keep="lane-(\w+)"', html)
        assert lanes == ["ukraine", "russia", "others"]

    def test_known_on_shows_what_could_be_known_then(self, client: Client) -> None:
        place = soledar()
        page = read(client, f"{place.get_absolute_url()}?known_on=2023-01-12")
        assert "As known on 12 January 2023" in page.text
        assert "contested since 11 January 2023" in page.text
        assert "Wagner Group: captured / Armed Forces of Ukraine: denied, fighting" in page.text
        assert "Moscow" not in page.text
        assert len(rows(page)) == 5
        early = read(client, f"{place.get_absolute_url()}?known_on=2023-01-01")
        assert "No claims by then" in early.text

    def test_a_day_that_is_none_is_said_and_left_out(self, client: Client) -> None:
        page = read(client, f"{soledar().get_absolute_url()}?known_on=yesterday")
        assert "Enter a valid date." in page.text
        assert len(rows(page)) == 8

    def test_a_range_chooses_the_claims_that_were_made_or_are_about_it(
        self, client: Client
    ) -> None:
        address = soledar().get_absolute_url()
        page = read(client, f"{address}?from=2023-01-12&to=2023-01-13")
        assert "2 of 8 claims" in page.text
        assert "12 January 2023 to 13 January 2023" in page.text
        assert "3 of 8 claims" in read(client, f"{address}?from=2023-01-12&to=2023-01-19").text
        wrong = read(client, f"{address}?from=2023-01-12&to=2023-01-01")
        assert "The range must not end before it starts." in wrong.text

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ("who=russia", 3),
            ("who=others", 1),
            ("stance=denies", 2),
            ("predicate=fighting", 2),
            ("state=pending", 3),
            ("state=verified", 5),
            ("who=russia&state=pending", 1),
            ("who=nobody", 8),
        ],
    )
    def test_claims_are_chosen_by_the_address(self, client: Client, asked: str, count: int) -> None:
        page = read(client, f"{soledar().get_absolute_url()}?{asked}")
        assert len(rows(page)) == count

    def test_claims_are_sorted_as_asked(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        by_day = rows(read(client, address))
        assert rows(read(client, f"{address}?sort=-day")) == by_day[::-1]
        html = client.get(f"{address}?sort=who").content.decode()
        who = [part.split("<")[0] for part in html.split('<td role="cell" class="who">')[1:]]
        assert who == sorted(who)
        assert len(who) == 8

    def test_the_claims_can_be_had_as_data(self, client: Client) -> None:
        place = soledar()
        page = read(client, f"{place.get_absolute_url()}?known_on=2023-01-12")
        (link,) = [link for link in page.links if link.startswith("/api/v1/towns/")]
        assert len(client.get(link).json()["results"]) == 5

    def test_the_map_shows_the_towns_around_and_links_those_with_claims(
        self, client: Client
    ) -> None:
        place = soledar()
        claimed = make_place("Northville", latitude=48.75, longitude=38.1)
        make_claim(place=claimed)
        make_place("Eastville", latitude=48.65, longitude=38.3)
        make_place("Southville", latitude=48.6, longitude=38.0)
        make_place("Farville", latitude=49.65, longitude=38.3)
        page = read(client, place.get_absolute_url())
        assert claimed.get_absolute_url() in page.links
        assert "Eastville" in page.text
        assert "10 km" in page.text
        assert "Farville" not in page.text
        lonely = read(client, make_place("Lonelyville", latitude=49.6).get_absolute_url())
        assert "50 km" in lonely.text
        assert "Farville" in lonely.text

    def test_filters_that_fit_nothing_leave_the_bands(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        page = read(client, f"{address}?who=others&state=verified")
        assert "No claim fits what was asked for." in page.text
        assert "Status, verified" in page.text

    def test_what_pending_claims_would_change_is_said_beside(self, client: Client) -> None:
        claim = make_claim("fighting", claimant="Ukraine", state=Claim.State.ACCEPTED)
        make_claim(asserted_on=date(2023, 1, 12))
        derive([claim.place_id])
        page = read(client, claim.place.get_absolute_url())
        assert "fought-over since 11 January 2023 no claim for" in page.text
        assert "claimed by Russia since 12 January 2023 pending" in page.text

    def test_parts_have_their_own_status(self, client: Client) -> None:
        page = read(client, soledar().get_absolute_url())
        assert "Parts of the town centre: fought-over since 10 January 2023 pending" in page.text

    def test_a_town_of_no_conflict_and_unknown_speakers_is_shown(self, client: Client) -> None:
        place = Place.objects.create(key="provisional:x", name="Mala Vyhadka", provisional=True)
        nobody = make_actor("A made-up committee")
        claim = make_claim(place=place, claimant=None, subject=nobody, state=Claim.State.ACCEPTED)
        derive([place.id])
        page = read(client, place.get_absolute_url())
        assert f"claim-{claim.id}" in page.ids
        assert "not in the gazetteer" in page.text

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_number_of_queries_does_not_grow_with_the_claims(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        for number in range(count):
            make_claim(
                asserted_on=date(2023, 1, 1) + timedelta(days=number),
                claimant=make_actor(f"Made-up brigade {number}", side="russia"),
            )
        address = make_place().get_absolute_url()
        for queries in (7, 8, 4):  # not kept yet; with a stamp; by its stamp
            with django_assert_num_queries(queries):
                page = client.get(address).content
            assert f"{count} claims" in page.decode()


class TestKept:
    """What was rendered is shown as long as nothing that it is told from has changed, from the
    second time on that it is asked for."""

    def test_a_decision_shows_at_once(self, client: Client) -> None:
        place = soledar()
        for _ in range(3):
            assert len(rows(read(client, place.get_absolute_url()))) == 8
        Claim.objects.filter(stance="unconfirmed").update(state=Claim.State.REJECTED)
        assert len(rows(read(client, place.get_absolute_url()))) == 7

    @pytest.mark.parametrize(
        ("model", "change", "words"),
        [
            (Actor, {"name": "Washington"}, "Washington cannot confirm: Soledar captured"),
            (Publisher, {"name": "Another Courier"}, "Another Courier · accepted"),
            (Document, {"published": datetime(2023, 1, 27, tzinfo=UTC)}, "27 January 2023"),
            (Evidence, {"quote": "told otherwise"}, "“told otherwise”"),
            (Side, {"name": "Somebody else"}, "controlled by Somebody else"),
        ],
    )
    def test_so_does_what_claims_are_told_from(
        self, client: Client, model: type[Model], change: dict[str, Any], words: str
    ) -> None:
        place = soledar()
        for _ in range(3):
            assert words not in read(client, place.get_absolute_url()).text
        changed = {"name": "United States"} if model is Actor else {}
        found = model._default_manager.filter(**changed)
        if model in (Actor, Side, Publisher):
            found = found.filter(pk=found.order_by("pk").values_list("pk", flat=True).last())
        found.update(**change)
        assert words in read(client, place.get_absolute_url()).text

    def test_so_does_what_was_derived_from_them(self, client: Client) -> None:
        place = soledar()
        derive([place.id])
        for _ in range(3):
            text = read(client, place.get_absolute_url()).text
            assert "controlled by Russia since" in text
        now = StatusInterval.objects.filter(end=None, part_label="", include_pending=False)
        now.update(status="contested")
        assert "contested since" in read(client, place.get_absolute_url()).text

    def test_every_view_and_language_is_its_own(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        for _ in range(3):
            assert len(rows(read(client, f"{address}?who=others"))) == 1
            assert len(rows(read(client, f"{address}?who=russia"))) == 3
        client.cookies["django_language"] = "uk"
        assert 'lang="uk"' in client.get(address).content.decode()


def dense_row(html: str, name: str) -> str:
    """The one row of this name that is drawn as columns, the folded lanes' aside."""
    start = f'<div class="chart-row dense"><span class="row-name">{name}</span>'
    (found,) = re.findall(f"{re.escape(start)}.*?</div>", html, re.S)
    return str(found)


class TestDensity:
    @pytest.fixture
    def busy(self) -> Place:
        """A claimant with two claims on each of forty days; on the last, two of another and one
        of each of ten."""
        for number in range(80):
            day = date(2023, 3, 1) + timedelta(days=number // 2)
            make_claim("advancing", asserted_on=day, stance="denies" if number % 4 else "asserts")
        for _ in range(2):
            make_claim("holds", claimant="Ukraine", asserted_on=day)
        for number in range(10):
            make_claim(claimant=make_actor(f"Brigade {number}", side="ukraine"), asserted_on=day)
        return make_place()

    def test_columns_stand_where_marks_would_cover_each_other(
        self, client: Client, busy: Place
    ) -> None:
        html = client.get(busy.get_absolute_url()).content.decode()
        columns = re.findall(r"<title>(.*?)</title>", dense_row(html, "Wagner Group"), re.S)
        assert len(columns) == 20
        assert columns[0] == (
            "1 March 2023 to 2 March 2023: 4 claims\nadvancing, Russia: 1 asserted, 3 denied"
        )
        counts = re.findall(r'column-count"[^>]*>(\d+)<', dense_row(html, "Wagner Group"))
        assert counts == ["4"] * 20
        assert "Where marks would cover each other, columns count the claims of 2 days." in html

    def test_a_column_leads_to_its_days_where_its_claims_are_marks(
        self, client: Client, busy: Place
    ) -> None:
        html = client.get(f"{busy.get_absolute_url()}?who=russia").content.decode()
        hrefs = re.findall(r'<a href="([^"]*)" data-mark>', dense_row(html, "Wagner Group"))
        assert unescape(hrefs[3]) == "?who=russia&from=2023-03-07&to=2023-03-08#timeline"
        page = client.get(f"{busy.get_absolute_url()}{unescape(hrefs[3]).partition('#')[0]}")
        lanes = page.content.decode().partition("lane-folded")[0]
        assert "chart-row dense" not in lanes
        assert lanes.count('<svg class="mark"') == 4

    def test_a_column_keeps_whatever_else_is_asked(self, client: Client, busy: Place) -> None:
        asked = "to=2023-04-19&junk=50%25+%26+%3Cb%3E&page=2&from=2023-02-20&who=russia"
        html = client.get(f"{busy.get_absolute_url()}?{asked}").content.decode()
        hrefs = re.findall(r'<a href="([^"]*)" data-mark>', dense_row(html, "Wagner Group"))
        assert unescape(hrefs[3]) == (
            "?to=2023-03-08&junk=50%25+%26+%3Cb%3E&from=2023-03-07&who=russia#timeline"
        )

    def test_claimants_beyond_the_first_are_folded_away_but_there(
        self, client: Client, busy: Place
    ) -> None:
        page = read(client, busy.get_absolute_url())
        assert "and 3 more 3 claims" in page.text
        assert "Brigade 9: 1 claim" in str(page.labels)


class TestTable:
    def test_headings_sort_and_say_how(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        html = client.get(f"{address}?sort=publisher&who=russia").content.decode()
        headings = re.findall(r'<th scope="col" role="columnheader"( aria-sort="\w+")?>', html)
        assert headings == ["", "", "", "", ' aria-sort="ascending"', ""]
        assert 'href="?sort=-publisher&amp;who=russia#claims"' in html
        assert 'href="?sort=quotation&amp;who=russia#claims"' in html

    @pytest.mark.parametrize("column", ["who", "claim", "quotation", "publisher", "state"])
    def test_each_column_sorts_both_ways(self, client: Client, column: str) -> None:
        address = soledar().get_absolute_url()
        pattern = {
            "who": r'class="who">(.*?)(?:<span|</td>)',
            "claim": r'class="label"><a[^>]*>(.*?)</a>',
            "quotation": r'class="quotation"><q>(.*?)</q>',
            "publisher": r'class="publisher"><a[^>]*>(.*?)</a>',
            "state": r'class="state \w+">(.*?)</span>',
        }[column]

        def cells(sort: str) -> list[str]:
            html = client.get(f"{address}?sort={sort}").content.decode()
            table = html.partition("<tbody")[2].partition("</tbody>")[0]
            return [text.casefold() for text in re.findall(pattern, table, re.S)]

        up, down = cells(column), cells(f"-{column}")
        assert len(up) == 8
        assert up == sorted(up)
        assert down == sorted(down, reverse=True)

    def test_a_long_table_has_pages_and_the_drawing_has_all(self, client: Client) -> None:
        for number in range(201):
            make_claim("advancing", asserted_on=date(2023, 1, 1) + timedelta(days=number % 30))
        address = make_place().get_absolute_url()
        first, last = read(client, address), read(client, f"{address}?page=3")
        assert (len(rows(first)), len(rows(last))) == (100, 1)
        assert "page 1 of 3" in first.text
        assert "Wagner Group: 201 claims" in str(last.labels)


class TestReasons:
    def test_copies_and_voices_are_counted(self, client: Client) -> None:
        text = "Wagner says that Soledar is taken."
        for publisher in ("Example Courier", "Second Courier"):
            document = make_document(
                text, publisher=publisher, published=datetime(2023, 1, 11, 18, tzinfo=UTC)
            )
            make_claim(document=document, state=Claim.State.ACCEPTED, speaker="Ivan Vyhadka")
        page = read(client, make_place().get_absolute_url())
        assert "why claimed? rule 4 · 1 deciding claim · 1 claimant in 2 articles" in page.text
        assert (
            "The deciding claims, and what was said since 11 January 2023: 2 claims in 2 articles"
            " (1 without copies) of 2 publishers, by 1 claimant and 1 speaker named or described."
            in page.text
        )

    def test_a_divided_side_is_said(self, client: Client) -> None:
        make_claim(state=Claim.State.ACCEPTED)
        make_claim("fighting", claimant="Russian Ministry of Defence", state=Claim.State.ACCEPTED)
        page = read(client, make_place().get_absolute_url())
        _, _, speaking = page.text.partition("Who speaks, and what each said last ")
        assert speaking.startswith(
            "Russia divided among themselves Wagner Group: captured 11 January 2023"
            "Russian Ministry of Defence: fighting 11 January 2023"
        )


class TestComparison:
    def test_two_days_side_by_side_and_swapped(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        page = read(client, f"{address}?known_on=2023-01-12&compare=2023-01-26")
        first, second = page.text.split("As known on 26 January 2023", 1)
        assert "As known on 12 January 2023 5 claims" in first
        assert "contested since 11 January 2023" in first
        assert "8 claims" in second
        assert "controlled by Russia since 22 January 2023" in second
        assert "13 January 2023 Russian Ministry of Defence: Soledar captured by Russia" in second
        swapped = read(client, address + "?known_on=2023-01-26&compare=2023-01-12")
        assert "?known_on=2023-01-26&compare=2023-01-12" in page.links
        assert swapped.text.index("As known on 26") < swapped.text.index("As known on 12")

    def test_days_on_which_the_two_differ(self, client: Client) -> None:
        make_claim("holds", claimant="Ukraine", asserted_on=date(2023, 1, 5), state="accepted")
        late = make_document("Wagner took Soledar.", published=datetime(2023, 1, 20, tzinfo=UTC))
        make_claim(document=late, asserted_on=date(2023, 1, 10), state="accepted")
        address = make_place().get_absolute_url()
        page = read(client, f"{address}?known_on=2023-01-12&compare=2023-01-21")
        assert "10 January 2023 on held by Ukraine, by its own word claimed by Russia" in page.text

    def test_a_day_that_is_none_is_said(self, client: Client) -> None:
        page = read(client, f"{soledar().get_absolute_url()}?compare=never")
        assert "Enter a valid date." in page.text
        assert "Two days side by side" not in page.text


class TestDrawing:
    def test_the_file_stands_alone(self, client: Client) -> None:
        place = soledar()
        response = client.get(f"{place.get_absolute_url()}timeline.svg?known_on=2023-01-12")
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert "style-src 'sha256-" in response["Content-Security-Policy"]
        svg = ElementTree.fromstring(response.content)
        text = " ".join("".join(svg.itertext()).split())
        assert text.startswith("Soledar: contested since 11 January 2023")
        assert "as known on 12 January 2023" in text
        assert "Armed Forces of Ukraine" in text
        assert "captured: has taken the town" in text
        assert f"http://testserver{place.get_absolute_url()}?known_on=2023-01-12" in text
        marks = svg.findall(".//{http://www.w3.org/2000/svg}svg[@class='mark']")
        assert len(marks) == 5
        assert not any("href" in mark.attrib for mark in svg.iter("{http://www.w3.org/2000/svg}a"))

    def test_what_xml_cannot_carry_is_left_out(self, client: Client) -> None:
        make_claim(document=make_document("Taken\x0b. <b>&amp;"), quote="Taken\x0b.")
        response = client.get(f"{make_place().get_absolute_url()}timeline.svg")
        assert "“Taken .”" in "".join(ElementTree.fromstring(response.content).itertext())

    def test_a_town_without_claims_has_none(self, client: Client) -> None:
        assert client.get(f"{make_place().get_absolute_url()}timeline.svg").status_code == 404

    def test_the_part_for_another_range_is_the_pages_own(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        asked = "?from=2023-01-12&to=2023-01-13"
        part = client.get(f"{address}timetable/{asked}").content.decode()
        assert part.strip() in client.get(f"{address}{asked}").content.decode()
        assert "<html" not in part

    def test_the_part_for_days_before_all_claims_has_no_drawing(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        response = client.get(f"{address}timetable/?known_on=1990-01-01")
        assert response.status_code == 200
        part = response.content.decode()
        assert "data-chart" not in part
        assert "No claim fits what was asked for." in part

    def test_names_are_escaped_in_rows_and_bands(self, client: Client) -> None:
        hostile = "<script>alert(1)</script>\"'&"
        wagner = make_actor(hostile, side="russia", slug="hostile")
        place = make_place()
        make_claim(claimant=wagner, extent="part", part_words=hostile, part_label=hostile)
        html = client.get(place.get_absolute_url()).content.decode()
        assert "<script>alert" not in html
        shown = f'<span class="row-name">{escape(hostile)}</span>'
        assert html.count(shown) == 2  # the claimant's row and the part's band
        assert f'aria-label="{escape(hostile)}: 1 claim"' in html
