"""The Celery application of a small chaos: it reads without a parsing model, and what a killed
worker had comes back soon."""

from __future__ import annotations

from datetime import timedelta

from celery.signals import worker_process_init

from tests.claims.held_worker import app

__all__ = ["app"]


@worker_process_init.connect
def soon(**kwargs: object) -> None:
    from claims import intake

    intake.LEASE = timedelta(seconds=15)
