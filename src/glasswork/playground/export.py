"""Export: the network as files that run without this page, in one archive."""

from __future__ import annotations

import json
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from ..compiler import Compiled
from ..compiler.saved import save as save_page
from ..export import python
from ..nn import Sequential
from ..saving import save
from ..train.networks import absorb_scaling
from .training import Training

__all__ = ["archive", "whole_model"]

README = """A network from the playground of Glasswork

{model}

It takes {inputs}, as they stand in the data, and gives {outputs}.
After {steps} its loss is {loss:.4g}, and {test_loss:.4g} on the test part.

model.safetensors   glasswork.load("model.safetensors") makes it again{imports}
network.py          the same with NumPy alone: from network import predict; or
                    python network.py < rows.csv; or python network.py --self-test
{step}
This address opens a playground with the same network before its first step:
{address}#{query}

What was chosen:
{state}
"""
STEP = """step.py, step.npz   a training step, the page of NumPy that ran, with what it works on;
                    its x is what the layers before the first Linear give
"""


def archive(training: Training, address: str) -> bytes:
    """The files of a network as a .zip; `address` is where the playground is."""
    packed = BytesIO()
    with TemporaryDirectory(prefix="glasswork-") as folder:
        _write(training, address, Path(folder))
        with ZipFile(packed, "w", ZIP_DEFLATED) as written:
            for path in sorted(Path(folder).iterdir()):
                written.write(path, path.name)
    return packed.getvalue()


def whole_model(training: Training) -> Sequential:
    """A copy of the network that takes rows as they stand, and gives values in their own unit."""
    network = deepcopy(training.model)
    absorb_scaling(network, training.material.scaling)
    return Sequential(*training.material.front, *network).eval()


def _write(training: Training, address: str, folder: Path) -> None:
    model, run = whole_model(training), training.step_of.run
    save(model, folder / "model.safetensors")
    python(model, folder / "network.py", training.material.test.raw[:4])
    if paged := isinstance(run, Compiled) and bool(run.programs):
        save_page(run.programs[0], folder / "step.py")
    readme = _readme(training, address, model, STEP if paged else "")
    (folder / "README.txt").write_text(readme, encoding="utf-8")


def _readme(training: Training, address: str, model: Sequential, step: str) -> str:
    steps, loss, test_loss, *_ = training.point()
    dataset, state = training.material.dataset, training.state
    outputs = "a value"
    if training.material.is_binary:
        no, yes = dataset.classes
        outputs = f"a logit: above 0 for {yes}, below for {no}"
    elif not training.material.is_regression:
        outputs = f"a score for each of {', '.join(dataset.classes)}: the highest is meant"
    own = any(type(layer).__module__.startswith(__package__) for layer in model)
    return README.format(
        model=model,
        inputs=", ".join(dataset.features) or f"{dataset.inputs} numbers",
        outputs=outputs,
        steps=f"{steps:,} step{'' if steps == 1 else 's'}",
        loss=loss,
        test_loss=test_loss,
        imports=" (import glasswork.playground first)" if own else "",
        step=step,
        address=address,
        query=state.query(),
        state=json.dumps(state.as_json(), indent=1),
    )
