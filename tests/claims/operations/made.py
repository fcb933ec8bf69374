"""Workers as they tell of themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from claims.operations.workers import Doing, Worker


def make_worker(name: str = "celery@one", *, at: datetime) -> Worker:
    """A worker of two processes, one of them at a document."""
    doing = Doing("claims.tasks.extract", "0badcafe", "(4711,)", at - timedelta(seconds=5))
    since = at - timedelta(days=3)
    begun = {"claims.tasks.extract": 7, "claims.tasks.sweep": 2}
    return Worker(name, 42, 2, ("celery",), since, at, (doing,), begun)
