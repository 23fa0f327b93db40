"""A person's own pages: roles, delegations, sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.web.accounts import administration
from piramide.web.accounts.browsers import browser_of
from piramide.web.accounts.forms import DelegationForm
from piramide.web.accounts.guards import access
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import ACTIONS, Role


@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here: roles, where and until when, and what each lets me do."""
    person = access(request)
    roles = [
        {
            "held": held,
            "structure": person.organisation.structures.get(held.structure),
            "actions": sorted(str(action.label) for action in ACTIONS[held.role]),
        }
        for held in person.roles
    ]
    return render(request, "accounts/profile.html", {"roles": roles})


@login_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Ask before signing out: the form is here, so that other pages carry none and can be kept by browsers."""
    return render(request, "accounts/leave.html")


@login_required
@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """Roles that I can lend, and those that I lent."""
    today, user = timezone.localdate(), access(request).user
    own = Grant.objects.filter(user=user, revoked_at=None, delegated_from=None)
    lent = Grant.objects.filter(delegated_from__user=user).select_related("user", "delegated_from").order_by("-since")
    rows = [
        {
            "grant": grant,
            "is_held": grant.holds_on(today) or (grant.revoked_at is None and grant.since > today),
            "can_give_back": grant.revoked_at is not None and timezone.localdate(grant.revoked_at) == today,
        }
        for grant in lent
    ]
    return render(request, "accounts/delegations.html", {"own": [g for g in own if g.holds_on(today)], "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Lend one of my roles."""
    person = access(request)
    source = Grant.objects.filter(pk=pk, user=person.user, revoked_at=None, delegated_from=None).first()
    if source is None or not source.holds_on(timezone.localdate()):
        raise Http404
    tree = person.organisation
    below = tuple(s for s in tree.structures if s == source.structure or source.structure in tree.ancestors(s))
    form = DelegationForm(person, below, request.POST or None, initial={"structure": source.structure})
    if request.method == "POST" and form.is_valid():
        to = User.objects.filter(email=form.cleaned_data["email"].lower()).first()
        if to is None:
            form.add_error("email", _("Nessuno è registrato con questa e-mail."))
        else:
            try:
                administration.delegate(person, source, to, form.wish(Role(source.role)))
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, _("La delega è data."))
                return redirect("accounts:delegations")
    people = User.objects.filter(is_active=True).exclude(pk=source.user_id).order_by("name")
    return render(request, "accounts/delegate.html", {"form": form, "source": source, "people": people})


@login_required
@require_POST
def end_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a role that I lent."""
    grant = _lent(request, pk)
    try:
        administration.take(access(request), grant, _("ripresa da chi l'ha data"))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("La delega è finita. Fino a stasera si può annullare."))
    return redirect("accounts:delegations")


@login_required
@require_POST
def renew_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the end of a delegation."""
    grant = _lent(request, pk)
    try:
        administration.give_back(access(request), grant)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Annullato: la delega è di nuovo in vigore."))
    return redirect("accounts:delegations")


def _lent(request: HttpRequest, pk: int) -> Grant:
    grant = (
        Grant.objects.select_related("user", "delegated_from")
        .filter(pk=pk, delegated_from__user=access(request).user)
        .first()
    )
    if grant is None:
        raise Http404
    return grant


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    rows = [
        {"session": session, "browser": browser_of(session.user_agent), "is_this": session.is_current()}
        for session in UserSession.objects.purge_and_list(access(request).user)
    ]
    rows.sort(key=lambda row: row["session"].created_at, reverse=True)
    return render(request, "accounts/sessions.html", {"rows": rows})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my sessions."""
    session = UserSession.objects.filter(pk=pk, user=access(request).user).first()
    if session is None:
        raise Http404
    is_this = session.is_current()
    session.end()
    if is_this:
        logout(request)
        return redirect("account_login")
    messages.success(request, _("La sessione è finita: lì bisogna accedere di nuovo."))
    return redirect("accounts:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all my sessions but this one."""
    for session in UserSession.objects.filter(user=access(request).user):
        if not session.is_current():
            session.end()
    messages.success(request, _("Tutte le altre sessioni sono finite."))
    return redirect("accounts:sessions")
