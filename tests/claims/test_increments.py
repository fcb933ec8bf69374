"""Claims that arrive and are decided one by one: at every step the rows say what follows from
the claims there are, and afterwards the system still knows what it said at each step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pgtrigger
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from claims.derive import derive, derive_due, for_status, status_actors, status_claim
from claims.models import Claim, StatusInterval
from claims.status.days import published_day
from claims.status.engine import derive as apply_rules
from claims.status.records import TownStatus
from claims.timeline import timeline
from entities.models import Place
from tests.claims.drawn import PREDICATES, STANCES
from tests.factories import TEXT, make_actor, make_claim, make_document, make_place

FIRST = datetime(2023, 1, 1, tzinfo=UTC)
START = datetime(2024, 3, 1, tzinfo=UTC)  # of the record, a day for each step
CLAIMANTS = ("Wagner Group", "Russian Ministry of Defence", "Armed Forces of Ukraine", None)
STATES = tuple(Claim.State.values)


class Step(NamedTuple):
    """A claim that arrives, said and published `day` days after the first, and the state that
    an earlier claim, or this one, is then in. `offset`: the publisher's, in hours."""

    claimant: str | None
    stance: str
    predicate: str
    subject: str
    day: int
    offset: int
    state: str
    of: int
    state_of: str


STEPS = st.lists(
    st.builds(
        Step,
        claimant=st.sampled_from(CLAIMANTS),
        stance=st.sampled_from(STANCES),
        predicate=st.sampled_from(PREDICATES),
        subject=st.sampled_from(("Russia", "Ukraine")),
        day=st.integers(0, 20),
        offset=st.sampled_from((0, 0, 3, -5)),
        state=st.sampled_from(("pending", "accepted")),
        of=st.integers(0, 5),
        state_of=st.sampled_from(STATES),
    ),
    min_size=1,
    max_size=6,
)
# Every step is a dozen queries and more: fewer examples, each of a few steps.
few = settings(max_examples=15 if settings().max_examples <= 100 else 200)


def written(place: Place, step: Step) -> Claim:
    day = FIRST + timedelta(days=step.day)
    claimant = None if step.claimant is None else make_actor(step.claimant)
    subject = None if step.predicate == "fighting" else make_actor(step.subject)
    document = make_document(
        f"{TEXT} {Claim.objects.count()}",
        published=day + timedelta(hours=22),
        published_offset=step.offset * 60,
    )
    return make_claim(
        step.predicate,
        place=place,
        claimant=claimant,
        subject=subject,
        stance=step.stance,
        asserted_on=day.date(),
        document=document,
        state=step.state,
    )


def recorded_at(moment: datetime) -> None:
    """Let what was written since the last call have been written then: in a test's transaction
    all is written at one time."""
    events = Claim._meta.get_field("events").related_model._default_manager
    with pgtrigger.ignore("claims.ClaimEvent:append_only"):
        events.filter(pgh_created_at__gt=START + timedelta(days=99)).update(pgh_created_at=moment)


def rows() -> list[dict[str, Any]]:
    return list(StatusInterval.objects.values(*StatusInterval.KEY, *StatusInterval.VALUES))


def said(place: Place, **asked: Any) -> tuple[TownStatus, TownStatus]:
    line = timeline(place, **asked)
    return line.verified, line.with_pending


class TestIncrements(TestCase):
    @few
    @given(STEPS)
    def test_rows_are_as_if_derived_from_scratch(self, steps: list[Step]) -> None:
        place = make_place()
        claims: list[Claim] = []
        for step in steps:
            claims.append(written(place, step))
            derive_due()
            changed = claims[step.of % len(claims)]
            Claim.objects.filter(pk=changed.pk).update(state=step.state_of)
            derive_due()
            kept = rows()
            StatusInterval.objects.all().delete()
            derive({place.pk})
            assert rows() == kept

    @few
    @given(STEPS)
    def test_what_was_said_at_each_step_is_known_afterwards(self, steps: list[Step]) -> None:
        place = make_place()
        claims: list[Claim] = []
        then: list[tuple[TownStatus, TownStatus]] = []
        for number, step in enumerate(steps):
            claims.append(written(place, step))
            changed = claims[step.of % len(claims)]
            Claim.objects.filter(pk=changed.pk).update(state=step.state_of)
            recorded_at(START + timedelta(days=number))
            then.append(said(place))
        for number, expected in enumerate(then):
            assert said(place, as_of=START + timedelta(days=number)) == expected

    @few
    @given(STEPS)
    def test_what_was_known_on_a_day_is_what_follows_from_what_was_published(
        self, steps: list[Step]
    ) -> None:
        place = make_place()
        for step in steps:
            written(place, step)
        claims = list(for_status().live())
        by_id = {claim.id: status_claim(claim) for claim in claims}
        for day in (date(2022, 12, 31) + timedelta(days=number) for number in range(0, 24, 3)):
            known = [claim for claim in claims if published_day(by_id[claim.id]) <= day]
            verified = [claim for claim in known if claim.state in Claim.VERIFIED]
            assert said(place, known_on=day) == tuple(
                apply_rules([by_id[one.id] for one in counted], status_actors(counted))
                for counted in (verified, known)
            )
