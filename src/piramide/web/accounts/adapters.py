"""How people come in: nobody signs up by themselves; the institute's provider lets in only who is registered here."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.web.accounts.attempts import in_words, seconds_to_wait
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

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        """Nobody signs up by themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse, saying for how long, who failed too often."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._make_wait(request, **credentials)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """Attempts are counted by person, not by person and host: a site with two names gives no second chances."""
        return str(credentials.get("email", "")).lower()

    def _make_wait(self, request: HttpRequest, **credentials: Any) -> NoReturn:
        key = self._get_login_attempts_cache_key(request, **credentials)
        wait = seconds_to_wait(request, "login_failed", key)
        LOG.warning("sign-in locked for %s seconds", wait)
        raise ValidationError(
            _("Troppi tentativi falliti. Per sicurezza l'accesso è fermo: riprova fra %(wait)s.")
            % {"wait": in_words(wait)},
            code="too_many_login_attempts",
        )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002
        """Leave a line for operators: never the password, and the e-mail only as far as its domain."""
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


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "Il codice non è questo, o è già scaduto: scrivi quello che l'app mostra adesso."
        ),
    }
