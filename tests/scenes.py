"""Whole towns for the pages' tests: the public record of Soledar in January 2023, retold in own
words, with statuses derived."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from claims.derive import derive
from claims.models import Claim, ExtractionRun
from entities.models import Place
from sources.models import Document
from tests.factories import make_actor, make_claim, make_document, make_evidence, make_place

ACCEPTED, PENDING = Claim.State.ACCEPTED, Claim.State.PENDING

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
    """Nine claims in four documents: eight accepted or pending as said below, and one rejected.
    Verified: claimed by Russia from 10 January, contested from the 11th, controlled by Russia
    from the 25th."""
    place = make_place()
    russia, ukraine = make_actor("Russia"), make_actor("Ukraine")
    army, ministry = (
        make_actor("Armed Forces of Ukraine"),
        make_actor("Russian Ministry of Defence"),
    )
    first = make_document(WAGNER_TEXT, published=at(10, 22), title="Wagner says Soledar is taken")
    second = make_document(KYIV_TEXT, published=at(11), title="Kyiv denies that Soledar fell")
    third = make_document(MOSCOW_TEXT, published=at(13), title="Moscow claims Soledar")
    last = make_document(CONFIRMED_TEXT, published=at(25), title="Ukrainian army leaves Soledar")
    day = date(2023, 1, 11)
    make_claim(
        asserted_on=date(2023, 1, 10),
        document=first,
        state=ACCEPTED,
        speaker="Yevgeny Prigozhin",
        quote=WAGNER_TEXT.partition(",")[0],
    )
    make_claim(
        "fighting",
        asserted_on=date(2023, 1, 10),
        document=first,
        state=PENDING,
        extent="part",
        part_words="centre",
        part_label="centre",
        quote="fighting went on in its centre",
    )
    denial = make_claim(
        claimant=army,
        subject=russia,
        stance="denies",
        asserted_on=day,
        document=second,
        state=ACCEPTED,
        quote="Soledar has not fallen",
    )
    make_evidence(denial, "the claim is untrue")
    make_claim(
        "fighting",
        claimant=army,
        asserted_on=day,
        document=second,
        state=ACCEPTED,
        quote="heavy fighting in the town goes on",
    )
    make_claim(
        claimant="United States",
        subject=russia,
        stance="unconfirmed",
        asserted_on=day,
        document=second,
        quote="Washington could not confirm that Soledar had been captured",
    )
    make_claim(
        claimant=ministry,
        subject=russia,
        asserted_on=date(2023, 1, 13),
        document=third,
        event_date=date(2023, 1, 12),
        event_precision="day",
        state=ACCEPTED,
        quote="Soledar was captured the evening before",
    )
    make_claim(
        claimant=ukraine,
        subject=russia,
        stance="denies",
        asserted_on=date(2023, 1, 13),
        document=third,
        quote="Kyiv called that untrue",
    )
    make_claim(
        "withdrew",
        claimant=army,
        subject=army,
        asserted_on=date(2023, 1, 25),
        document=last,
        event_date=date(2023, 1, 16),
        event_precision="week",
        state=ACCEPTED,
        quote="its troops have left Soledar",
    )
    make_claim(
        "holds",
        claimant=None,
        subject=army,
        asserted_on=date(2023, 1, 25),
        document=last,
        state=Claim.State.REJECTED,
    )
    for document in (first, second, third, last):
        make_run(document)
    derive([place.id])
    return place
