"""Poll feeds by hand, and fetch what they announce."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone

from sources.feeds import items, polling
from sources.ingest import wake
from sources.models import Feed, FeedItem

State = Feed.State


class Command(BaseCommand):
    help = (
        "Poll the feeds that are due and fetch the articles that wait, as workers do by "
        "themselves, but now and without any. Sites are asked as politely as by workers. Exit "
        "code 1 where a feed fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="*", metavar="URL", help="feeds, due or not")
        parser.add_argument(
            "--all", action="store_true", help="all that are not paused, due or not"
        )
        parser.add_argument("--no-articles", action="store_true", help="only what is announced")
        parser.add_argument(
            "--seconds", type=float, default=600, help="for articles, at the most; default: 600"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        feeds = self._feeds(options["addresses"], all_of_them=options["all"])
        failed = sum([not self._poll(feed) for feed in feeds])
        if not options["no_articles"]:
            self._fetch(options["seconds"])
        if failed:
            raise CommandError(f"{failed} of {len(feeds)} feeds were not polled (named above)")

    def _feeds(self, addresses: list[str], *, all_of_them: bool) -> QuerySet[Feed]:
        active = Feed.objects.filter(state=State.ACTIVE)
        if addresses:
            feeds = active.filter(url__in=addresses)
            if unknown := set(addresses) - set(feeds.values_list("url", flat=True)):
                raise CommandError(f"No feed that is polled is at: {', '.join(sorted(unknown))}")
        elif all_of_them:
            feeds = active
        else:
            feeds = active.filter(next_poll_at__lte=timezone.now())
        return feeds.order_by("next_poll_at")

    def _poll(self, feed: Feed) -> bool:
        """Whether it succeeded."""
        Feed.objects.filter(pk=feed.pk, next_poll_at__gt=timezone.now()).update(
            next_poll_at=timezone.now()
        )
        polled = polling.poll(feed.pk)
        if polled is None:
            self.stderr.write(f"{feed.url}: not now, a worker has it or its site is busy")
            return False
        if polled.feed.failures:
            self.stderr.write(f"{feed.url}: {polled.error}")
            return False
        note = f" ({polled.error})" if polled.error else ""
        self.stdout.write(f"{feed.url}: {polled.new} new{note}")
        return True

    def _fetch(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        begun = timezone.now()
        while (left := end - time.monotonic()) > 0 and items.go_round(min(left, items.ROUND)):
            pass
        done = FeedItem.objects.filter(finished_at__gte=begun).order_by()
        counts = {state: done.filter(state=state).count() for state in FeedItem.State.values}
        told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        waiting = FeedItem.objects.filter(state__in=FeedItem.OPEN).count()
        self.stdout.write(f"articles: {told or 'none'}; {waiting} wait")
        wake()  # for the extraction
