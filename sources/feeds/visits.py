"""Articles are visited again: whether another text is there by now. An `Article` row is the job;
when the next visit is due is said where it was last visited (`sources.articles`)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urldefrag
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Func, Q, QuerySet, TextField, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_noop

from sources import articles, moves
from sources.adapters import Defaults
from sources.feeds import politeness, robots
from sources.feeds.items import kept, read_article
from sources.feeds.politeness import NotYet, jittered, turn
from sources.feeds.robots import NotWanted
from sources.fetch import Fetched, FetchError, fetch
from sources.models import Article, Document
from sources.targets import target

logger = logging.getLogger(__name__)

SECONDS = 170  # after which a worker is stopped
LEASE = timedelta(seconds=SECONDS + 10)
BATCH = 100  # messages that one sweep sends
FOR_A_SITE = 3  # of them; the rest of a site's articles wait for the next sweeps
ATTEMPTS = 6  # in a row that fail, after which an article is left alone
RETRY = timedelta(hours=1)  # before the second; three times as long before each next

MOVED = gettext_noop(
    "The address leads on to %(url)s by now: what was there is not there any more."
)


class Site(Func):
    """Scheme, host and port of an address."""

    template = "substring(%(expressions)s from '^[a-z]+://[^/?#]+')"
    output_field = TextField()


def due(limit: int = BATCH) -> list[UUID]:
    """Ids of articles to be visited, those that wait longest first, few of each site; put off
    until the sweep after next so that they are not announced again and again."""
    now = timezone.now()
    waiting = Article.objects.filter(_free(now), next_visit_at__lte=now)
    of_site = Window(RowNumber(), partition_by=[Site("url")], order_by=["next_visit_at", "id"])
    rows = waiting.annotate(of_site=of_site).filter(of_site__lte=FOR_A_SITE)
    ids = list(rows.order_by("next_visit_at").values_list("id", flat=True)[:limit])
    Article.objects.filter(_free(now), id__in=ids, next_visit_at__lte=now).update(
        next_visit_at=now + _announced_for()
    )
    return ids


def visit(article_id: UUID) -> bool:
    """Look whether the article has changed. False where it is not due, or another worker has it,
    or others have the turn at its site; it is visited later then."""
    article = _take(article_id)
    if article is None:
        return False
    try:
        at = target(article.url, settings.FETCH_ALLOW_HOSTS)
        with turn(at.site):
            robots.check(at)
            page = fetch(
                article.url, etag=article.etag, modified=article.modified, follow=robots.check
            )
        _note(article, page)
    except NotYet as busy:
        _ours(article).update(leased_until=None, next_visit_at=busy.until + jittered(LEASE / 10))
        return False
    except FetchError as error:
        _failed(article, error)
    return True


def _note(article: Article, page: Fetched) -> None:
    """Record what is there now. Raises FetchError where that is no article, or another's."""
    at = urldefrag(page.url).url
    if at != article.url and not moves.is_moved(article, page):
        raise FetchError(MOVED, url=page.url)
    if not page.changed:
        sent = {"etag": page.etag, "last-modified": page.modified}
        with transaction.atomic():
            if _ours(article).select_for_update().exists():
                there = article if at == article.url else moves.follow(article, at)
                articles.visited(there, headers={name: one for name, one in sent.items() if one})
        return
    snapshot = kept(page, article)
    now = timezone.now()
    # Publisher and publication time are known of the article, unless the page tells them surely.
    known = Defaults(
        article.publisher.name,
        now,
        published_from=Document.PublishedFrom.FETCHED,
        published_confidence=Document.Confidence.LOW,
        url=page.url,
        fetched=now,
    )
    raw = read_article(page, known)
    with transaction.atomic():
        if _ours(article).select_for_update().exists():
            articles.record(raw, snapshot=snapshot, url=page.url)


def _take(article_id: UUID) -> Article | None:
    """The article, leased to the caller; None where another has it or it is not due."""
    now = timezone.now()
    rows = Article.objects.filter(_free(now), id=article_id)
    if not rows.filter(next_visit_at__lte=now + _announced_for()).update(leased_until=now + LEASE):
        return None
    return Article.objects.select_related("publisher").get(id=article_id)


def _ours(article: Article) -> QuerySet[Article]:
    """The article's row, if nobody else has taken it since."""
    return Article.objects.filter(pk=article.pk, leased_until=article.leased_until)


def _free(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now)


def _announced_for() -> timedelta:
    return timedelta(seconds=2 * settings.SWEEP_INTERVAL)


def _failed(article: Article, error: FetchError) -> None:
    """Write down why, and look again later, unless nothing more is to be expected there."""
    gone = error.status == HTTPStatus.GONE or isinstance(error, NotWanted)
    failures = article.failures + 1
    wait = max(jittered(RETRY * 3 ** (failures - 1)), politeness.asked_to_wait(error))
    over = gone or failures >= ATTEMPTS
    _ours(article).update(
        failures=F("failures") + 1,
        error=error.said,
        error_values=error.values,
        visited_at=timezone.now(),
        next_visit_at=None if over else timezone.now() + wait,
        leased_until=None,
    )
    logger.warning("The article %s was not visited: %s", article.url, error)
