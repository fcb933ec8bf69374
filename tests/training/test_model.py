"""The committed model: that it is the one the figures are of, and as good as it has to be."""

from __future__ import annotations

import json
import os

import pytest
import spacy

from training.evaluate import CARD, FIGURES, fingerprint, score, table
from training.train import MAX_BYTES, MODEL
from training.treebanks import PUD, TREEBANKS, locate

# On PUD. For UAS and LAS what a first trial with the stock configuration reached; tags,
# lemmas and sentences just below the committed model's own figures. Of these, tags equal the
# trial's, and lemmas (trial: 0.967) and sentences (0.967) are below it: the data card says so.
FLOOR = {"UAS": 0.874, "LAS": 0.835, "tags": 0.948, "lemmas": 0.966, "sentences F1": 0.937}


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


@pytest.mark.skipif(
    "CLAIMS_TREEBANKS_DIR" not in os.environ, reason="CLAIMS_TREEBANKS_DIR is not set"
)
@pytest.mark.parametrize("figure", FLOOR)
def test_the_model_does_not_fall_below(figure: str, pud_scores: dict[str, float]) -> None:
    assert pud_scores[figure] >= FLOOR[figure]


@pytest.fixture(scope="module")
def pud_scores() -> dict[str, float]:
    [pud] = [entry for entry in TREEBANKS if entry.source is PUD]
    return score(spacy.load(MODEL), locate(pud))
