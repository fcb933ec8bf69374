"""A decided claim is put before another reader."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from claims.access.roles import require
from claims.models import Claim
from claims.review import second_reading

LONGEST_NOTE = 1000  # characters


class QuestionForm(forms.Form):
    note = forms.CharField(
        label=_("What should be looked at again?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what is to be looked at again.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, id: UUID) -> HttpResponse:
    rows = Claim.objects.select_related("document__publisher", "place", "claimant", "subject")
    claim = get_object_or_404(rows.defer("document__text"), pk=id)
    user = require(request.user, "question", claim.place.conflict_id)
    form = QuestionForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            second_reading.question(claim=claim, by=user, note=form.cleaned_data["note"])
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, gettext("Another reader will look at this claim."))
            return redirect(claim)
    context = {"claim": claim, "form": form}
    return render(request, "bench/question.html", context, status=400 if form.errors else 200)
