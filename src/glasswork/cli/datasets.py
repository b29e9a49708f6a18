"""`glasswork datasets`: what there is to learn from without a file."""

from __future__ import annotations

from argparse import Namespace

from ..data import DATASETS, load

__all__ = ["list_datasets"]


def list_datasets(options: Namespace) -> int:
    """Print one line for each built-in dataset."""
    for name in DATASETS:
        dataset = load(name, rng=0)
        outputs = f"{dataset.outputs} {'classes' if dataset.classes else 'value'}"
        print(
            f"{name:8} {len(dataset):5,} samples {dataset.inputs:4} features {outputs:>11}"
            f"   {dataset.description}"
        )
    print(
        "\nFiles are datasets too: glasswork train PATH reads .csv, .npy, .npz and IDX files, plain"
        " or gzipped,\nand folders of IDX files as MNIST and Fashion-MNIST are published."
    )
    return 0
