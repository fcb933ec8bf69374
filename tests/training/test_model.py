"""The committed model: that it is the one the figures are of, and as good as it has to be."""

from __future__ import annotations

import json
import os

import pytest
import spacy

from training.evaluate import CARD, FIGURES, fingerprint, score, table
from training.train import MAX_BYTES, MODEL
from training.treebanks import PUD, TREEBANKS, locate

# What a first trial with spaCy's stock configuration reached on PUD.
FIRST_TRIAL = {"UAS": 0.874, "LAS": 0.835, "tags": 0.949, "lemmas": 0.967, "sentences F1": 0.967}
# Where the committed model is below it (the data card says how far): it may not fall further.
MISSED = {"lemmas": 0.966, "sentences F1": 0.937}


def test_the_recorded_figures_are_of_the_committed_model() -> None:
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert figures["sha256"] == fingerprint(MODEL)
    assert figures["bytes"] <= MAX_BYTES
    assert table(figures) in CARD.read_text(encoding="utf-8")


def test_the_model_carries_its_licence_and_credits() -> None:
    meta = json.loads((MODEL / "meta.json").read_text(encoding="utf-8"))
    assert meta["license"] == "CC BY-SA 4.0"
    assert [source["name"] for source in meta["sources"]] == ["UD_English-EWT", "UD_English-GUM"]
    licence = (MODEL / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("Attribution-ShareAlike 4.0 International\n")


def test_the_model_gives_trees_tags_and_lemmas() -> None:
    doc = spacy.load(MODEL)("The mayor said on Friday that troops had captured Testville.")
    captured = next(token for token in doc if token.text == "captured")
    assert (captured.lemma_, captured.pos_, captured.dep_) == ("capture", "VERB", "ccomp")
    assert captured.head.text == "said"
    assert {child.text: child.dep_ for child in captured.children} == {
        "that": "mark",
        "troops": "nsubj",
        "had": "aux",
        "Testville": "obj",
    }


needs_treebanks = pytest.mark.skipif(
    "CLAIMS_TREEBANKS_DIR" not in os.environ, reason="CLAIMS_TREEBANKS_DIR is not set"
)


below = pytest.mark.xfail(strict=True, reason="below the first trial: see the data card")


@needs_treebanks
@pytest.mark.parametrize(
    "figure",
    [pytest.param(figure, marks=[below] if figure in MISSED else []) for figure in FIRST_TRIAL],
)
def test_the_model_is_at_least_as_good_as_the_first_trial(
    figure: str, pud_scores: dict[str, float]
) -> None:
    assert pud_scores[figure] >= FIRST_TRIAL[figure]


@needs_treebanks
@pytest.mark.parametrize("figure", MISSED)
def test_what_is_below_the_first_trial_falls_no_further(
    figure: str, pud_scores: dict[str, float]
) -> None:
    assert pud_scores[figure] >= MISSED[figure]


@pytest.fixture(scope="module")
def pud_scores() -> dict[str, float]:
    [pud] = [entry for entry in TREEBANKS if entry.source is PUD]
    return score(spacy.load(MODEL), locate(pud))
