"""An edit that came too late: somebody else had changed the claim."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from claims.models import Claim
from claims.pages.bench.versions import conflict


def outdated(
    request: HttpRequest,
    claim: Claim,
    posted: QueryDict,
    *,
    version: str = "version",
    wanted: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Both versions side by side, and the choice of either: status 409. Nothing was changed.

    `claim` is as it now is (`Outdated.claim`). `posted` is the form as it came, with the fields
    kind, because, reason and those of a correction; taking one's own sends it to the same
    address again, with the present version under the name `version`. `wanted` says in words what
    the claim's fields would hold, where the form itself does not. The field `next`, if any, is
    where "keep theirs" leads.
    """
    next_ = posted.get("next", "")
    safe = url_has_allowed_host_and_scheme(next_, {request.get_host()}, request.is_secure())
    context = {
        "page": conflict(claim, posted, version=version, wanted=wanted),
        "claim": claim,
        "version_name": version,
        "next": next_ if safe else claim.get_absolute_url(),
    }
    return render(request, "bench/conflict.html", context, status=409)
