"""How people come in: nobody signs up by themselves; the institute's provider lets in only who is registered here."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.web.accounts.attempts import Attempt, TooManyRequestsError, begin, in_words
from piramide.web.accounts.devices import remember
from piramide.web.accounts.entries import entry_failed, provider_connected
from piramide.web.accounts.models import User

LOG = logging.getLogger("piramide.security")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator; an account with too many failed attempts waits."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("Questo accesso è sospeso: chiedi a chi amministra il sito."),
        "email_password_mismatch": gettext_lazy("E-mail o password non corrispondono."),
        "enter_current_password": gettext_lazy("Scrivi la password di adesso."),
        "incorrect_password": gettext_lazy("La password non è questa."),
        "incorrect_code": gettext_lazy(
            "Il codice non è questo, o è già scaduto: scrivi quello che l'app mostra adesso."
        ),
        "too_many_login_attempts": gettext_lazy("Troppi tentativi falliti: riprova fra 5 minuti."),
        "rate_limited": gettext_lazy("Troppe richieste in poco tempo: aspetta un minuto."),
    }

    _attempt: Attempt

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        """Nobody signs up by themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; refuse, saying for how long, who failed too often."""
        email, address = str(credentials.get("email", "")), self.get_client_ip(request)
        try:
            self._attempt = begin(request, email, address)
        except TooManyRequestsError as error:
            raise ImmediateHttpResponse(ratelimit.respond_429(request)) from error
        if self._attempt.wait and not self._attempt.is_braked:
            self._make_wait()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who these credentials belong to; with the brake on, only who is asked for a second factor afterwards.

        Everybody else hears the same, whether the password was right or not.
        """
        user: User | None = super().authenticate(request, **credentials)
        if self._attempt.is_braked and not (user and is_mfa_enabled(user)):
            self._make_wait()
        if user is not None:
            self._attempt.forget()
        return user

    def _make_wait(self) -> NoReturn:
        wait = self._attempt.wait
        LOG.warning("sign-in held for %s seconds", wait)
        raise ValidationError(
            _("Troppi tentativi falliti. Per sicurezza l'accesso è fermo: riprova fra %(wait)s.")
            % {"wait": in_words(wait)},
            code="too_many_login_attempts",
        )

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """Go on, and remember the device."""
        response: HttpResponse = super().post_login(request, user, **more)
        remember(request, response, user.email)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave a line for operators and one in the register: never the password, nor the e-mail of a stranger."""
        entry_failed(str(credentials.get("email", "")))
        LOG.warning("sign-in failed from %s", self.get_client_ip(request))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask again for the password of who is signed in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_safe_url(self, url: str | None) -> bool:
        """Go on only to pages of this site."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a mail has the address of the installation, whatever host the request named."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.CONFIGURATION.origin}{path}"

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person what changed in their access."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def format_email_subject(self, subject: str) -> str:
        """Subjects begin with the product's name."""
        return f"Piramide: {subject}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who comes from the provider must be registered, with the same verified e-mail."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        """Nobody signs up by themselves."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connect the person known by this e-mail; turn away who is not registered or not active."""
        if sociallogin.is_existing:
            return
        claims: dict[str, Any] = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        email = str(claims.get("email", "")).lower()
        is_verified = claims.get("email_verified") is True
        user = User.objects.filter(email=email, is_active=True).first() if email and is_verified else None
        if user is None:
            LOG.warning("turned away who came from the provider: not registered or not verified")
            raise ImmediateHttpResponse(render(request, "accounts/not_registered.html", status=403))
        sociallogin.connect(request, user)
        provider_connected(user, str(sociallogin.account.provider))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "Il codice non è questo, o è già scaduto: scrivi quello che l'app mostra adesso."
        ),
    }
