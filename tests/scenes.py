"""Whole towns for the pages' tests: the public record of Soledar in January 2023, retold in own
words, with statuses derived."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from claims.derive import derive
from claims.models import Claim, Export, ExtractionRun, Release
from claims.releases.texts import LICENCE
from entities.models import Place
from sources import evidence
from sources.articles import record
from sources.fetch import Fetched
from sources.models import BulkImport, Document, Feed, FeedItem, Snapshot, StoredBytes
from tests.factories import (
    PASSWORD,
    make_actor,
    make_claim,
    make_document,
    make_evidence,
    make_feed,
    make_place,
    make_raw,
)

ACCEPTED, REJECTED = Claim.State.ACCEPTED, Claim.State.REJECTED

WAGNER_TEXT = (
    "Wagner's founder said late on Tuesday that his men had taken all of Soledar, and that"
    " fighting went on in its centre.\n\nThe ministry in Moscow named no such success."
)
KYIV_TEXT = (
    "Soledar has not fallen, a Ukrainian army spokesman said on Wednesday: the claim is untrue,"
    " and heavy fighting in the town goes on.\n\nWashington could not confirm that Soledar had"
    " been captured."
)
MOSCOW_TEXT = (
    "Moscow's defence ministry said on Friday that Soledar was captured the evening before."
    " Kyiv called that untrue."
)
CONFIRMED_TEXT = "The Ukrainian army confirmed on Wednesday that its troops have left Soledar."

ARMY, MINISTRY = "Armed Forces of Ukraine", "Russian Ministry of Defence"
# Document, predicate, and what differs from "Wagner Group: Soledar captured", pending. All are
# said on the day of publication.
SOLEDAR: list[tuple[str, str, dict[str, Any]]] = [
    (
        WAGNER_TEXT,
        "captured",
        {
            "state": ACCEPTED,
            "speaker": "Yevgeny Prigozhin",
            "quote": WAGNER_TEXT.partition(",")[0],
        },
    ),
    (
        WAGNER_TEXT,
        "fighting",
        {
            "extent": "part",
            "part_words": "centre",
            "part_label": "centre",
            "quote": "fighting went on in its centre",
        },
    ),
    (
        KYIV_TEXT,
        "captured",
        {
            "claimant": ARMY,
            "subject": "Russia",
            "stance": "denies",
            "state": ACCEPTED,
            "quote": "Soledar has not fallen",
        },
    ),
    (
        KYIV_TEXT,
        "fighting",
        {"claimant": ARMY, "state": ACCEPTED, "quote": "heavy fighting in the town goes on"},
    ),
    (
        KYIV_TEXT,
        "captured",
        {
            "claimant": "United States",
            "subject": "Russia",
            "stance": "unconfirmed",
            "quote": "Washington could not confirm that Soledar had been captured",
        },
    ),
    (
        MOSCOW_TEXT,
        "captured",
        {
            "claimant": MINISTRY,
            "subject": "Russia",
            "event_date": date(2023, 1, 12),
            "event_precision": "day",
            "state": ACCEPTED,
            "quote": "Soledar was captured the evening before",
        },
    ),
    (
        MOSCOW_TEXT,
        "captured",
        {
            "claimant": "Ukraine",
            "subject": "Russia",
            "stance": "denies",
            "quote": "Kyiv called that untrue",
        },
    ),
    (
        CONFIRMED_TEXT,
        "withdrew",
        {
            "claimant": ARMY,
            "subject": ARMY,
            "event_date": date(2023, 1, 16),
            "event_precision": "week",
            "state": ACCEPTED,
            "quote": "its troops have left Soledar",
        },
    ),
    (CONFIRMED_TEXT, "holds", {"claimant": None, "subject": ARMY, "state": REJECTED}),
]


def make_run(document: Document, state: str = "done", **fields: Any) -> ExtractionRun:
    """The extraction of a document; a finished one has its time."""
    if state in ("done", "failed"):
        fields["finished_at"] = timezone.now()
    if state == "running":
        fields["leased_until"] = timezone.now()
    return ExtractionRun.objects.create(
        document=document, state=state, extractor_version="test", **fields
    )


def at(day: int, hour: int = 18) -> datetime:
    return datetime(2023, 1, day, hour, tzinfo=UTC)


def soledar() -> Place:
    """Nine claims in four documents: eight accepted or pending, and one rejected. Verified:
    claimed by Russia from 10 January, contested from the 11th, controlled by Russia from the
    25th."""
    place = make_place()
    for name in ("Russia", "Ukraine", ARMY, MINISTRY):
        make_actor(name)
    documents = {
        text: make_document(text, published=published, title=title)
        for text, published, title in (
            (WAGNER_TEXT, at(10, 22), "Wagner says Soledar is taken"),
            (KYIV_TEXT, at(11), "Kyiv denies that Soledar fell"),
            (MOSCOW_TEXT, at(13), "Moscow claims Soledar"),
            (CONFIRMED_TEXT, at(25), "Ukrainian army leaves Soledar"),
        )
    }
    for text, predicate, fields in SOLEDAR:
        document = documents[text]
        said_on = document.published.date()
        make_claim(predicate, document=document, asserted_on=said_on, **fields)
    make_evidence(
        Claim.objects.get(evidence__quote="Soledar has not fallen"), "the claim is untrue"
    )
    for document in documents.values():
        make_run(document)
    derive([place.id])
    return place


def make_exports(by: User) -> list[Export]:
    """One that is done, one that is being made, one that failed and one that has expired; and a
    published release with a file. Their files are not there."""
    now = timezone.now()
    query = "town=Soledar&predicate=captured"
    kept = {"file": "exports/a.csv", "size": 20_480, "sha256": "a" * 64, "expires_at": now}
    made = [
        Export.objects.create(**{"by": by, "table": "claims", "format": "csv", **fields})
        for fields in (
            {"state": "done", "rows_done": 12, "finished_at": now, "query": query, **kept},
            {"state": "running", "rows_done": 1200, "rows_in_all": 4800, "leased_until": now},
            {"state": "failed", "error": "The database did not answer."},
            {"state": "expired"},
        )
    ]
    release = Release.objects.create(number=1, title="Claims of spring", licence=LICENCE, by=by)
    release.files.create(
        name="claims.csv", file="releases/1/claims.csv", size=2048, sha256="b" * 64, rows=1200
    )
    Release.objects.filter(pk=1).update(
        state="published", published_at=now, change=1700, citation="Conflict claims (2026). Spring."
    )
    return made


def make_received() -> Document:
    """A document whose page was fetched twice, once as it was brought in as a file, which has
    been withdrawn."""
    document = make_document("Received.", title="As it was received")
    headers = (("Content-Type", "text/html; charset=utf-8"), ("X-Long", "abc, " * 60))
    for number in (1, 2):
        evidence.keep(
            Fetched(
                url=f"https://courier.example/{'a-long-address-' * 8}",
                content=b"Received %d." % number,
                content_type="text/html",
                charset="utf-8",
                asked=f"https://courier.example/?id={number}",
                headers=headers,
            )
        )
    file = evidence.keep_upload("a-long-name-of-a-file" * 5 + ".html", b"Received, in a file.")
    StoredBytes.objects.filter(pk=file.bytes_id).update(withdrawn_at=timezone.now())
    Snapshot.objects.update(document=document)
    return document


def make_versions() -> Document:
    """The latest of an article's three texts."""
    url = "https://courier.example/" + "who-holds-the-town-" * 4
    text = "Wagner said it had captured Soledar. Fighting goes on in the mines."
    for words in ("goes on", "went on", "goes on, said its army,"):
        content = text.replace("goes on", words).encode()
        page = Fetched(url, content, "text/html", "utf-8", asked=url, raw=content)
        raw = make_raw(content.decode(), title="Who holds the town?", url=url)
        document = record(raw, snapshot=evidence.keep(page), url=url).document
    return document


def make_large_import(by: User) -> BulkImport:
    """A large file that is half taken in, with lines that gave no document."""
    row = BulkImport.objects.create(
        name="a-long-name-of-a-file-" * 5 + ".jsonl",
        sha256="a" * 64,
        size=1_000_000,
        done_bytes=340_000,
        lines=3400,
        created=3398,
        failed=2,
        by=by,
    )
    row.faults.create(line=17, reason="no text in it")
    row.faults.create(line=1720, reason="'the day before yesterday' is not an ISO 8601 time")
    return row


def make_second_factors(user: User) -> None:
    """An app and recovery codes."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def just_confirmed(client: Client) -> Client:
    """Whoever is logged in has just typed the password again."""
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


def make_announcing_feed() -> Feed:
    """A feed that fails, with items in every state; there are others that are silent, gone and
    paused."""
    now = timezone.now()
    long_ago = now - timedelta(days=40)
    error: dict[str, Any] = {
        "error": "The site answered %(status)d (%(phrase)s).",
        "error_values": {"status": 503, "phrase": "Service Unavailable"},
    }
    failing: dict[str, Any] = {"failures": 3, "failing_since": now, **error}
    make_feed("https://a.example/", title="Silent", succeeded_at=now, new_at=long_ago)
    make_feed("https://b.example/", title="Gone", state="gone", **failing)
    make_feed("https://c.example/", title="Paused", state="paused")
    late = now - timedelta(hours=1)
    feed = make_feed(title="Courier: the world", kind="rss", new_at=now, polled_at=now, **failing)
    make_feed("https://d.example/a-long-address-of-a-feed.xml", title="", next_poll_at=late)
    of_state: dict[str, dict[str, Any]] = {
        "waiting": {"attempts": 1, "leased_until": now + timedelta(hours=1), **error},
        "running": {"leased_until": now},
        "created": {"document": make_document("Announced.", title="An announced document")},
        "present": {"document": make_document("Announced too.", title="Another one")},
        "failed": error,
        "refused": {"error": "The site’s robots.txt does not want this."},
    }
    for number, (state, fields) in enumerate(of_state.items()):
        FeedItem.objects.create(
            feed=feed,
            key=f"{number:064}",
            url=f"https://courier.example/2023/01/11/who-holds-the-town-and-since-when-{number}",
            host="courier.example:443",
            title=f"Who holds the town? Part {number}",
            state=state,
            **fields,
        )
    return feed
