"""A line through points: gradient descent walks to where the closed form jumps.

The model is ŷ = w x + b and the loss is the mean of (y - ŷ)². It is a bowl with one lowest point,
which the normal equations give at once; gradient descent starts at w = b = 0 and takes a step
against the gradient forty times.

$ python examples/01_line.py
step     loss   slope w   intercept b
   0   2.8934   0.00000       0.00000
   1   1.0608   0.50441       0.70165
   2   0.5686   0.85413       0.95309
   4   0.2529   1.30374       1.05068
   8   0.1082   1.72801       1.01567
  20   0.0847   1.96706       0.98017
  40   0.0846   1.98029       0.97817
best   0.0846   1.98039       0.97815
"""

from __future__ import annotations

import numpy as np
from pictures import DARK, LIGHT, WARM, save_picture

from glasswork import Parameter
from glasswork.data import line

LEARNING_RATE = 0.3

points = line(samples=100, noise=0.3, rng=0)
x, y = points.x.astype(np.float64), points.y.astype(np.float64)


def descend(steps: int) -> list[tuple[float, float, float]]:
    """The loss, w and b before each step and after the last."""
    w, b = Parameter(np.zeros((1, 1))), Parameter(np.zeros(1))
    path = []
    for _ in range(steps + 1):
        loss = ((x @ w + b - y) ** 2).mean()
        path.append((loss.item(), w.item(), b.item()))
        loss.backward()
        for parameter in (w, b):
            parameter.els = parameter.els - LEARNING_RATE * parameter.grad
            parameter.zero_grad()
    return path


def closed_form() -> tuple[float, float, float]:
    """The loss, w and b where the gradient is zero: XᵀX w = Xᵀy, b the weight of a 1."""
    ones = np.hstack([x, np.ones_like(x)])
    solution = np.linalg.solve(ones.T @ ones, ones.T @ y)
    return np.mean((ones @ solution - y) ** 2), *solution[:, 0]


def draw(figure, path, best):
    """Left the lines on their way through the points, right the same way down the bowl."""
    lines, bowl = figure.subplots(1, 2)
    lines.scatter(x, y, s=9, color=LIGHT, label="the points")
    ends = np.array([-1.0, 1.0])
    for step, tint in {0: 0.25, 1: 0.4, 2: 0.55, 4: 0.7, 8: 0.85}.items():
        _, w, b = path[step]
        lines.plot(ends, w * ends + b, color=DARK, alpha=tint, lw=1, label=f"after {step} steps")
    lines.plot(ends, best[1] * ends + best[2], color=WARM, lw=2, label="closed form")
    lines.set(title="Each step turns the line", xlabel="x", ylabel="y", xticks=[-1, 0, 1])
    lines.legend(fontsize="small")

    w, b = np.meshgrid(np.linspace(-0.4, 3.4, 80), np.linspace(-0.4, 2, 80))
    losses = np.mean((x[:, 0] * w[..., None] + b[..., None] - y[:, 0]) ** 2, axis=-1)
    bowl.contour(w, b, losses, levels=np.geomspace(0.1, 8, 14), colors=LIGHT, linewidths=0.7)
    _, slopes, intercepts = zip(*path, strict=True)
    bowl.plot(slopes, intercepts, "o-", color=DARK, ms=3, lw=1, label="gradient descent")
    bowl.plot(*best[1:], "*", color=WARM, ms=12, label="closed form")
    bowl.set(title="…and goes down the bowl of the loss", xlabel="slope w", ylabel="intercept b")
    bowl.legend(loc="lower right", framealpha=1, frameon=True, fontsize="small")


if __name__ == "__main__":
    path, best = descend(steps=40), closed_form()
    print("step     loss   slope w   intercept b")
    for step in (0, 1, 2, 4, 8, 20, 40):
        print("{:4d}   {:.4f}   {:.5f}       {:.5f}".format(step, *path[step]))
    print("best   {:.4f}   {:.5f}       {:.5f}".format(*best))
    save_picture("01_line.png", 8, 3.4, lambda figure: draw(figure, path, best))
