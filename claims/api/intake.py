"""Documents that scripts send: one, a list, or files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from claims.access.roles import refusal, require_somewhere
from claims.api import problems
from claims.api.describing import ProblemSerializer
from claims.api.errors import faults_of
from claims.api.rendering import JSONParser, TooLarge
from claims.api.serializers import DocumentRefSerializer
from claims.intake import bring_documents, may_bring
from sources import evidence
from sources.adapters import READERS, Defaults, Incomplete, RawDocument, Unreadable
from sources.adapters.raw import MAX_CHARACTERS, build, parse_time
from sources.models import Document, IntakeItem, Snapshot
from sources.reading import ReadLimits, read_file

logger = logging.getLogger(__name__)

MOST_BYTES = 10_000_000  # of a request
MOST_DOCUMENTS = 200  # of a request: as many are stored while its sender waits
MOST_OF_A_PAGE = 1_000_000  # bytes of what is slow to read: more is for a worker
QUICK_TO_READ = (".txt", ".text", ".md", ".jsonl", ".ndjson")
READING = ReadLimits(seconds=10, most=MOST_DOCUMENTS + 1)
LONGEST_TIME = 40  # characters
AHEAD = timedelta(hours=1)  # that a publisher's clock may be
REQUIRED = "This field is required."
AGAIN = timedelta(minutes=1)  # after which a file that could not be kept is sent again
OUTCOMES = (IntakeItem.State.CREATED.value, IntakeItem.State.PRESENT.value, "refused")


@extend_schema_field(OpenApiTypes.DATETIME)
class Published(serializers.Field):
    """A time that keeps the offset which it names."""

    def to_internal_value(self, data: Any) -> datetime:
        if not isinstance(data, str) or len(data) > LONGEST_TIME:
            raise serializers.ValidationError("Not an ISO 8601 time (2023-01-11T18:00:00Z).")
        try:
            time = parse_time(data)
        except ValueError as error:
            raise serializers.ValidationError(f"{error}.") from None
        if time > timezone.now() + AHEAD:
            raise serializers.ValidationError("This time has not come yet.")
        return time

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


class AboutSerializer(serializers.Serializer):
    """What holds for the documents of files that do not say it themselves."""

    publisher = serializers.CharField(
        required=False, max_length=200, help_text="Whose it is; made where the name is new."
    )
    published = Published(
        required=False,
        help_text="When it was published (ISO 8601). Its days are counted in the offset that this "
        "names, UTC without one.",
    )
    conflict = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=50,
        help_text="A conflict's short name; empty for none, by those who may bring documents "
        "into any.",
    )

    def validate_conflict(self, slug: str) -> str:
        if not self.context["may_bring"](slug):
            raise serializers.ValidationError(
                f"You may not bring documents into {slug or 'no conflict'!r}, or there is no such "
                "conflict.",
                code="forbidden",
            )
        return slug


class BringSerializer(AboutSerializer):
    """A document to bring in. The same text of a publisher is kept once."""

    text = serializers.CharField(max_length=MAX_CHARACTERS, help_text="The article, in plain text.")
    publisher = serializers.CharField(
        max_length=200, help_text="Whose it is; made where the name is new."
    )
    published = Published(
        help_text="When it was published (ISO 8601). Its days are counted in the offset that this "
        "names, UTC without one.",
    )
    title = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    url = serializers.URLField(
        required=False,
        allow_blank=True,
        default="",
        max_length=2000,
        help_text="Where the publisher has it; it is not fetched.",
    )
    external_id = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        help_text="What it is called where it comes from.",
    )

    def validate_url(self, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise serializers.ValidationError("It must begin with http:// or https://.")
        return url

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        found = build("", Defaults(), **attrs)
        if not isinstance(found, RawDocument):
            raise serializers.ValidationError({"text": [found.reason]})
        return {"document": found}


class BringFilesSerializer(AboutSerializer):
    """Files of text, HTML or JSON Lines, and what holds for those documents in them that do not
    say it themselves."""

    file = serializers.ListField(
        child=serializers.FileField(),
        help_text=f"One or more; their names end in {', '.join(sorted(READERS))}.",
    )


class BroughtSerializer(serializers.Serializer):
    """What became of a document that was sent."""

    outcome = serializers.ChoiceField(
        choices=OUTCOMES,
        help_text="“present”: the publisher's same text was there already, and is left as it is.",
    )
    where = serializers.CharField(help_text="Of a file: its name, with the line.")
    document = DocumentRefSerializer(allow_null=True)
    errors = serializers.DictField(  # type: ignore[assignment]  # hides nothing, as in `serializers`
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Why it was refused, by field.",
    )


class BroughtListSerializer(serializers.Serializer):
    results = BroughtSerializer(many=True, help_text="In the order in which they were sent.")


class NoneBroughtSerializer(ProblemSerializer):
    """None of what was sent was taken: why not, by field, or of several in `results`."""

    results = BroughtSerializer(many=True, required=False)


BRING_ONE_OR_MORE = PolymorphicProxySerializer(
    "BringOneOrMore",
    [BringSerializer, BringSerializer(many=True)],
    resource_type_field_name=None,
    many=False,
)
ONE_OR_MORE = PolymorphicProxySerializer(
    "BroughtOneOrMore",
    [BroughtSerializer, BroughtListSerializer],
    resource_type_field_name=None,
    many=False,
)


@dataclass(slots=True)
class Sent:
    """A document of a request: what is to be stored, or why not, by field."""

    raw: RawDocument | None = None
    where: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    forbidden: bool = False
    outcome: str = "refused"
    document: Document | None = None
    file: Snapshot | None = None  # that it was in


class NotKept(APIException):
    """A file cannot be kept as it came, and so nothing of the request was taken."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "not_kept"
    wait = AGAIN.total_seconds()  # told as Retry-After

    def __init__(self) -> None:
        super().__init__(f"{evidence.NOT_KEPT} Nothing was taken: send it again later.")


class BringMixin(GenericViewSet):
    """Takes documents in, beside a view's reading."""

    parser_classes = [JSONParser, MultiPartParser]
    most_bytes = MOST_BYTES

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before anything of it is read, the token that shows whose form it is included.
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise TooLarge(MOST_BYTES)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        summary="Bring documents in",
        description="One document, or a list of up to 200 of them; or files, as "
        "multipart/form-data. One that is sent alone is answered with 201 where it is new, 200 "
        "where it was there already, 400 where it is refused, and 403 where its conflict is "
        "closed to the sender. A list or files are answered with results: 201 where any is new, "
        "200 where all were there already, 400 where all are refused, and 207 where only some are. "
        "503 is the answer where files cannot be kept at the moment: nothing was taken then.",
        request={
            "application/json": BRING_ONE_OR_MORE,
            "multipart/form-data": BringFilesSerializer,
        },
        responses={
            201: ONE_OR_MORE,
            200: ONE_OR_MORE,
            207: BroughtListSerializer,
            (400, problems.CONTENT_TYPE): NoneBroughtSerializer,
            (503, problems.CONTENT_TYPE): ProblemSerializer,
        },
    )
    def create(self, request: Request) -> HttpResponse:
        user = require_somewhere(request.user, "bring_in")
        alone = not isinstance(request.data, list) and not request.FILES
        sent = _sent(request, _allowed(user))
        if len(sent) > MOST_DOCUMENTS:
            raise ParseError(f"More than {MOST_DOCUMENTS} documents in one request.")
        if alone and sent[0].forbidden:
            raise PermissionDenied(refusal("bring_in"))
        _store(sent, user)
        context = self.get_serializer_context()
        told = BroughtSerializer(sent, many=True, context=context).data
        if _code(sent) == status.HTTP_400_BAD_REQUEST:
            return _none(sent, {} if alone else {"results": told})
        return Response(told[0] if alone else {"results": told}, _code(sent))


def _sent(request: Request, allowed: Callable[[str], bool]) -> list[Sent]:
    context = {"may_bring": allowed}
    if request.FILES:
        return _of_files(request, context)
    documents = request.data if isinstance(request.data, list) else [request.data]
    if not documents:
        raise ParseError("The list is empty.")
    return [_of_data(one, context) for one in documents[: MOST_DOCUMENTS + 1]]


def _of_data(data: Any, context: dict[str, Any]) -> Sent:
    if not isinstance(data, dict):
        return Sent(errors={"non_field_errors": ["Not a JSON object."]})
    form = BringSerializer(data=data, context=context)
    if form.is_valid():
        return Sent(form.validated_data["document"])
    return Sent(errors=_in_words(form.errors), forbidden=_forbidden(form.errors))


def _of_files(request: Request, context: dict[str, Any]) -> list[Sent]:
    """Raises ValidationError where what holds for all is malformed."""
    files = request.FILES.getlist("file")
    about = AboutSerializer(data=request.POST.dict(), context={"may_bring": lambda slug: True})
    about.is_valid(raise_exception=True)
    given = about.validated_data
    defaults = Defaults(given.get("publisher", ""), given.get("published"), given["conflict"])
    return [one for file in files for one in _of_file(file, defaults, context["may_bring"])]


def _of_file(file: UploadedFile, defaults: Defaults, allowed: Callable[[str], bool]) -> list[Sent]:
    """What is in a file, which is kept as it came before it is read."""
    name = file.name or "?"
    ending = PurePath(name).suffix.lower()
    if ending not in READERS:
        reason = f"unknown kind of file: must be one of {', '.join(READERS)}"
        return [_of_found(Unreadable(name, reason), allowed)]
    if ending not in QUICK_TO_READ and (file.size or 0) > MOST_OF_A_PAGE:
        reason = "larger than 1 MB: bring such files in at /bench/bring/"
        return [_of_found(Unreadable(name, reason), allowed)]
    content = file.read()
    try:
        kept = evidence.keep_upload(name, content)
    except OSError as error:
        logger.exception("A file that was sent is not kept")
        raise NotKept from error
    found = read_file(name, content, defaults, limits=READING)
    return [replace(_of_found(one, allowed), file=kept) for one in found]


def _of_found(found: RawDocument | Unreadable, allowed: Callable[[str], bool]) -> Sent:
    if isinstance(found, Incomplete):
        lacks = {"publisher": not found.publisher, "published": found.published is None}
        errors = {name: [REQUIRED] for name, lacking in lacks.items() if lacking}
        return Sent(where=found.where, errors=errors)
    if isinstance(found, Unreadable):
        return Sent(where=found.where, errors={"text": [found.reason]})
    about = AboutSerializer(data={"conflict": found.conflict}, context={"may_bring": allowed})
    if not about.is_valid():
        return Sent(where=found.where, errors=_in_words(about.errors))
    return Sent(found, found.where)


def _store(sent: list[Sent], user: User) -> None:
    good = [one for one in sent if one.raw is not None]
    if not good:
        return
    intake = bring_documents(
        by=user,
        documents=[one.raw for one in good if one.raw is not None],
        files=[one.file for one in good],
    )
    items = intake.items.select_related("document__publisher").order_by("number")
    for one, item in zip(good, items, strict=True):
        one.outcome, one.document = item.state, item.document


def _code(sent: list[Sent]) -> int:
    outcomes = {one.outcome for one in sent}
    if outcomes == {"refused"}:
        return status.HTTP_400_BAD_REQUEST
    if "refused" in outcomes:
        return status.HTTP_207_MULTI_STATUS
    return status.HTTP_201_CREATED if "created" in outcomes else status.HTTP_200_OK


def _none(sent: list[Sent], more: dict[str, Any]) -> HttpResponse:
    """The answer where all are refused; of several, fields are named with their place."""
    many = bool(more)
    faults = [
        fault
        for number, one in enumerate(sent)
        for fault in faults_of({str(number): one.errors} if many else one.errors)
    ]
    return problems.answer(problems.problem(400, kind=problems.FIELDS, faults=faults, **more))


def _allowed(user: User) -> Callable[[str], bool]:
    """Whether the user may bring documents into a conflict, asked once for each."""
    known: dict[str, bool] = {}

    def may(slug: str) -> bool:
        if slug not in known:
            known[slug] = may_bring(user, slug)
        return known[slug]

    return may


def _in_words(errors: Any) -> dict[str, list[str]]:
    return {name: [str(one) for one in told] for name, told in errors.items()}


def _forbidden(errors: Any) -> bool:
    return any(one.code == "forbidden" for one in errors.get("conflict", ()))
