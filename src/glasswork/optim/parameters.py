"""What an optimizer is given: parameters, or groups of them with options of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import OptionError
from ..tensor import Tensor

__all__ = ["groups_of", "tensors_of"]

Group = tuple[list[Tensor], dict[str, Any]]


def tensors_of(owner: str, parameters: Iterable[Any]) -> list[Tensor]:
    """The tensors of `parameters`, each once.

    Raises
    ------
    OptionError
        If there are none, or something else is among them.

    Examples
    --------
    >>> w = Tensor([1.0], requires_grad=True)
    >>> len(tensors_of("SGD", [w, w]))
    1
    """
    found = {
        id(tensor): tensor for tensor in (_tensor(owner, each) for each in _list(owner, parameters))
    }
    if not found:
        raise OptionError(
            f"{owner}: there are no parameters.\n"
            "  Pass model.parameters(); a model has none if no attribute of it holds a Parameter."
        )
    return list(found.values())


def groups_of(owner: str, parameters: Iterable[Any]) -> list[Group]:
    """The groups of `parameters`, with their own options; what is in no group makes one more.

    Raises
    ------
    OptionError
        As for `tensors_of`, and if a group has no parameters, or one parameter is in two.
    """
    given = _list(owner, parameters)
    groups = [_group(owner, dict(each)) for each in given if isinstance(each, Mapping)]
    rest = [each for each in given if not isinstance(each, Mapping)]
    if rest or not groups:
        groups.append((tensors_of(owner, rest), {}))
    seen: set[int] = set()
    for tensors, _ in groups:
        for tensor in tensors:
            if id(tensor) in seen:
                raise OptionError(
                    f"{owner}: a parameter of shape {tensor.shape} is in two groups.\n"
                    "  Leave it in the one whose options it is to have."
                )
            seen.add(id(tensor))
    return groups


def _group(owner: str, options: dict[str, Any]) -> Group:
    if "parameters" not in options:
        found = ", ".join(map(repr, options)) or "nothing"
        raise OptionError(
            f"{owner}: a group has no 'parameters', only {found}.\n"
            "  Write it as {'parameters': [...], 'learning_rate': 0.01}."
        )
    return tensors_of(owner, options.pop("parameters")), options


def _list(owner: str, parameters: object) -> list[Any]:
    if isinstance(parameters, Iterable) and not isinstance(parameters, Tensor | Mapping | str):
        return list(parameters)
    raise OptionError(
        f"{owner}: the parameters are not a list of them, but {type(parameters).__name__}.\n"
        "  Pass model.parameters(), [parameter, ...], or a list of groups."
    )


def _tensor(owner: str, parameter: Any) -> Tensor:
    """`parameter` itself, or the tensor in its `data`, where the article keeps it."""
    tensor = getattr(parameter, "data", parameter)
    if not isinstance(tensor, Tensor):
        raise OptionError(
            f"{owner}: {type(parameter).__name__} is no parameter.\n"
            "  Pass Parameter objects, such as model.parameters() has."
        )
    if tensor.op is not None:
        raise OptionError(
            f"{owner}: a tensor of shape {tensor.shape} was made by {tensor.op.name}.\n"
            "  Only leaves learn: pass the parameters that it was made from."
        )
    return tensor
