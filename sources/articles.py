"""The one way from a page that was fetched to a `Document`: an article and the texts that it had.

An article is what stands at an address, wherever its publisher moves it (`sources.moves`). A text
that has not been there becomes its next version; the one that was there before stays as it is,
since claims count its characters.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urldefrag

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from sources.adapters import RawDocument
from sources.evidence import withdraw_bytes
from sources.families import wait_for_others
from sources.ingest import Ingested, ingest, wake
from sources.models import Article, Document, Snapshot
from sources.moves import article_at

# How long after a text was first seen at its address it is looked for again; then never.
VISITS = (
    timedelta(hours=1),
    *(timedelta(days=days) for days in (1, 7, 30, 90, 365)),
)
SPREAD = 0.1  # of each of these times, at random: what came together is not visited together
_SURER = {"low": 0, "medium": 1, "high": 2}


@transaction.atomic
def record(
    raw: RawDocument, *, snapshot: Snapshot, url: str, before: Article | None = None
) -> Ingested:
    """Store what was read of a page, `snapshot`, at `url`, where redirects ended. `before`: the
    article that it is by the word of its feed.

    It is the first version of the address's article; or, where the text is another one than
    before, the next, from when on the one before is `replaced_at`; or nothing new, where the
    article has that text, or had it and has it again (that version is then the one that is
    there). `created` is False there, and where the publisher has the same text at another
    address, which then is its article's: this one stays as it was. At an address other than the
    article's own, an earlier text is not one that is there again: what is there is an old copy.
    What was received with a text that is withdrawn goes.

    An article of which a text was withdrawn takes no other: what was taken down does not come
    back by a changed word, and what was received goes, too. Its withdrawn document is returned.
    """
    wait_for_others()
    at = urldefrag(url).url
    article = article_at(at, raw, snapshot, before)
    now = article.documents.filter(replaced_at=None).first()
    # Of an address that was left, too.
    texts = Document.objects.filter(article__in={article.pk, article.moved_to_id} - {None})
    withdrawn = texts.filter(withdrawn_at__isnull=False).order_by("-version").first()
    if withdrawn is not None:
        ingested = Ingested(withdrawn, created=False)
    else:
        ingested = ingest(_as_known(raw, article, now))
        if ingested.created or article.url == at:
            _put_in(article, ingested, now)
    Snapshot.objects.filter(pk=snapshot.pk).update(article=article, document=ingested.document)
    if ingested.document.withdrawn_at is not None:
        withdraw_bytes(ingested.document)
    visited(article, headers=dict(snapshot.headers) if article.url == at else {})
    return ingested


def visited(article: Article, *, headers: Mapping[str, str]) -> None:
    """Note that the article was looked for and that the site answered, with `headers`, be it only
    that nothing has changed; and say when to look again."""
    sent = {name.lower(): value for name, value in headers.items()}
    now = timezone.now()
    Article.objects.filter(pk=article.pk).update(
        # What the site does not say with "not changed" is as it was.
        etag=sent.get("etag", article.etag)[:500],
        modified=sent.get("last-modified", article.modified)[:100],
        visits=F("visits") + 1,
        visited_at=now,
        next_visit_at=_next_visit(article, now),
        leased_until=None,
        failures=0,
        error="",
        error_values={},
    )
    article.refresh_from_db()


def _as_known(raw: RawDocument, article: Article, before: Document | None) -> RawDocument:
    """What was read, with what is known of the article already: whose it is, its conflict, and
    when it was published, unless that is now told as surely as it was."""
    raw = replace(raw, publisher=article.publisher.name, url=article.url)
    if before is None:
        return raw
    raw = replace(raw, conflict=raw.conflict or before.conflict_slug)
    now, then = _SURER[raw.published_confidence], _SURER[before.published_confidence]
    if now > then or (now == then and raw.published_from != Document.PublishedFrom.FETCHED):
        return raw
    return replace(
        raw,
        published=before.published_local,
        published_from=before.published_from,
        published_confidence=before.published_confidence,
    )


def _put_in(article: Article, ingested: Ingested, before: Document | None) -> None:
    """Let the document be the one that is there now, unless it is another article's."""
    document = ingested.document
    if document == before or document.article_id not in (None, article.pk):
        return
    if not ingested.created:  # claims of the article's other texts go to this one
        transaction.on_commit(wake)
    now = timezone.now()
    if before is not None:
        article.documents.filter(pk=before.pk).update(replaced_at=now)
    document.replaced_at = None
    if article.moved_to_id is not None:  # it has a text of its own again
        article.moved_to = None
        article.save(update_fields=["moved_to"])
    if document.article_id is None:
        last = article.documents.aggregate(last=Max("version"))["last"] or 0
        document.article, document.version = article, last + 1
    document.save(update_fields=["article", "version", "replaced_at"])


def _next_visit(article: Article, now: datetime) -> datetime | None:
    """When to look again, by how long the text that is there has been seen there; null: never."""
    there = article.documents.filter(replaced_at=None).first()
    if there is None or there.withdrawn_at is not None:
        return None
    last = article.documents.aggregate(last=Max("replaced_at"))["last"]
    began = max(there.ingested_at, last) if last else there.ingested_at
    spread = random.uniform(1, 1 + SPREAD)  # noqa: S311 - nobody's secret
    return next((began + age * spread for age in VISITS if began + age > now), None)
