"""Claims and what became of them, for looking at. Claims are decided on at the bench, people and
policies are changed on its pages: nothing of that is done here a second time."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.models import (
    Batch,
    Claim,
    Decision,
    Evidence,
    ExtractionRun,
    ExtractionRunQuerySet,
    Membership,
    NameDecision,
    QueuedClaim,
    ReviewPolicy,
    SavedFilter,
)
from sources.ingest import wake

CONTEXT = 240  # characters of the text shown on each side of a passage


class ReadOnly:
    """Rows that people look at here, and that nobody adds, edits or deletes here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def link(name: str, words: str, *arguments: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(name, args=arguments), words)


class DecisionInline(ReadOnly, admin.TabularInline):
    model = Decision
    fields = readonly_fields = ("kind", "reading", "why", "by", "at")
    extra = 0
    show_change_link = True


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
    inlines = [DecisionInline]
    fields = readonly_fields = (
        *("label", "bench", "passages", "state", "version", "duplicate_of", "replaces"),
        *("document", "place", "place_ambiguous", "claimant", "speaker"),
        *("stance", "predicate", "subject", "extent", "part_words", "part_label"),
        *("asserted_on", "asserted_precision", "event_date", "event_precision"),
        *("confidence", "origin", "extractor_version", "no_longer_found", "created_at"),
    )

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

    @admin.display(description="decide on it")
    def bench(self, claim: Claim) -> SafeString:
        return link("bench-claim", "at the bench", claim.pk)


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
    list_display = ["claim", "kind", "reading", "because", "reason", "by", "at"]
    list_filter = ["kind", "reading", "because", "claim__place__conflict", "by"]
    list_select_related = [
        "by",
        "claim__place",
        "claim__claimant",
        "claim__subject",
        "claim__document__publisher",
    ]
    search_fields = ["reason", "claim__place__name"]
    date_hierarchy = "at"


@admin.register(Batch)
class BatchAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "because", "reason", "query", "by", "at", "page"]
    list_filter = ["kind", "because", "by"]
    list_select_related = ["by"]
    search_fields = ["reason", "query"]
    date_hierarchy = "at"

    @admin.display(description="what it did")
    def page(self, batch: Batch) -> SafeString:
        return link("batch", "at the bench", batch.pk)


@admin.register(NameDecision)
class NameDecisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "kind", "outcome", "actor", "place", "by", "at"]
    list_filter = ["kind", "outcome", "by"]
    list_select_related = ["actor", "place", "by"]
    search_fields = ["name", "folded", "actor__name", "place__name"]
    date_hierarchy = "at"


@admin.register(QueuedClaim)
class QueuedClaimAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["claim", "stage", "decides", "disputed", "doubtful", "holder", "leased_until"]
    list_filter = ["stage", "decides", "disputed", "doubtful", "claim__place__conflict"]
    list_select_related = [
        "holder",
        "claim__place",
        "claim__claimant",
        "claim__subject",
        "claim__document__publisher",
    ]
    search_fields = ["claim__place__names__name", "note"]


@admin.register(Membership)
class MembershipAdmin(ReadOnly, admin.ModelAdmin):
    """Roles are given and taken at the bench, which sees to it that somebody is left."""

    list_display = ["user", "role", "where", "people"]
    list_filter = ["role", "conflict"]
    list_select_related = ["user", "conflict"]
    search_fields = ["user__username"]

    @admin.display(ordering="conflict__name", description="conflict")
    def where(self, membership: Membership) -> str:
        return str(membership.conflict or "all conflicts")

    @admin.display(description="change")
    def people(self, membership: Membership) -> SafeString:
        return link("bench-people", "at the bench")


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["where", "second_reading", "share", "policies"]
    list_filter = ["second_reading"]
    list_select_related = ["conflict"]

    @admin.display(ordering="conflict__name", description="conflict")
    def where(self, policy: ReviewPolicy) -> str:
        return str(policy.conflict or "places of no conflict")

    @admin.display(description="change")
    def policies(self, policy: ReviewPolicy) -> SafeString:
        return link("bench-policies", "at the bench")


@admin.register(SavedFilter)
class SavedFilterAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "user", "query"]
    list_filter = ["user"]
    list_select_related = ["user"]
    search_fields = ["name", "query", "user__username"]


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
