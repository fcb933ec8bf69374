"""A Celery application like the real one, whose extraction needs no parsing model and goes no
further while the file named by CLAIMS_TEST_HOLD is there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from celery.signals import worker_process_init

from claims.extraction.records import Article, Extraction
from config.celery import app
from tests.claims.made_up import captured

__all__ = ["app"]


class HeldReader:
    def extract(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        for article in articles:
            while Path(os.environ["CLAIMS_TEST_HOLD"]).exists():
                time.sleep(0.05)
            yield Extraction(article, (captured(article),))


@worker_process_init.connect
def hold(**kwargs: object) -> None:
    django.setup()
    from claims import runs

    runs.extractor = HeldReader  # type: ignore[assignment]  # reads as the real one does
