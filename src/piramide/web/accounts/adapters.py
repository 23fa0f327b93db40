"""How people come in: nobody signs up by themselves; the institute's provider lets in only who is registered here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.shortcuts import render

from piramide.web.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        """Nobody signs up by themselves."""
        return False


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
        claims = claims.get("userinfo", claims)
        email = str(claims.get("email", "")).lower()
        user = User.objects.filter(email=email, is_active=True).first() if claims.get("email_verified") else None
        if user is None:
            raise ImmediateHttpResponse(render(request, "accounts/not_registered.html", status=403))
        sociallogin.connect(request, user)
