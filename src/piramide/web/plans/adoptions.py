"""What the table of drafts says was adopted, noted beside the adopted plans: from there all know what is in force."""

from __future__ import annotations

import logging

from piramide.cycle.plans.adoptions import Adoption, is_noted
from piramide.cycle.plans.drafting.gates import Step
from piramide.kernel.findings import Refusal
from piramide.methodology.loading import load_pack
from piramide.web.plans.models import Draft
from piramide.web.plans.versions import adopted_folder
from piramide.web.plans_in_force import adopted_now

_LOG = logging.getLogger("piramide.web.plans")


def note_adoptions() -> int:
    """Note every adopted plan that is not noted yet; their number.

    There are some where this was not written down by the version that adopted them, where a process was killed between
    the row and the note, and where a damaged note was removed. A plan whose folder is gone is left as it is.
    """
    waiting = [draft for draft in Draft.objects.exclude(adopted_hash="") if not is_noted(adopted_folder(), draft.pack)]
    return sum(_note(draft) for draft in waiting)


def _note(draft: Draft) -> bool:
    passage = draft.passages.filter(step=Step.ADOPTION.value).order_by("-pk").first()
    try:
        since = draft.effective_on or load_pack(adopted_folder() / draft.pack).since
        moment = passage.at if passage else draft.opened_at
        return adopted_now(Adoption(draft.pack, draft.adopted_hash, since, moment))
    except (OSError, Refusal) as error:
        _LOG.warning("the plan %s was adopted and cannot be noted: %s", draft.pack, error)
        return False
