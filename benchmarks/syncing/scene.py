"""A small made-up war, for writers to write about: towns, actors, editors."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from django.contrib.auth.models import User

from claims.access import keys
from claims.models import ApiKey, Claim, Evidence, Membership
from config.ids import new_id
from entities.models import Actor, Allegiance, Conflict, Place, Side
from sources.ingest import text_hash
from sources.models import Document, Publisher, TextFamily

TOWNS, EDITORS, PAPERS = 30, 8, 3
SENTENCES = (
    "A spokesman said that the northern army has taken the town.",
    "The southern army denies it.",
    "Fighting goes on in the centre.",
    "The mayor said that nobody holds the bridge.",
    "An adviser could not confirm the report.",
)


def make_scene() -> str:
    """The rows that writers take as given. Returns a key that reads as often as it likes."""
    conflict = Conflict.objects.create(slug="made-up-war", name="Made-up war", regions=["XX"])
    for order, key in enumerate(("north", "south")):
        side = Side.objects.create(
            conflict=conflict, key=key, name=key.title(), colour="#336699", order=order
        )
        for kind in ("army", "movement", "ministry"):
            actor = Actor.objects.create(
                slug=f"{key}-{kind}", name=f"{key.title()}ern {kind}", kind=kind, official=True
            )
            Allegiance.objects.create(actor=actor, side=side)
    Place.objects.bulk_create(
        Place(
            key=f"sync-{number}",
            short_id=f"sync{number:04}",
            slug=f"made-up-{number}",
            name=f"Made-up {number}",
            latitude=number,
            longitude=number,
            conflict=conflict,
        )
        for number in range(TOWNS)
    )
    Publisher.objects.bulk_create(Publisher(name=f"Paper {number}") for number in range(PAPERS))
    for number in range(EDITORS):
        user = User.objects.create_user(f"editor-{number}")
        Membership.objects.create(user=user, role="editor")
    reader = User.objects.create_user("partner")
    Membership.objects.create(user=reader, role="reader")
    row, key = keys.make(by=reader, name="copies", scopes=["read"])
    ApiKey.objects.filter(pk=row.pk).update(rate=1_000_000)
    return key


def make_document(random: Random) -> Document:
    text = " ".join((*SENTENCES, f"Report {new_id()}."))
    family, _ = TextFamily.objects.get_or_create(text_hash=text_hash(text))
    return Document.objects.create(
        publisher=random.choice(list(Publisher.objects.all())),
        family=family,
        text=text,
        title="Who holds the town?",
        published=datetime(2023, random.randint(1, 12), random.randint(1, 28), 18, tzinfo=UTC),
        conflict_slug="made-up-war",
    )


def make_claims(random: Random, document: Document, count: int) -> list[Claim]:
    """Pending claims of a document with one or two passages each."""
    actors, towns = list(Actor.objects.all()), list(Place.objects.all())
    claims = []
    for _ in range(count):
        who = random.choice(actors)
        claims.append(
            Claim(
                document=document,
                place=random.choice(towns),
                claimant=who,
                subject=random.choice(actors),
                stance=random.choice(("asserts", "asserts", "denies")),
                predicate=random.choice(("captured", "holds", "advancing", "withdrew")),
                asserted_on=document.published.date(),
                fingerprint=new_id().hex,
                extractor_version="1",
            )
        )
    Claim.objects.bulk_create(claims)
    Evidence.objects.bulk_create(
        passage(claim, sentence)
        for claim in claims
        for sentence in random.sample(SENTENCES, random.randint(1, 2))
    )
    return claims


def passage(claim: Claim, sentence: str) -> Evidence:
    start = claim.document.text.index(sentence)
    return Evidence(claim=claim, start=start, end=start + len(sentence), quote=sentence)
