"""Addresses below `/api/`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from claims.api import exporting, views
from claims.api.changes import ChangeViewSet
from claims.api.decisions import ClaimDecisionViewSet
from claims.api.documentation import documentation
from claims.api.status_changes import StatusChangeViewSet
from claims.api.whoami import WhoAmI

app_name = "api"

router = SimpleRouter()
router.register("towns", views.TownViewSet, basename="town")
router.register("claims", views.ClaimViewSet, basename="claim")
router.register("documents", views.DocumentViewSet, basename="document")
router.register("actors", views.ActorViewSet, basename="actor")
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
    path("v1/whoami/", WhoAmI.as_view(), name="whoami"),
    path("v1/", include(router.urls)),
    path("v1/<path:rest>", views.NothingHere.as_view()),
]
