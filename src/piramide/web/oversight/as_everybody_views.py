"""Looking at a run as everybody will, before it is published."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from piramide.web.accounts import as_everybody
from piramide.web.accounts.guards import EVERYWHERE, access, guarded
from piramide.web.accounts.roles import Action
from piramide.web.oversight.run_wording import find_run


@guarded(Action.OVERSEE, EVERYWHERE)
@require_POST
def be_everybody(request: HttpRequest, run: str) -> HttpResponse:
    """Lead to a page of the site (`next`), where one is nobody and the run is published."""
    record = find_run(run)
    wanted = request.POST.get("next", "") or reverse("house:home")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        raise Http404(wanted)
    as_everybody.begin(request, record.pk)
    return HttpResponseRedirect(wanted)


@guarded(Action.OVERSEE, EVERYWHERE)
@require_POST
def be_oneself(request: HttpRequest) -> HttpResponse:
    """Lead back to the checklist of the run that was looked at."""
    run = as_everybody.end(request)
    if not run:
        return redirect("oversight:index")
    page = "publication" if access(request).may_everywhere(Action.PUBLISH) else "run"
    return redirect(f"oversight:{page}", run=run)
