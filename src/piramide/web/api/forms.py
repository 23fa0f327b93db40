"""Asking for a key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.access import Access
from piramide.web.api.keys import ACTIONS, LONGEST_DAYS, Wish

DAYS: Final = (
    (30, _("30 giorni")),
    (90, _("90 giorni")),
    (180, _("6 mesi")),
    (LONGEST_DAYS, _("un anno")),
)


class KeyForm(forms.Form):
    """What the key is for, what it lets do, where, until when: never more than its owner may today."""

    label = forms.CharField(
        label=_("A che cosa serve"), max_length=100, help_text=_("Per riconoscerla: per esempio, carico notturno.")
    )
    actions = forms.MultipleChoiceField(label=_("Che cosa permette"), widget=forms.CheckboxSelectMultiple)
    structure = forms.ChoiceField(
        label=_("Su quale struttura"), help_text=_("La chiave vale anche per le strutture che ne dipendono.")
    )
    days = forms.TypedChoiceField(label=_("Per quanto tempo"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, person: Access, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        allowed = [action for action in ACTIONS if person.may(action)]
        self.fields["actions"].choices = [(a.value, a.label) for a in allowed]  # type: ignore[attr-defined]
        reached = [s for s in person.organisation.structures.values() if any(person.may(a, s.id) for a in allowed)]
        self.fields["structure"].choices = [(s.id, s.label) for s in reached]  # type: ignore[attr-defined]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that the person could make a key for."""
        return not self.fields["actions"].choices  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """What is asked, once it is valid."""
        said = self.cleaned_data
        ends_on = timezone.localdate() + timedelta(days=said["days"])
        return Wish(said["label"], said["actions"], said["structure"], ends_on)
