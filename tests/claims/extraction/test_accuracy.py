"""The accuracy on the coded sets, by their own measure. They are not part of the project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from claims.extraction.jsonl import prediction, read_articles
from claims.extraction.model import load_model
from claims.extraction.pipeline import Extractor
from entities.packs import lexicon_from_packs

EVAL = os.environ.get("CLAIMS_EVAL_DIR", "")


@pytest.fixture(scope="module")
def packs_extractor() -> Extractor:
    return Extractor(load_model(), lexicon_from_packs())


@pytest.mark.skipif(not EVAL, reason="CLAIMS_EVAL_DIR is not set")
@pytest.mark.parametrize(
    ("name", "position", "strict"), [("seeds", 0.80, 0.55), ("dev", 0.85, 0.62)]
)
def test_f1(
    name: str, position: float, strict: float, packs_extractor: Extractor, tmp_path: Path
) -> None:
    folder = Path(EVAL)
    predictions = tmp_path / "predictions.jsonl"
    with (
        (folder / f"{name}.docs.jsonl").open(encoding="utf-8") as source,
        predictions.open("w", encoding="utf-8") as target,
    ):
        for extraction in packs_extractor.extract(read_articles(source)):
            target.write(json.dumps(prediction(extraction)) + "\n")
    scored = subprocess.run(
        [sys.executable, folder / "score.py", folder / f"{name}.gold.jsonl", predictions],
        check=True,
        capture_output=True,
        text=True,
    )
    figures = json.loads(scored.stdout)
    assert figures["position"]["f1"] >= position
    assert figures["strict"]["f1"] >= strict
