"""The parsing model: loaded once per process, on first use."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language

DEFAULT = Path(__file__).with_name("parser")


def load_model(path: str | None = None) -> Language:
    """The pipeline at `path`, else at `CLAIMS_SPACY_MODEL`, else the bundled one.

    Raises OSError, with spaCy's own words, where there is none.
    """
    return _load(path or os.environ.get("CLAIMS_SPACY_MODEL") or str(DEFAULT))


@lru_cache(maxsize=2)
def _load(path: str) -> Language:
    return spacy.load(path)
