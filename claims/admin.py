"""Review in the admin: claims are read there, and decided on through `claims.review` alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.models import Claim, Decision, Evidence, ExtractionRun, ExtractionRunQuerySet
from claims.review import TRANSITIONS, decide
from sources.ingest import wake

CONTEXT = 240  # characters of the text shown on each side of a passage
# A correction needs a form of its own, which the admin does not have.
DECISIONS = {
    Decision.Kind.ACCEPT: "Accept",
    Decision.Kind.REJECT: "Reject",
    Decision.Kind.UNVERIFIABLE: "Unverifiable",
    Decision.Kind.REOPEN: "Reopen",
}


class ReadOnly:
    """Rows that people look at here, and that nobody adds, edits or deletes here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DecisionInline(ReadOnly, admin.TabularInline):
    model = Decision
    fields = readonly_fields = ("kind", "reason", "changes", "by", "at")
    extra = 0


@admin.register(Claim)
class ClaimAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["label", "state", "asserted_on", "publisher", "passage", "confidence"]
    list_filter = [
        "state",
        "place__conflict",
        "predicate",
        "stance",
        "origin",
        "place_ambiguous",
        "no_longer_found",
    ]
    list_select_related = ["place", "claimant", "subject", "document__publisher"]
    list_per_page = 50
    search_fields = [
        "place__names__name",
        "claimant__name",
        "subject__name",
        "speaker",
        "document__title",
        "document__publisher__name",
        "evidence__quote",
    ]
    date_hierarchy = "asserted_on"
    actions = ["accept", "reject", "unverifiable", "reopen"]
    inlines = [DecisionInline]
    change_form_template = "admin/claims/claim/change_form.html"
    fields = readonly_fields = (
        "label",
        "passages",
        "state",
        "document",
        "place",
        "place_ambiguous",
        "claimant",
        "speaker",
        "stance",
        "predicate",
        "subject",
        "extent",
        "part_words",
        "part_label",
        "asserted_on",
        "asserted_precision",
        "event_date",
        "event_precision",
        "confidence",
        "origin",
        "extractor_version",
        "no_longer_found",
        "created_at",
    )

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Asked by the actions: those who may change claims may decide on them."""
        return request.user.has_perm("claims.change_claim")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return super().get_queryset(request).prefetch_related("evidence")

    @admin.display(ordering="document__publisher__name")
    def publisher(self, claim: Claim) -> str:
        return str(claim.document.publisher)

    @admin.display
    def passage(self, claim: Claim) -> str:
        return " … ".join(evidence.quote for evidence in claim.evidence.all())

    @admin.display
    def passages(self, claim: Claim) -> SafeString:
        return format_html_join(
            "",
            "<blockquote>{}</blockquote>",
            ((in_context(item),) for item in claim.evidence.all()),
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The claim with its passages; posting it decides on the claim and stays there."""
        if request.method == "POST":
            claim = self.get_object(request, object_id)
            if claim is None:
                return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]  # not in the stubs
                    request, self.opts, object_id
                )
            self._decide(request, [claim], request.POST.get("kind", ""))
            return HttpResponseRedirect(request.get_full_path())
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Claim | None = None,
    ) -> HttpResponse:
        context["decisions"] = [
            (kind.value, label)
            for kind, label in DECISIONS.items()
            if obj and obj.state in TRANSITIONS[kind][0] and self.has_decide_permission(request)
        ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.action(description="Accept: the text says so", permissions=["decide"])
    def accept(self, request: HttpRequest, claims: QuerySet[Claim]) -> None:
        self._decide(request, claims, Decision.Kind.ACCEPT)

    @admin.action(description="Reject, with a reason: the text does not say so")
    def reject(self, request: HttpRequest, claims: QuerySet[Claim]) -> HttpResponse | None:
        """Asks for the reason first, which all of the claims then have."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        if "reason" in request.POST and request.POST["reason"].strip():
            self._decide(request, claims, Decision.Kind.REJECT)
            return None
        return TemplateResponse(
            request,
            "admin/claims/claim/reject.html",
            {
                **self.admin_site.each_context(request),
                "title": "Reject claims",
                "opts": self.opts,
                "claims": claims,
                "missing": "reason" in request.POST,
            },
        )

    @admin.action(description="Unverifiable: the text does not settle it", permissions=["decide"])
    def unverifiable(self, request: HttpRequest, claims: QuerySet[Claim]) -> None:
        self._decide(request, claims, Decision.Kind.UNVERIFIABLE)

    @admin.action(description="Reopen: take decisions back", permissions=["decide"])
    def reopen(self, request: HttpRequest, claims: QuerySet[Claim]) -> None:
        self._decide(request, claims, Decision.Kind.REOPEN)

    def _decide(self, request: HttpRequest, claims: Iterable[Claim], kind: str) -> None:
        """Decide on each as far as its state allows, and say on how many, and why not."""
        by = request.user
        if kind not in DECISIONS or not self.has_decide_permission(request):
            raise PermissionDenied
        if not by.is_authenticated:
            raise PermissionDenied
        reason, done = request.POST.get("reason", ""), 0
        for claim in claims:
            try:
                decide(claim=claim, kind=kind, by=by, reason=reason)
            except ValidationError as error:
                self.message_user(request, f"{claim}: {' '.join(error.messages)}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, f"{kind}: {done} claim{'s' * (done != 1)}", messages.SUCCESS)


def in_context(evidence: Evidence) -> SafeString:
    """The passage, marked, with some of the text before and after it."""
    text = evidence.claim.document.text
    first, last = max(0, evidence.start - CONTEXT), evidence.end + CONTEXT
    return format_html(
        "{}{}<mark>{}</mark>{}{}",
        "…" if first else "",
        text[first : evidence.start],
        text[evidence.start : evidence.end],
        text[evidence.end : last],
        "…" if last < len(text) else "",
    )


@admin.register(Decision)
class DecisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["claim", "kind", "reason", "by", "at"]
    list_filter = ["kind", "by"]
    list_select_related = [
        "by",
        "claim__place",
        "claim__claimant",
        "claim__subject",
        "claim__document__publisher",
    ]
    search_fields = ["reason", "claim__place__name"]


@admin.register(ExtractionRun)
class ExtractionRunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "document",
        "state",
        "attempts",
        "error",
        "skipped",
        "extractor_version",
        "created_at",
        "finished_at",
    ]
    list_filter = ["state", "extractor_version"]
    list_select_related = ["document__publisher"]
    search_fields = ["document__title", "error"]
    actions = ["try_again"]

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Asked by the action."""
        return request.user.has_perm("claims.change_extractionrun")

    @admin.action(description="Try again what failed", permissions=["run"])
    def try_again(self, request: HttpRequest, runs: ExtractionRunQuerySet) -> None:
        count = runs.try_again()
        if count:
            wake()
        self.message_user(request, f"{count} failed of {runs.count()} chosen wait again")
