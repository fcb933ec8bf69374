"""Addresses below `/api/`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from claims.api import exporting, views
from claims.api.catalogue import ConflictViewSet, PlaceViewSet, PublisherViewSet, SideViewSet
from claims.api.changes import ChangeViewSet
from claims.api.decisions import ClaimDecisionViewSet
from claims.api.deleted import DeletedViewSet
from claims.api.documentation import documentation
from claims.api.status_changes import StatusChangeViewSet
from claims.api.webhooks import DeliveryViewSet, WebhookViewSet
from claims.api.whoami import WhoAmI

app_name = "api"

router = SimpleRouter()
router.register("towns", views.TownViewSet, basename="town")
router.register("claims", views.ClaimViewSet, basename="claim")
router.register("documents", views.DocumentViewSet, basename="document")
router.register("actors", views.ActorViewSet, basename="actor")
router.register("conflicts", ConflictViewSet, basename="conflict")
router.register("sides", SideViewSet, basename="side")
router.register("places", PlaceViewSet, basename="place")
router.register("publishers", PublisherViewSet, basename="publisher")
router.register("changes", ChangeViewSet, basename="change")
router.register("status-changes", StatusChangeViewSet, basename="status-change")

urlpatterns = [
    path("", documentation, name="documentation"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "v1/claims/<uuid:id>/decisions/",
        ClaimDecisionViewSet.as_view({"get": "list", "post": "create"}),
        name="claim-decisions",
    ),
    *(
        path(f"v1/exports/{table}.<slug:ending>", view, name=f"export-{table}")
        for table, view in exporting.VIEWS.items()
    ),
    path("v1/", include("claims.api.kept_urls")),
    path("v1/claims/deleted/", DeletedViewSet.as_view({"get": "list"}), name="claims-deleted"),
    path("v1/whoami/", WhoAmI.as_view(), name="whoami"),
    path(
        "v1/webhooks/",
        WebhookViewSet.as_view({"get": "list", "post": "create"}),
        name="webhook-list",
    ),
    path(
        "v1/webhooks/<uuid:id>/",
        WebhookViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="webhook-detail",
    ),
    path(
        "v1/webhooks/<uuid:id>/deliveries/",
        DeliveryViewSet.as_view({"get": "list"}),
        name="webhook-deliveries",
    ),
    path(
        "v1/webhooks/<uuid:id>/replay/",
        DeliveryViewSet.as_view({"post": "replay"}),
        name="webhook-replay",
    ),
    path("v1/", include(router.urls)),
    path("v1/<path:rest>", views.NothingHere.as_view()),
]
