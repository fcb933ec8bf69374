"""Addresses of the pages."""

from django.urls import path

from claims import views

urlpatterns = [
    path("", views.home, name="home"),
    path("towns/<slug:slug>-<slug:short_id>/", views.town, name="town"),
    path("documents/", views.documents, name="documents"),
    path("documents/<uuid:id>/", views.document, name="document"),
    path("claims/<uuid:id>/", views.claim, name="claim"),
    path("about/", views.about, name="about"),
    path("keys/", views.keys, name="keys"),
]
