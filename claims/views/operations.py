"""How the installation does: a page for administrators, and its buttons."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from claims.access.roles import require
from claims.operations import messages as broker
from claims.operations import retrying, sizes, workers
from claims.operations.queues import queues
from claims.pages import operations as pages

logger = logging.getLogger(__name__)


@never_cache
@login_required
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """It shows what it can where the cache or the broker does not answer, and says so."""
    require(request.user, "manage")
    now = timezone.now()
    found = queues(now)
    context = {
        "now": now,
        "queues": [(queue, queue.oldest if queue.age(now) else None) for queue in found],
        "stuck": sum(queue.stuck for queue in found),
        "troubles": pages.troubles(found, now),
        "database_size": sizes.database_size(),
        "tables": sizes.largest_tables(),
        "kept": sizes.kept(),
        "disks": sizes.disks(),
        "versions": pages.versions(),
        **_from_cache(),
        **_from_broker(),
    }
    return render(request, "operations/operations.html", context)


def _from_cache() -> dict[str, object]:
    now = timezone.now()
    try:
        swept = workers.last_sweep()
        rows = pages.worker_rows(workers.workers(), now)
    except RedisError as error:
        logger.warning("No answer of the cache: %s", error)
        return {"cache_gone": True}
    late = swept is None or (now - swept) > workers.SWEEP_LATE
    return {"swept": swept, "sweep_late": late, "workers": rows}


def _from_broker() -> dict[str, object]:
    try:
        return {"messages_waiting": broker.waiting()}
    except OperationalError as error:
        logger.warning("No answer of the broker: %s", error)
        return {"broker_gone": True}


@login_required
@require_POST
def again(request: HttpRequest, queue: str) -> HttpResponse:
    """Try again what failed in a queue: one (`key`), or all."""
    user = require(request.user, "manage")
    try:
        count = retrying.retry(queue=queue, by=user, key=request.POST.get("key", ""))
    except (KeyError, ValueError, ValidationError):
        raise Http404 from None
    if count:
        told = ngettext("%(n)d is tried again.", "%(n)d are tried again.", count)
        messages.success(request, told % {"n": count})
    else:
        messages.info(request, gettext("Nothing of that has failed any more."))
    return redirect("operations")


@login_required
@require_POST
def wake(request: HttpRequest) -> HttpResponse:
    """Look for what waits now rather than at the next sweep."""
    retrying.wake_workers(by=require(request.user, "manage"))
    messages.success(request, gettext("The workers are told to look for what waits."))
    return redirect("operations")
