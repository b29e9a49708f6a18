"""Learning rates, momentum and decay, in a valley that is twenty times steeper across than along.

The loss is ½ (w₁² + 20 w₂²), and its lowest point 0. Across the valley no learning rate above 2/20
holds; along it, that limit is slow. Momentum adds up the small steps that agree with one another
and cancels those that do not.

Then the gradient is noisy, as that of a batch is: each step sees a valley whose lowest point lies
at random around the true one. A constant learning rate stays at a distance that it sets itself;
one that decays goes on towards the middle, and one that decays too fast never arrives. (The numbers
are for 500 runs at once.)

$ python examples/07_momentum.py
loss after step             10         30        100
0.01                 4.14e+01   2.74e+01   6.70e+00
0.09                 8.04e+00   1.74e-01   3.22e-07
0.105                2.75e+02   1.22e+04   7.60e+09
0.05, momentum 0.6   3.63e+00   9.78e-04   3.31e-17
0.05, Nesterov 0.6   3.43e+00   4.79e-03   3.95e-13

distance after step        100        300       1000
constant 0.05           1.033      0.984      1.037
constant 0.005          6.061      2.232      0.250
0.05 e^(-i/200)         0.717      0.364      0.076
0.05 e^(-i/20)          3.563      3.538      3.538
"""

from __future__ import annotations

import numpy as np
from pictures import DARK, LIGHT, WARM, save_picture

from glasswork import SGD, Parameter
from glasswork.optim import exponential_decay
from glasswork.show import descend, descents

STEEPNESS = np.array([1.0, 20.0])
START = np.array([-10.0, 2.0])


def valley(w):
    """½ (w₁² + 20 w₂²), of one point or of the points of several runs."""
    return (STEEPNESS * w**2).sum(axis=-1) / 2


def wander(steps: int, learning_rate, runs: int = 500) -> np.ndarray:
    """The root mean square distance from the middle, over many runs with noisy gradients."""
    rng = np.random.default_rng(0)
    w = Parameter(np.tile(START, (runs, 1)))
    optimizer = SGD([w], learning_rate)
    distances = []
    for _ in range(steps + 1):
        distances.append(np.sqrt(np.square(w.els).sum(axis=1).mean()))
        valley(w - rng.normal(size=(runs, 2))).sum().backward()
        optimizer.step(zero_grad=True)
    return np.array(distances)


EXACT = {
    "0.01": {"learning_rate": 0.01},
    "0.09": {"learning_rate": 0.09},
    "0.105": {"learning_rate": 0.105},
    "0.05, momentum 0.6": {"learning_rate": 0.05, "momentum": 0.6},
    "0.05, Nesterov 0.6": {"learning_rate": 0.05, "momentum": 0.6, "nesterov": True},
}
NOISY = {
    "constant 0.05": 0.05,
    "constant 0.005": 0.005,
    "0.05 e^(-i/200)": exponential_decay(0.05, decay=1 / 200),
    "0.05 e^(-i/20)": exponential_decay(0.05, decay=1 / 20),
}


def draw(figure, paths, distances):
    """The paths through the valley, their losses, and the distances under noise."""
    map_, losses, noisy = figure.subplots(1, 3, width_ratios=[1.3, 1, 1])
    shown = {name: paths[name][:31] for name in ("0.01", "0.09", "0.05, momentum 0.6")}
    descents(valley, shown, map_, span=[(-11, 4), (-2.4, 2.4)])
    map_.set_title("Thirty steps through the valley")
    for line in map_.get_lines():
        name = line.get_label()
        losses.semilogy(valley(paths[name]), color=line.get_color(), label=name)
    losses.semilogy(valley(paths["0.105"]), color="0.5", ls=":", label="0.105")
    losses.set(title="Loss", xlabel="step", ylim=(1e-17, 1e4))
    losses.legend(fontsize="small", loc="lower left")
    for (name, line), color in zip(distances.items(), [DARK, LIGHT, WARM, "0.5"], strict=True):
        noisy.semilogy(line, color=color, label=name)
    noisy.set(title="Distance under noise", xlabel="step", ylim=(0.006, 14))
    noisy.legend(fontsize="small", loc="lower left")


if __name__ == "__main__":
    paths = {
        name: descend(valley, START, lambda w, how=options: SGD(w, **how), steps=100)
        for name, options in EXACT.items()
    }
    print("loss after step             10         30        100")
    for name, path in paths.items():
        print(f"{name:18}", *(f"{valley(path[step]):10.2e}" for step in (10, 30, 100)))

    distances = {name: wander(1000, rate) for name, rate in NOISY.items()}
    print("\ndistance after step        100        300       1000")
    for name, line in distances.items():
        print(f"{name:18}", *(f"{line[step]:10.3f}" for step in (100, 300, 1000)))
    save_picture("07_momentum.png", 9, 3, lambda figure: draw(figure, paths, distances))
