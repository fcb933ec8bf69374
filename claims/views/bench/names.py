"""Actors and places for a name that is being typed."""

from __future__ import annotations

from typing import get_args

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from claims.access.roles import require_somewhere
from claims.names.known import Kind, begin_with
from claims.pages.bench.names import known_shown
from entities.models import Conflict


class NamesForm(forms.Form):
    """`conflict`: the short name of the one whose actors and towns come first; none: those of
    no conflict."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in get_args(Kind)])
    q = forms.CharField(max_length=200, required=False)
    conflict = forms.ModelChoiceField(
        Conflict.objects.all(), to_field_name="slug", required=False, blank=True
    )


@login_required
@require_safe
def names(request: HttpRequest) -> JsonResponse:
    """What is offered, the likeliest first. Three queries, with that of the conflict."""
    require_somewhere(request.user, "decide")
    form = NamesForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    asked = form.cleaned_data
    conflict = asked["conflict"] and asked["conflict"].pk
    found = begin_with(asked["kind"], asked["q"], conflict=conflict)
    shown = [known_shown(asked["kind"], one) for one in found]
    return JsonResponse(
        {
            "names": [
                {"id": one.id, "name": one.name, "spelling": one.spelling, "note": one.note}
                for one in shown
            ]
        }
    )
