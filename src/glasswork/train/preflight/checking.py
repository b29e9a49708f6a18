"""All checks, on copies: the model, its buffers and every generator stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context

import numpy as np
from numpy.typing import ArrayLike

from ...data.rows import as_rows
from ...errors import OptionError
from ...limits import COUNT, checked
from ...nn.module import MODULE, Module
from ...randomness import seed
from ..evaluate import LOSS, Loss
from ..nonfinite import find_nonfinite
from . import checks
from .overfitting import one_batch
from .rehearsal import copied, rehearse
from .report import Finding, Preflight

__all__ = ["preflight"]


def preflight(
    model: Module, x: ArrayLike, y: ArrayLike, loss: Loss, *, samples: int = 64
) -> Preflight:
    """Look whether a network can learn, before hours are spent on it.

    - finite: no number on the way to the loss and back is infinite or none
    - gradients: equal central differences, for a sample of the parameters
    - first loss: about that of a network which knows nothing, ln C for C classes
    - activations, signals: of like deviation in all hidden layers, forward and back
    - units: which give the same for every sample
    - symmetry: units of a layer with the same weights
    - parameters: those that no gradient reaches, and those that are used twice
    - one batch: whether it can be learned by heart

    All is done with copies, in training mode without dropout, and takes a second or two.

    Parameters
    ----------
    model : Module
        As it is before the first step.
    x, y : array_like
        A batch: samples and targets, prepared as for the training.
    loss : callable
        loss(model(x), y) is one number.
    samples : int
        Of a longer batch the first so many are taken.

    Returns
    -------
    Preflight
        A finding for each check; printed, a table that says what to do.

    Raises
    ------
    OptionError
        If there are not two samples.
    ShapeError, DtypeError, ...
        If the model cannot run on x, or the loss with y.

    Examples
    --------
    >>> from glasswork.nn import CrossEntropy, Linear, ReLU, Sequential
    >>> model = Sequential(Linear(4, 16, rng=0), ReLU(), Linear(16, 3, rng=1))
    >>> x, y = np.random.default_rng(0).normal(size=(32, 4)), np.arange(32) % 3
    >>> report = preflight(model, x, y, CrossEntropy())
    >>> report["symmetry"]
    Finding(check='symmetry', verdict='ok', seen='all units of a layer differ', advice='')
    """
    checked("preflight", "model", model, MODULE)
    checked("preflight", "loss", loss, LOSS)
    count = checked("preflight", "samples", samples, COUNT)
    x, y = (rows[:count] for rows in as_rows("preflight", (x, y)))
    if len(x) < 2:
        raise OptionError(
            f"preflight: x has {len(x)} samples.\n  Pass a batch of two or more, and samples=2 up."
        )
    context = copy_context()  # with a default generator of its own
    context.run(seed, 0)
    return context.run(lambda: Preflight(_checked(model, x, y, loss)))


def _checked(model: Module, x: np.ndarray, y: np.ndarray, loss: Loss) -> Iterator[Finding]:
    with np.errstate(all="ignore"):
        if found := find_nonfinite(copied(model), loss, x, y):
            yield Finding("finite", "wrong", found, "Mend this first; nothing else was looked at.")
            return
        yield Finding("finite", "ok", "all numbers, forward and back")
        seen = rehearse(model, x, y, loss)
        yield checks.differences(model, x, y, loss)
        yield checks.initial_loss(seen, y, loss)
        for check in (checks.activations, checks.signals, checks.units, checks.symmetry):
            yield check(seen)
        yield checks.parameters(seen)
        yield one_batch(model, x, y, loss)
