"""Which town a statement is about: names that no gazetteer knows, "the town", topics, parts."""

from __future__ import annotations

import pytest

from claims.extraction.places.unknown import unknown_towns

UNKNOWN: dict[str, tuple[str, set[str]]] = {
    "in": ("There was shooting in Ostermark on Friday.", {"Ostermark"}),
    "mayor": ("The mayor of Ostermark has gone.", {"Ostermark"}),
    "fell": ("Ostermark fell on Friday.", {"Ostermark"}),
    "passive": ("Yesterday Ostermark was retaken by the guards.", {"Ostermark"}),
    "headline": ("Ostermark taken at dawn, says commander", {"Ostermark"}),
    "two-words": ("Shells on Port Ostermark: nine dead.", {"Port Ostermark"}),
    "apposition": ("He comes from Ostermark, a market town.", {"Ostermark"}),
    "distance": ("We met in a barn. Ostermark, ten kilometres to the east, burns.", {"Ostermark"}),
    "suburbs": ("Clashes went on at Ostermark's southern edge.", {"Ostermark"}),
    "road": ("They mined the road to Ostermark last week.", {"Ostermark"}),
    "topic": ("1. Ostermark. The town has no water.", {"Ostermark"}),
    "in-our-hands": ("She wrote: Ostermark is in our hands.", {"Ostermark"}),
    "coordinated": ("They went into Ostermark and Velm at night.", {"Ostermark", "Velm"}),
    "verb": ("Its brigades stormed Ostermark.", {"Ostermark"}),
    "opening-word": ("Suppose Ostermark fell. Then in Ostermark all is lost.", {"Ostermark"}),
    "person": ("Colonel Velm said that it was in Velm's interest.", set()),
    "surname": ("Ada Velm spoke. The letter came from Velm.", set()),
    "speaker": ("Velm said that nothing had changed.", set()),
    "river": ("They stood at the Velm, and the Velm was high.", set()),
    "region": ("Thousands fled in Ostermark province.", set()),
    "army": ("The Ostermark army is weak.", set()),
    "adjective": ("They are in Ostermarkian hands.", set()),
    "month": ("It began in January and ended in Lent day.", set()),
}


@pytest.mark.parametrize(("text", "towns"), UNKNOWN.values(), ids=UNKNOWN)
def test_towns_are_told_by_the_words_around_their_names(text: str, towns: set[str]) -> None:
    assert unknown_towns(text, lambda name: False, enough=2.0) == towns


def test_known_names_are_no_unknown_towns() -> None:
    found = unknown_towns("Fighting in Velm and in Ostermark.", "Velm".__eq__, enough=2.0)
    assert found == {"Ostermark"}
