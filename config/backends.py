"""What Django's own permissions are for roles: the admin asks for them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User

from claims.access.roles import may

APPS = ("claims", "entities", "sources")  # accounts are for superusers, or at the bench


class RoleBackend(ModelBackend):
    """Who manages all conflicts has every permission that the admin asks for, besides those
    that he was given one by one."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        app = perm.partition(".")[0]
        return super().has_perm(user_obj, perm, obj) or _manages(user_obj, app)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return super().has_module_perms(user_obj, app_label) or _manages(user_obj, app_label)


def _manages(user: User | AnonymousUser, app: str) -> bool:
    return app in APPS and may(user, "manage")
