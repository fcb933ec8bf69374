"""The admin for the rest: who gets in, what he may there, and in which order it lists things."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.http import HttpRequest

# The lists by what they are about, rather than by the app whose tables they are.
GROUPS = (
    ("Claims", ("Claim", "Decision", "Batch", "QueuedClaim")),
    ("Names", ("Conflict", "Actor", "Place", "NameDecision")),
    ("Sources", ("Publisher", "Document", "Intake", "ExtractionRun")),
    ("People", ("User", "Group", "Membership", "ReviewPolicy", "SavedFilter")),
)


class Site(AdminSite):
    index_title = "What is not done at the bench"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, and who manages all conflicts."""
        from claims.access.roles import may  # with the models, which this module is loaded before

        user = request.user
        return user.is_active and (user.is_staff or may(user, "manage"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        groups = [
            (title, [models.pop(name) for name in names if name in models])
            for title, names in GROUPS
        ]
        groups.append(("Others", list(models.values())))
        return [
            {
                "name": title,
                "app_label": title.lower(),
                "app_url": "",
                "has_module_perms": True,
                "models": found,
            }
            for title, found in groups
            if found
        ]


class AdminConfig(DjangoAdminConfig):
    default_site = "config.administration.Site"
