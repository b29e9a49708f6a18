"""Losses for choices between classes: how likely did the model think what is true?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ... import functional as F
from ...errors import DataError, DtypeError, GlassworkError, ShapeError
from ...limits import UP_TO_ONE, checked
from ...ops.checks import as_array, require
from .loss import Loss, Reduction, as_target, as_weights, check_prediction, elements

__all__ = ["NLL", "CrossEntropy", "KLDivergence", "class_labels"]


class NLL(Loss):
    """Negative log-likelihood of the true class: lᵢ = -c[yᵢ] ŷ[i, yᵢ].

    The mean is Σ lᵢ / Σ c[yᵢ], as in PyTorch: classes with heavy weights count for more samples.

    Parameters
    ----------
    reduction : "mean", "sum" or "none"
        What becomes of the losses of the samples.
    class_weights : array_like, optional
        c, a number for each class; 1 if left out.

    Shapes
    ------
    yhat : (batch, classes), log-probabilities   y : (batch,), whole numbers   weights : (batch,)

    Raises
    ------
    ShapeError, DtypeError, DataError
        If the labels are not a whole number for each sample, from 0 up and below `classes`.

    Examples
    --------
    >>> NLL()(np.log([[0.5, 0.5]]), [1]).item()
    0.6931471805599453
    """

    def __init__(
        self, reduction: Reduction = "mean", class_weights: ArrayLike | None = None
    ) -> None:
        super().__init__(reduction)
        self.class_weights = None
        if class_weights is not None:
            self.class_weights = as_weights(class_weights, "class_weights").astype(float)

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        labels = class_labels(yhat, y)
        counts = F.getitem(self._class_weights(yhat), labels)
        losses = -F.take_along_axis(yhat, labels[..., None]).squeeze(-1) * counts
        return self.reduced(losses, weights, counts)

    def _class_weights(self, yhat: Any) -> np.ndarray:
        """One for each class, in the dtype of the prediction."""
        classes = yhat.shape[-1:]
        if self.class_weights is None:
            return np.ones(classes, yhat.dtype)
        if self.class_weights.shape != classes:
            raise ShapeError(
                "class_weights are not a number for each class.\n"
                f"  They are {self.class_weights.shape}, the prediction is {yhat.shape}.\n"
                f"  Pass {yhat.shape[-1]} numbers."
            )
        return self.class_weights.astype(yhat.dtype)


class CrossEntropy(NLL):
    """Cross-entropy of softmax: lᵢ = -Σⱼ cⱼ qᵢⱼ ln softmax(ŷᵢ)ⱼ, q the true probabilities.

    With class indices, q is 1 at the true class and 0 elsewhere: lᵢ = -c[yᵢ] ln softmax(ŷᵢ)[yᵢ].
    The mean is Σ lᵢ / Σ c[yᵢ] then, and Σ lᵢ / n with probabilities, both as in PyTorch.

    Parameters
    ----------
    reduction : "mean", "sum" or "none"
        What becomes of the losses of the samples.
    class_weights : array_like, optional
        c, a number for each class; 1 if left out.
    label_smoothing : float
        ε from 0 to 1: q becomes (1 - ε) q + ε / classes (Szegedy et al., 2016, section 7).

    Shapes
    ------
    yhat : (batch, classes), logits: what the last Linear gives, without softmax
    y : (batch,), whole numbers; or (batch, classes), floats   weights : (batch,)

    Raises
    ------
    OptionError
        If label_smoothing is not from 0 to 1.
    ShapeError, DtypeError, DataError
        If the targets are neither class indices from 0 up and below `classes`, nor probabilities.

    Examples
    --------
    >>> CrossEntropy()(gw.Tensor([[0.0, 0.0]]), [1])
    Tensor(0.6931472)
    >>> CrossEntropy()(gw.Tensor([[0.0, 0.0]]), [[0.5, 0.5]])
    Tensor(0.6931472)
    """

    def __init__(
        self,
        reduction: Reduction = "mean",
        class_weights: ArrayLike | None = None,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(reduction, class_weights)
        self.label_smoothing = checked(
            "CrossEntropy", "label_smoothing", label_smoothing, UP_TO_ONE
        )

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        check_prediction(yhat)
        y = y if hasattr(y, "dtype") else as_array(y, "the targets")
        if y.dtype.kind == "f" and y.ndim == yhat.ndim and y.shape[-1] != 1:
            return self._of_probabilities(yhat, as_target(yhat, y), weights)
        labels = class_labels(yhat, y)
        losses, counts = F.cross_entropy(yhat, labels), None
        if self.class_weights is not None:
            counts = F.getitem(self._class_weights(yhat), labels)
            losses = losses * counts
        if self.label_smoothing:
            others = (F.log_softmax(yhat) * self._class_weights(yhat)).mean(axis=-1)
            losses = (1 - self.label_smoothing) * losses - self.label_smoothing * others
        return self.reduced(losses, weights, counts)

    def _of_probabilities(self, yhat: Any, y: Any, weights: Any) -> Any:
        truth = (1 - self.label_smoothing) * y + self.label_smoothing / yhat.shape[-1]
        weighed = F.log_softmax(yhat) * self._class_weights(yhat)
        return self.reduced(-(weighed * truth).sum(axis=-1), weights)


class KLDivergence(Loss):
    """Kullback and Leibler's divergence of two distributions: lᵢ = Σⱼ qᵢⱼ (ln qᵢⱼ - ŷᵢⱼ).

    0 where the prediction is the truth; the cross-entropy without the part that no prediction can
    change. A term with q = 0 is 0. The mean is over the samples (PyTorch's "batchmean").

    Parameters
    ----------
    reduction : "mean", "sum" or "none"
        What becomes of the losses of the samples.

    Shapes
    ------
    yhat : (batch, classes), log-probabilities   y : the same, probabilities   weights : (batch,)

    Raises
    ------
    ShapeError
        If the target has another shape than the prediction.

    Examples
    --------
    >>> KLDivergence()(np.log([[0.5, 0.5]]), [[1.0, 0.0]]).item()
    0.6931471805599453
    """

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        y = as_target(yhat, y)
        zero = (y == 0).astype(y.dtype)
        return self.reduced((y * (np.log(y + zero) - yhat)).sum(axis=-1), weights)


def class_labels(yhat: Any, y: Any) -> Any:
    """The labels, if they are one class for each row of the prediction, by its number.

    Raises
    ------
    DtypeError, ShapeError, DataError
        If they are not; the message says which of the usual mistakes it is.
    """
    check_prediction(yhat)
    if not yhat.shape:
        raise ShapeError("the prediction is a single number.\n  Pass a score for each class.")
    labels = elements(y) if hasattr(y, "dtype") else as_array(y, "the labels")
    if labels.dtype.kind not in "iu" or labels.shape != yhat.shape[:-1]:
        raise _misfit(yhat.shape, labels)
    classes = yhat.shape[-1]
    # As unsigned numbers, those below 0 are larger than any class.
    largest = np.maximum.reduce(labels.astype(np.uint64), axis=None, initial=0)
    require(largest < classes, _without_class, labels, classes)
    return labels


def _without_class(labels: np.ndarray, classes: int) -> DataError:
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    return DataError(
        f"{wrong.size} of {labels.size} labels name no class.\n"
        f"  The first is {labels.flat[wrong[0]]}, in row {wrong[0]}; the prediction has "
        f"{classes} classes.\n"
        f"  Number the classes from 0 to {classes - 1}, or give the last layer more neurons."
    )


def _misfit(yhat: tuple[int, ...], labels: np.ndarray) -> GlassworkError:
    seen = f"  The prediction is {yhat}, the labels are {labels.shape} {labels.dtype}.\n"
    if labels.shape == yhat:
        return ShapeError(
            f"labels in one-hot form, where class indices are needed.\n{seen}  Pass y.argmax(-1)."
        )
    if labels.shape != yhat[:-1]:
        mend = "y[:, 0]" if labels.shape == (*yhat[:-1], 1) else "one label for each row"
        return ShapeError(f"labels and prediction do not go together.\n{seen}  Pass {mend}.")
    return DtypeError(
        f"class indices are whole numbers.\n{seen}  Pass y.astype(int), if they are whole."
    )
