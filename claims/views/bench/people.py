"""The administrators' pages: people with their roles, and policies of second reading."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims.access import managing
from claims.access.roles import require, require_somewhere
from claims.models import Membership, ReviewPolicy
from claims.pages.bench.people import DUTIES, PolicyForm, RoleForm, policies, role_changes
from claims.pages.bench.people import people as gathered
from entities.models import Conflict


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who has which role; posting the form gives one, to somebody new as well."""
    by = require_somewhere(request.user, "manage")
    form = RoleForm(request.POST or None, by=by)
    link = ""
    if request.method == "POST" and form.is_valid():
        invited = request.POST.get("do") == "invite"
        try:
            user = _invite(form, by) if invited else _give(form, by)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            if not invited:
                messages.success(request, gettext("%(name)s has the role.") % {"name": user})
                return redirect("bench-people")
            link = _link(request, user, by)
            form = RoleForm(by=by)
    return _page(request, by, form, link, 200 if form.is_valid() or not form.errors else 422)


def _page(
    request: HttpRequest, by: User, form: RoleForm, link: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "link": link,
        "people": gathered(by),
        "changes": role_changes(by),
        "roles": [(role, role.label, DUTIES[role]) for role in Membership.Role],
    }
    return render(request, "bench/people.html", context, status=status)


def _invite(form: RoleForm, by: User) -> User:
    data = form.cleaned_data
    return managing.invite(
        username=data["username"], conflict=data["conflict"], role=data["role"], by=by
    )


def _give(form: RoleForm, by: User) -> User:
    data = form.cleaned_data
    user = User.objects.filter(username__iexact=data["username"]).first()
    if user is None:
        raise ValidationError(
            gettext("Nobody is called %(name)s: check the spelling, or invite somebody new.")
            % {"name": data["username"]}
        )
    managing.give_role(user=user, conflict=data["conflict"], role=data["role"], by=by)
    return user


def _link(request: HttpRequest, user: User, by: User) -> str:
    """The address by which the user sets a password; it stands on no other page."""
    uid, token = managing.welcome(user=user, by=by)
    return request.build_absolute_uri(reverse("welcome", args=[uid, token]))


@require_POST
def membership(request: HttpRequest, id: int) -> HttpResponse:
    """Change a role, or take it away (`do`: change or take)."""
    by = require_somewhere(request.user, "manage")
    held = get_object_or_404(Membership.objects.select_related("user", "conflict"), pk=id)
    require(by, "manage", held.conflict_id)
    try:
        if request.POST.get("do") == "take":
            managing.take_role(membership=held, by=by)
        else:
            role = request.POST.get("role", "")
            managing.give_role(user=held.user, conflict=held.conflict, role=role, by=by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("Changed: %(name)s") % {"name": held.user})
    return HttpResponseRedirect(f"{reverse('bench-people')}#user-{held.user_id}")


@never_cache
@require_POST
def account(request: HttpRequest, id: int) -> HttpResponse:
    """Close or open an account, show a new link to set a password, or remove its second factors
    (`do`)."""
    by = require_somewhere(request.user, "manage")
    user = get_object_or_404(User, pk=id)
    managing.require_account(by, user)
    try:
        match request.POST.get("do"):
            case "link":
                return _page(request, by, RoleForm(by=by), _link(request, user, by))
            case "factors":
                managing.remove_second_factors(user=user, by=by)
            case "close":
                managing.close_account(user=user, by=by)
            case "open":
                managing.open_account(user=user, by=by)
            case _:
                raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("Changed: %(name)s") % {"name": user})
    return HttpResponseRedirect(f"{reverse('bench-people')}#user-{user.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def review_policies(request: HttpRequest) -> HttpResponse:
    """Which decided claims are read a second time; posting changes one conflict's policy."""
    by = require_somewhere(request.user, "manage")
    if request.method != "POST":
        return render(request, "bench/policies.html", {"policies": policies(by)})
    slug = request.POST.get("conflict", "")
    conflict = get_object_or_404(Conflict, slug=slug) if slug else None
    require(by, "manage", conflict)
    there = ReviewPolicy.objects.filter(conflict=conflict).first()
    form = PolicyForm(request.POST, instance=there, auto_id=f"{slug or 'none'}-%s")
    if not form.is_valid():
        context = {"policies": policies(by, wrong=form, slug=slug)}
        return render(request, "bench/policies.html", context, status=422)
    managing.lay_down_policy(conflict=conflict, by=by, **form.cleaned_data)
    where = conflict or gettext("places of no conflict")
    messages.success(request, gettext("Laid down: %(where)s") % {"where": where})
    return redirect("bench-policies")
