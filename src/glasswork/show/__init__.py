"""Pictures, for which the extra `app` installs Matplotlib; the backward pass, and the mathematics.

Each function that draws does so on axes that it is given, or on new ones, and returns them. What is
drawn can be had as arrays, without Matplotlib.
"""

from .activations import activation, activations, slopes
from .boundary import Plane, boundary, plane
from .confusion import confusion
from .curves import curve, curves, save_curves
from .derivation import Derivation, explain
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
from .walking import Walk, walk

__all__ = [
    "Derivation", "Directions", "Histogram", "Histograms", "Landscape", "Plane", "Sketch", "Trail",
    "Walk", "activation", "activations", "boundary", "confusion", "curve", "curves", "descend",
    "descents", "explain", "first_weights", "hardest", "histograms", "images", "landscape",
    "loss_around", "mistakes", "network", "plane", "principal_directions", "random_directions",
    "saliency", "save_curves", "sketch", "slopes", "walk",
]  # fmt: skip
