"""What the bench's endpoints share: the filters in the address, what was skipped, where it goes on.

Filters stand in the address of every one of them, so that an editor stays in the part of the
queue that he chose. A script that asks for JSON gets addresses in place of redirects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from claims.models import QueuedClaim
from claims.review.queue import QueueForm, take

SKIPPED = "bench-skipped"  # in the session: claim → when, in seconds since 1970
SKIPPED_FOR = timedelta(hours=8)
MOST_SKIPPED = 300
NO_FILTERS = frozenset({"page", "skip", "at"})  # what else stands in addresses of the bench


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def filters(request: HttpRequest) -> str:
    """The filters as they stand in the address, without the rest of it."""
    query = request.GET.copy()
    for name in NO_FILTERS:
        query.pop(name, None)
    return query.urlencode()


def asked(request: HttpRequest) -> dict[str, Any]:
    """What of the queue the address asks for; what is not understood is left out."""
    return QueueForm(request.GET).asked if request.GET else {}


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """Of a page or endpoint of the bench, with the same filters."""
    return of_filters(name, filters(request), *args)


def of_filters(name: str, query: str, *args: Any) -> str:
    return f"{reverse(name, args=args)}?{query}" if query else reverse(name, args=args)


def ids(values: Iterable[str]) -> list[UUID]:
    """Those of the values that are ids."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def skipped(request: HttpRequest) -> dict[UUID, datetime]:
    """What the editor has skipped lately, and when."""
    since = timezone.now() - SKIPPED_FOR
    kept = request.session.get(SKIPPED, {})
    found = {UUID(id_): datetime.fromtimestamp(at, UTC) for id_, at in kept.items()}
    return {id_: at for id_, at in found.items() if at > since}


def skip(request: HttpRequest, claim: UUID) -> None:
    there = {**skipped(request), claim: timezone.now()}
    latest = sorted(there.items(), key=lambda item: item[1])[-MOST_SKIPPED:]
    request.session[SKIPPED] = {str(id_): at.timestamp() for id_, at in latest}


def offer_skipped_again(request: HttpRequest) -> None:
    request.session.pop(SKIPPED, None)


def take_next(
    request: HttpRequest, user: User, *, without: Collection[UUID] = ()
) -> QueuedClaim | None:
    """The next claim of the address's filters, handed to the editor."""
    return take(by=user, asked=asked(request), skip={*without, *skipped(request)})


def onward(request: HttpRequest, row: QueuedClaim | None, **told: Any) -> HttpResponse:
    """To the claim that was handed out, or to the page that says that nothing is left.

    As JSON: `next`, the address; `claim`, the id, null where nothing is left; and what is `told`.
    """
    to = address(request, "bench-claim", row.pk) if row else address(request, "bench-done")
    if wants_json(request):
        return JsonResponse({"next": to, "claim": row.pk if row else None, **told})
    return see_other(to)


def refusal(error: ValidationError, status: int) -> JsonResponse:
    """The error in words: `error`, and by field `errors`."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {}
    return JsonResponse({"error": " ".join(error.messages), "errors": by_field}, status=status)


def see_other(to: str) -> HttpResponse:
    response = redirect(to)
    response.status_code = 303
    return response
