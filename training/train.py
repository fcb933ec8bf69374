"""Train the parsing model from the treebanks, and package it for the extraction to load.

`make train`, or `python -m training.train`. With `--no-train` the best model of an earlier
training is packaged, and nothing is trained.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import spacy
from spacy.language import Language

from training.convert import convert
from training.treebanks import EWT, GUM, ROOT, Split, TreebankError, locate, of_split

HERE = Path(__file__).resolve().parent
WORK = ROOT / "var" / "training"
BEST = WORK / "model" / "model-best"
MODEL = ROOT / "claims" / "extraction" / "parser"
VERSION = "1.0.0"  # raise it with every model that is committed
MAX_BYTES = 20_000_000  # a repository keeps every version of the model for ever
SCORES = ("tag_acc", "pos_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f")

logger = logging.getLogger(__name__)


def prepare(split: Split) -> Path:
    """Convert the treebanks of "train" or "dev" to one DocBin, and return its path."""
    sources = [(treebank, locate(treebank)) for treebank in of_split(split)]
    target = WORK / f"{split}.spacy"
    count = convert(split, sources, target)
    logger.info("%s: %d sentences of %s", split, count, ", ".join(t.file for t, _ in sources))
    return target


def train(train_corpus: Path, dev_corpus: Path) -> None:
    """Run `spacy train` with the config, in one thread and with a fixed hash seed.

    Sums over several threads come out in another order each time: one thread makes the same
    model again. Raises CalledProcessError.
    """
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "spacy", "train", str(HERE / "config.cfg")]
    command += ["--paths.train", str(train_corpus), "--paths.dev", str(dev_corpus)]
    command += ["--output", str(BEST.parent)]
    environment = {**os.environ, **threads, "PYTHONHASHSEED": "0"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def package(trained: Path, target: Path = MODEL) -> int:
    """Write the trained model to `target`, with its licence and credits; return its bytes.

    The folder is replaced as a whole. Raises ValueError where the model is over MAX_BYTES.
    """
    nlp = spacy.load(trained)
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])  # the trainer's own files
    _describe(nlp)
    fresh = target.with_name(f".{target.name}-fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    nlp.to_disk(fresh)
    shutil.copyfile(HERE / "CC-BY-SA-4.0.txt", fresh / "LICENSE")
    (fresh / "README.md").write_text(_readme(nlp), encoding="utf-8")
    size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
    if size > MAX_BYTES:
        raise ValueError(f"{fresh}: {size:,} bytes, over {MAX_BYTES:,}")
    shutil.rmtree(target, ignore_errors=True)
    fresh.replace(target)
    return size


def _describe(nlp: Language) -> None:
    """Fill in the model's meta data: what it is, whose it is, what it was trained on."""
    scores = nlp.meta.get("performance", {})
    nlp.meta.update(
        name="conflict_claims",
        version=VERSION,
        description="English tagger, morphologizer, lemmatizer and Universal Dependencies "
        "parser of the conflict-claims tracker",
        license="CC BY-SA 4.0",
        spacy_version=">=3.8,<3.9",
        sources=[
            {"name": s.name, "url": s.url, "author": s.credit, "license": s.licence}
            for s in (EWT, GUM)
        ],
        performance={name: scores[name] for name in SCORES if name in scores},
    )


def _readme(nlp: Language) -> str:
    credits = "\n".join(
        f"- [{source['name']}]({source['url']}): {source['author']}.\n"
        f"  Licence: {source['license']}."
        for source in nlp.meta["sources"]
    )
    return f"""# {nlp.meta["lang"]}_{nlp.meta["name"]} {nlp.meta["version"]}

{nlp.meta["description"]}. It is made by the recipe in `training/`, where its data card and
its figures are: do not edit it by hand.

This folder is shared under the Creative Commons Attribution-ShareAlike 4.0 International
licence (SPDX: CC-BY-SA-4.0, <https://creativecommons.org/licenses/by-sa/4.0/>); the text is in
`LICENSE`. The licence of the code around it is another matter. It was trained on, and credits:

{credits}

The treebanks' contractions and spaces were brought into the form of spaCy's tokenizer;
nothing else in them was changed.
"""


def main() -> None:
    """Treebanks to DocBins, DocBins to model, model to the folder that extraction loads."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--no-train", action="store_true", help="only package an earlier training")
    parser.add_argument("--model", type=Path, default=BEST, help="what --no-train packages")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    start = time.monotonic()
    if not options.no_train:
        train(prepare("train"), prepare("dev"))
        logger.info("trained in %.0f min", (time.monotonic() - start) / 60)
    elif not options.model.is_dir():
        sys.exit(f"error: {options.model}: no trained model there")
    size = package(BEST if not options.no_train else options.model)
    logger.info("packaged to %s: %.1f MB", MODEL.relative_to(ROOT), size / 1e6)


if __name__ == "__main__":
    try:
        main()
    except (TreebankError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"error: {error}")
