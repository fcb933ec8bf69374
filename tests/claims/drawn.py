"""Claims drawn by Hypothesis, for what must hold whatever is said.

The same ones are drawn in every run. `HYPOTHESIS_PROFILE=search` draws others, and more.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args

from hypothesis import settings
from hypothesis import strategies as st

from claims.extraction.records import Precision, Predicate, Stance
from claims.status.records import StatusClaim
from tests.claims.status.tables import ACTORS

settings.register_profile("same", derandomize=True, database=None, deadline=None, max_examples=100)
settings.register_profile("search", database=None, deadline=None, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

FIRST = date(2030, 1, 1)
SIDES = ("red", "blue", "green")
PREDICATES: tuple[Predicate, ...] = get_args(Predicate)
STANCES: tuple[Stance, ...] = ("asserts", "asserts", "denies", "unconfirmed")
PRECISIONS: tuple[Precision, ...] = ("day", "day", *get_args(Precision))
SOME_DAY = st.integers(0, 400).map(lambda days: FIRST + timedelta(days=days))
ANY_DAY = st.one_of(SOME_DAY, st.dates())


@st.composite
def claim(draw: Any, days: st.SearchStrategy[date] = SOME_DAY, **fields: Any) -> StatusClaim:
    """Anything that anybody may be coded to have said, but for `fields`. Its id is no id yet."""
    asserted_on = draw(days)
    event = draw(st.one_of(st.none(), days))
    label = draw(st.sampled_from((None, None, None, "north", "most", "")))
    said = {
        "id": "",
        "claimant": draw(st.sampled_from((*ACTORS, None, "Stranger"))),
        "stance": draw(st.sampled_from(STANCES)),
        "predicate": draw(st.sampled_from(PREDICATES)),
        "subject_side": draw(st.sampled_from((*SIDES, None))),
        "asserted_on": asserted_on,
        "asserted_precision": draw(st.sampled_from(PRECISIONS)),
        "event_date": event,
        "event_precision": None if event is None else draw(st.sampled_from(PRECISIONS)),
        "published": draw(published(asserted_on)),
        "extent": "whole" if label is None else "part",
        "part_label": label or "",
        "speaker": draw(st.sampled_from(("", "", "Ada Test", "a soldier"))),
        "family": draw(st.sampled_from((None, None, "wire"))),
        "document": draw(st.sampled_from(("a", "b"))),
    }
    return StatusClaim(**{**said, **fields})


@st.composite
def published(draw: Any, said_on: date) -> date | datetime:
    """A day, or a time in an offset of its own, on or soon after the day."""
    day = min(said_on, date.max - timedelta(days=3)) + timedelta(days=draw(st.integers(0, 2)))
    zone = draw(st.sampled_from((None, UTC, timezone(timedelta(hours=-5)))))
    return day if zone is None else datetime(day.year, day.month, day.day, 23, tzinfo=zone)


def town(one: st.SearchStrategy[StatusClaim] | None = None) -> st.SearchStrategy[list[StatusClaim]]:
    """Up to a dozen claims on one town, each with an id of its own."""
    return st.lists(claim() if one is None else one, max_size=12).map(_numbered)


def _numbered(claims: list[StatusClaim]) -> list[StatusClaim]:

    return [replace(claim, id=f"{number:02}") for number, claim in enumerate(claims)]
