"""Whether this web process can serve: for the check of a container or a load balancer."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

ADDRESS = "/health/"

View = Callable[[HttpRequest], HttpResponse]


def answer_health(get_response: View) -> View:
    """Answer ADDRESS with 200, or 503 where the database cannot be asked.

    A middleware, and the first: who checks speaks plain HTTP to the process itself, under
    whatever host name, which redirect and host check would both turn away.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return health() if request.path == ADDRESS else get_response(request)

    return middleware


def health() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
