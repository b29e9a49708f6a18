"""`glasswork datasets`: what there is to learn from without a file."""

from __future__ import annotations

from argparse import Namespace

from ..data import DATASETS, load

__all__ = ["list_datasets"]

LINE = "{:8} {:>7}  {:>8}  {:10}  {}"


def list_datasets(options: Namespace) -> int:
    """Print a line for each built-in dataset."""
    print(LINE.format("name", "samples", "features", "targets", "what it holds"))
    for name in DATASETS:
        dataset = load(name, rng=0)
        targets = f"{dataset.outputs} classes" if dataset.classes else "values"
        samples, features = f"{len(dataset):,}", f"{dataset.inputs:,}"
        print(LINE.format(name, samples, features, targets, dataset.description))
    print(
        "\nFiles are datasets too: `glasswork train PATH` reads .csv, .tsv, .parquet, .npy, .npz"
        "\nand IDX files, plain or gzipped, and folders of IDX files, as MNIST and"
        "\nFashion-MNIST are published."
    )
    return 0
