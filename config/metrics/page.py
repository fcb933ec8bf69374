"""What is answered at /metrics."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from config.metrics.counting import counted
from config.metrics.state import State


def answer(request: HttpRequest) -> HttpResponse | None:
    """The metrics; 401 for whoever does not know the token. None where there are none: then the
    address is as any that does not exist."""
    if not settings.METRICS_TOKEN:
        return None
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        refused = HttpResponse("A token is needed.\n", status=401, content_type="text/plain")
        refused["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return refused
    response = HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def exposition() -> bytes:
    """All of them, in Prometheus' text form."""
    state = CollectorRegistry()
    state.register(State())
    return generate_latest(counted()) + generate_latest(state)
