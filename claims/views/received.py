"""What was received of a document, to fetch."""

from __future__ import annotations

import logging
from tempfile import SpooledTemporaryFile
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.access.roles import require_somewhere
from claims.pages.received import warc_name
from sources.evidence import warc
from sources.models import Document

logger = logging.getLogger(__name__)

IN_MEMORY = 4_000_000  # bytes of the file while it is made; more are on disk
SANDBOX = "default-src 'none'; sandbox"


@never_cache
@login_required
@require_safe
def document_warc(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """A WARC file of a document. It holds what other sites wrote, so that no browser may show any
    of it as a page of ours."""
    require_somewhere(request.user, "export")
    document = get_object_or_404(Document, pk=id)
    name = warc_name(document)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the answer closes it
    try:
        for record in warc.write(warc.chosen(documents=[document.pk]), file, name=name):
            if record.lacks and not record.withdrawn:
                logger.error("The bytes %s: %s", record.snapshot.bytes_id, record.lacks)
    except OSError:
        logger.exception("The storage of what was received cannot be read")
        file.close()
        told = gettext("What was received cannot be fetched from its storage now: try again later.")
        messages.error(request, told)
        return redirect(document)
    file.seek(0)
    response = FileResponse(
        file, as_attachment=True, filename=name, content_type="application/warc"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response
