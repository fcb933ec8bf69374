"""A text beside the one before it at its address; and taking a text down."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from claims.access.roles import require
from claims.models import Claim
from claims.pages.versions import difference, versions
from claims.withdrawing import withdraw
from sources.models import Document
from sources.withdrawing import taken_together


@require_safe
def text_changes(request: HttpRequest, id: UUID) -> HttpResponse:
    """What a version of an article has otherwise than the one before."""
    rows = Document.objects.select_related("publisher")
    document = get_object_or_404(rows.exclude(article=None), pk=id, version__gt=1)
    before = rows.filter(article=document.article_id, version__lt=document.version)
    earlier = before.order_by("-version").first()
    if earlier is None:
        raise Http404
    withdrawn = None not in (document.withdrawn_at, earlier.withdrawn_at)
    context = {
        "document": document,
        "earlier": earlier,
        "versions": versions(document),
        "withdrawn": withdrawn,
        "pieces": () if withdrawn else difference(earlier.text, document.text),
    }
    return render(request, "claims/text_changes.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request: HttpRequest, id: UUID) -> HttpResponse:
    """What is withdrawn with a document, and what stays; posting it, with a reason and a mark
    that it is meant, withdraws it."""
    user = require(request.user, "manage")
    document = get_object_or_404(Document.objects.select_related("publisher"), pk=id)
    because, sure = request.POST.get("because", ""), "sure" in request.POST
    wrong: dict[str, str] = {}
    if request.method == "POST" and sure:
        try:
            found = withdraw(document=document, by=user, because=because)
        except ValidationError as error:
            wrong["because"] = " ".join(error.messages)
        else:
            told = ngettext("%(n)d text is withdrawn.", "%(n)d texts are withdrawn.", len(found))
            messages.success(request, told % {"n": len(found)})
            return redirect(document)
    elif request.method == "POST":
        wrong["sure"] = gettext("Say that it is meant.")
    together = taken_together(document)
    claims = Claim.objects.filter(document__in=together)
    copies = Document.objects.filter(family=document.family_id, withdrawn_at=None)
    context = {
        "document": document,
        "together": together,
        "decided": claims.exclude(state__in=["pending", "superseded"]).count(),
        "pending": claims.filter(state="pending").count(),
        "copies": copies.exclude(pk__in=[one.pk for one in together])
        .select_related("publisher")
        .defer("text"),
        "because": because,
        "sure": sure,
        "wrong": wrong,
    }
    return render(request, "claims/withdraw.html", context, status=422 if wrong else 200)
