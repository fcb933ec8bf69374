"""Whether this web process lives, and whether it can serve.

/healthz  200 as long as the process answers at all: for a container's health check, which
          must not condemn the web server for another server's failure
/readyz   200, or 503 with the names of what does not answer: for a load balancer or an alarm
/metrics  how it does in numbers, for whoever knows the token (`config.metrics`)
"""

from __future__ import annotations

from collections.abc import Callable

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError

from config.metrics import page

View = Callable[[HttpRequest], HttpResponse]


def answer_health(get_response: View) -> View:
    """A middleware, and the first: who checks speaks plain HTTP to the process itself, under
    whatever host name, which redirect and host check would both turn away."""
    answers = {"/healthz": healthz, "/readyz": readyz, "/metrics": page.answer}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        response = answer(request) if answer else None
        return get_response(request) if response is None else response

    return middleware


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    servers = {"database": database_answers, "broker": broker_answers}
    missing = [name for name, answers in servers.items() if not answers()]
    if missing:
        text = f"no answer: {', '.join(missing)}\n"
        return HttpResponse(text, content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Whether a message could be sent. A broker that accepts no connection is tried once."""
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except OperationalError:
        return False
    return True
