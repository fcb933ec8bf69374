"""The drawing of a town as an SVG file."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from claims.drawing import svg
from claims.drawing.svg import Markup
from claims.pages.drawing_file import STYLE, sheet
from claims.pages.town import Asked

# What XML cannot carry, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()


def drawing_response(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Raises Http404 for a town without claims, which has nothing to draw."""
    address = request.build_absolute_uri(asked.address.of(asked.place.get_absolute_url()))
    drawn = sheet(asked, address, timezone.localdate())
    if drawn is None:
        raise Http404
    context = {"sheet": drawn, "style": Markup(STYLE), "definitions": svg.definitions()}
    text = NOT_XML.sub("", render_to_string("claims/timeline.svg", context))
    name = f"{asked.place.slug}-timeline.svg"
    response = HttpResponse(
        text,
        content_type="image/svg+xml; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
    # Of style, its own alone: read by django-csp, which has no other way in.
    response._csp_update = {"style-src": [f"'sha256-{STYLE_HASH}'"]}  # type: ignore[attr-defined]
    return response
