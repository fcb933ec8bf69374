"""Feeds by RFC 4287: the latest changes of status, and the verified claims of a speaker.

What is in them is in English, whoever asks, and text from outside is text: it is escaped, and what
XML cannot hold is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from claims.changes import Change as StatusChange
from claims.changes import told
from claims.listed_claims import ListedClaim
from claims.models import Change, Claim, Evidence, StatusInterval
from claims.pages.wording import day_in_words, in_words

ENTRIES = 50
VOICES = 6  # deciding claims that an entry names
# Ids of changes of status are made of it, of the town and the day: never to be another.
CHANGES = UUID("6a0c7c9e-4e53-4c55-9f0a-2a4b8d1f7e10")
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)  # when an empty feed was updated
# No character of XML 1.0, in whichever form it is written.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Key = tuple[UUID, date]


@dataclass(frozen=True, slots=True)
class About:
    """What a feed is of. `page` and `address`: absolute addresses, of the page and its own."""

    title: str
    page: str
    address: str


class Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """That of the latest entry; of no entry always the same, so that nothing is new."""
        return max((item["updateddate"] for item in self.items), default=NOTHING_YET)


def feed_of_changes(intervals: QuerySet[StatusInterval], about: About, *, site: str) -> Feed:
    """The latest of these, from `claims.changes.changes`. A constant number of queries."""
    with translation.override(settings.LANGUAGE_CODE):
        found = told(list(intervals[:ENTRIES]))
        quotes = _quotes(claim.id for change in found for claim in change.deciding)
        updated = _updated(found)
        feed = _feed(about)
        for change in found:
            _add_change(feed, change, quotes, updated, site)
        return feed


def feed_of_claims(claims: QuerySet[Claim], about: About, *, site: str) -> Feed:
    """The latest of these that are verified. A constant number of queries."""
    with translation.override(settings.LANGUAGE_CODE):
        rows = claims.filter(state__in=Claim.VERIFIED).select_related(
            "document__publisher", "claimant", "subject", "place"
        )
        found = list(rows.defer("document__text").order_by("-asserted_on", "-id")[:ENTRIES])
        quotes, changed = _quotes(claim.pk for claim in found), _changed(found)
        feed = _feed(about)
        for claim in found:
            feed.add_item(
                title=_clean(claim.label),
                link=f"{site}{claim.get_absolute_url()}",
                description=_clean(_claim(claim, claim.document.publisher.name, quotes, site)),
                unique_id=f"urn:uuid:{claim.pk}",
                pubdate=claim.created_at,
                updateddate=changed.get(claim.pk) or claim.created_at,
                author_name=_clean(str(claim.claimant or claim.document.publisher)),
            )
        return feed


def _feed(about: About) -> Feed:
    return Feed(
        title=_clean(about.title),
        link=about.page,
        description=None,
        language=settings.LANGUAGE_CODE,
        author_name=gettext("Conflict claims"),
        feed_url=about.address,
        feed_guid=about.address,
    )


def _add_change(
    feed: Feed,
    change: StatusChange,
    quotes: Mapping[UUID, str],
    updated: Mapping[Key, datetime],
    site: str,
) -> None:
    names = {key: side.name for key, side in change.sides.items()}
    was = in_words(change.before, names) if change.before else gettext("nothing said before")
    voices = sorted(change.deciding, key=lambda claim: (claim.asserted_on, claim.id))[-VOICES:]
    begun = datetime.combine(change.on, time(), UTC)
    now = {"town": change.place, "status": in_words(change.interval, names)}
    feed.add_item(
        title=_clean(gettext("%(town)s: %(status)s") % now),
        link=f"{site}{change.place.get_absolute_url()}",
        description=_clean(
            format_html("<p>{} ({})</p>", day_in_words(change.on), was)
            + format_html_join(
                "", "{}", ((_claim(claim, claim.publisher, quotes, site),) for claim in voices)
            )
        ),
        unique_id=f"urn:uuid:{uuid5(CHANGES, f'{change.place.id} {change.on}')}",
        pubdate=begun,
        updateddate=updated.get((change.place.id, change.on), begun),
    )


def _claim(
    claim: Claim | ListedClaim, publisher: str, quotes: Mapping[UUID, str], site: str
) -> SafeString:
    """Its words and whose they are, as HTML."""
    return format_html(
        '<p><a href="{}">{}</a>, {}, {}: <q>{}</q></p>',
        f"{site}{claim.get_absolute_url()}",
        claim.label,
        day_in_words(claim.asserted_on),
        publisher,
        quotes.get(claim.id, ""),
    )


def _quotes(claims: Iterable[UUID]) -> Mapping[UUID, str]:
    """The first passage of each."""
    rows = Evidence.objects.filter(claim__in=set(claims)).order_by("claim", "-start")
    withdrawn = f"[{gettext('text withdrawn')}]"
    return {claim: quote or withdrawn for claim, quote in rows.values_list("claim", "quote")}


def _updated(found: Sequence[StatusChange]) -> Mapping[Key, datetime]:
    """By town and day when the interval that began then was last written, as the feed has it."""
    rows = Change.objects.filter(
        what=Change.What.STATUS,
        number__isnull=False,
        place__in={change.place.id for change in found},
        status__start__in=sorted({change.on.isoformat() for change in found}),
        status__include_pending=False,
        status__part_label="",
    )
    latest: dict[Key, datetime] = defaultdict(lambda: NOTHING_YET)
    for place, start, at in rows.values_list("place", "status__start", "at"):
        key = place, date.fromisoformat(start)
        latest[key] = max(latest[key], at or NOTHING_YET)  # a number comes with its time
    return dict(latest)


def _changed(claims: Collection[Claim]) -> Mapping[Any, datetime]:
    rows = Change.objects.filter(claim__in=[claim.pk for claim in claims], number__isnull=False)
    return dict(rows.order_by().values_list("claim").annotate(Max("at")))


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)
