"""Addresses of what is kept in files: exports and releases."""

from django.urls import path

from claims.api.export_jobs import ExportFileViewSet, ExportViewSet
from claims.api.releases import ReleaseFileViewSet, ReleaseViewSet

urlpatterns = [
    path("exports/", ExportViewSet.as_view({"get": "list", "post": "create"}), name="exports"),
    path(
        "exports/<uuid:id>/",
        ExportViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="export",
    ),
    path(
        "exports/<uuid:id>/file/", ExportFileViewSet.as_view({"get": "fetch"}), name="export-file"
    ),
    path("releases/", ReleaseViewSet.as_view({"get": "list"}), name="releases"),
    path("releases/<int:number>/", ReleaseViewSet.as_view({"get": "retrieve"}), name="release"),
    path(
        "releases/<int:number>/files/<str:name>/",
        ReleaseFileViewSet.as_view({"get": "fetch"}),
        name="release-file",
    ),
]
