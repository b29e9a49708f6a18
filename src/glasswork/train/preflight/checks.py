"""What is looked at before a training, one function for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import ceil, log, log10
from typing import Any

import numpy as np

from ...autodiff import pull
from ...nn import MAE, MSE, NLL, BinaryCrossEntropy, Linear, ReLU, Sigmoid, Tanh
from ...nn.module import Module
from ...tape import no_grad
from ...tensor import Tensor
from ..evaluate import Loss
from .rehearsal import Layer, Rehearsal, copied
from .report import Finding

__all__ = [
    "activations", "differences", "initial_loss", "parameters", "signals", "symmetry", "units",
]  # fmt: skip

MOST_ELEMENTS, STEP, TOLERANCE = 24, 1e-5, 1e-4  # of the central differences
SPREAD = 10.0  # how far deviations of two layers may lie apart, as a factor
MANY = 0.25  # the share of units that is worth a look


def differences(model: Module, x: Any, y: Any, loss: Loss) -> Finding:
    """Gradients against central differences, for a sample of the parameters, in float64."""
    copy = copied(model).astype(np.float64)
    learned = {path: p for path, p in copy.named_parameters() if p.requires_grad}
    if not learned:
        return Finding("gradients", "wrong", "nothing is learned", "Unfreeze some parameter.")
    cost = loss(copy(x), y)
    found = pull({cost: np.ones_like(cost.els)}, learned.values()) if cost.requires_grad else {}
    gradients = {path: found.get(p, np.zeros(p.shape)) for path, p in learned.items()}
    worst, where = 0.0, ""
    for path, index in _sample({path: g.shape for path, g in gradients.items()}):
        slope = _slope(learned[path], index, lambda: loss(copy(x), y))
        size = max(abs(slope), abs(gradients[path][index]), 1e-3)
        error = abs(slope - gradients[path][index]) / size
        if not error <= worst:
            worst, where = error, f"{path}[{', '.join(map(str, index))}]"
    if worst <= TOLERANCE:
        bound = 10.0 ** ceil(log10(max(worst, 1e-12)))
        return Finding(
            "gradients", "ok", f"differ from central differences by less than {bound:.0e}"
        )
    return Finding(
        "gradients", "wrong", f"differ from central differences by {worst:.0e} at {where}",
        "Mend the rule of an op of your own, or a forward that is different each time.",
    )  # fmt: skip


def _sample(shapes: dict[str, tuple[int, ...]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Some elements of each array."""
    rng, each = np.random.default_rng(0), max(1, MOST_ELEMENTS // len(shapes))
    for path, shape in [*shapes.items()][:MOST_ELEMENTS]:
        for _ in range(min(each, int(np.prod(shape)))):
            yield path, tuple(int(rng.integers(n)) for n in shape)


def _slope(tensor: Tensor, index: tuple[int, ...], f: Callable[[], Tensor]) -> float:
    """(f(w + h) - f(w - h)) / 2h, for one element of a tensor."""
    before, sides = tensor.els, []
    with no_grad():
        for sign in (1, -1):
            moved = before.copy()
            moved[index] += sign * STEP
            tensor.els = moved
            sides.append(f().item())
    tensor.els = before
    return float(sides[0] - sides[1]) / (2 * STEP)


def initial_loss(seen: Rehearsal, y: Any, loss: Loss) -> Finding:
    """The first loss against that of a network which knows nothing: ln C for C classes."""
    cost, reference = seen.cost.item(), _of_ignorance(seen, np.asarray(y), loss)
    if reference is None:
        return Finding("first loss", "–", f"{cost:.4g}; nothing to compare it with")
    name, ignorant = reference
    shown = f"{cost:.4g}; {name} is {ignorant:.4g}"
    if cost <= 2 * ignorant + 1e-3:
        return Finding("first loss", "ok", shown)
    if name.startswith("ln"):
        return Finding(
            "first loss", "look", shown,
            "It is sure of wrong answers: make the weights of the last layer smaller.",
        )  # fmt: skip
    return Finding(
        "first loss", "look", shown,
        "It is far from the targets: bring them to mean 0 and deviation 1.",
    )  # fmt: skip


def _of_ignorance(seen: Rehearsal, y: np.ndarray, loss: Loss) -> tuple[str, float] | None:
    """What a loss is at best where the inputs are not looked at, and what that is called."""
    if getattr(loss, "reduction", "") != "mean":
        return None
    if isinstance(loss, NLL):
        classes = seen.prediction.shape[-1]
        return f"ln {classes}", log(classes)
    if isinstance(loss, BinaryCrossEntropy):
        return "ln 2", log(2)
    if isinstance(loss, MSE):
        return "the variance of the targets", float(np.square(y - y.mean(axis=0)).mean())
    if isinstance(loss, MAE):
        return "their mean deviation", float(abs(y - np.median(y, axis=0)).mean())
    return None


def activations(seen: Rehearsal) -> Finding:
    """The deviation of what the layers with weights give, from the first to the last but one."""
    hidden = [layer for layer in seen.layers if isinstance(layer.module, Linear)][:-1]
    return _even("activations", hidden, [float(layer.output.std()) for layer in hidden])


def signals(seen: Rehearsal) -> Finding:
    """The deviation of the gradients at the same layers."""
    hidden = [layer for layer in seen.layers if isinstance(layer.module, Linear)][:-1]
    return _even("signals", hidden, [float(layer.gradient.std()) for layer in hidden])


def _even(check: str, layers: Sequence[Layer], deviations: Sequence[float]) -> Finding:
    if len(layers) < 2:
        return Finding(check, "–", "there are not two hidden layers to compare")
    low, high = min(deviations), max(deviations)
    first, last = (f"{deviations[end]:.2g} in {layers[end].name}" for end in (0, -1))
    shown = f"deviation {first}, {last}"
    if high <= SPREAD * low:
        return Finding(check, "ok", shown)
    what = "vanish" if deviations[-1 if check == "activations" else 0] == low else "explode"
    return Finding(
        check, "look", shown,
        f"They {what}: use kaiming_normal for ReLU, xavier for tanh, or BatchNorm between layers.",
    )  # fmt: skip


def units(seen: Rehearsal) -> Finding:
    """Units that give the same for every sample, and those at the flat ends of their function."""
    worst, shown = 0.0, ""
    for layer in seen.layers:
        rows = layer.output.reshape(-1, layer.output.shape[-1]) if layer.output.ndim else None
        if rows is None or len(rows) < 2:
            continue
        if isinstance(layer.module, ReLU):
            flat, word = (rows == 0).all(axis=0), "give 0 for every sample"
        elif isinstance(layer.module, Tanh | Sigmoid):
            ends = (1, -1) if isinstance(layer.module, Tanh) else (1, 0)
            near = [abs(rows - end) < 0.01 for end in ends]
            flat, word = (near[0] | near[1]).mean(axis=0) > 0.9, "stay at the ends of the function"
        else:
            continue
        if flat.mean() > worst:
            worst, shown = flat.mean(), f"{flat.sum()} of {flat.size} in {layer.name} {word}"
    if worst <= MANY:
        return Finding("units", "ok", shown or "none is dead")
    return Finding(
        "units",
        "look",
        shown,
        "Bring the inputs to mean 0 and deviation 1; check the first biases.",
    )


def symmetry(seen: Rehearsal) -> Finding:
    """Units of a layer with the same weights: they get the same gradient, and stay the same."""
    alike = []
    for path, part in seen.model.named_modules():
        if isinstance(part, Linear) and part.output_neurons > 1:
            different = len(np.unique(part.weights.els, axis=1).T)
            if different < part.output_neurons:
                name = f"model.{path}" if path else "the layer"
                alike.append(
                    f"{part.output_neurons - different} of {part.output_neurons} in {name}"
                )
    if not alike:
        return Finding("symmetry", "ok", "all units of a layer differ")
    return Finding(
        "symmetry", "wrong", f"units that equal another one: {'; '.join(alike[:3])}",
        "Draw the weights: with equal ones, units learn the same for ever.",
    )  # fmt: skip


def parameters(seen: Rehearsal) -> Finding:
    """Parameters that no gradient reaches, and those that are used more than once."""
    learned = {path: p for path, p in seen.model.named_parameters() if p.requires_grad}
    unused = [path for path, p in learned.items() if id(p) not in seen.arrived]
    uses = Counter(id(x) for entry in seen.graph for x in entry.inputs if isinstance(x, Tensor))
    twice = [path for path, parameter in learned.items() if uses[id(parameter)] > 1]
    if unused:
        return Finding(
            "parameters", "wrong", f"no gradient reaches {', '.join(unused[:4])}",
            "Use them in forward, freeze them, or look for a detach() on the way.",
        )  # fmt: skip
    if twice:
        return Finding(
            "parameters", "look", f"used more than once: {', '.join(twice[:4])}",
            "Right if they are to be shared; else make a layer of its own for each use.",
        )  # fmt: skip
    return Finding("parameters", "ok", f"all {len(learned)} are used, once each")
