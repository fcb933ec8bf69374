"""Who may use the API, and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from claims.access.roles import may, may_somewhere, refusal

if TYPE_CHECKING:  # the settings name this module, and views read the settings on import
    from rest_framework.views import APIView


class ReadOnly(BasePermission):
    """Reading alone: by everybody, or by those with a role where the installation is not open
    to the public."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method not in SAFE_METHODS:
            raise MethodNotAllowed(str(request.method))
        return may(request.user, "read")


def taking(action: str) -> type[BasePermission]:
    """Reading as everywhere, and writing by those who may take `action` in some conflict. In
    which one is for the view to ask (`roles.require`): it knows what is written to."""

    class Taking(BasePermission):
        message = refusal(action)

        def has_permission(self, request: Request, view: APIView) -> bool:
            return may_somewhere(request.user, "read" if request.method in SAFE_METHODS else action)

    return Taking
