"""The page of the queue: what awaits an editor, and the filters that he keeps."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from claims.access.roles import require_somewhere
from claims.models import SavedFilter
from claims.pages.bench.queue import QueueListForm, chips, queue_rows, reasons, stages
from claims.review.deciding import done
from claims.review.queue import awaiting, chosen, counts
from claims.views.bench import sitting
from claims.views.paging import page_of

MOST_SAVED = 50  # filters of one editor
LONGEST_QUERY = 2000  # characters


@require_safe
def bench(request: HttpRequest) -> HttpResponse:
    user = require_somewhere(request.user, "decide")
    form = QueueListForm(request.GET)
    asked = form.asked
    found = counts(by=user, asked=asked)
    page = page_of(request, chosen(awaiting(user), asked).values_list("pk", flat=True))
    query = sitting.filters(request)
    context = {
        "form": form,
        "filters": query,
        "counts": found,
        "stages": stages(found, request.GET),
        "reasons": reasons(found, request.GET),
        "chips": chips(form, request.GET),
        "page": page,
        "rows": queue_rows(page, by=user),
        "saved": [(one, one.query == query) for one in user.saved_filters.all()],
        "done": done(by=user, now=timezone.now()),
        "skipped": len(sitting.skipped(request)),
    }
    return render(request, "bench/queue.html", context)


class FilterForm(forms.Form):
    name = forms.CharField(max_length=100)
    query = forms.CharField(max_length=LONGEST_QUERY, required=False)

    def clean_query(self) -> str:
        """The filters alone, of whatever an address held."""
        given = QueryDict(self.cleaned_data["query"])
        known = QueryDict(mutable=True)
        for name in QueueListForm(given).fields:
            if values := [value for value in given.getlist(name) if value]:
                known.setlist(name, values)
        return known.urlencode()


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filters `query` under `name`; the same name again keeps the new ones."""
    user = require_somewhere(request.user, "save_filters")
    form = FilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Give the filter a name of 100 characters at most."))
        return sitting.see_other(sitting.address(request, "bench"))
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    if not _there_is_room(user, name):
        messages.error(request, gettext("Delete a filter that you no longer need first."))
    else:
        SavedFilter.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return sitting.see_other(sitting.of_filters("bench", query))


def _there_is_room(user: User, name: str) -> bool:
    return user.saved_filters.exclude(name=name).count() < MOST_SAVED


@require_POST
def delete_filter(request: HttpRequest, id: int) -> HttpResponse:
    user = require_somewhere(request.user, "save_filters")
    get_object_or_404(user.saved_filters, pk=id).delete()
    return sitting.see_other(sitting.address(request, "bench"))
