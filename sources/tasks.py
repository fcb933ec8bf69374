"""Celery's way to feeds, their items and the articles that are visited again: ids in, one service
called. `wake_due` is called by the sweep."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.conf import settings

from sources.feeds import items, polling, visits


def wake_due() -> None:
    """Wake a task for each feed that is due, and some that fetch what was announced. What waits
    for a worker longer than until the next sweep is that one's to send again."""
    for feed_id in polling.due():
        poll_feed.delay(str(feed_id))
    for article_id in visits.due():
        visit_article.delay(str(article_id))
    for _ in range(items.rounds()):
        fetch_items.apply_async(expires=settings.SWEEP_INTERVAL)


@shared_task(time_limit=polling.SECONDS)
def poll_feed(feed_id: str) -> None:
    polled = polling.poll(UUID(feed_id))
    if polled is not None and polled.new:
        fetch_items.apply_async(expires=settings.SWEEP_INTERVAL)


@shared_task(time_limit=visits.SECONDS)
def visit_article(article_id: str) -> None:
    visits.visit(UUID(article_id))


@shared_task(time_limit=items.SECONDS)
def fetch_items() -> None:
    items.go_round(min(items.ROUND, settings.SWEEP_INTERVAL))
