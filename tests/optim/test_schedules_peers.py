"""Schedules, and the plateau, against those of torch.optim.lr_scheduler."""

from __future__ import annotations

import math

import pytest

from glasswork.optim import (
    ReduceOnPlateau,
    cosine,
    exponential_decay,
    inverse_time,
    one_cycle,
    step_decay,
    warm_up,
)

pytestmark = pytest.mark.peers
torch = pytest.importorskip("torch")
theirs = torch.optim.lr_scheduler

RATE = 0.1
CASES = {
    "exponential": (
        exponential_decay(RATE, decay=0.05),
        lambda o: theirs.ExponentialLR(o, gamma=math.exp(-0.05)),
    ),
    "step": (step_decay(RATE, every=7, factor=0.3), lambda o: theirs.StepLR(o, 7, gamma=0.3)),
    "inverse time": (
        inverse_time(RATE, decay=0.2),
        lambda o: theirs.LambdaLR(o, lambda step: 1 / (1 + 0.2 * step)),
    ),
    "cosine": (
        cosine(RATE, steps=49, final=0.01),
        lambda o: theirs.CosineAnnealingLR(o, T_max=49, eta_min=0.01),
    ),
    "one cycle": (one_cycle(RATE, steps=50), lambda o: theirs.OneCycleLR(o, RATE, total_steps=50)),
    "one cycle, other shares": (
        one_cycle(RATE, steps=50, rise=0.45, start=0.1, end=0.001),
        lambda o: theirs.OneCycleLR(
            o, RATE, total_steps=50, pct_start=0.45, div_factor=10, final_div_factor=100
        ),
    ),
    "warm-up": (
        warm_up(8, then=RATE, start=0.25),
        lambda o: theirs.LinearLR(o, start_factor=0.25, total_iters=8),
    ),
    "warm-up, then cosine": (
        warm_up(8, then=cosine(RATE, steps=41), start=0.25),
        lambda o: theirs.SequentialLR(
            o,
            [
                theirs.LinearLR(o, start_factor=0.25, total_iters=8),
                theirs.CosineAnnealingLR(o, T_max=41),
            ],
            milestones=[8],
        ),
    ),
}


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE, momentum=0.9)


def rates(optimizer, scheduler, told):
    """The learning rate before each step of the scheduler, which is told something or nothing."""
    found = []
    for arguments in told:
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*arguments)
    return found


@pytest.mark.filterwarnings("ignore:The epoch parameter in `scheduler.step()`:UserWarning")
@pytest.mark.parametrize(("ours", "make"), CASES.values(), ids=CASES)
def test_fifty_steps_are_pytorchs(ours, make):
    other = optimizer()
    scheduler = make(other)
    expected = [*rates(other, scheduler, [()] * 49), other.param_groups[0]["lr"]]
    assert [ours(step) for step in range(50)] == pytest.approx(expected, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize(
    ("ours", "torchs"),
    [
        ({}, {}),
        ({"factor": 0.5, "patience": 2}, {"factor": 0.5, "patience": 2}),
        ({"patience": 0, "cooldown": 3}, {"patience": 0, "cooldown": 3}),
        ({"patience": 1, "threshold": 0.3}, {"patience": 1, "threshold": 0.3}),
        ({"patience": 0, "minimum": 2e-3}, {"patience": 0, "min_lr": 2e-3}),
    ],
)
def test_reduce_on_plateau_is_pytorchs(rng, maximize, ours, torchs):
    metrics = rng.uniform(0.5, 1.0, 60).tolist()
    plateau = ReduceOnPlateau(RATE, maximize=maximize, **ours)
    found = []
    for metric in metrics:
        found.append(plateau(0))
        plateau.observe(metric)
    other = optimizer()
    scheduler = theirs.ReduceLROnPlateau(other, mode="max" if maximize else "min", eps=0, **torchs)
    assert found == pytest.approx(rates(other, scheduler, [(m,) for m in metrics]), rel=1e-12)
