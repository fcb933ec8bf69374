"""What stands in each line of the log: which request or which task it is about, and of whom.

A request has an id, which its answer and every line that is written for it carry; the page that
tells somebody of a failure shows it. A task has Celery's, and the id of the request that woke it.
"""

from __future__ import annotations

import logging
import logging.config
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from celery import current_task
from celery.signals import before_task_publish, setup_logging
from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.functional import LazyObject
from pythonjsonlogger.json import JsonFormatter

REQUEST_ID = "claims.request_id"  # the key of a request's id in its META

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def begin(request: HttpRequest, id_: str) -> None:
    """From now on this thread's lines are about `request`, until its answer is sent."""
    request.META[REQUEST_ID] = id_
    _request.set(request)


@receiver(request_finished)
def _end(**kwargs: object) -> None:
    _request.set(None)


def request_id() -> str:
    """Of the request that this thread answers; "" where it answers none."""
    request = _request.get()
    return str(request.META.get(REQUEST_ID, "")) if request is not None else ""


@before_task_publish.connect
def _say_who_wakes(headers: dict[str, Any] | None = None, **kwargs: object) -> None:
    if headers is not None and (id_ := request_id()):
        headers["woken_by"] = id_


@setup_logging.connect
def _as_everywhere(**kwargs: object) -> None:
    """Workers and beat log as the web server does: Celery sets up nothing of its own then."""
    logging.config.dictConfig(settings.LOGGING)


def about(record: logging.LogRecord) -> dict[str, str | int]:
    """Which request and user, or which task, a line is about: by name, where they are known."""
    found: dict[str, str | int] = {}
    request = _request.get() or getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        if id_ := request.META.get(REQUEST_ID):
            found["request_id"] = id_
        if user_id := _user_id(request):
            found["user_id"] = user_id
    if current_task and current_task.request.id:
        found |= {"task": current_task.name, "task_id": current_task.request.id}
        if woken_by := getattr(current_task.request, "woken_by", None):
            found["woken_by"] = woken_by
    elif isinstance(told := getattr(record, "data", None), dict) and "id" in told:
        # What a worker's main process says of a task that another of its processes does.
        found |= {"task": str(told.get("name", "")), "task_id": str(told["id"])}
    return found


def _user_id(request: HttpRequest) -> int | None:
    """Whose request it is, where somebody has asked for that already: a line in the log is worth
    no query."""
    known = vars(request)
    user = known.get("user")
    if user is None or isinstance(user, LazyObject):
        user = known.get("_cached_user")
    return getattr(user, "pk", None)


class About(logging.Filter):
    """Gives each record `about` (a mapping), and `in_brackets`, the same for people's eyes."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = about(record)
        record.about = found
        words = (f"{name.removesuffix('_id')} {value}" for name, value in found.items())
        record.in_brackets = f" [{', '.join(words)}]" if found else ""
        return True


class Json(JsonFormatter):
    """A line as a JSON object: `time` (UTC), `level`, `logger`, `message`, `process`; `request_id`,
    `user_id`, `task`, `task_id`, `woken_by` where they are known; what else the line's `fields`
    hold; `exc_info`, a traceback, where there is one."""

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        at = datetime.fromtimestamp(record.created, UTC)
        log_data |= {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.message,
            "process": record.process,
            **getattr(record, "about", {}),
            **getattr(record, "fields", {}),
            **message_dict,
        }
