"""Overfitting: a network that learns the noise too, and penalties that keep it from doing so.

Fourteen points lie about sin x, with noise of deviation 0.3. A network of 1,153 numbers can go
through all of them; the longer it trains, the less that has to do with the sine. With a penalty on
its weights, λ/2 ‖w‖² (L2) or λ ‖w‖₁ (L1), it cannot afford the bends; with too much of it, it
cannot afford the sine either. Distances are mean squares over the whole curve, the best on the way
and the last: without a penalty one would have to know when to stop.

$ python examples/06_overfitting.py
penalty            loss   distance from sin x     Σ w²
                                best       last
none              0.0067      0.0140     0.0868    159.9
L2, λ = 0.03      0.0947      0.0143     0.0144      7.1
L1, λ = 0.01      0.0552      0.0133     0.0188     26.4
L2, λ = 0.3       0.3081      0.0928     0.1768      1.3
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from pictures import DARK, LIGHT, WARM, save_picture

from glasswork import MSE, SGD, Linear, Sequential, Tanh, no_grad

rng = np.random.default_rng(2)
x = np.linspace(-3, 3, 14)[:, None]
y = np.sin(x) + rng.normal(0, 0.3, x.shape)
everywhere = np.linspace(-3, 3, 121)[:, None]

PENALTIES = {
    "none": {},
    "L2, λ = 0.03": {"l2": 0.03},
    "L1, λ = 0.01": {"l1": 0.01},
    "L2, λ = 0.3": {"l2": 0.3},
}


class Fit(NamedTuple):
    """What a network came to: its curve, both its losses every ten steps, and Σ w²."""

    curve: np.ndarray
    losses: np.ndarray
    size: float


def train(steps: int = 1000, **penalty: float) -> Fit:
    """Train a network, always from the same first weights, with this penalty."""
    rng = np.random.default_rng(3)
    model = Sequential(
        Linear(1, 32, rng=rng, dtype=float),
        Tanh(),
        Linear(32, 32, rng=rng, dtype=float),
        Tanh(),
        Linear(32, 1, rng=rng, dtype=float),
    )
    loss_function = MSE()
    optimizer = SGD(model.parameters(), learning_rate=0.02, momentum=0.9, **penalty)
    losses = []
    for step in range(steps + 1):
        loss = loss_function(model(x), y)
        if step % 10 == 0:
            with no_grad():
                curve = model(everywhere).els
            losses.append((loss.item(), np.square(curve - np.sin(everywhere)).mean()))
        loss.backward()
        optimizer.step(zero_grad=True)
    size = sum(np.square(p.els).sum() for p in model.parameters() if p.decay)
    return Fit(curve, np.array(losses), size)


def draw(figure, fits):
    """Left the curves through the points, right how both losses went."""
    left, right = figure.subplots(1, 2)
    left.plot(everywhere, np.sin(everywhere), color="0.6", ls="--", lw=1, label="sin x")
    left.scatter(x, y, s=14, color="black", zorder=3, label="the points")
    for (name, fit), color in zip(fits.items(), (WARM, DARK, LIGHT, "0.75"), strict=True):
        left.plot(everywhere, fit.curve, color=color, label=name)
        steps = 10 * np.arange(len(fit.losses))
        right.semilogy(steps, fit.losses[:, 0], color=color, ls=":")
        right.semilogy(steps, fit.losses[:, 1], color=color, label=name)
    left.set(title="Fourteen points", xlabel="x", ylabel="y", ylim=(-2, 2.6))
    left.legend(
        fontsize="small", ncols=2, loc="upper left", title="penalty", title_fontsize="small"
    )
    right.set(title="Loss on the points (dotted), distance from sin x (solid)", xlabel="step")


if __name__ == "__main__":
    print("penalty            loss   distance from sin x     Σ w²")
    print("                                best       last")
    fits = {name: train(**penalty) for name, penalty in PENALTIES.items()}
    for name, (_, losses, size) in fits.items():
        loss, last = losses[-1]
        print(f"{name:15} {loss:8.4f} {losses[:, 1].min():11.4f} {last:10.4f} {size:8.1f}")
    save_picture("06_overfitting.png", 8, 3.4, lambda figure: draw(figure, fits))
