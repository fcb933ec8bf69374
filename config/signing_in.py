"""What of django-allauth's log-in is ours: nobody signs up, words are this site's, and guessing
is counted in one place (`claims.access.guessing`) whichever way somebody comes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_noop, ngettext

from claims.access import counting, guessing

# What is said after a step; allauth names its own templates, and what is not here is not said.
SAID = {
    "mfa/messages/totp_activated.txt": gettext_noop("The app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_noop(
        "The app's codes are not asked for any more."
    ),
    "mfa/messages/webauthn_added.txt": gettext_noop("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": gettext_noop("The passkey is removed."),
    "socialaccount/messages/account_connected.txt": gettext_noop("The identity is connected."),
    "socialaccount/messages/account_connected_other.txt": gettext_noop(
        "That identity opens another account: nothing has been changed."
    ),
    "socialaccount/messages/account_disconnected.txt": gettext_noop(
        "The identity opens this account no more."
    ),
    "mfa/messages/recovery_codes_generated.txt": gettext_noop("There are new recovery codes."),
}


def wait() -> str:
    """What somebody is told who has guessed too often."""
    minutes = guessing.WINDOW // 60
    return ngettext(
        "Too many attempts to log in. Try again in %(minutes)d minute.",
        "Too many attempts to log in. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


class Accounts(DefaultAccountAdapter):
    """Accounts are made by administrators alone; there are no addresses to confirm."""

    def is_open_for_signup(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return counting.address(request)

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, gettext("The account is closed: ask an administrator."))
        return redirect("login")

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether it is the user's password. Raises ValidationError after too many attempts."""
        name = user.get_username()
        try:
            guessing.attempt(context.request, name)
        except guessing.TooMany:
            raise ValidationError(wait()) from None
        if not user.check_password(password):
            return False
        guessing.succeeded(name)
        return True

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or (gettext(SAID[message_template]) if message_template in SAID else "")
        if said:
            messages.add_message(request, level, said, extra_tags)


class SecondFactors(DefaultMFAAdapter):
    """Secrets of second factors are unreadable without the installation's key: a copy of the
    database gives none away."""

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValidationError where it was encrypted with another key."""
        try:
            return _lock().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValidationError(
                gettext(
                    "What the second factor is checked by cannot be read any more: ask an"
                    " administrator to remove it, and set it up again."
                )
            ) from None

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = context.request.get_host()
        return {"id": host.partition(":")[0], "name": settings.SITE_NAME}


def _lock() -> Fernet:
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
