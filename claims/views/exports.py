"""The page of one's exports: asked for, watched, fetched, cancelled."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims.access.roles import require_somewhere
from claims.exports import jobs
from claims.models import Export
from claims.pages.claim_list import ClaimListForm, chips
from claims.pages.exports import ExportForm, asked_by, rows_of
from claims.views.paging import page_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    user = require_somewhere(request.user, "export")
    if request.method != "POST":
        return _page(request, user, ExportForm(initial=asked_by(request.GET)))
    form = ExportForm(request.POST)
    if form.is_valid():
        try:
            export = jobs.ask(by=user, **form.cleaned_data)
        except ValidationError as error:
            _tell(form, error)
        else:
            return redirect(f"{reverse('exports')}#export-{export.pk}")
    return _page(request, user, form, status=400)


@login_required
@require_POST
def again(request: HttpRequest, id: UUID) -> HttpResponse:
    user = require_somewhere(request.user, "export")
    export = get_object_or_404(jobs.seen_by(user), pk=id)
    try:
        jobs.ask_again(export=export, by=user)
    except ValidationError as error:
        form = ExportForm({"table": export.table, "format": export.format, "query": export.query})
        form.is_valid()
        _tell(form, error)
        return _page(request, user, form, status=400)
    return redirect(f"{reverse('exports')}#export-{export.pk}")


@login_required
@require_POST
def remove(request: HttpRequest, id: UUID) -> HttpResponse:
    user = require_somewhere(request.user, "export")
    jobs.remove(export=get_object_or_404(jobs.seen_by(user), pk=id), by=user)
    return redirect("exports")


def _page(request: HttpRequest, user: User, form: ExportForm, status: int = 200) -> HttpResponse:
    found = Export.objects.filter(by=user)
    page = page_of(request, found)
    rows = rows_of(page)
    query = str(form["query"].value() or "")
    wanted = QueryDict(query)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "settled": not any(row.open for row in rows),
        "query": query,
        "chips": chips(ClaimListForm(wanted), wanted) if query else [],
    }
    return render(request, "exports/exports.html", context, status=status)


def _tell(form: ExportForm, error: ValidationError) -> None:
    """By the field that is to blame, where one is."""
    form.add_error(None, error if hasattr(error, "error_dict") else error.messages)
