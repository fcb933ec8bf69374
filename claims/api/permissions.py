"""Who may use the API, and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # the settings name this module, and views read the settings on import
    from rest_framework.views import APIView


class ReadOnly(BasePermission):
    """Reading alone, and only by those who are logged in where the installation is not
    open to the public."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method not in SAFE_METHODS:
            raise MethodNotAllowed(str(request.method))
        return settings.PUBLIC_READING or request.user.is_authenticated
