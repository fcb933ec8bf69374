"""The pages of webhooks: one's own, or, for administrators, all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims.access.roles import require_somewhere
from claims.models import Delivery, Webhook
from claims.pages import webhooks as pages
from claims.views.paging import page_of
from claims.webhooks import managing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """The list; posting the form adds one, whose secret is shown in the answer and never again."""
    by = require_somewhere(request.user, "export")
    form = pages.WebhookForm(request.POST if request.method == "POST" else None)
    added = None
    if request.method == "POST" and form.is_valid():
        try:
            added = managing.add(by=by, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = pages.WebhookForm()
    context = {
        "form": form,
        "added": added,
        "rows": pages.rows(managing.webhooks_of(by)),
        "parameters": pages.parameters(),
    }
    return render(request, "accounts/webhooks.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, id: UUID) -> HttpResponse:
    """One of them with its deliveries; posting does something with it (`do`)."""
    by = require_somewhere(request.user, "export")
    found = get_object_or_404(managing.webhooks_of(by), pk=id)
    secret = ""
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "secret":
            secret = managing.change_secret(webhook=found, by=by)
        elif do == "delete":
            managing.remove(webhook=found, by=by)
            messages.success(request, gettext("Deleted: %(name)s") % {"name": found})
            return redirect("webhooks")
        elif do in DO:
            _said(request, lambda: DO[do](request, found, by))
            return redirect("webhook", found.pk)
        else:
            raise Http404
    return _page(request, found, secret)


def _page(request: HttpRequest, found: Webhook, secret: str) -> HttpResponse:
    state = request.GET.get("state", "")
    deliveries = found.deliveries.order_by("-pk")
    if state in Delivery.State.values:
        deliveries = deliveries.filter(state=state)
    page = page_of(request, deliveries)
    [row] = pages.rows(Webhook.objects.filter(pk=found.pk))
    context = {
        "row": row,
        "webhook": row.webhook,
        "secret": secret,
        "page": page,
        "deliveries": pages.delivery_rows(page),
        "state": state,
        "states": [(name, words) for name, (_, words) in pages.STATES.items()],
        "today": timezone.localdate(),
    }
    return render(request, "accounts/webhook.html", context)


@require_POST
def replay(request: HttpRequest, id: UUID) -> HttpResponse:
    """Send a delivery once more."""
    by = require_somewhere(request.user, "export")
    own = Delivery.objects.filter(webhook__in=managing.webhooks_of(by)).select_related("webhook")
    delivery = get_object_or_404(own, pk=id)

    def again() -> str:
        managing.replay(delivery=delivery, by=by)
        return gettext("It is sent once more, within half a minute.")

    _said(request, again)
    return redirect("webhook", delivery.webhook_id)


def _said(request: HttpRequest, do: Callable[[], str]) -> None:
    try:
        messages.success(request, do())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


def _pause(request: HttpRequest, webhook: Webhook, by: User) -> str:
    managing.pause(webhook=webhook, by=by)
    return gettext("Paused: nothing is sent until it is resumed.")


def _resume(request: HttpRequest, webhook: Webhook, by: User) -> str:
    managing.resume(webhook=webhook, by=by)
    return gettext("Resumed: it is told what it missed, too.")


def _resume_from_now(request: HttpRequest, webhook: Webhook, by: User) -> str:
    managing.resume(webhook=webhook, by=by, from_now=True)
    return gettext("Resumed: it is told what changes from now on.")


def _test(request: HttpRequest, webhook: Webhook, by: User) -> str:
    managing.send_test(webhook=webhook, by=by)
    return gettext("A test is sent, within half a minute.")


def _replay_failed(request: HttpRequest, webhook: Webhook, by: User) -> str:
    try:
        since = date.fromisoformat(request.POST.get("since", ""))
    except ValueError:
        raise ValidationError(gettext("Give a day: YYYY-MM-DD.")) from None
    count = managing.replay_failed(webhook=webhook, since=since, by=by)
    return ngettext(
        "%(n)d failed delivery is sent once more.",
        "%(n)d failed deliveries are sent once more.",
        count,
    ) % {"n": count}


DO: dict[str, Callable[[HttpRequest, Webhook, User], str]] = {
    "pause": _pause,
    "resume": _resume,
    "resume-from-now": _resume_from_now,
    "test": _test,
    "replay-failed": _replay_failed,
}
