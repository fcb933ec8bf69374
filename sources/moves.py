"""Articles that their publishers have moved: which addresses are one article's.

Its texts are all of the row of the address where it stands now; the rows of addresses that it has
left point there (`Article.moved_to`). Joined is what is certain, and of one publisher:

- the address leads on to the other for good (HTTP 301 or 308 all the way), on the same site or to
  where the publisher has an article already;
- the feed that announced the article gives it the other address, under the same id;
- a page on the same site says that its own address, the "canonical" one, is the other.

What leads to the front page, up the same path, or to where another article went is no move: that
is how sites answer for what is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, urldefrag, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sources.adapters import RawDocument
from sources.fetch import Fetched, FetchError
from sources.ingest import wake
from sources.models import Article, Document, Publisher, Snapshot
from sources.targets import target

VARIANTS = ("www.", "m.", "mobile.", "amp.")  # names of the same site, for other devices

Rows = Mapping[UUID, Article]


def standing(urls: Collection[str]) -> dict[str, UUID]:
    """By address: the id of the document that is there now, or where it was moved to. Two
    queries."""
    rows = Article.objects.filter(url__in=urls).values_list("url", "id", "moved_to")
    articles = {url: moved_to or id_ for url, id_, moved_to in rows}
    documents = Document.objects.filter(article__in=set(articles.values()), replaced_at=None)
    there = dict(documents.values_list("article", "id"))
    return {url: there[id_] for url, id_ in articles.items() if id_ in there}


def is_moved(article: Article, page: Fetched) -> bool:
    """Whether `page`, asked for at the article's address, is where the article stands by now."""
    at = urldefrag(page.url).url
    there = Article.objects.filter(url=at).first()
    there = there or Article(publisher_id=article.publisher_id, url=at)
    return page.moved == page.url and _led_on(article, there)


def article_at(
    url: str, raw: RawDocument, snapshot: Snapshot, before: Article | None = None
) -> Article:
    """The article of which `raw` was read at `url`, locked until the transaction ends; made where
    there is none. `before`: the one that its feed says it is. Articles that turn out to be one
    are joined."""
    publisher, _ = Publisher.objects.get_or_create(name=raw.publisher)
    asked = urldefrag(snapshot.asked).url if snapshot.moved == snapshot.address else ""
    canonical = _canonical(raw, url)
    same = Q(url__in={url, asked, canonical} - {""})
    rows = _locked(publisher, url, same | Q(pk=before.pk) if before else same)
    by_url = {row.url: row for row in rows.values()}
    here = by_url[url]
    if (left := by_url.get(asked)) and _led_on(_whole(left, rows), here):
        _join(_whole(left, rows), here)
    if before and _is_move(_whole(rows[before.pk], rows), here):
        _join(_whole(rows[before.pk], rows), here)
    if (own := by_url.get(canonical)) is None:
        return here
    own = _whole(own, rows)
    if here.moved_to_id is None and here != own and _may_be_one(here, own):
        _join(here, own)
    return own if here.moved_to_id == own.pk else here


def follow(article: Article, url: str) -> Article:
    """The article, whose text stands unchanged at `url` by now; locked."""
    rows = _locked(article.publisher, url, Q(url=url) | Q(pk=article.pk))
    there = next(row for row in rows.values() if row.url == url)
    left = _whole(rows[article.pk], rows)
    if _led_on(left, there):
        _join(left, there)
    return there if left.moved_to_id == there.pk else left


def _locked(publisher: Publisher, url: str, which: Q) -> Rows:
    """The articles, of which that of `url` is made where there is none, and those to which they
    were moved."""
    made = Article(publisher=publisher, url=url)
    Article.objects.bulk_create([made], ignore_conflicts=True)
    every = Article.objects.select_for_update(of=("self",)).select_related("publisher")
    rows = {row.pk: row for row in every.filter(which).order_by("pk")}
    while more := {row.moved_to_id for row in rows.values() if row.moved_to_id} - rows.keys():
        rows |= {row.pk: row for row in every.filter(pk__in=more).order_by("pk")}
    return rows


def _whole(article: Article, rows: Rows) -> Article:
    """The article with its texts: the row itself, or the one to which it was moved."""
    return rows[article.moved_to_id] if article.moved_to_id else article


def _led_on(article: Article, there: Article) -> bool:
    """Whether a redirect for good from the one to the other is a move. What leads to another site
    could lead to what is not the publisher's: there it has to be known as his."""
    known = _same_site(article.url, there.url) or there.documents.exists()
    return known and _is_move(article, there)


def _is_move(article: Article, there: Article) -> bool:
    others = Article.objects.filter(moved_to=there.pk).exclude(pk=article.pk)
    return (
        there.moved_to_id in (None, article.pk)
        and not _leads_up(article.url, there.url)
        and not others.exists()
        and _may_be_one(article, there)
    )


def _may_be_one(article: Article, there: Article) -> bool:
    """What was withdrawn is not joined with what was not: whether that goes, too, is for somebody
    to decide."""
    if article.pk == there.pk or article.publisher_id != there.publisher_id:
        return False
    texts = Document.objects.filter(article__in=[article.pk, there.pk]).order_by()
    withdrawn = dict(texts.values_list("article", "withdrawn_at"))
    return len(withdrawn) < 2 or not any(withdrawn.values())


def _join(left: Article, there: Article) -> None:
    """Let `there` have the texts of both, those of `left` first. What is there now is what was,
    else what was at `left`."""
    texts = list(left.documents.order_by("version").values_list("pk", "version", "replaced_at"))
    own = list(there.documents.order_by("version").values_list("pk", "version", "replaced_at"))
    if texts and own:
        _put_before(texts, own)
        transaction.on_commit(wake)
    left.documents.update(article=there)
    if texts and own:
        # The database has it read once more, so that claims of the others go to it.
        now = next(pk for pk, _, replaced in reversed((*texts, *own)) if replaced is None)
        Document.objects.filter(pk=now).update(replaced_at=None)
    Snapshot.objects.filter(article=left).update(article=there)
    Article.objects.filter(pk=there.pk).update(moved_to=None)
    Article.objects.filter(Q(pk=left.pk) | Q(moved_to=left)).exclude(pk=there.pk).update(
        moved_to=there, next_visit_at=None, leased_until=None
    )
    there.moved_to, left.moved_to, left.next_visit_at = None, there, None


def _put_before(texts: list[tuple], own: list[tuple]) -> None:
    """Number the versions of one article after those of another; none of both is there now."""
    ids = [pk for pk, _, _ in (*texts, *own)]
    Document.objects.filter(pk__in=ids, replaced_at=None).update(replaced_at=timezone.now())
    last = texts[-1][1]
    for pk, version, _ in reversed(own):
        Document.objects.filter(pk=pk).update(version=last + version)


def _canonical(raw: RawDocument, url: str) -> str:
    """Another address on the same site that a page from `url` gives as its own, or ""."""
    try:
        found = urldefrag(target(raw.canonical, settings.FETCH_ALLOW_HOSTS).url).url
    except FetchError:
        return ""
    return found if found != url and _parts(found) and _same_site(found, url) else ""


def _same_site(one: str, other: str) -> bool:
    return _site(one) == _site(other)


def _site(url: str) -> str:
    """Host and port without what variants of one site begin with."""
    name = urlsplit(url).netloc
    return next((name.removeprefix(one) for one in VARIANTS if name.startswith(one)), name)


def _leads_up(url: str, to: str) -> bool:
    """Whether all of the one's path and query is the beginning of the other's."""
    old, new = _parts(url), _parts(to)
    return len(new) < len(old) and old[: len(new)] == new


def _parts(url: str) -> list[str]:
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    return [*filter(None, parts.path.split("/")), *("=".join(pair) for pair in query)]
