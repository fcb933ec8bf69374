"""The signs of life of worker and beat: a file, touched as long as they do their work, and, of a
worker, what it does, for the page of operations.

A worker's file says that it is connected to the broker and its main process goes round; beat's,
that the broker has taken what it sent. The health checks of their containers look at the file's
age, which costs next to nothing; asking a worker (`celery inspect ping`) starts the whole
application each time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery.signals import (
    after_task_publish,
    beat_init,
    heartbeat_sent,
    worker_init,
    worker_shutdown,
)
from django.conf import settings

from claims.operations import workers


@worker_init.connect
def introduce_worker(sender: Any = None, **kwargs: object) -> None:
    """`sender`: the worker (Celery's `WorkController`)."""
    teller = workers.Teller()

    def tell(**kwargs: object) -> None:
        teller.tell(sender)

    heartbeat_sent.connect(tell, weak=False)


@worker_shutdown.connect
def dismiss_worker(sender: Any = None, **kwargs: object) -> None:
    workers.forget(sender.hostname)


@heartbeat_sent.connect
def beat_of_worker(**kwargs: object) -> None:
    touch()


@beat_init.connect
def watch_beat(**kwargs: object) -> None:
    after_task_publish.connect(touch, weak=False)


def touch(**kwargs: object) -> None:
    """Touch the file that CLAIMS_PULSE_FILE names, if it names one."""
    if settings.PULSE_FILE:
        Path(settings.PULSE_FILE).touch()
