"""Celery's way to feeds, their items and the articles that are visited again: ids in, one service
called. `wake_due` is called by the sweep."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.conf import settings

from sources.feeds import items, polling, visits


def wake_due() -> None:
    """Wake a task for each feed and article that is due, and some that fetch what was announced.
    A message that finds no worker until it is sent again is of no use any more: so a queue is
    never longer than what two sweeps send."""
    again = 2 * settings.SWEEP_INTERVAL
    for feed_id in polling.due():
        poll_feed.apply_async((str(feed_id),), expires=again)
    for article_id in visits.due():
        visit_article.apply_async((str(article_id),), expires=again)
    for _ in range(items.rounds()):
        fetch_items.apply_async(expires=settings.SWEEP_INTERVAL)


@shared_task(time_limit=polling.SECONDS)
def poll_feed(feed_id: str) -> None:
    polling.poll(UUID(feed_id))


@shared_task(time_limit=visits.SECONDS)
def visit_article(article_id: str) -> None:
    visits.visit(UUID(article_id))


@shared_task(time_limit=items.SECONDS)
def fetch_items() -> None:
    items.go_round()
