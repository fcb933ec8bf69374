"""Atom feeds: of all changes of status, of a conflict's, a town's, and of a speaker's claims.

Where reading is not public, a feed reader, which cannot log in, sends a key of the API that is
for reading as the password of HTTP basic authentication.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from claims.access import counting, keys
from claims.access.roles import may
from claims.changes import changes
from claims.models import ApiKey, Change, Claim
from claims.pages.atom import About, Feed, feed_of_changes, feed_of_claims
from entities.models import Actor, Conflict, Place

GUESSES, WINDOW = 50, 15 * 60  # keys from one address that are none, in so many seconds
SETTLED = timedelta(seconds=2)  # after which no change has the time of the last one any more
View = Callable[..., HttpResponse]


def readable(view: Callable[..., Feed]) -> View:
    """The feed as an answer, for those who may read."""

    @login_not_required  # looks after itself
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        if not may(request.user, "read") and not _by_key(request):
            refused = HttpResponse(gettext("A key of the API is needed."), status=401)
            refused["WWW-Authenticate"] = 'Basic realm="feeds", charset="UTF-8"'
            return refused
        with override(settings.LANGUAGE_CODE):
            feed = view(request, **named)
        return _answered(request, feed)

    return answer


@readable
def all_changes(request: HttpRequest) -> Feed:
    about = _about(request, gettext("Changes of status"), reverse("changes"))
    return feed_of_changes(changes(), about, site=_site(request))


@readable
def conflict(request: HttpRequest, slug: str) -> Feed:
    found = get_object_or_404(Conflict, slug=slug)
    title = gettext("Changes of status: %(name)s") % {"name": found}
    about = _about(request, title, f"{reverse('changes')}?conflict={found.slug}")
    return feed_of_changes(changes(conflict=found.slug), about, site=_site(request))


@readable
def town(request: HttpRequest, slug: str, short_id: str) -> Feed:
    """Whatever the name in the address is: readers follow no redirects for years."""
    place = get_object_or_404(Place, short_id=short_id)
    title = gettext("Changes of status: %(name)s") % {"name": place}
    about = _about(request, title, place.get_absolute_url())
    return feed_of_changes(changes().filter(place=place), about, site=_site(request))


@readable
def actor(request: HttpRequest, slug: str) -> Feed:
    found = get_object_or_404(Actor, slug=slug)
    title = gettext("Verified claims: %(name)s") % {"name": found}
    about = _about(request, title, reverse("speaker", args=[found.slug]))
    return feed_of_claims(Claim.objects.filter(claimant=found), about, site=_site(request))


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _about(request: HttpRequest, title: str, page: str) -> About:
    own = request.build_absolute_uri(request.path)
    return About(title, request.build_absolute_uri(page), own)


def _answered(request: HttpRequest, feed: Feed) -> HttpResponse:
    """304 where the reader has it already."""
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    modified = _last_change()
    response["ETag"] = etag
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Authorization"])
    seconds = int(modified.timestamp()) if modified else None
    found = get_conditional_response(request, etag, seconds, response)
    return found or response


def _last_change() -> datetime | None:
    """Of anything that a feed may tell of. None just after it: times of HTTP have no fractions,
    so that another one might come in the same second."""
    rows = Change.objects.filter(number__isnull=False).order_by("-number")
    at = rows.values_list("at", flat=True).first()
    return at if at is not None and at < timezone.now() - SETTLED else None


def _by_key(request: HttpRequest) -> ApiKey | None:
    """The key that is sent as a password, if it opens this. Who sends too many that are none is
    not looked at for a while."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, _, password = b64decode(given, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError, ValueError):
        return None
    guesser = f"guessed keys of {counting.address(request)}"
    tried = counting.if_answered(counting.counted, guesser, WINDOW)
    if tried is not None and tried.number >= GUESSES:
        return None
    try:
        key = keys.authenticate(password)
    except keys.Unknown:
        counting.if_answered(counting.count, guesser, WINDOW)
        return None
    except keys.Refused:
        return None
    return key if "read" in key.scopes and may(key.user, "read") else None
