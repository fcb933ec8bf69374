"""What a person, or under `/api/` a program, is answered when a request cannot be served."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token

from claims.api import problems
from config.logs import REQUEST_ID

API = "/api/"


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    host = isinstance(exception, DisallowedHost)
    detail = "The site is not known by this host name." if host else "Malformed request."
    return _answer(request, 400, "400.html", detail, unknown_host=host)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    said = str(exception)
    return _answer(request, 403, "403.html", said or "Not permitted.", reason=said)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token (CSRF_FAILURE_VIEW); Django logs the reason."""
    detail = "The request lacks the token that shows which page it was sent from."
    return _answer(request, 403, "403_csrf.html", detail)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "404.html", "Nothing has this address.")


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor context processors, since any of them may be what failed.

    The number that it shows is the request's own, which stands in the log with the error, its
    traceback, and all else that was written for the request.
    """
    error_id = request.META.get(REQUEST_ID) or "?"
    if request.path.startswith(API):
        instance = f"urn:claims:error:{error_id}"
        detail = f"Something failed on our side. In our log it is error {error_id}."
        told = problems.problem(
            500, detail, kind=problems.FAILURE, instance=instance, error_id=error_id
        )
        return problems.answer(told)
    context = {"error_id": error_id, "styles": _styles(), "back": came_from(request)}
    return HttpResponse(render_to_string("500.html", context), status=500)


def came_from(request: HttpRequest) -> str:
    """The page of this site whose link or form led here; empty where it is not known."""
    address = request.headers.get("Referer", "")
    try:
        ours = url_has_allowed_host_and_scheme(address, {request.get_host()})
        return address if ours and address != request.build_absolute_uri() else ""
    except DisallowedHost:
        return ""


def _answer(
    request: HttpRequest, status: int, template: str, detail: str, **context: object
) -> HttpResponse:
    """A page, or for a program a problem (RFC 9457) as the API's other refusals are."""
    if request.path.startswith(API):
        return problems.answer(problems.problem(status, detail))
    return render(request, template, {"back": came_from(request), **context}, status=status)


def _styles() -> list[str]:
    """Addresses of the style sheets; none where static files have not been collected."""
    try:
        return [static("css/base.css"), static("css/components.css")]
    except ValueError:
        return []
