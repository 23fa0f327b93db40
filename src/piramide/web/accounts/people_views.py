"""Administration of people and roles."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.web.accounts import administration
from piramide.web.accounts.access import Access
from piramide.web.accounts.forms import InvitationForm, ReasonForm, RoleForm, SearchForm
from piramide.web.accounts.guards import access, guarded
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Action, Role

Deed = Callable[[Access, User, str], None]


def _person(request: HttpRequest, pk: int) -> User:
    """A person that the visitor administers; 404 for others."""
    found = next((user for user in administration.people_of(access(request)) if user.pk == pk), None)
    if found is None:
        raise Http404
    return found


@guarded(Action.MANAGE_USERS)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who is registered, with their roles of today."""
    today = timezone.localdate()
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text, role = wanted.get("cerca", "").lower(), wanted.get("ruolo", "")
    rows = [
        {"user": user, "grants": [grant for grant in user.grants.all() if grant.holds_on(today)]}
        for user in administration.people_of(access(request))
        if text in user.name.lower() or text in user.email
    ]
    if role:
        rows = [row for row in rows if any(grant.role == role for grant in row["grants"])]  # type: ignore[attr-defined]
    return render(request, "accounts/people.html", {"form": form, "rows": rows})


@guarded(Action.MANAGE_USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Register somebody and send them the link to choose a password."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = administration.invite(access(request), form.cleaned_data["email"], form.cleaned_data["name"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            _send_invitation(request, user)
            messages.success(request, _("Registrata, e invitata per posta. Ora dalle un ruolo."))
            return redirect("accounts:person", pk=user.pk)
    return render(request, "accounts/invite.html", {"form": form})


def _send_invitation(request: HttpRequest, user: User) -> None:
    adapter = get_adapter(request)
    key = f"{user_pk_to_url_str(user)}-{EmailAwarePasswordResetTokenGenerator().make_token(user)}"
    words = {
        "user": user,
        "inviter": access(request).user,
        "administration": settings.CONFIGURATION.administration,
        "password_reset_url": adapter.get_reset_password_from_key_url(key),
    }
    adapter.send_mail("accounts/email/invitation", user.email, words)


@guarded(Action.MANAGE_USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles held, past and future; a role to give."""
    user, doer = _person(request, pk), access(request)
    form = RoleForm(doer, doer.structures(Action.MANAGE_USERS), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            administration.give(doer, user, form.wish(Role(form.cleaned_data["role"])))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Il ruolo è dato."))
            return redirect("accounts:person", pk=pk)
    return _person_page(request, user, form)


def _person_page(request: HttpRequest, user: User, form: Form) -> HttpResponse:
    today, doer = timezone.localdate(), access(request)
    rows = [
        {
            "grant": grant,
            "state": _state(grant),
            "is_mine": doer.may(Action.MANAGE_USERS, grant.structure),
            "can_give_back": grant.revoked_at is not None and timezone.localdate(grant.revoked_at) == today,
        }
        for grant in user.grants.select_related("given_by", "delegated_from__user").order_by("-since", "-pk")
    ]
    facts = {
        "person": user,
        "rows": rows,
        "form": form,
        "is_self": doer.user == user,
        "has_second_factor": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
    }
    return render(request, "accounts/person.html", facts)


def _state(grant: Grant) -> str:
    """Whether a role is `taken`, to `come`, `over` or `held`."""
    today = timezone.localdate()
    if grant.revoked_at is not None:
        return "taken"
    if today < grant.since:
        return "coming"
    return "held" if grant.holds_on(today) else "over"


@guarded(Action.MANAGE_USERS)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    grant = _grant(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Scrivi il motivo o l'atto: resta nel registro."))
        return redirect("accounts:person", pk=grant.user_id)
    try:
        administration.take(access(request), grant, form.cleaned_data["reason"])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Il ruolo è tolto da adesso. Fino a stasera si può annullare qui sotto."))
    return redirect("accounts:person", pk=grant.user_id)


@guarded(Action.MANAGE_USERS)
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the taking of a role."""
    grant = _grant(request, pk)
    try:
        administration.give_back(access(request), grant)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Annullato: il ruolo è di nuovo in vigore."))
    return redirect("accounts:person", pk=grant.user_id)


def _grant(request: HttpRequest, pk: int) -> Grant:
    grant = Grant.objects.select_related("user", "delegated_from").filter(pk=pk).first()
    if grant is None:
        raise Http404
    _person(request, grant.user_id)
    return grant


@guarded(Action.MANAGE_USERS)
@require_POST
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut somebody out."""
    return _do(request, pk, administration.suspend, _("L'accesso è sospeso e le sue sessioni sono finite."))


@guarded(Action.MANAGE_USERS)
@require_POST
def readmit(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in again."""
    return _do(request, pk, administration.readmit, _("Può accedere di nuovo."))


@guarded(Action.MANAGE_USERS)
@require_POST
def drop_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop the second factor of who lost it."""
    return _do(
        request, pk, administration.drop_second_factor, _("Il secondo fattore è tolto: potrà attivarlo di nuovo.")
    )


def _do(request: HttpRequest, pk: int, deed: Deed, done: str) -> HttpResponse:
    user = _person(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Scrivi il motivo o l'atto: resta nel registro."))
        return redirect("accounts:person", pk=pk)
    try:
        deed(access(request), user, form.cleaned_data["reason"])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("accounts:person", pk=pk)


@guarded(Action.MANAGE_USERS)
@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link to choose a password once more."""
    user = _person(request, pk)
    if user.is_active:
        _send_invitation(request, user)
        messages.success(request, _("L'invito è partito di nuovo."))
    return redirect("accounts:person", pk=pk)
