"""Names that nothing knows come out of an extraction, with the sentence that uses them."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.extraction.pipeline import Extractor
from claims.extraction.records import Article, Suggestion
from tests.claims.extraction.conftest import PUBLISHED


def suggested(extractor: Extractor, text: str) -> list[Suggestion]:
    when = datetime.fromisoformat(PUBLISHED)
    article = Article("one", "Harrow Gazette", when, text, conflict="norland")
    (extraction,) = extractor.extract([article])
    for one in extraction.suggestions:
        assert text[one.start : one.end].strip() == text[one.start : one.end]
    return list(extraction.suggestions)


Expected = list[tuple[str, str, str, str]]

CASES: dict[str, tuple[str, Expected]] = {
    "town": (
        "Redmark fighters captured the village of Ostermark on Monday.",
        [("place", "Ostermark", "town", "")],
    ),
    "town-without-a-claim": (
        "Rain fell. The mayor of Ostermark has no bread.",
        [("place", "Ostermark", "town", "")],
    ),
    "head": (
        "OSTERMARK: The town is empty.",
        [("place", "Ostermark", "town", "")],
    ),
    "organisation": (
        "The Halden Monitor, a group that counts the dead, said Lowmere had fallen to Redmark.",
        [("actor", "Halden Monitor", "claimant", "")],
    ),
    "person": (
        "Ada Lund said that Lowmere had fallen to Redmark.",
        [("actor", "Ada Lund", "claimant", "")],
    ),
    "spokesman": (
        "Norlandic army spokesman Piet Amsel said that Lowmere was under army control.",
        [("actor", "Piet Amsel", "speaker", "Armed Forces of Norland")],
    ),
    "said-twice": (
        "Fighting went on in the village of Ostermark. The village of Ostermark burns.",
        [("place", "Ostermark", "town", "")],
    ),
    "known": ("Jory Talven said that the Norlandic army had taken Lowmere.", []),
    "described": ("Residents said that the Norlandic army had taken Lowmere.", []),
    "publisher": ("The Norlandic army has taken Lowmere.", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_unknown_names_are_suggested(extractor: Extractor, text: str, expected: Expected) -> None:
    found = [(one.kind, one.name, one.taken_for, one.of) for one in suggested(extractor, text)]
    assert found == expected


def test_a_suggestion_has_the_sentence_of_its_first_use(extractor: Extractor) -> None:
    text = "It rained. The mayor of Ostermark has gone. Redmark fighters took Ostermark."
    (one,) = suggested(extractor, text)
    assert text[one.start : one.end] == "The mayor of Ostermark has gone."


def test_they_are_told_with_their_sentence(extractor: Extractor) -> None:
    when = datetime.fromisoformat(PUBLISHED)
    text = "Norlandic army spokesman Piet Amsel said that Ostermark had fallen to Redmark."
    lines = extractor.explain(Article("one", "Harrow Gazette", when, text, conflict="norland"))
    assert lines[-2:] == [
        "    suggested  'Piet Amsel': an unknown speaker for Armed Forces of Norland",
        "    suggested  'Ostermark': an unknown town",
    ]
