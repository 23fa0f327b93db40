"""The way in through the institute's provider. Its addresses are in no language: the provider knows the answer's."""

from __future__ import annotations

import logging
from typing import Any

import requests
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

LOG = logging.getLogger("piramide.security")


class Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The configured provider; the signature of its token is checked, however the token came."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


@require_safe
def go(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the provider."""
    return _answer(OAuth2LoginView, request, provider_id)


@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """What the provider answered: let in, or say why not."""
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = view.adapter_view(Provider(request, provider_id))(request)
    except SocialApp.DoesNotExist as unknown:
        raise Http404(provider_id) from unknown
    except requests.RequestException as failure:
        LOG.exception("the provider of sign-in does not answer")
        return _failed(request, provider_id, failure)
    return answer


def _failed(request: HttpRequest, provider_id: str, failure: Exception) -> HttpResponseBase:
    answer: HttpResponseBase = render_authentication_error(request, provider_id, exception=failure)
    return answer


urlpatterns = [
    path("<str:provider_id>/", go, name="openid_connect_login"),
    path("<str:provider_id>/risposta/", come_back, name="openid_connect_callback"),
]
