"""Pictures: what a network is and how it learns, drawn with Matplotlib, from the extra `app`.

Each function draws on axes that it is given, or on new ones, and returns them. What is drawn can be
had as arrays, without Matplotlib.
"""

from .activations import activation, activations, slopes
from .boundary import Plane, boundary, plane
from .confusion import confusion
from .curves import curve, curves, save_curves
from .descents import descend, descents
from .histograms import Histogram, Histograms, histograms
from .images import first_weights, hardest, images, mistakes, saliency
from .landscape import (
    Directions,
    Landscape,
    Trail,
    landscape,
    loss_around,
    principal_directions,
    random_directions,
)
from .network import Sketch, network, sketch

__all__ = [
    "Directions", "Histogram", "Histograms", "Landscape", "Plane", "Sketch", "Trail", "activation",
    "activations", "boundary", "confusion", "curve", "curves", "descend", "descents",
    "first_weights", "hardest", "histograms", "images", "landscape", "loss_around", "mistakes",
    "network", "plane", "principal_directions", "random_directions", "saliency", "save_curves",
    "sketch", "slopes",
]  # fmt: skip
