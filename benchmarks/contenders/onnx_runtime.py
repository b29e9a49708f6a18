"""ONNX Runtime, with a model of one Gemm for each layer. It predicts only."""

from __future__ import annotations

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from benchmarks import machine
from benchmarks.contenders import Classifier
from benchmarks.network import Array, Network

TITLE = "ONNX Runtime"
PACKAGES = ("onnxruntime", "onnx")
OPSET, IR_VERSION = 17, 9  # of 2022 and 2023: versions that every runtime of today reads


def model_of(network: Network) -> bytes:
    """The network with its first weights, as a file would hold it."""
    nodes, arrays, source = [], {}, "x"
    for i, (weights, biases) in enumerate(network.weights()):
        arrays |= {f"w{i}": weights, f"b{i}": biases}
        nodes.append(helper.make_node("Gemm", [source, f"w{i}", f"b{i}"], [f"y{i}"]))
        nodes.append(helper.make_node("Relu", [f"y{i}"], [f"h{i}"]))
        source = f"h{i}"
    graph = helper.make_graph(
        nodes[:-1],
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [network.batch, network.sizes[0]])],
        [helper.make_tensor_value_info(nodes[-2].output[0], TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION).SerializeToString()


def predicting(network: Network) -> Classifier:
    """A session with as many threads as the other contenders have."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(machine.cores())
    run = onnxruntime.InferenceSession(model_of(network), options).run

    def classify(x: Array) -> Array:
        return np.argmax(run(None, {"x": x})[0], axis=1)

    return classify
