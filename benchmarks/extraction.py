"""What extraction costs over the bare parse, and the memory that a worker takes.

    .venv/bin/python -m benchmarks.extraction [--json]

`ratio` is words per second of the whole extraction over words per second of the parsing model
alone: the same texts, batches and process, one core. The two take turns, and the median of the
turns' ratios counts. `worker_peak_mb` is the most memory that a process of its own held while it
read the same articles one at a time, as a worker does, with the model and all packs' names.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections import deque
from collections.abc import Iterable

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core; read when numpy is imported

from claims.extraction.model import load_model
from claims.extraction.pipeline import Extractor
from claims.extraction.records import Article
from entities.packs import lexicon_from_packs
from training.articles import HALVES, coded_articles

BATCH = 16  # texts parsed together, as extraction does
TURNS = 7
MEGABYTE = 1_000_000


def measure() -> dict[str, float]:
    """The figures of one run."""
    nlp = load_model()
    extractor = Extractor(nlp, lexicon_from_packs())
    extractor.settle()
    articles = sample()
    texts = [article.text for article in articles]
    words = sum(len(text.split()) for text in texts)
    bare, whole = [], []
    for _ in range(TURNS + 1):
        bare.append(seconds(nlp.pipe(texts, batch_size=BATCH)))
        whole.append(seconds(extractor.extract(articles)))
    bare, whole = bare[1:], whole[1:]  # the first turn fills caches
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        peak = pool.apply(worker_peak)
    return {
        "ratio": round(statistics.median(b / w for b, w in zip(bare, whole, strict=True)), 3),
        "words": words,
        "parse_words_per_s": round(words / statistics.median(bare)),
        "extraction_words_per_s": round(words / statistics.median(whole)),
        "worker_peak_mb": round(peak),
    }


def sample() -> list[Article]:
    """The coded articles of both halves: agency reports, live blogs, headlines, features."""
    return [one.article for half in HALVES for one in coded_articles(half)]


def seconds(work: Iterable[object]) -> float:
    """How long it takes to go through, with nothing kept."""
    begun = time.perf_counter()
    deque(work, maxlen=0)
    return time.perf_counter() - begun


def worker_peak() -> float:
    """The most memory (MB) that this process has held after reading the articles one by one."""
    extractor = Extractor(load_model(), lexicon_from_packs())
    extractor.settle()
    for article in sample():
        seconds(extractor.extract([article]))
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes here
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE


def main() -> None:
    parser = argparse.ArgumentParser(description="What extraction costs over the bare parse.")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    arguments = parser.parse_args()
    figures = measure()
    if arguments.json:
        sys.stdout.write(f"{json.dumps(figures)}\n")
        return
    for name, figure in figures.items():
        sys.stdout.write(f"{name:24} {figure:>10}\n")


if __name__ == "__main__":
    main()
