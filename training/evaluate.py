"""Measure a parsing model on treebanks that it was neither trained nor tuned on.

`make train-eval`, or `python -m training.evaluate`: raw text in, in documents of 3 to 8
sentences; the model's own tokens, tags, trees and sentences out, scored by spaCy against the
treebanks. Attachment scores leave out punctuation, as spaCy's scorer does.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import random
import sys
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.training import Example

from training.convert import SEED, documents
from training.train import MODEL
from training.treebanks import TreebankError, locate, of_split

HERE = Path(__file__).resolve().parent
FIGURES = HERE / "figures.json"
CARD = HERE / "README.md"
MARKS = ("<!-- figures: written by training.evaluate -->", "<!-- end of figures -->")
# A figure's name in the table: spaCy's name of the score.
SCORES = {
    "UAS": "dep_uas",
    "LAS": "dep_las",
    "tags": "tag_acc",
    "POS": "pos_acc",
    "features": "morph_acc",
    "lemmas": "lemma_acc",
    "sentences F1": "sents_f",
}

Scores = dict[str, float]


def score(nlp: Language, path: Path) -> Scores:
    """The figures (0 to 1) of the model on one treebank, and its tokens per second."""
    gold = documents(path, nlp.vocab, random.Random(SEED))  # noqa: S311 (sizes, not secrets)
    result = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in gold])
    figures = {name: round(result[key], 4) for name, key in SCORES.items()}
    return {**figures, "tokens/s": round(result["speed"])}


def fingerprint(model: Path) -> str:
    """SHA-256 over the names and contents of the model's files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in model.rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(model).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def measure(model: Path) -> dict[str, Any]:
    """What `figures.json` holds: the model, the spaCy that ran it, figures by treebank."""
    nlp = spacy.load(model)
    return {
        "model": f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}",
        "sha256": fingerprint(model),
        "bytes": sum(path.stat().st_size for path in model.rglob("*") if path.is_file()),
        "spacy": spacy.about.__version__,
        "scores": {
            treebank.file.removesuffix(".conllu"): score(nlp, locate(treebank))
            for treebank in of_split("test")
        },
    }


def table(figures: dict[str, Any]) -> str:
    """The figures as a Markdown table, one row a treebank."""
    names = [*SCORES, "tokens/s"]
    lines = [f"| | {' | '.join(names)} |", "| --- " * (len(names) + 1) + "|"]
    for treebank, scores in figures["scores"].items():
        cells = [f"{scores[name]:.3f}" for name in SCORES]
        lines.append(f"| {treebank} | {' | '.join(cells)} | {scores['tokens/s']:,} |")
    return "\n".join(lines)


def record(figures: dict[str, Any]) -> None:
    """Write `figures.json`, and the table into the data card."""
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    before, _, rest = CARD.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    about = (
        f"{figures['model']}, {figures['bytes'] / 1e6:.1f} MB, measured with spaCy "
        f"{figures['spacy']}; SHA-256 over its files\n`{figures['sha256']}`."
    )
    body = f"{MARKS[0]}\n{table(figures)}\n\n{about}\n{MARKS[1]}"
    CARD.write_text(before + body + after, encoding="utf-8")


def main() -> None:
    """Measure the committed model and record its figures, or another and only print them."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, help="measure this model, and record nothing")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    model = options.model or MODEL
    if not model.is_dir():
        sys.exit(f"error: {model}: no model there")
    figures = measure(model)
    sys.stdout.write(f"{figures['model']}, {figures['bytes'] / 1e6:.1f} MB\n{table(figures)}\n")
    if options.model is None:
        record(figures)


if __name__ == "__main__":
    try:
        main()
    except TreebankError as error:
        sys.exit(f"error: {error}")
