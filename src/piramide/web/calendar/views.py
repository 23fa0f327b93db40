"""The calendar and the messages of a person."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.web.accounts.forms import structure_choices
from piramide.web.accounts.guards import EVERYWHERE, access, guarded, user_of
from piramide.web.accounts.models import named
from piramide.web.accounts.roles import Action
from piramide.web.audit.chain import Change, record
from piramide.web.calendar.duties import days_between
from piramide.web.calendar.models import Appointment, Message, Preference
from piramide.web.calendar.reminders import preference_of
from piramide.web.calendar.setting import set_deadline
from piramide.web.fields.days import DayField
from piramide.web.house.duties import duties_of

AHEAD = timedelta(days=400)
BEHIND = timedelta(days=31)


class AppointmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A deadline of the house."""

    structure = forms.ChoiceField(label=gettext_lazy("Struttura, con tutto ciò che ne dipende"))
    day = DayField(label=gettext_lazy("Entro il"))

    class Meta:
        model = Appointment
        fields = ("title", "day", "duty", "structure", "act")


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """How to be told."""

    class Meta:
        model = Preference
        fields = ("rhythm", "language")
        widgets = {"rhythm": forms.Select(), "language": forms.Select()}


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The days of the cycle, with what is due from me first."""
    person, today = access(request), timezone.localdate()
    may_add = person.may_everywhere(Action.MANAGE_CAMPAIGNS)
    facts = {
        "duties": [shown for shown in duties_of(person) if shown.duty.due],
        "days": days_between(person, today - BEHIND, today + AHEAD, with_cancelled=may_add),
        "today": today,
        "may_add": may_add,
    }
    return render(request, "calendar/index.html", facts)


@guarded(Action.MANAGE_CAMPAIGNS, EVERYWHERE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Set a deadline of the house."""
    person = access(request)
    form = AppointmentForm(request.POST or None)
    field = form.fields["structure"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
    field.choices = structure_choices(person.organisation, tuple(person.organisation.structures))
    if request.method == "POST" and form.is_valid() and person.user is not None:
        set_deadline(person.user, form.save(commit=False))
        notices.success(request, _("La scadenza è nel calendario di chi riguarda."))
        return redirect("calendar:index")
    return render(request, "calendar/add.html", {"form": form})


@guarded(Action.MANAGE_CAMPAIGNS, EVERYWHERE)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a deadline of the house back or, with `rimetti`, set it again; asked twice, it is done once."""
    is_back = "rimetti" in request.POST
    with transaction.atomic():
        found = get_object_or_404(Appointment.objects.select_for_update(), pk=pk)
        if is_back is (found.cancelled_at is not None):
            found.cancelled_at = None if is_back else timezone.now()
            found.save(update_fields=["cancelled_at"])
            verb = "deadline.set_again" if is_back else "deadline.cancelled"
            record(
                named(access(request).user),
                Change(verb, f"deadline:{pk}", found.structure, before={"title": found.title}),
            )
    notices.success(request, _("La scadenza è di nuovo in calendario.") if is_back else _("La scadenza è tolta."))
    return redirect("calendar:index")


@login_required
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """What I was told, and how I want to be told."""
    user = user_of(request)
    rows = Message.objects.filter(user=user)[:100]
    form = PreferenceForm(instance=preference_of(user))
    unread = Message.objects.filter(user=user, read_at=None).count()
    facts = {"rows": rows, "form": form, "unread": unread, "today": timezone.localdate()}
    return render(request, "calendar/messages.html", facts)


@login_required
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """All my messages are read."""
    Message.objects.filter(user=access(request).user, read_at=None).update(read_at=timezone.now())
    return redirect("calendar:messages")


@login_required
@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    """Keep how I want to be told."""
    user = user_of(request)
    form = PreferenceForm(request.POST, instance=preference_of(user))
    if form.is_valid():
        form.save()
        notices.success(request, _("Fatto: d'ora in poi sarà così."))
    return redirect("calendar:messages")
