"""Coverage: who published how much on which day, and whose silence is unusual."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.coverage import habit, sources
from claims.models import Claim
from sources.models import Document
from tests.factories import make_claim, make_conflict, make_document, make_place, make_user
from tests.reading import read

pytestmark = pytest.mark.django_db
FIRST = date(2023, 1, 2)


def published(*days: int, by: str = "Courier", **fields: str) -> list[Document]:
    """A document on each of these days, counted from 2 January 2023."""
    return [
        make_document(
            f"{by} on day {day}.",
            publisher=by,
            published=datetime(2023, 1, 2, 12, tzinfo=UTC) + timedelta(days=day),
            **fields,
        )
        for day in days
    ]


class TestHabit:
    def of(self, *days: int) -> tuple[float | None, float | None]:
        its = habit({FIRST + timedelta(days=day): 1 for day in days})
        return its.gap, its.patience

    def test_a_daily_paper_may_miss_three_days(self) -> None:
        assert self.of(0, 1, 2, 3, 4, 5) == (1, 3)

    def test_a_weekly_one_three_weeks(self) -> None:
        assert self.of(0, 7, 14, 21, 28, 35) == (7, 21)

    def test_the_middle_gap_counts(self) -> None:
        assert self.of(0, 1, 2, 3, 4, 40) == (1, 3)

    def test_with_few_days_there_is_none(self) -> None:
        assert self.of(0, 1, 2, 3, 4) == (None, None)

    def test_days_long_before_the_last_document_count_no_more(self) -> None:
        assert self.of(0, 1, 2, 3, 4, 300, 307, 314, 321, 328, 335) == (7, 21)

    def test_silence_is_unusual_only_beyond_it(self) -> None:
        its = habit({FIRST + timedelta(days=day): 1 for day in range(6)})
        last = FIRST + timedelta(days=5)
        assert its.quiet_for(last + timedelta(days=3)) is None
        assert its.quiet_for(last + timedelta(days=4)) == 4


class TestSources:
    def test_documents_and_live_claims_are_counted_by_day_of_publication(self) -> None:
        first, second = published(0, 1)
        for document, state in (
            (first, Claim.State.ACCEPTED),
            (first, Claim.State.PENDING),
            (second, Claim.State.REJECTED),
        ):
            make_claim(document=document, state=state)
        (source,) = sources(FIRST, FIRST + timedelta(days=5))
        assert source.documents == {FIRST: 1, FIRST + timedelta(days=1): 1}
        assert source.claims == {FIRST: 2}
        assert source.last == FIRST + timedelta(days=1)

    def test_what_comes_after_the_range_is_not_known_in_it(self) -> None:
        published(0, 9)
        published(9, by="Late Post")
        (source,) = sources(FIRST, FIRST + timedelta(days=5))
        assert (source.publisher.name, source.last) == ("Courier", FIRST)

    def test_a_conflict_has_what_is_filed_under_it_or_speaks_of_its_towns(self) -> None:
        sudan = make_conflict("sudan", "Sudan", (("saf", "Army", "#1f77c9"),))
        published(0, by="Filed", conflict_slug="sudan")
        (document,) = published(1, by="Speaking", conflict_slug="")
        make_claim(document=document, place=make_place("El Fasher", conflict=sudan))
        make_claim(document=document, place="Soledar")
        published(2, by="Other", conflict_slug="ukraine")
        found = sources(FIRST, FIRST + timedelta(days=5), conflict="sudan")
        assert [(one.publisher.name, sum(one.claims.values())) for one in found] == [
            ("Filed", 0),
            ("Speaking", 1),
        ]


class TestPage:
    def test_a_source_that_has_gone_quiet_raises_an_alarm(self, client: Client) -> None:
        published(*range(6), by="Quiet Post")
        published(*range(12), by="Daily Courier")
        text = read(client, "/coverage/").text
        assert "1 source has gone quiet As of 13 January 2023." in text
        assert "6 days without a document, the last on 7 January 2023; usual gap: 1 day" in text
        assert "18 documents, 0 claims, 2 publishers" in text

    def test_as_of_an_earlier_day_it_had_not(self, client: Client) -> None:
        published(*range(6), by="Quiet Post")
        published(*range(12), by="Daily Courier")
        text = read(client, "/coverage/?to=2023-01-10").text
        assert "As of 10 January 2023 no source whose habit is known has gone quiet." in text

    def test_silence_and_its_end_are_marked_in_the_drawing(self, client: Client) -> None:
        published(*range(6), 12)
        html = client.get("/coverage/?from=2023-01-02&to=2023-01-14").content.decode()
        assert "unusually silent from 8 January 2023 to 13 January 2023" in html

    def test_a_source_silent_for_half_a_year_is_called_so(self, client: Client) -> None:
        published(*range(6), by="Old Post")
        published(200, by="Courier")
        text = read(client, "/coverage/").text
        assert "Old Post silent" in text
        assert "no source whose habit is known has gone quiet" in text

    def test_one_publisher_has_its_days_as_a_table(self, client: Client) -> None:
        first, *_ = published(0, 3)
        make_claim(document=first)
        published(1, by="Herald")
        text = read(client, "/coverage/?publisher=Courier").text
        assert "Day by day" in text
        assert "5 January 2023 1 0 2 January 2023 1 1" in text
        assert "3 January 2023 1" not in text

    def test_the_definitions_stand_on_the_page(self, client: Client) -> None:
        published(0)
        text = read(client, "/coverage/").text
        assert "longer ago than 3 times its usual gap, and than 2 days" in text
        assert "With fewer than 6 days with documents it is not known." in text

    def test_the_range_is_in_the_address(self, client: Client) -> None:
        published(0, 100)
        page = read(client, "/coverage/?from=2023-01-01&to=2023-01-31")
        assert "1 January 2023 to 31 January 2023: 31 days" in page.text
        assert "1 document, 0 claims, 1 publisher" in page.text
        text = read(client, "/coverage/").text
        assert "14 March 2023 to 12 April 2023, the day of the newest document: 30 days" in text

    def test_without_documents_it_says_what_would_fill_it(self, client: Client) -> None:
        assert "No documents yet" in read(client, "/coverage/").text

    @pytest.mark.parametrize("count", [2, 20])
    def test_the_number_of_queries_does_not_grow(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        for number in range(count):
            published(0, 1, by=f"Paper {number}")
        with django_assert_num_queries(6):
            read(client, "/coverage/")


@pytest.mark.parametrize("address", ["/changes/", "/coverage/"])
class TestBoth:
    def test_no_inline_style_or_script(self, client: Client, address: str) -> None:
        make_claim(document=published(0)[0])
        page = read(client, address)
        assert "style" not in page.attributes
        assert not {attribute for attribute in page.attributes if attribute.startswith("on")}
        assert len(page.ids) == len(set(page.ids))

    def test_hostile_addresses_are_text(self, client: Client, address: str) -> None:
        for name in ("from", "to", "period", "conflict", "publisher", "status", "page"):
            html = client.get(address, {name: "<script>x</script>"}).content.decode()
            assert "<script>x" not in html

    def test_only_reading(self, client: Client, address: str) -> None:
        client.force_login(make_user())
        assert client.post(address).status_code == 405
