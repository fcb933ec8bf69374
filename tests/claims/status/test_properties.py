"""What must hold of the rules whatever anybody says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from claims.status.engine import derive
from claims.status.records import Interval, StatusClaim, TownStatus
from claims.status.rule_sets import RULE_SETS, V1, RuleSet
from claims.status.track_record import follow
from claims.status.words import PUBLISHERS, voice
from tests.claims.drawn import ANY_DAY, SIDES, claim, town
from tests.claims.status.tables import ACTORS

ANY_RULES = st.sampled_from(tuple(RULE_SETS.values()))
STATUSES = {1: "controlled", 2: "contested", 3: "fought-over", 4: "claimed", 5: "unknown"}


def every(status: TownStatus) -> list[Interval]:
    return [band for bands in (status.bands, *status.parts.values()) for band in bands]


@given(town(), ANY_RULES, st.randoms(use_true_random=False))
def test_order_and_repeated_rows_make_no_difference(
    rows: list[StatusClaim], rules: RuleSet, draw: object
) -> None:
    told = derive(rows, ACTORS, rules)
    shuffled = [*rows, *rows[: len(rows) // 2]]
    draw.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random, which is not in the types
    assert derive(shuffled, ACTORS, rules) == told


@given(town(), ANY_RULES)
def test_what_is_noted_beside_the_rules_changes_no_status(
    rows: list[StatusClaim], rules: RuleSet
) -> None:
    assert follow(rows, ACTORS, rules)[0] == derive(rows, ACTORS, rules)


@given(town(claim(days=ANY_DAY)), ANY_RULES)
def test_every_day_from_the_first_word_on_has_one_status(
    rows: list[StatusClaim], rules: RuleSet
) -> None:
    """Whatever is said, on whatever day: nothing raises, bands have no gaps, each names its
    rule, its set and claims of the town."""
    status = derive(rows, ACTORS, rules)
    for bands in filter(None, (status.bands, *status.parts.values())):
        assert bands[-1].end is None
        assert all(one.end == other.start > one.start for one, other in pairwise(bands))
    ids = {row.id for row in rows}
    for band in every(status):
        assert (band.version, band.status) == (rules.name, STATUSES[band.rule])
        assert set(band.deciding) <= ids
        assert band.deciding or band.status == "unknown"
        assert len(band.sides) == 1 or band.status not in ("controlled", "claimed")


def in_its_own_favour(side: str) -> st.SearchStrategy[StatusClaim]:
    """What an actor of `side` says to its own side's good, or without saying who has the town."""
    others = tuple(other for other in SIDES if other != side)
    said = [
        ("asserts", ("captured", "holds", "advancing", "encircled"), (side,)),
        ("denies", ("withdrew",), (side,)),
        ("denies", ("captured", "holds", "advancing"), others),
        ("asserts", ("withdrew",), others),
        ("asserts", ("fighting",), (None,)),
        ("unconfirmed", ("captured", "holds", "withdrew"), (None, *SIDES)),
    ]
    speakers = st.sampled_from([key for key, actor in ACTORS.items() if actor.side == side])
    return st.one_of([_said(speakers, *one) for one in said])


def _said(
    speakers: st.SearchStrategy[str],
    stance: str,
    predicates: tuple[str, ...],
    subjects: tuple[str | None, ...],
) -> st.SearchStrategy[StatusClaim]:
    return st.tuples(speakers, st.sampled_from(predicates), st.sampled_from(subjects)).flatmap(
        lambda drawn: claim(
            claimant=drawn[0], stance=stance, predicate=drawn[1], subject_side=drawn[2]
        )
    )


OUTSIDERS = st.sampled_from(["Observer", "Monitor", "Gazette", None, "Stranger"]).flatmap(
    lambda claimant: claim(claimant=claimant)
)


@given(town(st.one_of([*(in_its_own_favour(side) for side in SIDES), OUTSIDERS])), ANY_RULES)
def test_no_side_controls_a_town_by_words_in_its_own_favour(
    rows: list[StatusClaim], rules: RuleSet
) -> None:
    """Nor do third parties and publishers give it to anybody, whatever they say."""
    assert "controlled" not in {band.status for band in every(derive(rows, ACTORS, rules))}


@given(town())
def test_who_controls_a_town_was_conceded_it_by_an_official_actor_of_another_side(
    rows: list[StatusClaim],
) -> None:
    by_id = {row.id: row for row in rows}
    for band in every(derive(rows, ACTORS)):
        if band.status != "controlled":
            continue
        voices = [voice(by_id[id_], ACTORS) for id_ in band.deciding]
        assert any(
            official and party.kind == "side" and party.key != band.sides[0]
            for _, party, official in voices
        )


@given(town(claim(family=None)))
def test_a_set_that_hears_less_is_v1_over_fewer_claims(rows: list[StatusClaim]) -> None:
    def told(rules: RuleSet, heard: Sequence[StatusClaim]) -> TownStatus:
        status = derive(heard, ACTORS, rules)
        return TownStatus(
            tuple(replace(band, version="") for band in status.bands),
            {
                label: tuple(replace(band, version="") for band in bands)
                for label, bands in status.parts.items()
            },
            status.divisions,
        )

    actors = [row for row in rows if voice(row, ACTORS)[1] != PUBLISHERS]
    assert told(RULE_SETS["no-publishers"], rows) == told(V1, actors)
    officials = [row for row in rows if voice(row, ACTORS)[2]]
    assert told(RULE_SETS["officials"], rows) == told(V1, officials)
