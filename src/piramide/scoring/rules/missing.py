"""What a policy says of what is missing (R40)."""

from __future__ import annotations

from piramide.scoring.rules.work import Work


def score_worst(work: Work) -> None:
    """Under the policy `worst` what is missing stands at the cap; checkpoints see to themselves."""
    worst = work.known.is_worst & ~work.present & ~work.scored
    work.raw[worst] = -work.cells.caps[worst, None]
    work.settle(worst)
