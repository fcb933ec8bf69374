"""Answers that are given again as they were made, until anything is committed to the database
(`claims.views.kept`): those that tell whoever may read the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.answers import as_it_travels, takes_gzip
from claims.api.rendering import JSONRenderer
from claims.views.kept import PAGES, asked_by, can_be_given_again


def kept_answer(method: Callable[..., Response]) -> Callable[..., Any]:
    """Of a view's method, which is called once it is known who asks, that he may, and that he does
    not ask too often. It answers with bytes: an HttpResponse, no Response of the framework's."""

    @wraps(method)
    def given(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer = getattr(request, "accepted_renderer", None)
        if not isinstance(renderer, JSONRenderer) or not can_be_given_again(request._request):
            return method(view, request, *args, **kwargs)

        def rendered() -> HttpResponse:
            response = method(view, request, *args, **kwargs)
            if response.status_code != 200 or set(response.headers) > {"Content-Type"}:
                return response  # it says something of itself
            body = renderer.render(response.data)
            whole = HttpResponse(body, content_type=renderer.media_type)
            return as_it_travels(request._request, whole)

        taken = takes_gzip(request.headers.get("Accept-Encoding", ""))
        return PAGES.given(
            asked_by(request._request, compressed=taken),
            rendered,
            can_be_kept=lambda answer: not isinstance(answer, Response),
        )

    return given
