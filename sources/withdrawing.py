"""Taking a text down, as a court or its author may want: it is gone for good.

What stays is what shows that it was there: its hash, its address, its publisher and time, and
that it was withdrawn, by whom and why. What others made of it is theirs to take away
(`claims.withdrawing`).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from sources.evidence import withdraw_bytes
from sources.models import Article, Document, FeedItem, IntakeItem, TextSample
from sources.withdrawals import write_down


def taken_together(document: Document) -> list[Document]:
    """The texts that are withdrawn with a document: all versions of its article, which differ
    little, the earliest first. Copies that other publishers have are documents of their own."""
    rows = Document.objects.select_related("publisher").order_by("version", "pk")
    if document.article_id is None:
        return list(rows.filter(pk=document.pk))
    return list(rows.filter(article=document.article_id))


@transaction.atomic
def withdraw_texts(
    *, document: Document, by: User, because: str, at: datetime | None = None
) -> list[Document]:
    """Take away the text, title and author of a document and of its article's other versions, all
    that was received of them, and what they were announced or brought in with. The article is
    not looked for again. Returns those that were not withdrawn before. `at`: since when they are,
    where that is not now.

    Once the transaction has ended, the bytes go, and it is written down (`sources.withdrawals`);
    nothing brings any of it back. Raises ValidationError without a reason, or where all of it is
    withdrawn already.
    """
    because = because.strip()
    if not because:
        raise ValidationError({"because": gettext("Say why it is withdrawn.")})
    _lock_article(document)  # before its texts, as whoever brings it another
    ids = [one.pk for one in taken_together(document)]
    rows = Document.objects.select_for_update().filter(pk__in=ids, withdrawn_at=None)
    found = list(rows.order_by("pk"))
    if not found:
        raise ValidationError(gettext("This text has been withdrawn already."))
    for one in found:
        # First, while it is known what stood for the text.
        _forget_samples(one)
        withdraw_bytes(one)
    texts = Document.objects.filter(pk__in=[one.pk for one in found])
    texts.update(
        text="",
        title="",
        author="",
        withdrawn_at=at or timezone.now(),
        withdrawn_by=by,
        withdrawn_because=because,
    )
    articles = Article.objects.filter(documents__in=found)
    places = Article.objects.filter(Q(pk__in=articles) | Q(moved_to__in=articles))
    # Also what failed, at one of its addresses.
    urls = set(places.values_list("url", flat=True))
    for item in (Q(document__in=found), Q(before__documents__in=found), Q(url__in=urls)):
        FeedItem.objects.filter(item).update(title="", author="")
    IntakeItem.objects.filter(document__in=found).update(title="", author="", upload=None)
    Article.objects.filter(documents__in=found).update(next_visit_at=None)
    transaction.on_commit(partial(write_down, [one.pk for one in found]))
    document.refresh_from_db()
    return found


def _lock_article(document: Document) -> None:
    """Also where it is moved just then, and becomes another."""
    locked = None
    while document.article_id is not None and document.article_id != locked:
        locked = document.article_id
        Article.objects.select_for_update().get(pk=locked)
        document.refresh_from_db(fields=["article"])


def _forget_samples(document: Document) -> None:
    """The shingles that copies are found by, unless another document has the same text."""
    family = document.own_family_id
    same = Document.objects.filter(exact_family=family) | Document.objects.filter(
        family=family, exact_family=None
    )
    if not same.filter(withdrawn_at=None).exclude(pk=document.pk).exists():
        TextSample.objects.filter(family=family).delete()
