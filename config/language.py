"""In which language a page is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

API = "/api/"


class LanguageMiddleware(LocaleMiddleware):
    """The reader's choice, else what the browser asks for, else English. Programs are always
    answered in English: what they read must not change with a header."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(API):
            translation.activate(settings.LANGUAGE_CODE)  # not the thread's last reader's
        else:
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith(API):
            return response
        return super().process_response(request, response)
