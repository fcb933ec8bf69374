"""Each request is given an id, timed, counted and written to the log."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config import logs
from config.metrics import counting

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
ID = re.compile(r"[A-Za-z0-9._-]{1,64}")  # what is taken over from a proxy: it goes into the log
SECRET = ("token", "key")  # parts of addresses that let in whoever knows them
STATIC = "static"  # stands for all static files' addresses
NO_ROUTE = "none"  # of what has no address here


def watch(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """A middleware, outside of all that can take time or fail."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        id_ = given if ID.fullmatch(given) else secrets.token_hex(6)
        logs.begin(request, id_)
        began = perf_counter()
        response = get_response(request)
        seconds = perf_counter() - began
        response[HEADER] = id_
        static = request.path.startswith(settings.STATIC_URL)
        route = STATIC if static else route_of(request)
        counting.count(request.method or "", route, response.status_code, seconds)
        if not static:
            _log(request, route, response.status_code, seconds)
        return response

    return middleware


def route_of(request: HttpRequest) -> str:
    """The address's pattern, of which there are as many as pages, whatever is asked for."""
    match = request.resolver_match
    return match.route or "/" if match else NO_ROUTE


def path_of(request: HttpRequest) -> str:
    """The address without its query, which holds what people search for, and without secrets."""
    path = request.path
    for name, value in (request.resolver_match.kwargs if request.resolver_match else {}).items():
        if name in SECRET:
            path = path.replace(str(value), "…")
    return path


def _log(request: HttpRequest, route: str, status: int, seconds: float) -> None:
    path, milliseconds = path_of(request), round(seconds * 1000, 1)
    fields = {
        "method": request.method,
        "path": path,
        "route": route,
        "status": status,
        "milliseconds": milliseconds,
    }
    told = "%s %s %d, %.0f ms"
    logger.info(told, request.method, path, status, milliseconds, extra={"fields": fields})
