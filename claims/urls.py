"""Addresses of the pages."""

from django.urls import path

from claims.views import (
    changes,
    claim_list,
    claims,
    coverage,
    documents,
    help,
    map,
    rules,
    search,
    speakers,
    town,
    towns,
)
from claims.views.bench import (
    adding,
    agreement,
    bulk,
    decide,
    extractions,
    handing,
    history,
    names_inbox,
    parts,
    progress,
    question,
    queue,
)
from claims.views.bench import bring as bench_bring
from claims.views.bench import claim as bench_claim
from claims.views.bench import names as bench_names
from claims.views.bench import people as bench_people

urlpatterns = [
    path("", towns.home, name="home"),
    path("towns/<slug:slug>-<slug:short_id>/", town.town, name="town"),
    path(
        "towns/<slug:slug>-<slug:short_id>/timetable/", town.town_timetable, name="town-timetable"
    ),
    path("towns/<slug:slug>-<slug:short_id>/timeline.svg", town.town_drawing, name="town-drawing"),
    path("map/", map.map_page, name="map"),
    path("map/intervals/", map.intervals, name="map-intervals"),
    path("changes/", changes.changes, name="changes"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<uuid:id>/", documents.document, name="document"),
    path("claims/", claim_list.claims, name="claims"),
    path("claims/<uuid:id>/", claims.claim, name="claim"),
    path("claims/<uuid:id>/history/<int:event>/", history.claim_state, name="claim-state"),
    path("bench/documents/<uuid:id>/add/", adding.add, name="claim-add"),
    path("bench/documents/<uuid:id>/merge/", parts.merge, name="claim-merge"),
    path("bench/claims/<uuid:id>/split/", parts.split, name="claim-split"),
    path("bench/bulk/", bulk.bulk, name="bulk"),
    path("bench/batches/", bulk.batches, name="batches"),
    path("bench/batches/<uuid:id>/", bulk.batch, name="batch"),
    path("bench/batches/<uuid:id>/go-on/", bulk.batch_go_on, name="batch-go-on"),
    path("bench/batches/<uuid:id>/undo/", bulk.batch_undo, name="batch-undo"),
    path("bench/names-inbox/", names_inbox.names_inbox, name="bench-names-inbox"),
    path("bench/names-inbox/<int:id>/undo/", names_inbox.undo_name, name="bench-undo-name"),
    path("bench/extractions/", extractions.extractions, name="bench-extractions"),
    path("bench/extractions/again/", extractions.extract_again, name="bench-extract-again"),
    path(
        "bench/extractions/version/<str:version>/", extractions.extraction, name="bench-extraction"
    ),
    path(
        "bench/extractions/version/<str:version>/<uuid:document>/",
        extractions.difference,
        name="bench-difference",
    ),
    path("bench/lost/", extractions.lost, name="bench-lost"),
    path(
        "bench/claims/<uuid:id>/take-over/", extractions.take_over_decision, name="bench-take-over"
    ),
    path("speakers/", speakers.speakers, name="speakers"),
    path("speakers/<slug:slug>/", speakers.speaker, name="speaker"),
    path("search/", search.search, name="search"),
    path("rules/", rules.rules, name="rules"),
    path("bench/", queue.bench, name="bench"),
    path("bench/next/", handing.next_claim, name="bench-next"),
    path("bench/previous/", handing.previous_claim, name="bench-previous"),
    path("bench/done/", handing.nothing_left, name="bench-done"),
    path("bench/skipped/", handing.skipped_again, name="bench-skipped"),
    path("bench/keep/", handing.keep_claims, name="bench-keep"),
    path("bench/release/", handing.release_claims, name="bench-release"),
    path("bench/undo/", decide.undo_decision, name="bench-undo"),
    path("bench/filters/", queue.save_filter, name="bench-save-filter"),
    path("bench/filters/<int:id>/delete/", queue.delete_filter, name="bench-delete-filter"),
    path("bench/claims/<uuid:id>/decide/", decide.decide, name="bench-decide"),
    path("bench/claims/<uuid:id>/skip/", handing.skip, name="bench-skip"),
    path("bench/claims/<uuid:id>/pass-on/", handing.pass_on_claim, name="bench-pass-on"),
    path("bench/bring/", bench_bring.bring, name="bring"),
    path("bench/bring/<uuid:id>/", bench_bring.brought, name="bring-result"),
    path("bench/bring/<uuid:id>/complete/", bench_bring.complete_all, name="bring-complete-all"),
    path(
        "bench/bring/<uuid:id>/<int:number>/complete/",
        bench_bring.complete,
        name="bring-complete",
    ),
    path("bench/bring/<uuid:id>/<int:number>/again/", bench_bring.try_again, name="bring-again"),
    path("bench/claims/<uuid:id>/", bench_claim.claim, name="bench-claim"),
    path("bench/claims/<uuid:id>/effect/", bench_claim.claim_effect, name="bench-effect"),
    path("bench/claims/<uuid:id>/question/", question.question, name="question"),
    path("bench/progress/", progress.progress, name="progress"),
    path("bench/agreement/", agreement.agreement, name="agreement"),
    path("bench/names/", bench_names.names, name="bench-names"),
    path("bench/people/", bench_people.people, name="bench-people"),
    path("bench/people/roles/<int:id>/", bench_people.membership, name="bench-membership"),
    path("bench/people/accounts/<int:id>/", bench_people.account, name="bench-account"),
    path("bench/policies/", bench_people.review_policies, name="bench-policies"),
    path("about/", help.about, name="about"),
    path("keys/", help.keys, name="keys"),
]
