"""Where else one's own account is open, and how that is ended.

Nothing is kept for it but the sessions themselves: neither addresses nor browsers of those who
work here. To find one user's, all sessions are read, some ten thousand in a second: as many people
have logged in within `SESSION_COOKIE_AGE`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`name` tells it from others and opens nothing; `since`: when its user logged in, where that
    is known."""

    key: str
    since: datetime | None

    @property
    def name(self) -> str:
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]


def elsewhere(request: HttpRequest) -> list[OpenSession]:
    """The other sessions that are logged in as whoever asks, the latest first."""
    user = request.user
    if not isinstance(user, User):
        return []
    hashes = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    rows = Session.objects.filter(expire_date__gt=timezone.now())
    found = [
        OpenSession(row.session_key, _since(data))
        for row in rows.exclude(pk=request.session.session_key).iterator(chunk_size=1000)
        # One from before the password was changed is logged in no more.
        if (data := row.get_decoded()).get(SESSION_KEY) == str(user.pk)
        and data.get(HASH_SESSION_KEY) in hashes
    ]
    return sorted(found, key=lambda one: (one.since or EARLIEST, one.key), reverse=True)


def end(sessions: list[OpenSession]) -> int:
    """Whoever has them has to log in again. Returns how many they were."""
    return Session.objects.filter(pk__in=[one.key for one in sessions]).delete()[0]


def _since(data: dict[str, Any]) -> datetime | None:
    times = [one["at"] for one in data.get(AUTHENTICATION_METHODS_SESSION_KEY, ())]
    return datetime.fromtimestamp(min(times), UTC) if times else None


@login_not_required
@never_cache
@require_POST
@login_required
def end_elsewhere(request: HttpRequest) -> HttpResponse:
    """The one that is named, or all of them; this one goes on."""
    name = request.POST.get("session", "")
    ended = end([one for one in elsewhere(request) if name in ("", one.name)])
    told = ngettext("%(n)d log-in is ended.", "%(n)d log-ins are ended.", ended) % {"n": ended}
    messages.success(request, told if ended else gettext("It was ended already."))
    return redirect("mfa_index")


urlpatterns = [path("account/sessions/end/", end_elsewhere, name="sessions-end")]
