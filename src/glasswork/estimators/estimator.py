"""Estimator: what `fit` does, and in which order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import inf
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassNamePrefixFeaturesOutMixin
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, column_or_1d
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from ..errors import DataError, OptionError
from ..nn import Dropout, Module
from ..tensor import leaf
from ..threads import threads_for
from ..train.evaluate import evaluating
from ..train.step import largest_product
from .heads import LINKS, Head
from .lbfgs import fit_lbfgs
from .samples import Samples, outputs_of
from .solvers import optimizer_for
from .stochastic import Course
from .training import Training, check_options

__all__ = ["Estimator", "takes_batches"]

Array = NDArray[Any]


def takes_batches(estimator: Any) -> bool:
    """Whether the solver makes a step with each batch: without that there is no `partial_fit`.

    Raises
    ------
    AttributeError
        If it does not, as scikit-learn has it.
    """
    if estimator.solver == "lbfgs":
        raise AttributeError(
            "partial_fit is only available for stochastic optimizers. lbfgs is not stochastic."
        )
    return True


@dataclass(eq=False, repr=False, kw_only=True)
class Estimator(ClassNamePrefixFeaturesOutMixin, Training, ABC):
    """A network that is made by `fit`, to measure.

    A subclass says what network that is, what its targets are, and what its outputs mean.
    """

    _y_numeric: ClassVar[bool] = False

    @property
    def _n_features_out(self) -> int:
        """How many names there are for `get_feature_names_out`."""
        return self.n_outputs_

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, *, validation_data: Any = None
    ) -> Self:
        """Train on samples.

        Parameters
        ----------
        X : array, sparse matrix or data frame
            A row for each sample.
        y : array
            Its class, its labels, its value or its values.
        sample_weight : array, optional
            For how much each sample counts.
        validation_data : (X, y) or (X, y, sample_weight), optional
            What is not learnt from, in place of a fraction of the samples: its loss and its score
            are written down, and with `early_stopping` they decide.
        """
        return self._fit(X, y, sample_weight, validation_data)

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        validation_data: Any = None,
        incremental: bool = False,
    ) -> Self:
        check_options(self)
        goes_on = self.warm_start or incremental
        is_first = not (goes_on and hasattr(self, "network_"))
        X, y = self._validated(X, y, reset=is_first)
        codes = self._learn_targets(y, goes_on)
        random_state = check_random_state(self.random_state)
        if is_first:
            self._begin(X, codes, random_state)
        if goes_on:
            self._take_over()
        head = self._head()
        samples = self._samples(X, codes, head, sample_weight)
        if self.solver == "lbfgs":
            self._refuse_noise()
            with threads_for(largest_product(self.network_, len(codes))):
                fit_lbfgs(self, self._emphasized(samples), head)
        else:
            held_out = self._held_out(validation_data, head)
            self._fit_in_batches(samples, held_out, head, random_state, incremental)
        self.network_.eval()
        self._publish()
        self._check_finite()
        return self

    def _begin(self, X: Any, codes: Array, random_state: np.random.RandomState) -> None:
        """Make the network, and forget all that was learnt."""
        self.n_outputs_ = self._outputs_wanted(codes)
        self.network_ = self._make_network(X, random_state)
        self.out_activation_ = self._head().activation
        self.n_iter_ = self.t_ = self._no_improvement_count = 0
        self.loss_curve_: list[float] = []
        self.validation_scores_: list[float] | None = None
        self.validation_loss_curve_: list[float] | None = None
        self.best_loss_ = None if self.early_stopping else inf
        self.best_validation_score_ = -inf if self.early_stopping else None

    def _fit_in_batches(
        self,
        samples: Samples,
        held_out: Samples | None,
        head: Head,
        random_state: np.random.RandomState,
        incremental: bool,
    ) -> None:
        if not incremental or not hasattr(self, "_optimizer"):
            self._optimizer = optimizer_for(self, self.network_.parameters())
        if self.early_stopping and incremental:
            raise OptionError(
                "partial_fit does not support early_stopping=True.\n"
                "  One call is one epoch: judge the estimator between calls, by its score."
            )
        if self.early_stopping and held_out is None:
            samples, held_out = self._split(samples, random_state)
        if held_out is not None and self.validation_scores_ is None:
            self.validation_scores_, self.validation_loss_curve_ = [], []
        course = Course(
            self,
            samples=self._emphasized(samples),
            held_out=held_out,
            head=head,
            random_state=random_state,
        )
        with threads_for(largest_product(self.network_, course.batch_size)):
            course.run(1 if incremental else self.max_iter, warn=not incremental)

    def _samples(self, X: Any, codes: Array, head: Head, sample_weight: Any) -> Samples:
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X, dtype=X.dtype)
        return Samples(X, codes, self._truth(codes, head, X.dtype), weights)

    def _emphasized(self, samples: Samples) -> Samples:
        """The samples with the weights that they have for learning only."""
        return samples

    def _held_out(self, validation_data: Any, head: Head) -> Samples | None:
        if validation_data is None:
            return None
        X, y, *sample_weight = validation_data
        X, y = self._validated(X, y, reset=False)
        weight = sample_weight[0] if sample_weight else None
        return self._samples(X, self._codes(y), head, weight)

    def _split(
        self, samples: Samples, random_state: np.random.RandomState
    ) -> tuple[Samples, Samples]:
        """What to learn from, and what to hold out."""
        learnt, held_out = train_test_split(
            np.arange(len(samples.codes)),
            random_state=random_state,
            test_size=self.validation_fraction,
            stratify=self._strata(samples.codes),
        )
        if len(held_out) < 2:
            raise DataError(
                "The validation set is too small. Increase 'validation_fraction' or the size of "
                f"your dataset.\n  {len(held_out)} of {len(samples.codes)} samples are held out."
            )
        return samples.at(learnt), samples.at(held_out)

    def _judged(self, samples: Samples, head: Head) -> tuple[float, float]:
        """The loss and the score of some samples."""
        with evaluating(self.network_):
            outputs = outputs_of(self.network_, samples.x)
            loss = head.cost(leaf(outputs), samples.truth, samples.weights).item()
        return loss, float(self._score_of(outputs, samples))

    def _outputs(self, X: Any) -> Array:
        """The outputs of the network for rows that are not known to be good."""
        check_is_fitted(self, "network_")
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        self._take_over()
        return outputs_of(self.network_, X)

    def _linked(self, outputs: Array) -> Array:
        """What outputs of the network stand for: values, or the shares of classes."""
        found: Array = LINKS[self.out_activation_](outputs)
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _validated(self, X: Any, y: Any, reset: bool) -> tuple[Any, Any]:
        dtype = [np.float64, np.float32] if self.dtype is None else np.dtype(self.dtype)
        X, y = validate_data(
            self,
            X,
            y,
            reset=reset,
            accept_sparse="csr",
            dtype=dtype,
            multi_output=True,
            y_numeric=self._y_numeric,
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        return X, y

    def _refuse_noise(self) -> None:
        for path, module in self.network_.named_modules():
            if isinstance(module, Dropout) and module.probability:
                raise OptionError(
                    f"{type(self).__name__}: 'lbfgs' cannot train {path} {module!r}.\n"
                    "  Its line search needs a loss that is the same each time.\n"
                    "  Leave dropout out, or use another solver."
                )

    def _check_finite(self) -> None:
        if not all(np.isfinite(p.els).all() for p in self.network_.parameters()):
            raise DataError(
                "Solver produced non-finite parameter weights. The input data may contain large "
                "values and need to be preprocessed.\n"
                "  Scale X to mean 0 and variance 1, or lower learning_rate_init."
            )

    def _take_over(self) -> None:
        """Take into the network what was assigned to attributes."""

    def _publish(self) -> None:
        """Show in attributes what the network has learnt."""

    @abstractmethod
    def _make_network(self, X: Any, random_state: np.random.RandomState) -> Module:
        """A network of new weights."""

    @abstractmethod
    def _learn_targets(self, y: Any, goes_on: bool) -> Array:
        """The targets as numbers, after they were looked at for what there is to predict."""

    @abstractmethod
    def _codes(self, y: Any) -> Array:
        """The targets as numbers, by what is known of them."""

    @abstractmethod
    def _outputs_wanted(self, codes: Array) -> int:
        """How many outputs tell the targets."""

    @abstractmethod
    def _head(self) -> Head:
        """What the outputs are for."""

    @abstractmethod
    def _truth(self, codes: Array, head: Head, dtype: Any) -> Array:
        """The targets as the loss wants them."""

    @abstractmethod
    def _strata(self, codes: Array) -> Array | None:
        """What is to be held out in equal shares."""

    @abstractmethod
    def _score_of(self, outputs: Array, samples: Samples) -> float:
        """How well outputs tell the targets."""
