"""Tables as files, for what is small enough to wait for: the longer ones are sent while they are
made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from claims.api.answers import TEXT, as_it_travels, compressed, takes_gzip
from claims.api.describing import ProblemSerializer
from claims.api.errors import InvalidParameters
from claims.api.parameters import form_parameters
from claims.api.permissions import exporting
from claims.api.problems import CONTENT_TYPE, Fault
from claims.exports.columns import Table
from claims.exports.writing import FORMATS, TABLES, Refused, count, file_name, stream
from claims.views.kept import PAGES, asked_by, can_be_given_again

# Rows of a file that is made before it is sent: some MB, and at most two seconds.
SHORT, SHORT_COMPRESSED = 5000, 30_000


class TooManyRows(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class ByEnding(BaseContentNegotiation):
    """The address's ending says what is answered, whatever `Accept` has."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


class TableView(APIView):
    """A table as a file. Each table has an address, and a class, of its own."""

    permission_classes = [exporting()]
    content_negotiation_class = ByEnding
    table: ClassVar[Table]

    def send(self, request: Request, ending: str) -> HttpResponseBase:
        """A short file is kept, and given again until something is committed, as pages are."""
        if ending not in FORMATS:
            raise NotFound(f"There is no format “{ending}”. There are: {', '.join(FORMATS)}.")
        if not can_be_given_again(request._request):
            return self._made(request, ending)
        taken = takes_gzip(request.headers.get("Accept-Encoding", ""))
        return PAGES.given(
            asked_by(request._request, compressed=taken),
            lambda: self._made(request, ending),
        )

    def _made(self, request: Request, ending: str) -> HttpResponse | StreamingHttpResponse:
        name, query = self.table.name, request.META["QUERY_STRING"]
        try:
            rows = count(table=name, query=query)
            if rows > settings.EXPORT_ROWS:
                raise TooManyRows(
                    f"These are {rows:,} rows; {settings.EXPORT_ROWS:,} are sent at once. Narrow "
                    "the filter, or have the file made: POST /api/v1/exports/ with the table "
                    f"“{name}”, the format “{ending}” and this query."
                )
            pieces = stream(
                table=name, format=ending, query=query, site=request.build_absolute_uri("/")[:-1]
            )
        except Refused as refused:
            faults = [
                Fault(name[:100], " ".join(told)) for name, told in refused.parameters.items()
            ]
            raise InvalidParameters(faults) from refused
        answer = StreamingHttpResponse(pieces, content_type=FORMATS[ending].media_type)
        called = file_name(name, ending, timezone.now().date())
        answer["Content-Disposition"] = f'attachment; filename="{called}"'
        answer["Cache-Control"] = "private, no-store"
        is_text = TEXT.match(answer["Content-Type"])
        if is_text:
            answer = compressed(request._request, answer)
        if rows > (SHORT_COMPRESSED if answer.has_header("Content-Encoding") else SHORT):
            return answer
        whole = HttpResponse(b"".join(answer), headers=dict(answer.items()))
        return as_it_travels(request._request, whole) if is_text else whole


def _view(table: Table) -> type[TableView]:
    """The view of one table, described with its own parameters."""
    ending = OpenApiParameter(
        "ending", str, OpenApiParameter.PATH, enum=list(FORMATS), description="The format."
    )
    called = OpenApiParameter(
        "Content-Disposition",
        str,
        OpenApiParameter.HEADER,
        response=[200],
        description="What the file is called.",
    )
    media = {
        (200, one.media_type.partition(";")[0]): OpenApiResponse(
            OpenApiTypes.OBJECT if one.media_type.endswith("+json") else OpenApiTypes.BINARY,
            description="The file, sent while it is made.",
        )
        for one in FORMATS.values()
    }
    too_many = OpenApiResponse(
        ProblemSerializer, description="More rows than are sent at once: POST /api/v1/exports/."
    )

    class View(TableView):
        @extend_schema(
            operation_id=f"exports_{table.name.replace('-', '_')}_file",
            summary=f"The table {table.name} as a file",
            description=f"{table.meaning} Its columns: docs/exports.md.",
            parameters=[ending, called, *form_parameters(table.form().fields)],
            responses={**media, (413, CONTENT_TYPE): too_many},
        )
        def get(self, request: Request, ending: str) -> HttpResponseBase:
            return self.send(request, ending)

    View.table = table
    return View


VIEWS = {name: _view(table).as_view() for name, table in TABLES.items()}
