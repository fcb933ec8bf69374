"""Addresses of the pages."""

from django.urls import path

from claims.views import claims, documents, help, towns

urlpatterns = [
    path("", towns.home, name="home"),
    path("towns/<slug:slug>-<slug:short_id>/", towns.town, name="town"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<uuid:id>/", documents.document, name="document"),
    path("claims/<uuid:id>/", claims.claim, name="claim"),
    path("about/", help.about, name="about"),
    path("keys/", help.keys, name="keys"),
]
