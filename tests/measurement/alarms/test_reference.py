from __future__ import annotations

import numpy as np
import pytest

from piramide.measurement.alarms.reference import expit, logit, own_past, reference
from piramide.measurement.alarms.tails import Floats


def offices(spread: float, share: float, count: int = 400, seed: int = 3) -> tuple[Floats, Floats]:
    """Counts of honest offices with 30 to 30,000 cases."""
    draw = np.random.default_rng(seed)
    whole = np.round(np.exp(draw.uniform(np.log(30), np.log(30_000), count)))
    part = draw.binomial(whole.astype(int), expit(logit(np.full(count, share)) + spread * draw.normal(size=count)))
    return part.astype(np.float64), whole.astype(np.float64)


def none(like: Floats) -> Floats:
    return np.zeros(like.shape)


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_it_finds_what_offices_have_in_common_and_how_far_they_differ(spread: float, share: float) -> None:
    part, whole = offices(spread, share)

    fitted = reference(part, whole, np.full(whole.shape, 0.5), none(whole))

    assert fitted.share[0] == pytest.approx(share, rel=0.08)
    assert fitted.common_spread == pytest.approx(spread, abs=0.04)


def test_one_office_in_ten_cannot_hide_itself_by_widening_the_limits() -> None:
    part, whole = offices(0.1, 0.1)
    part[::10] = np.round(0.5 * whole[::10])

    fitted = reference(part, whole, np.full(whole.shape, 0.5), none(whole))

    assert fitted.share[0] == pytest.approx(0.1, rel=0.1)
    assert fitted.common_spread < 0.25
    assert (fitted.scores[::10] > 3.0).mean() > 0.9


def test_a_small_office_is_allowed_what_a_large_one_is_not() -> None:
    part, whole = offices(0.0, 0.1)
    part[:2], whole[:2] = (9.0, 900.0), (50.0, 5000.0)  # 18 % both

    fitted = reference(part, whole, np.full(whole.shape, 0.5), none(whole))

    assert fitted.scores[0] < 2.0
    assert fitted.scores[1] > 6.0


def test_an_office_with_a_long_past_is_expected_to_be_like_itself() -> None:
    part, whole = offices(0.2, 0.1)
    part[0], whole[0] = 3000.0, 10_000.0

    departure, noise = own_past(part, whole, np.full(whole.shape, 0.5))

    assert expit(logit(np.array(0.1)) + departure[0]) == pytest.approx(0.3, abs=0.02)
    assert noise[0] < 0.002


def test_an_office_without_a_past_is_expected_to_be_like_its_cluster() -> None:
    part, whole = offices(0.2, 0.1)
    part[0] = whole[0] = 0.0

    departure, noise = own_past(part, whole, np.full(whole.shape, 0.5))

    assert departure[0] == pytest.approx(0.0, abs=1e-9)
    assert noise[0] == pytest.approx(0.2**2, abs=0.02)


def test_without_any_past_nothing_departs() -> None:
    departure, noise = own_past(np.zeros(5), np.zeros(5), np.full(5, 0.5))

    assert not departure.any()
    assert not noise.any()
