"""Builders of rows for tests: every argument has a default taken from the public record of
Soledar in January 2023, retold in own words. Conflict, actors, places and publishers are
made once for a name, so that what is asked for twice is the same row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import slugify

from claims.models import Claim, Delivery, Evidence, Membership, Webhook
from config.ids import new_id
from entities.folding import fold
from entities.models import (
    Actor,
    ActorName,
    Allegiance,
    Conflict,
    Place,
    PlaceName,
    Side,
    Speaker,
)
from sources.adapters import RawDocument
from sources.ingest import text_hash
from sources.models import Article, Document, Feed, Publisher, TextFamily

PASSWORD = "a password for tests alone"
SIDES = (("ukraine", "Ukraine", "#1f77c9"), ("russia", "Russia", "#d1495b"))
# name → kind, side, official
ACTORS = {
    "Ukraine": ("state", "ukraine", True),
    "Armed Forces of Ukraine": ("army", "ukraine", True),
    "Russia": ("state", "russia", True),
    "Russian Ministry of Defence": ("ministry", "russia", True),
    "Wagner Group": ("movement", "russia", False),
    "United States": ("state", None, True),
}
PLACES = {
    "Soledar": ("Soledar", "Солéдар", "Соледар", "Karlo-Libknekhtivsk"),
    "Bakhmut": ("Bakhmut", "Бахмут", "Artemivsk"),
}
TEXT = (
    "The Wagner Group says that its men have taken Soledar.\n\n"
    "Kyiv denies it: fighting in Soledar goes on, a spokesman said."
)


def make_conflict(
    slug: str = "ukraine",
    name: str = "Russo-Ukrainian war",
    sides: Sequence[tuple[str, str, str]] = SIDES,
) -> Conflict:
    """A conflict with its sides, each (key, name, colour)."""
    conflict, _ = Conflict.objects.get_or_create(
        slug=slug, defaults={"name": name, "regions": ["UA"]}
    )
    for order, (key, side_name, colour) in enumerate(sides):
        Side.objects.get_or_create(
            conflict=conflict,
            key=key,
            defaults={"name": side_name, "colour": colour, "order": order},
        )
    return conflict


def make_actor(
    name: str = "Wagner Group",
    *,
    side: str | None = None,
    kind: str | None = None,
    official: bool | None = None,
    conflict: Conflict | None = None,
    names: Sequence[str] = (),
    speakers: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    **fields: Any,
) -> Actor:
    """An actor with its allegiance; kind, side and officialdom of a known one as on record."""
    known_kind, known_side, known_official = ACTORS.get(name, ("organisation", None, False))
    actor, created = Actor.objects.get_or_create(
        slug=slugify(name),
        defaults={
            "name": name,
            "kind": kind or known_kind,
            "official": known_official if official is None else official,
            **fields,
        },
    )
    if not created:
        return actor
    for order, spelling in enumerate(dict.fromkeys((name, *names))):
        ActorName.objects.create(actor=actor, name=spelling, folded=fold(spelling), order=order)
    for order, speaker in enumerate(speakers):
        Speaker.objects.create(actor=actor, names=[speaker], order=order)
    if side or known_side:
        Allegiance.objects.create(
            actor=actor,
            side=(conflict or make_conflict()).sides.get(key=side or known_side),
            since=since,
            until=until,
        )
    return actor


def make_place(
    name: str = "Soledar",
    *,
    names: Sequence[str] = (),
    conflict: Conflict | None = None,
    **fields: Any,
) -> Place:
    """A town with all its spellings."""
    place = Place.objects.filter(key=fields.get("key", f"test-{slugify(name)}")).first()
    if place is not None:
        return place
    place = Place.objects.create(
        **{
            "key": f"test-{slugify(name)}",
            "name": name,
            "country": "UA",
            "admin1": "Donetsk Oblast",
            "latitude": 48.68,
            "longitude": 38.09,
            "population": 10_000,
            "conflict": conflict or make_conflict(),
            **fields,
        }
    )
    for order, spelling in enumerate(dict.fromkeys((name, *PLACES.get(name, ()), *names))):
        PlaceName.objects.create(place=place, name=spelling, folded=fold(spelling), order=order)
    return place


def make_publisher(name: str = "Example Courier") -> Publisher:
    publisher, _ = Publisher.objects.get_or_create(name=name)
    return publisher


def make_document(
    text: str = TEXT,
    *,
    publisher: str = "Example Courier",
    published: datetime = datetime(2023, 1, 11, 18, tzinfo=UTC),
    **fields: Any,
) -> Document:
    """A document; texts that are the same are one family, as after ingest."""
    family, _ = TextFamily.objects.get_or_create(text_hash=text_hash(text))
    return Document.objects.create(
        publisher=make_publisher(publisher),
        family=family,
        text=text,
        published=published,
        **{"title": "Who holds Soledar?", "conflict_slug": "ukraine", **fields},
    )


def make_article(url: str = "https://courier.example/soledar", **fields: Any) -> Article:
    """What a publisher has at an address, made once for that."""
    there = Article.objects.filter(url=url).first()
    return there or Article.objects.create(
        url=url, **{"publisher": make_publisher("Example Courier"), **fields}
    )


def make_feed(url: str = "https://courier.example/feed.xml", **fields: Any) -> Feed:
    """A feed that has not been polled yet, and is due."""
    return Feed.objects.create(
        url=url,
        **{
            "title": "Example Courier",
            "publisher": make_publisher("Example Courier"),
            "conflict_slug": "ukraine",
            "added_by": fields.get("added_by") or make_user(),
            "next_poll_at": timezone.now(),
            **fields,
        },
    )


def make_claim(
    predicate: str = "captured",
    *,
    place: Place | str = "Soledar",
    claimant: Actor | str | None = "Wagner Group",
    subject: Actor | str | None = None,
    asserted_on: date = date(2023, 1, 11),
    document: Document | None = None,
    quote: str = "",
    cue: str = "",
    **fields: Any,
) -> Claim:
    """A pending extracted claim with one passage. Its subject is the claimant itself, where
    the predicate has one and none is given; its document is a new one, published on
    `asserted_on` at 18:00 UTC. `quote` must stand in the document's text."""
    if isinstance(place, str):
        place = make_place(place)
    if isinstance(claimant, str):
        claimant = make_actor(claimant)
    if isinstance(subject, str):
        subject = make_actor(subject)
    if subject is None and predicate != "fighting":
        subject = claimant
    if document is None:
        at = datetime(asserted_on.year, asserted_on.month, asserted_on.day, 18, tzinfo=UTC)
        document = make_document(f"{TEXT}\n\nReport {new_id()}.", published=at)
    origin = fields.get("origin", Claim.Origin.EXTRACTED)
    claim = Claim.objects.create(
        **{
            "document": document,
            "place": place,
            "claimant": claimant,
            "subject": subject,
            "stance": "asserts",
            "predicate": predicate,
            "asserted_on": asserted_on,
            "fingerprint": new_id().hex if origin == Claim.Origin.EXTRACTED else "",
            "extractor_version": "test" if origin == Claim.Origin.EXTRACTED else "",
            **fields,
        }
    )
    make_evidence(claim, quote, cue)
    return claim


def make_evidence(claim: Claim, quote: str = "", cue: str = "") -> Evidence:
    """A passage that carries the claim: `quote`, or the text's first sentence."""
    text = claim.document.text
    quote = quote or text.partition(".")[0] + "."
    start = text.index(quote)
    return Evidence.objects.create(
        claim=claim, start=start, end=start + len(quote), quote=quote, cue=cue
    )


def make_user(
    username: str = "editor",
    *,
    superuser: bool = False,
    role: str = "editor",
    conflict: Conflict | None = None,
    **fields: Any,
) -> User:
    """A user with this role in the conflict, or in all (`role` empty: with none), made once for
    a name. Staff; the password is `PASSWORD`."""
    if there := User.objects.filter(username=username).first():
        return there
    make = User.objects.create_superuser if superuser else User.objects.create_user
    user = make(username, password=PASSWORD, **{"is_staff": True, **fields})
    if role and not superuser:
        Membership.objects.create(user=user, role=role, conflict=conflict)
    return user


def make_webhook(owner: User | None = None) -> Webhook:
    """A webhook of all changes in a conflict, with a delivery that failed and a test that waits."""
    webhook = Webhook.objects.create(
        owner=owner or make_user(),
        name="Nightly copy",
        url="https://courier.example/hooks",
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        what=["claim", "status"],
        query="conflict=ukraine",
    )
    Delivery.objects.create(webhook=webhook, body='{"type":"webhook.test"}')
    Delivery.objects.create(
        webhook=webhook,
        change=1,
        body='{"type":"claim.rejected"}',
        state="failed",
        attempts=11,
        status=503,
        error="The receiver answered %(status)d (%(phrase)s).",
        error_values={"status": 503, "phrase": "Service Unavailable", "answer": "Try later."},
    )
    return webhook


def make_raw(text: str = TEXT, **fields: Any) -> RawDocument:
    """A document as an adapter returns it."""
    return RawDocument(
        **{
            "where": "a.txt",
            "publisher": "Example Courier",
            "published": datetime(2023, 1, 11, 18, tzinfo=UTC),
            "text": text,
            **fields,
        }
    )
