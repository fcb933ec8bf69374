"""A claim."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.models import Claim


@require_safe
def claim(request: HttpRequest, id: UUID) -> HttpResponse:
    """A claim's place is its town's timeline; one that stands there no more is in its text."""
    found = get_object_or_404(Claim.objects.select_related("place"), pk=id)
    if Claim.objects.live().filter(pk=id).exists():
        return redirect(f"{found.place.get_absolute_url()}#claim-{found.pk}")
    return redirect(reverse("document", args=[found.document_id]))
