"""Datasets that ship inside the package, each with a text file that says whose they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .dataset import Dataset

__all__ = ["digits"]


def digits() -> Dataset:
    """Handwritten digits, 8×8 pixels each: the test part of UCI's Optical Recognition set.

    1,797 pictures by 13 people, who wrote nothing of the training part. A pixel counts the dark
    points in a square of 4×4 of the scanned picture, 0 to 16; here it is divided by 16.
    `digits.txt`, beside this file, tells whose they are and how the file was made.

    Examples
    --------
    >>> digits()
    <Dataset digits: classification, 1,797 samples, 64 features, 10 classes>
    >>> for row in (digits().x[0].reshape(8, 8) > 0.4).astype(int):
    ...     print("".join("-#"[dark] for dark in row))
    ---##---
    --####--
    --#--##-
    --#--##-
    --#--##-
    --#--##-
    --#-##--
    ---##---
    """
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as stored:
        pixels, y = stored["x"], stored["y"]
    x = np.empty((len(y), 64), np.float32)
    x[np.argsort(y, kind="stable")] = pixels.T.reshape(-1, 64)  # they lie class by class
    return Dataset(
        name="digits",
        x=x / 16,
        y=y.astype(np.int64),
        task="classification",
        classes=tuple("0123456789"),
        features=tuple(f"pixel {row},{column}" for row in range(8) for column in range(8)),
        image_shape=(8, 8),
        description="Handwritten digits of 8×8 pixels, each from 0 (white) to 1 (black)",
        license="CC BY 4.0",
        source="E. Alpaydin, C. Kaynak (1998), UCI Machine Learning Repository, 10.24432/C50P49",
    )
