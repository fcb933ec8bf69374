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

UNSEEN = ("account", "mfa", "socialaccount")


class Site(AdminSite):
    index_title = "What is not done at the bench"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, and who manages all conflicts."""
        # With the models, which this module is loaded before.
        from claims.access import second_factor
        from claims.access.roles import may

        user = request.user
        if not user.is_active or second_factor.missing(user):
            return False
        return user.is_staff or may(user, "manage")

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """All but what opens accounts, which nobody else is shown: the bench takes it away."""
        models: list[Any] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        ours = [model for model in models if model._meta.app_label not in UNSEEN]
        super().register(ours, *args, **options)

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
