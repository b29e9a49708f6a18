"""XOR: the smallest thing that no line can do, and a hidden layer can.

The output should be 1 where exactly one of the two inputs is. The best that a plane over these four
points can do is to say ½ everywhere, a loss of 0.25. Four neurons with tanh bend the plane until
the corners that belong together lie on one level. Each step uses all four points, as in gradient
descent; names and call forms are the article's.

$ python examples/04_xor.py
One linear layer:
step     loss   0 xor 0   0 xor 1   1 xor 0   1 xor 1
   0   0.5115     0.000    -0.132     0.126    -0.006
  20   0.2513     0.444     0.476     0.507     0.538
 500   0.2500     0.500     0.500     0.500     0.500

Four neurons with tanh before it:
step     loss   0 xor 0   0 xor 1   1 xor 0   1 xor 1
   0   0.7961     0.000    -0.397    -0.010    -0.461
  20   0.1643     0.275     0.529     0.692     0.514
 100   0.0074     0.045     0.913     0.922     0.117
 500   0.0000     0.000     1.000     1.000     0.000
"""

from __future__ import annotations

import numpy as np
from pictures import save_picture

from glasswork import MSE, SGD, Linear, Module, Tanh, Tensor, no_grad

x = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = Tensor([[0], [1], [1], [0]], dtype=float)

SIDE = np.linspace(-0.25, 1.25, 91)
PLANE = np.stack(np.meshgrid(SIDE, SIDE), axis=-1)  # (rows, columns, 2)


def train(model: Module, shown: tuple[int, ...]) -> dict[int, np.ndarray]:
    """Train until the last step that is shown; return what the model then says of the plane."""
    loss_function = MSE()
    optimizer = SGD(model.parameters(), learning_rate=0.2)
    planes = {}
    for step in range(shown[-1] + 1):
        yhat = model(x)
        loss = loss_function(yhat, y)
        if step in shown:
            print(f"{step:4d}   {loss.item():.4f}", *(f"{v:9.3f}" for v in yhat.els[:, 0]))
            with no_grad():
                planes[step] = model(PLANE).els[..., 0]
        loss.backward()
        optimizer.step(zero_grad=True)
    return planes


def draw(figure, planes):
    """The plane as the network sees it, with the level ½ as a line, at four moments."""
    for axes, (step, plane) in zip(figure.subplots(1, 4, sharey=True), planes.items(), strict=True):
        axes.grid(visible=False)
        axes.contourf(SIDE, SIDE, plane, np.linspace(-0.5, 1.5, 21), cmap="RdBu_r", extend="both")
        if plane.min() < 0.5 < plane.max():
            axes.contour(SIDE, SIDE, plane, [0.5], colors="black", linewidths=1)
        axes.scatter(
            *x.els.T, c=y.els.ravel(), cmap="RdBu_r", edgecolors="white", s=70, lw=1.5, zorder=2
        )
        axes.set(title=f"after {step} steps", xticks=[0, 1], yticks=[0, 1], aspect="equal")


if __name__ == "__main__":
    heading = "step     loss   0 xor 0   0 xor 1   1 xor 0   1 xor 1"
    print(f"One linear layer:\n{heading}")
    train(Linear(2, 1, rng=0, dtype=float), shown=(0, 20, 500))

    print(f"\nFour neurons with tanh before it:\n{heading}")
    model = Module(Linear(2, 4, rng=0, dtype=float), Tanh(), Linear(4, 1, rng=1, dtype=float))
    planes = train(model, shown=(0, 20, 100, 500))
    save_picture("04_xor.png", 8, 2.4, lambda figure: draw(figure, planes))
