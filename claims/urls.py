"""Addresses of the pages."""

from django.urls import include, path

from claims.views import (
    api_keys,
    changes,
    claim_list,
    claims,
    coverage,
    documents,
    exports,
    help,
    map,
    releases,
    rules,
    search,
    speakers,
    town,
    towns,
    webhooks,
)
from claims.views.bench import history

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
    path("speakers/", speakers.speakers, name="speakers"),
    path("speakers/<slug:slug>/", speakers.speaker, name="speaker"),
    path("search/", search.search, name="search"),
    path("rules/", rules.rules, name="rules"),
    path("account/webhooks/", webhooks.webhooks, name="webhooks"),
    path("account/webhooks/<uuid:id>/", webhooks.webhook, name="webhook"),
    path("account/webhooks/deliveries/<uuid:id>/again/", webhooks.replay, name="webhook-replay"),
    path("bench/", include("claims.views.bench.urls")),
    path("account/keys/", api_keys.own_keys, name="api-keys"),
    path("account/keys/all/", api_keys.all_keys, name="all-api-keys"),
    path("account/keys/<uuid:id>/rotate/", api_keys.rotate, name="api-key-rotate"),
    path("account/keys/<uuid:id>/revoke/", api_keys.revoke, name="api-key-revoke"),
    path("account/keys/<uuid:id>/rate/", api_keys.set_rate, name="api-key-rate"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<uuid:id>/again/", exports.again, name="export-again"),
    path("exports/<uuid:id>/remove/", exports.remove, name="export-remove"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:number>/", releases.release, name="release"),
    path("releases/<int:number>/again/", releases.again, name="release-again"),
    path("releases/<int:number>/remove/", releases.remove, name="release-remove"),
    path("about/", help.about, name="about"),
    path("keys/", help.keys, name="keys"),
]
