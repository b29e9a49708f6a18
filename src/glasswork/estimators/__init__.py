"""Networks under scikit-learn's contract: `fit`, `predict` and `score`, in pipelines and searches.

Needs scikit-learn, which the extra `sklearn` installs; `import glasswork` does not load it.
"""

from ..errors import MissingExtraError

try:
    import sklearn  # noqa: F401
except ImportError as missing:
    raise MissingExtraError.of("sklearn", "scikit-learn", "glasswork.estimators") from missing

from .network import NetworkClassifier, NetworkRegressor
from .perceptrons import MLPClassifier, MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor", "NetworkClassifier", "NetworkRegressor"]
