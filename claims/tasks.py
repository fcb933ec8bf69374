"""Celery's way into the core: ids in, one service called."""

from __future__ import annotations

from celery import shared_task

from claims import runs


@shared_task
def sweep() -> None:
    """Find documents without a run and runs that wait or are stuck; wake a task for each."""
    runs.open_runs()
    for run_id in runs.due():
        extract.delay(run_id)


@shared_task
def extract(run_id: int) -> None:
    runs.extract(run_id)
