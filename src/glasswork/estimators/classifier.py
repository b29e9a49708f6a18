"""Classifier: classes and labels in, classes and probabilities out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, type_of_target, unique_labels

from ..errors import DataError, OptionError
from .estimator import Estimator, takes_batches
from .heads import Head, LossFunction, for_classes, outputs_for
from .samples import Samples

__all__ = ["Classifier"]

Array = NDArray[Any]


@dataclass(eq=False, repr=False, kw_only=True)
class Classifier(ClassifierMixin, Estimator):
    """An estimator of classes: one for each sample, or, for a matrix of 0 and 1, many labels.

    Parameters
    ----------
    loss : "log_loss" or callable
        A loss of `glasswork.nn`, each shown what it is made for, or a function of outputs and
        truth, and of weights where there are any.
    class_weight : None, "balanced" or dict
        For how much the samples of each class count in learning, as elsewhere in scikit-learn.

    Attributes
    ----------
    classes_ : array
        The classes in their order; 0, 1, … for labels.
    """

    loss: str | LossFunction = "log_loss"
    class_weight: Any = None

    @available_if(takes_batches)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> Self:
        """Train for one epoch, from where the last call ended.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`.
        classes : array
            All that there will be; needed in the first call only.
        """
        if self.class_weight == "balanced":
            raise OptionError(
                "partial_fit: class_weight is 'balanced', and the classes to come are not known.\n"
                "  Pass a weight for each class: class_weight={0: 1.0, 1: 3.0}."
            )
        self._learn_classes(classes)
        return self._fit(X, y, sample_weight, incremental=True)

    def predict(self, X: Any) -> Array:
        """The class, or the labels, of each row of X."""
        codes = self._predicted(self._outputs(X))
        if self._is_exclusive:
            chosen: Array = self.classes_[np.minimum(codes, len(self.classes_) - 1)]
            return chosen
        return sparse.csr_matrix(codes) if self._had_sparse_labels else codes

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class, in the order of `classes_`, for each row of X."""
        return self._probabilities(self._outputs(X))

    def predict_log_proba(self, X: Any) -> Array:
        """The logarithm of `predict_proba`: -inf where that is 0."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def _probabilities(self, outputs: Array) -> Array:
        shares = self._linked(outputs)
        if not self._is_exclusive or self.out_activation_ == "softmax":
            return shares
        if shares.shape[1] == 1:
            return np.hstack([1 - shares, shares])[:, : len(self.classes_)]
        shares /= shares.sum(axis=1, keepdims=True)
        return shares

    def _predicted(self, outputs: Array) -> Array:
        """The number of the class of each row, or 0 and 1 for each label."""
        shares = self._linked(outputs)
        if not self._is_exclusive:
            return (shares > 0.5).astype(np.int64)
        chosen: Array = shares[:, 0] > 0.5 if shares.shape[1] == 1 else shares.argmax(axis=1)
        return chosen.astype(np.int64)

    def _learn_classes(self, classes: Any) -> None:
        """Take the classes that `partial_fit` is told of."""
        known = getattr(self, "classes_", None)
        if classes is None and known is None:
            raise OptionError(
                "partial_fit: classes must be passed in the first call.\n"
                "  Pass all that there will be: classes=np.unique(y)."
            )
        if classes is None:
            return
        told = unique_labels(classes)
        if known is not None and not np.array_equal(known, told):
            raise OptionError(
                f"partial_fit: classes are {told}, and were {known} in an earlier call.\n"
                "  Leave them out, or begin again with a new estimator."
            )
        self.classes_ = told

    def _learn_targets(self, y: Any, goes_on: bool) -> Array:
        if not (goes_on and hasattr(self, "classes_")):
            self.classes_ = unique_labels(y)
        elif self.warm_start and set(unique_labels(y)) != set(self.classes_):
            raise DataError(
                "warm_start can only be used where `y` has the same classes as in the previous "
                f"call to fit. Previously got {self.classes_}, `y` has {unique_labels(y)}.\n"
                "  Set warm_start=False to begin again."
            )
        if not (goes_on and hasattr(self, "_is_exclusive")):
            self._is_exclusive = not type_of_target(y).startswith("multilabel")
            self._had_sparse_labels = sparse.issparse(y)
        return self._codes(y)

    def _codes(self, y: Any) -> Array:
        if not self._is_exclusive:
            return y.toarray() if sparse.issparse(y) else np.asarray(y)
        unknown = np.setdiff1d(unique_labels(y), self.classes_)
        if unknown.size:
            raise DataError(
                f"y has classes that are none: {unknown}.\n  There are {self.classes_}."
            )
        numbers: Array = np.searchsorted(self.classes_, y)
        return numbers

    def _validated(self, X: Any, y: Any, reset: bool) -> tuple[Any, Any]:
        X, y = super()._validated(X, y, reset)
        check_classification_targets(y)
        if type_of_target(y) == "multiclass-multioutput":
            raise DataError(
                f"y has {y.shape[1]} columns of more than two classes.\n"
                "  Pass one column, or 0 and 1 in each; or wrap the estimator in\n"
                "  sklearn.multioutput.MultiOutputClassifier."
            )
        return X, y

    def _emphasized(self, samples: Samples) -> Samples:
        if self.class_weight is None:
            return samples
        y = self.classes_[samples.codes] if self._is_exclusive else samples.codes
        weights = compute_sample_weight(self.class_weight, y).astype(samples.x.dtype)
        if samples.weights is not None:
            weights = weights * samples.weights
        return samples._replace(weights=weights)

    def _outputs_wanted(self, codes: Array) -> int:
        if not self._is_exclusive:
            return int(codes.shape[1])
        return outputs_for(self.loss, len(self.classes_))

    def _head(self) -> Head:
        return for_classes(self.loss, self.n_outputs_, self._is_exclusive)

    def _truth(self, codes: Array, head: Head, dtype: Any) -> Array:
        if head.truth == "numbers":
            return codes
        if not self._is_exclusive:
            indicators = codes.astype(dtype)
        elif self.n_outputs_ == 1:
            indicators = codes[:, None].astype(dtype)
        else:
            indicators = np.eye(self.n_outputs_, dtype=dtype)[codes]
        return 2 * indicators - 1 if head.truth == "signs" else indicators

    def _strata(self, codes: Array) -> Array | None:
        is_binary = self._is_exclusive and len(self.classes_) <= 2
        return codes[:, None].astype(bool) if is_binary else None

    def _score_of(self, outputs: Array, samples: Samples) -> float:
        predicted = self._predicted(outputs)
        return float(accuracy_score(samples.codes, predicted, sample_weight=samples.weights))
