"""What the scripts that make networks share: a graph under construction."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper


class Builder:
    """Appends nodes and initialisers; every method takes and returns value names."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value, dtype=np.float32) -> str:
        self.initializers[name] = numpy_helper.from_array(np.asarray(value, dtype), name)
        return name

    def node(self, op: str, name: str, inputs: list[str], **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, [f"{name}_output"], name=name, **attributes))
        return f"{name}_output"

    def output(self, name: str) -> None:
        """Calls the last node's result so."""
        self.nodes[-1].output[0] = name

    def model(self, name: str, inputs: dict, outputs: dict, opset: int) -> onnx.ModelProto:
        """The model, checked by onnx; inputs and outputs are element type and shape by name."""
        infos = [
            [helper.make_tensor_value_info(value, dtype, shape) for value, (dtype, shape) in values.items()]
            for values in (inputs, outputs)
        ]
        graph = helper.make_graph(self.nodes, name, *infos, list(self.initializers.values()))
        opsets = [helper.make_opsetid("", opset)]
        model = helper.make_model(graph, producer_name="weft-tests", opset_imports=opsets, ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        return model


def classifier(builder: Builder, name: str, layer: str, weights: str, x: str, channels: int) -> onnx.ModelProto:
    """Finishes a classifier of 1000 classes of pictures `x: 1x3x224x224` with its last, dense layer."""
    classes = 1000
    values = builder.random.standard_normal((classes, channels)) * np.sqrt(1.0 / channels)
    weight = builder.constant(f"{weights}.weight", values)
    bias = builder.constant(f"{weights}.bias", builder.random.normal(0.0, 0.1, classes))
    builder.node("Gemm", layer, [x, weight, bias], alpha=1.0, beta=1.0, transB=1)
    builder.output("y")
    picture, scores = (TensorProto.FLOAT, [1, 3, 224, 224]), (TensorProto.FLOAT, [1, classes])
    return builder.model(name, {"x": picture}, {"y": scores}, 13)


def two_outputs(model: bytes) -> tuple[np.ndarray, np.ndarray]:
    """A classifier's outputs for two random pictures."""
    random = np.random.default_rng(1)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    a, b = (
        session.run(None, {"x": random.standard_normal((1, 3, 224, 224), dtype=np.float32)})[0] for _ in range(2)
    )
    return a, b
