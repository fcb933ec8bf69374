"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from sources.feeds import robots
from sources.feeds.robots import NotWanted
from sources.fetch import FetchError
from sources.models import Host
from sources.targets import target
from tests.sources.site import Site, answer

pytestmark = pytest.mark.django_db
TEXT = "Content-Type: text/plain"


def check(site: Site, path: str = "/private/1") -> None:
    robots.check(target(f"{site.url}{path}", settings.FETCH_ALLOW_HOSTS))


def test_what_a_site_does_not_want_is_not_fetched_and_the_rest_is(site: Site) -> None:
    site.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private/", TEXT)
    with pytest.raises(NotWanted):
        check(site)
    check(site, "/public/1")
    assert len(site.asked) == 1  # and kept


def test_rules_for_this_program_go_before_those_for_all(site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: conflictclaims\nDisallow: /private/2\n"
    site.answers["/robots.txt"] = answer(rules, TEXT)
    check(site)
    with pytest.raises(NotWanted):
        check(site, "/private/2")


@pytest.mark.parametrize(
    "said",
    [
        answer(b"", status="404 Not Found"),
        answer(b"", status="403 Forbidden"),
        answer(b"<html>Welcome</html>"),
        answer(b"\x00\xff\xfe", TEXT),
    ],
)
def test_a_site_without_rules_allows_all(site: Site, said: bytes) -> None:
    site.answers["/robots.txt"] = said
    check(site)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (answer(b"", status="503 Service Unavailable"), 503),
        (answer(b"", status="429 Too Many Requests"), 429),
        (b"", None),
    ],
)
def test_a_site_in_trouble_is_left_alone_for_now(
    site: Site, said: bytes, status: int | None
) -> None:
    site.answers["/robots.txt"] = said
    with pytest.raises(FetchError) as refused:
        check(site)
    assert refused.value.said == robots.NOT_NOW
    assert refused.value.passing
    assert Host.objects.get().robots_status == status
    # Ten minutes later it is asked again.
    site.answers["/robots.txt"] = answer(b"", TEXT)
    with pytest.raises(FetchError):
        check(site)
    Host.objects.update(robots_at=timezone.now() - timedelta(minutes=11))
    check(site)


def test_rules_hold_for_a_day_and_on_while_the_site_is_in_trouble(site: Site) -> None:
    site.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private/", TEXT)
    with pytest.raises(NotWanted):
        check(site)
    site.answers["/robots.txt"] = answer(b"", status="500 Internal Server Error")
    Host.objects.update(robots_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(NotWanted):
        check(site)
    check(site, "/public/1")
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7), ("0.5", 0.5), ("-3", 0), ("100000", 60), ("soon", 0)]
)
def test_the_pause_that_a_site_wants(said: str, seconds: float) -> None:
    with override_settings(FETCH_PAUSE=0):
        host = Host(robots=f"User-agent: *\nCrawl-delay: {said}\n")
        assert robots.delay(host) == seconds
