"""Feeds are polled by hand."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sources.models import Document
from tests.factories import make_feed
from tests.sources.feeds.made import item, page, rss
from tests.sources.site import Site

pytestmark = pytest.mark.django_db


def said(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("poll_feeds", *args, stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
    return out.getvalue(), err.getvalue()


def test_what_is_due_is_polled_and_fetched(site: Site) -> None:
    site.answers = {"/feed.xml": rss(item(1), item(2)), "/1.html": page(1)}
    make_feed(f"{site.url}/feed.xml")
    later = timezone.now() + timedelta(hours=1)
    make_feed(f"{site.url}/later.xml", next_poll_at=later)
    assert said() == (
        f"{site.url}/feed.xml: 2 new\narticles: 1 created, 1 failed; 0 wait\n",
        "",
    )
    assert Document.objects.count() == 1
    assert said("--no-articles") == ("", "")


def test_what_fails_is_named_and_the_exit_code_says_so(site: Site) -> None:
    make_feed(f"{site.url}/feed.xml", next_poll_at=timezone.now() + timedelta(hours=1))
    out, err = said("--no-articles", f"{site.url}/feed.xml")
    assert out == ""
    assert err == (
        f"{site.url}/feed.xml: The site answered 404 (Not Found).\n"
        "1 of 1 feeds were not polled (named above)"
    )


def test_a_feed_that_is_not_there_is_told() -> None:
    assert said("https://courier.example/none") == (
        "",
        "No feed that is polled is at: https://courier.example/none",
    )
