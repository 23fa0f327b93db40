"""Addresses under /accesso/: signing in and out, password, second factor. What nobody may use is not there.

The names are those that allauth looks up. Nobody signs up by themselves, and an e-mail is changed by an administrator:
the pages of allauth for that lead back to the profile.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import path, re_path
from django.views.generic import RedirectView, TemplateView

_to_profile = RedirectView.as_view(pattern_name="accounts:profile")
_to_sign_in = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("", _to_sign_in, name="entrance"),
    path("login/", account.login, name="account_login"),
    path("uscita/", account.logout, name="account_logout"),
    path("sospeso/", account.account_inactive, name="account_inactive"),
    path("conferma/", account.reauthenticate, name="account_reauthenticate"),
    path("password/cambia/", account.password_change, name="account_change_password"),
    path("password/nuova/", _to_profile, name="account_set_password"),
    path("password/dimenticata/", account.password_reset, name="account_reset_password"),
    path("password/inviata/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/scegli/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/fatto/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("secondo-fattore/", second_factor.index, name="mfa_index"),
    path("secondo-fattore/codice/", second_factor.authenticate, name="mfa_authenticate"),
    path("secondo-fattore/conferma/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("secondo-fattore/attiva/", totp.activate_totp, name="mfa_activate_totp"),
    path("secondo-fattore/disattiva/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("secondo-fattore/riserva/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("secondo-fattore/riserva/nuovi/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("secondo-fattore/riserva/scarica/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("istituzionale/annullato/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("istituzionale/errore/", social.login_error, name="socialaccount_login_error"),
    path(
        "istituzionale/non-registrato/",
        TemplateView.as_view(template_name="accounts/not_registered.html"),
        name="socialaccount_signup",
    ),
    path("istituzionale/", _to_profile, name="socialaccount_connections"),
]
