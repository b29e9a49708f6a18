"""Samples that are pictures: the worst mistakes, what first units look for, and saliency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..data.rows import as_rows
from ..derivatives import gradients
from ..errors import DataError, OptionError, ShapeError
from ..limits import COUNT, FLAG, NAMES, NATURAL, PAIR, SIZES, checked
from ..nn import Linear
from ..nn.module import MODULE, Module
from ..ops.checks import as_array, as_numbers
from ..tensor import Tensor
from ..train.evaluate import evaluating
from .axes import COLORS, SIGNED, panels, plain, undress

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["first_weights", "hardest", "images", "mistakes", "saliency"]

Array = NDArray[Any]
SLACK = 1e-3  # of the sum of probabilities


def hardest(probabilities: ArrayLike, y: ArrayLike, most: int = 8) -> Array:
    """Which samples were read worst: first the mistakes, the surest of them at the head.

    Parameters
    ----------
    probabilities : array_like
        Of each class, (samples, classes).
    y : array_like
        The true classes, (samples,).
    most : int
        How many, at most.

    Returns
    -------
    array of int
        Their places, by the probability of what is true, mistakes before all others.

    Raises
    ------
    ShapeError
        If these are no probabilities and classes of the same samples.

    Examples
    --------
    >>> hardest([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 0, 1], most=2)
    array([1, 2])
    """
    of_class, true = as_numbers(probabilities, "the probabilities"), as_array(y, "y")
    count = checked("hardest", "most", most, NATURAL)
    if true.shape != of_class.shape[:1] or of_class.ndim != 2 or true.dtype.kind not in "iu":
        raise ShapeError(
            f"hardest: the probabilities are {of_class.shape}, y is {true.shape} {true.dtype}.\n"
            "  Pass (samples, classes), and the classes as whole numbers of shape (samples,)."
        )
    if true.size and not 0 <= true.min() <= true.max() < of_class.shape[1]:
        raise DataError(
            f"hardest: the classes go from {true.min()} to {true.max()}, of {of_class.shape[1]}.\n"
            "  Number them from 0."
        )
    of_truth = of_class[np.arange(len(true)), true]
    is_right = of_class.argmax(axis=1) == true
    return np.lexsort([of_truth, is_right])[:count]


def mistakes(
    x: ArrayLike,
    probabilities: ArrayLike,
    y: ArrayLike,
    shape: Sequence[int],
    axes: Sequence[Axes] | None = None,
    *,
    classes: Sequence[str] = (),
    most: int = 8,
) -> list[Axes]:
    """Draw the samples that were read worst, with what they are and what they were taken for.

    Parameters
    ----------
    x, y : array_like
        Samples that are pictures, (samples, pixels), and their classes.
    probabilities, most
        As for `hardest`.
    shape : pair of int
        Rows and columns of a picture.
    axes, classes
        As for `images`; the names of the classes.

    Returns
    -------
    list of matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError, OptionError, ShapeError
        As for `images`.
    """
    found = hardest(probabilities, y, most)
    rows = as_rows("mistakes", (x, y))[0]
    checked("mistakes", "classes", classes, NAMES)
    of_class, true = np.asarray(probabilities)[found], np.asarray(y)[found]
    if np.abs(of_class.sum(axis=1) - 1).max(initial=0) > SLACK:
        raise OptionError(
            "mistakes: the probabilities of a sample do not add up to 1.\n"
            "  Pass those that glasswork.functional.softmax makes of a network's outputs."
        )
    guesses = of_class.argmax(axis=1)
    names = classes or [str(k) for k in range(of_class.shape[1])]
    if len(names) != of_class.shape[1]:
        raise OptionError(
            f"mistakes: there are {len(names)} names for {of_class.shape[1]} classes.\n"
            "  Pass one for each."
        )
    titles = [
        f"{names[truth]}, read as {names[guess]}\n{shares[guess]:.0%} sure"
        for truth, guess, shares in zip(true, guesses, of_class, strict=True)
    ]
    if rows[0].size != np.prod(checked("mistakes", "shape", shape, PAIR)):
        raise ShapeError(
            f"mistakes: a picture of {tuple(shape)} has {np.prod(shape)} pixels.\n"
            f"  A sample has {rows[0].size} numbers.\n"
            "  Pass the rows and the columns of the pictures."
        )
    drawn = images(rows[found].reshape(-1, *shape), axes, titles)
    for each, is_wrong in zip(drawn, guesses != true, strict=True):
        each.title.set_color(COLORS[1] if is_wrong else "black")
    return drawn


def first_weights(model: Module, shape: Sequence[int]) -> Array:
    """What each unit of the first linear layer looks for: its weights as a picture.

    Parameters
    ----------
    shape : pair of int
        Rows and columns of the pictures that the model takes.

    Returns
    -------
    array
        (units, rows, columns)

    Raises
    ------
    OptionError
        If there is no linear layer.
    ShapeError
        If it takes another number of pixels.

    Examples
    --------
    >>> first_weights(gw.Linear(64, 16), (8, 8)).shape
    (16, 8, 8)
    """
    checked("first_weights", "model", model, MODULE)
    layer = next((part for _, part in model.named_modules() if isinstance(part, Linear)), None)
    if layer is None:
        raise OptionError("first_weights: the model has no Linear layer.\n  Pass one that has.")
    if layer.input_neurons != np.prod(checked("first_weights", "shape", shape, SIZES)):
        raise ShapeError(
            f"first_weights: a picture of {tuple(shape)} has {np.prod(shape)} pixels.\n"
            f"  The first linear layer takes {layer.input_neurons} numbers.\n"
            "  Pass the rows and the columns of the pictures that it takes."
        )
    return layer.weights.els.T.reshape(-1, *shape)


def saliency(model: Module, x: ArrayLike, classes: ArrayLike | None = None) -> Array:
    """How each input moves the score of a class: ∂(score)/∂x, of each sample.

    Parameters
    ----------
    model : Module
        Takes the samples, and gives a score for each class. Behind `LogSoftmax` it is minus the
        gradient of the cross-entropy.
    x : array_like
        Samples, (samples, …).
    classes : array_like, optional
        Whose score, (samples,); left out, of the class with the highest.

    Returns
    -------
    array
        Of the shape of x.   (Simonyan et al., 2013)

    Examples
    --------
    >>> model = gw.Linear(2, 1, initializer=gw.nn.initializers.ones)
    >>> saliency(model, [[3.0, 4.0]])
    array([[1., 1.]])
    """
    checked("saliency", "model", model, MODULE)
    given = as_numbers(x, "saliency: x")
    inputs = Tensor(given if given.dtype.kind == "f" else given.astype(float), requires_grad=True)
    with evaluating(model, record=True):
        scores = model(inputs)
        chosen = scores.els.argmax(axis=-1) if classes is None else as_array(classes, "classes")
        if chosen.shape != given.shape[:1] or chosen.dtype.kind not in "iu" or scores.ndim != 2:
            raise ShapeError(
                f"saliency: the scores are {scores.shape}, the classes {chosen.shape} "
                f"{chosen.dtype}.\n"
                "  Pass samples that the model makes (samples, classes) of, and whole numbers."
            )
        (found,) = gradients(scores[np.arange(len(given)), chosen].sum(), inputs)
    return found.els


def images(
    pictures: ArrayLike,
    axes: Sequence[Axes] | None = None,
    titles: Sequence[str] = (),
    signed: bool = False,
    columns: int = 8,
) -> list[Axes]:
    """Draw pictures side by side: dark where a number is large; or red above 0 and blue below.

    Parameters
    ----------
    pictures : array_like
        (pictures, rows, columns)
    axes : sequence of matplotlib axes, optional
        Where to draw, one for each; when left out they are new, on one new figure.
    titles : sequence of str
        What stands over each.
    signed : bool
        Whether 0 is white and the sign a color, on a scale of each picture's own.
    columns : int
        How many new axes stand in a row.

    Returns
    -------
    list of matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    ShapeError
        If they are no pictures.
    OptionError
        If there is not one axes for each.
    """
    shown = as_numbers(pictures, "images")
    checked("images", "titles", titles, NAMES)
    checked("images", "signed", signed, FLAG)
    columns = checked("images", "columns", columns, COUNT)
    if shown.ndim != 3 or not len(shown):
        raise ShapeError(
            f"images: these are {shown.shape}, and no pictures.\n"
            "  Pass some of the shape (pictures, rows, columns)."
        )
    names = list(titles) or [str(number) for number in range(len(shown))]
    if len(names) != len(shown):
        raise OptionError(
            f"images: there are {len(names)} titles for {len(shown)} pictures.\n"
            "  Pass one for each."
        )
    axes = panels("images", names, axes, columns, (1.1, 1.5 if titles else 1.1))
    for each, picture, name in zip(axes, shown, names, strict=True):
        reach = np.abs(picture).max() or 1.0
        scale: dict[str, Any] = {"cmap": SIGNED, "vmin": -reach, "vmax": reach}
        each.imshow(picture, **scale if signed else {"cmap": "Greys"})
        undress(each).set_title(plain(name) if titles else "", loc="center", fontsize=8)
    return axes
