"""Module, what holds parameters, takes an input and makes an output of it; and a row of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import DTypeLike

from ..elements import answers_ops
from ..errors import OptionError, UnsupportedError, seen
from ..limits import things
from ..ops.checks import check_real
from ..tensor import Tensor, leaf
from . import state
from .changes import note_change
from .configuration import configuration
from .parameter import Buffer, Parameter, float_dtype
from .places import name_place
from .summary import Summary, outputs_of
from .tree import Tree

__all__ = ["MODULE", "Module", "Sequential"]


MODULE = things("a Module, such as Sequential(…)", lambda value: isinstance(value, Module))


def _run_children(self: Module, x: Any, *more: Any) -> Any:
    """Run the children in order: each takes what the one before it gave."""
    if more:
        raise UnsupportedError(
            f"{type(self).__name__} takes one input, and was given {1 + len(more)}.\n"
            "  To take more, define forward in a class of your own. A loss is one, such as MSE()."
        )
    if not vars(self).get("children") and "_runs_empty" not in vars(type(self)):
        name = type(self).__name__
        raise UnsupportedError(
            f"{name} has no forward, and no children to run in its place.\n"
            f"  Define forward(self, x), or pass the children to super().__init__(...)."
        )
    for child in self.children:
        x = child.forward(x)
    return x


def _as_input(x: Any) -> Any:
    """An array, or what stands for one or can be made one, as a leaf; anything else as it is."""
    if type(x) is not np.ndarray:
        if answers_ops(x):
            return leaf(x)
        if isinstance(x, Tensor) or not hasattr(x, "__array__"):
            return x
        x = np.asarray(x)
    check_real(x.dtype, "the elements of an input")
    return leaf(x)


def _begins_with_number(numbers: Any) -> bool:
    """Whether this is a list, perhaps of lists, of what may become a tensor: not of tensors."""
    while isinstance(numbers, list) and numbers:
        numbers = numbers[0]
    return isinstance(numbers, Real)


class Module(Tree):
    """A network, or a part of one; on its own, its children one after the other.

    A part of your own defines `forward` and sets its attributes in `__init__`; it need not call
    `super().__init__()`. Parameters are found by looking through the attributes and the lists,
    tuples and dicts among them, each counted once however often it is used; nothing is
    registered.   (article: Blocks)

    Parameters
    ----------
    *children : Module
        Run in this order by `forward`, where a subclass does not define its own.

    Attributes
    ----------
    training : bool
        Whether layers such as Dropout do what they do in training only; see `train` and `eval`.

    Raises
    ------
    OptionError
        If a child is no module.
    ShapeError, DtypeError, ...
        From `model(x)`, with the path of the layer at the head of the message.

    Examples
    --------
    >>> class Scale(Module):
    ...     def __init__(self, factor):
    ...         self.factor = Parameter([factor])
    ...
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> model = Module(Scale(2.0), Scale(0.5))
    >>> model(Tensor([3.0]))
    Tensor([3.], op=multiply)
    >>> [path for path, parameter in model.named_parameters()]
    ['0.factor', '1.factor']
    """

    training: bool = True
    _runs_empty = True  # read without inheritance: an empty subclass has forgotten its forward

    def __init__(self, *children: Module) -> None:
        for position, child in enumerate(children):
            if not isinstance(child, Module):
                raise OptionError(
                    f"{type(self).__name__}: child {position} is {seen(child)}, and no module.\n"
                    "  Pass an instance, ReLU() and not ReLU. A function goes into the forward\n"
                    "  of a class of your own."
                )
        self.children = children

    # Declared as a callable, so that a subclass may take whatever inputs it needs.
    forward: ClassVar[Callable[..., Any]] = _run_children
    preflight: ClassVar[Callable[..., Any]]  # of floor 8: the page of public names puts it here

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """`forward`, with errors told where they arose.

        Arrays, and tables that NumPy can make arrays of, are taken as tensors, and so is a first
        input that is a list of numbers. Further lists pass as they are: a loss takes its target in
        the dtype of the prediction.
        """
        try:
            inputs = tuple([x if type(x) is Tensor else _as_input(x) for x in inputs])
            if inputs and type(inputs[0]) is list and _begins_with_number(inputs[0]):
                inputs = (Tensor(inputs[0]), *inputs[1:])
            return self.forward(*inputs, **named)
        except Exception as error:
            name_place(error, self)
            raise

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        note_change()

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        note_change()

    def parameters(self) -> list[Parameter]:
        """Every parameter below here, frozen ones too, each once."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every parameter with its path, such as "0.weights" or "layers.1.biases"."""
        return state.named(self, Parameter)

    def named_buffers(self) -> Iterator[tuple[str, Buffer]]:
        """Every buffer with its path."""
        return state.named(self, Buffer)

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """Every module with its path; first this one, whose path is ""."""
        return state.named(self, Module)

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of the elements of every parameter and buffer, by path.

        Examples
        --------
        >>> part = Module()
        >>> part.factor = Parameter([2.0])
        >>> part.state_dict()
        {'factor': array([2.], dtype=float32)}
        """
        return {path: tensor.els.copy() for path, tensor in state.entries(self).items()}

    def load_state_dict(self, values: Mapping[str, Any]) -> None:
        """Take the elements of every parameter and buffer from `values`, in their own dtypes.

        Raises
        ------
        StateError
            If entries are missing, unexpected or do not fit: each is named, and nothing changes.
        """
        state.load(self, values)

    def train(self, training: bool = True) -> Self:
        """Set `training` here and everywhere below; returns the module."""
        for _, module in self.named_modules():
            if module.training != training:
                module.training = training
        return self

    def eval(self) -> Self:
        """The opposite of `train`: for predictions."""
        return self.train(False)

    def freeze(self, frozen: bool = True) -> Self:
        """Let every parameter below here keep its values (or learn, if False is passed).

        Sets `requires_grad` of each, and returns the module.
        """
        for parameter in self.parameters():
            parameter.requires_grad = not frozen
        return self

    def astype(self, dtype: DTypeLike) -> Self:
        """Change the dtype of every parameter and float buffer in place; returns the module.

        Raises
        ------
        DtypeError
            If the dtype is none of floats.
        """
        dtype = float_dtype("astype", dtype)
        for _, tensor in state.named(self, Tensor):
            if tensor.dtype.kind == "f":
                tensor.els = tensor.els.astype(dtype)
        return self

    def configuration(self) -> dict[str, Any]:
        """The constructor's arguments that were kept as attributes of the same name.

        With them, and the state dict, the module can be made again. Children are under
        "children".
        """
        return configuration(self)

    def summary(self, *example: Any) -> Summary:
        """The tree with its parameters, and the shape of each output for an example input.

        The module runs in eval mode, and gets all its attributes back afterwards.

        Examples
        --------
        >>> model = gw.nn.Sequential(gw.nn.Linear(2, 3), gw.nn.ReLU())
        >>> model.summary(np.ones((5, 2)))
        Sequential()       (5, 3)  9  parameters
        ├─ 0 Linear(2, 3)  (5, 3)  9  weights (2, 3), biases (3,)
        └─ 1 ReLU()        (5, 3)
        """
        return Summary(self, outputs_of(self, example) if example else None)

    def __repr__(self) -> str:
        return repr(Summary(self))


class Sequential(Module):
    """One module after the other: y = fₙ(… f₂(f₁(x))).   (article: Blocks)

    Parameters
    ----------
    *children : Module
        In the order in which they run.

    Examples
    --------
    >>> class Double(Module):
    ...     def forward(self, x):
    ...         return 2 * x
    >>> model = Sequential(Double(), Double(), Double())
    >>> model(np.array([1.0])).els
    array([8.])
    >>> len(model), model[1:](np.array([1.0])).els
    (3, array([4.]))
    """

    _runs_empty = True

    def __len__(self) -> int:
        return len(self.children)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.children)

    def __getitem__(self, place: int | slice) -> Any:
        """The child at a place, or a Sequential of those in a slice, which share their values."""
        found = self.children[place]
        return Sequential(*found) if isinstance(found, tuple) else found
