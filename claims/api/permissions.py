"""Who may use the API, and for what: the user by his roles, and his key by its scopes.

Every view's permission is one of these, so that no key does more than its scopes name, nor more
than its user may do himself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import MethodNotAllowed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from claims.access.keys import scope_of
from claims.access.roles import may, may_somewhere, refusal
from claims.models import ApiKey

if TYPE_CHECKING:  # the settings name this module, and views read the settings on import
    from rest_framework.views import APIView


class Unscoped(PermissionDenied):
    """The key is not for this. Answered as RFC 6750 says."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This key lacks the scope “{scope}”: make one that has it.")
        self.auth_header = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'


class Scoped(BasePermission):
    """What all permissions of the API have in common."""

    def allows(self, request: Request, action: str) -> bool:
        """Whether the user may take the action in some conflict, and the key, if he came by one,
        is for it. Raises Unscoped."""
        scope = scope_of(action)
        if isinstance(request.auth, ApiKey) and scope not in request.auth.scopes:
            raise Unscoped(scope)
        return may_somewhere(request.user, action)


class ReadOnly(Scoped):
    """Reading alone: by everybody, or by those with a role where the installation is not open
    to the public."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method not in SAFE_METHODS:
            raise MethodNotAllowed(str(request.method))
        return self.allows(request, "read")


class Oneself(Scoped):
    """What somebody is told of himself, whatever his key is for."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.is_authenticated or may(request.user, "read")


def taking(action: str, *, reading: str = "read") -> type[Scoped]:
    """Writing by those who may take `action` in some conflict, and reading as everywhere, or by
    those who may take `reading`. In which conflict is for the view to ask (`roles.require`): it
    knows what is written to. Keys need the scope of the action (`keys.scope_of`)."""

    class Taking(Scoped):
        message = refusal(action)

        def has_permission(self, request: Request, view: APIView) -> bool:
            return self.allows(request, reading if request.method in SAFE_METHODS else action)

    return Taking


def exporting() -> type[Scoped]:
    """For files that are made of a request: reading them, too, is for those who may export."""
    return taking("export", reading="export")
