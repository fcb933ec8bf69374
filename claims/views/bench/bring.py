"""Bringing text in: the page to do it, and the page of what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import intake as service
from claims.access.roles import refusal, require_somewhere
from claims.pages.bench.bring import (
    bookmarklet,
    item_rows,
    large_files,
    latest_intakes,
    may_see,
    numbers_of,
    publisher_names,
    summary,
)
from claims.pages.bench.bring_forms import (
    MOST_BYTES,
    MOST_FILES,
    BringForm,
    CompleteAllForm,
    CompleteForm,
    Conflicts,
    remembered,
    too_large,
)
from claims.views.paging import page_of
from sources.models import BulkImport, Intake, IntakeItem

BESIDES = 5_000_000  # bytes of a request that are not its files
BEGINNING = 400  # characters of an incomplete text, by which it is told apart
State = IntakeItem.State


@csrf_exempt  # until it is known that the request is not too large: `_bring` is protected
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    user = require_somewhere(request.user, "bring_in")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + BESIDES:
        # Told before a byte of it is read, so what was typed is not known here.
        told = gettext("%(reason)s Nothing was taken: go back, and choose fewer.")
        form = BringForm(conflicts=Conflicts.of(user), initial=remembered(user, {}))
        refused = told % {"reason": too_large()}
        return _page(request, user, form, refused=refused, status=413)
    return _bring(request)


@csrf_protect
def _bring(request: HttpRequest) -> HttpResponse:
    user = require_somewhere(request.user, "bring_in")
    conflicts = Conflicts.of(user)
    if request.method != "POST":
        form = BringForm(conflicts=conflicts, initial=remembered(user, request.GET))
        return _page(request, user, form)
    form = BringForm(request.POST, request.FILES, conflicts=conflicts)
    brought = form.bring(user) if form.is_valid() else None
    if brought is None:
        return _page(request, user, form, status=400)
    return redirect(brought)


def _page(
    request: HttpRequest, user: User, form: BringForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "refused": refused,
        "publishers": publisher_names(),
        "latest": latest_intakes(user),
        "large_files": large_files(),
        "bookmarklet": bookmarklet(request.build_absolute_uri(reverse("bring"))),
        "cut": "cut" in request.GET,
        "most_files": MOST_FILES,
        "most_bytes": MOST_BYTES,
        "too_large": too_large(),
    }
    return render(request, "bench/bring.html", context, status=status)


@login_required
@require_safe
def brought(request: HttpRequest, id: UUID) -> HttpResponse:
    user, intake = _seen(request, id)
    return _result(request, user, intake)


@login_required
@require_POST
def complete(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    """Say what one text lacks."""
    user, intake = _seen(request, id)
    item = get_object_or_404(intake.items, number=number)
    form = CompleteForm(request.POST, item=item, conflicts=Conflicts.of(user))
    if not form.is_valid():
        return _result(request, user, intake, {number: form}, status=400)
    try:
        service.complete(item=item, by=user, about=form.about, title=form.cleaned_data["title"])
    except ValidationError as error:
        form.add_error(None, error)
        return _result(request, user, intake, {number: form}, status=409)
    return redirect(f"{intake.get_absolute_url()}#item-{number}")


@login_required
@require_POST
def complete_all(request: HttpRequest, id: UUID) -> HttpResponse:
    """Say what all incomplete texts lack."""
    user, intake = _seen(request, id)
    form = CompleteAllForm(request.POST, conflicts=Conflicts.of(user))
    if not form.is_valid():
        return _result(request, user, intake, all_form=form, status=400)
    service.complete_all(intake=intake, by=user, about=form.about)
    return redirect(intake)


@login_required
@require_POST
def try_again(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    """Fetch an address once more."""
    user, intake = _seen(request, id)
    service.try_again(item=get_object_or_404(intake.items, number=number), by=user)
    return redirect(intake)


@login_required
@require_safe
def large_file(request: HttpRequest, id: UUID) -> HttpResponse:
    """How far a large file is taken in, and which of its lines gave no document."""
    require_somewhere(request.user, "bring_in")
    row = get_object_or_404(BulkImport.objects.select_related("by"), pk=id)
    page = page_of(request, row.faults.order_by("line"))
    context = {"row": row, "page": page, "percent": 100 * row.done_bytes // max(row.size, 1)}
    return render(request, "bench/large_file.html", context)


def _seen(request: HttpRequest, id: UUID) -> tuple[User, Intake]:
    """Raises PermissionDenied for others than whoever brings texts into its conflict."""
    user = require_somewhere(request.user, "bring_in")
    intake = get_object_or_404(Intake.objects.select_related("by"), pk=id)
    if not may_see(user, intake):
        raise PermissionDenied(refusal("bring_in"))
    return user, intake


def _result(
    request: HttpRequest,
    user: User,
    intake: Intake,
    asked: Mapping[int, CompleteForm] | None = None,
    all_form: CompleteAllForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """`asked` and `all_form` came back with errors."""
    conflicts, numbers = Conflicts.of(user), numbers_of(intake)
    items = intake.items.defer("upload", "text").annotate(beginning=Left("text", BEGINNING))
    page = page_of(request, items.order_by("number"))
    rows = item_rows(list(page), conflicts, asked)
    incomplete = numbers.get(State.INCOMPLETE, 0)
    if all_form is None and incomplete > 1:
        initial = {"publisher": intake.publisher, "conflict": intake.conflict_slug}
        all_form = CompleteAllForm(conflicts=conflicts, initial=initial)
    under_way = any(numbers.get(state, 0) for state in IntakeItem.OPEN)
    context = {
        "intake": intake,
        "page": page,
        "rows": rows,
        "incomplete": incomplete,
        "all_form": all_form,
        "summary": summary(numbers),
        "settled": not under_way and all(row.settled for row in rows),
        "publishers": publisher_names() if incomplete else (),
    }
    return render(request, "bench/brought.html", context, status=status)
