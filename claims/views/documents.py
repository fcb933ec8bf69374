"""The list of documents, and a document."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.access.roles import may_somewhere
from claims.pages.document import document_list, document_page
from claims.pages.forms import DocumentsForm
from claims.pages.received import received_of
from claims.views.paging import page_of
from sources.models import Document


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    form = DocumentsForm(request.GET)
    page = page_of(request, document_list(form.ask))
    return render(request, "claims/documents.html", {"form": form, "page": page})


@require_safe
def document(request: HttpRequest, id: UUID) -> HttpResponse:
    found = get_object_or_404(Document.objects.select_related("publisher"), pk=id)
    received = received_of(found) if may_somewhere(request.user, "export") else None
    context = {"page": document_page(found), "received": received}
    return render(request, "claims/document.html", context)
