"""The names inbox: what extraction did not know, ruled on one name after the other."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from claims.access.roles import require, require_somewhere
from claims.models import NameDecision
from claims.names import undoing as names_undoing
from claims.names.inbox import NameUse, OpenName, OpenNames, use_of
from claims.names.ruling import Ruled
from claims.pages.bench.names_inbox import (
    InboxForm,
    asked_name,
    lately,
    name_page,
    outcome_in_words,
    waiting_again,
)
from claims.pages.bench.ruling_forms import FORMS, RulingForm, ruling_forms

PAGE = 40


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def names_inbox(request: HttpRequest) -> HttpResponse:
    """The inbox; a POST rules on the name that it shows."""
    user = require_somewhere(request.user, "rule_on_names")
    form = InboxForm(request.GET)
    asked = form.ask
    names = OpenNames(
        kind=asked["kind"] or "", conflict=asked["conflict"] or "", part=asked["q"] or ""
    )
    if request.method == "POST":
        return _rule(request, form, names, user)
    return _show(request, form, names)


def _show(
    request: HttpRequest,
    form: InboxForm,
    names: OpenNames,
    *,
    refused: RulingForm | None = None,
    ruling: str = "",
) -> HttpResponse:
    """The page, with the form that was refused as it was sent."""
    pages: Paginator[OpenName] = Paginator(names, PAGE)  # type: ignore[arg-type]  # has what it uses
    page = pages.get_page(request.GET.get("page"))
    on_page = list(page.object_list)
    chosen = _chosen(request, names, on_page)
    shown = name_page(chosen) if chosen else None
    forms = ruling_forms(chosen.name, shown.use, shown.speaks_for) if chosen and shown else {}
    if refused is not None and ruling in forms:
        forms[ruling] = refused
    context = {
        "form": form,
        "counts": names.counts,
        "page": page,
        "names": on_page,
        "shown": shown,
        "forms": forms,
        "open": ruling,
        "refused": refused,
        "then": _after(chosen, on_page),
        "lately": lately(),
        "waiting": waiting_again(),
        "conflict_slug": request.GET.get("conflict", ""),
    }
    return render(request, "bench/names_inbox.html", context, status=422 if refused else 200)


def _chosen(request: HttpRequest, names: OpenNames, on_page: list[OpenName]) -> OpenName | None:
    """The name that is asked for, else the first."""
    asked = asked_name(request.GET)
    if asked is not None:
        there = [one for one in on_page if (one.kind, one.folded) == asked]
        found = there[0] if there else names.named(*asked)
        if found is not None:
            return found
    return on_page[0] if on_page else None


def _after(chosen: OpenName | None, on_page: list[OpenName]) -> str:
    """The key of the name that comes next, so that one ruling leads to the next name."""
    if chosen is None or chosen not in on_page:
        return ""
    at = on_page.index(chosen) + 1
    return on_page[at].key if at < len(on_page) else ""


def _rule(request: HttpRequest, form: InboxForm, names: OpenNames, user: User) -> HttpResponse:
    asked = asked_name(request.GET)
    ruling = request.POST.get("ruling", "")
    if asked is None or (asked[0], ruling) not in FORMS:
        raise Http404
    name = names.named(*asked)
    if name is None:
        messages.warning(request, gettext("This name has been ruled on meanwhile."))
        return HttpResponseRedirect(_address(request))
    use = use_of(*asked)
    sent = FORMS[asked[0], ruling](request.POST, name=name.name, use=use)
    if sent.is_valid():
        _permitted(user, use, sent)
        try:
            ruled = sent.rule(by=user)
        except ValidationError as error:
            _refuse(sent, error)
        else:
            messages.success(request, _told(ruled))
            return HttpResponseRedirect(_address(request, request.POST.get("then", "")))
    return _show(request, form, names, refused=sent, ruling=ruling)


def _permitted(user: User, use: NameUse, sent: RulingForm) -> None:
    """A ruling changes claims wherever the name is used: it needs the right for all of these
    conflicts. Raises PermissionDenied."""
    wars = use.conflicts | sent.conflicts()
    for war in wars - {None} or wars:
        require(user, "rule_on_names", war)


def _refuse(sent: RulingForm, error: ValidationError) -> None:
    """Say what a service refused, at the field if it has one."""
    if not hasattr(error, "error_dict"):
        sent.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        sent.add_error(field if field in sent.fields else None, errors)


def _told(ruled: Ruled) -> str:
    """E.g. "“Oumkessa”: new: Oumkessa. 1 document is read again, 1 claim changed."."""
    told = f"“{ruled.decision.name}”: {outcome_in_words(ruled.decision)}."
    if ruled.documents:
        told += " " + ngettext(
            "%(n)s document is read again.", "%(n)s documents are read again.", ruled.documents
        ) % {"n": ruled.documents}
    if ruled.claims:
        told += " " + ngettext("%(n)s claim changed.", "%(n)s claims changed.", ruled.claims) % {
            "n": ruled.claims
        }
    return told


def _address(request: HttpRequest, name: str = "") -> str:
    """The inbox as it was asked for, with another name shown."""
    asked = request.GET.copy()
    asked.pop("name", None)
    if name:
        asked["name"] = name
    query = asked.urlencode()
    return reverse("bench-names-inbox") + (f"?{query}" if query else "")


@login_required
@require_POST
def undo_name(request: HttpRequest, id: int) -> HttpResponse:
    """Take a ruling back."""
    user = require_somewhere(request.user, "rule_on_names")
    decision = get_object_or_404(NameDecision.objects.select_related("place", "actor"), pk=id)
    use = use_of(decision.kind, decision.name)
    wars = use.conflicts - {None}
    if decision.place is not None and decision.place.conflict_id:
        wars |= {decision.place.conflict_id}
    for war in wars or {None}:
        require(user, "rule_on_names", war)
    try:
        undone = names_undoing.undo(decision=decision, by=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(_address(request))
    told = gettext("Undone: “%(name)s” is asked about again.") % {"name": decision.name}
    if undone.documents:
        told += " " + ngettext(
            "%(n)s document is read again.", "%(n)s documents are read again.", undone.documents
        ) % {"n": undone.documents}
    messages.success(request, told)
    return HttpResponseRedirect(_address(request, f"{decision.kind}:{decision.folded}"))
