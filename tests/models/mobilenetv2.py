"""Makes MobileNetV2 (1x3x224x224, 1000 classes) with seeded random weights: python mobilenetv2.py

The graph is that of an ordinary export: Conv, BatchNormalization, Clip(0, 6) with its bounds as inputs,
Add, GlobalAveragePool, Flatten, Gemm. Weights are He-initialised and the statistics of the batch norms are
random, so folding them wrongly shows. The script checks that the network still tells two inputs apart.
"""

import numpy as np
import onnx

import cache
import network

SEED = 20
# Expansion, output channels, repetitions, stride of the first (table 2 of the paper, Sandler et al. 2018).
STAGES = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
]


class Builder(network.Builder):
    """The network's layers."""

    def conv(self, name: str, x: str, cin: int, cout: int, kernel: int, stride: int, group: int, clip: bool) -> str:
        """Convolution, batch norm and, with `clip`, ReLU6."""
        fan_in = cin // group * kernel * kernel
        weight = self.random.standard_normal((cout, cin // group, kernel, kernel)) * np.sqrt(2.0 / fan_in)
        y = self.node(
            "Conv", f"{name}/conv", [x, self.constant(f"{name}.conv.weight", weight)],
            kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[kernel // 2] * 4,
            dilations=[1, 1], group=group,
        )  # fmt: skip
        statistics = [
            self.constant(f"{name}.bn.{part}", value)
            for part, value in [
                ("weight", self.random.uniform(0.6, 1.6, cout)),
                ("bias", self.random.normal(0.0, 0.3, cout)),
                ("running_mean", self.random.normal(0.0, 0.3, cout)),
                ("running_var", self.random.uniform(0.5, 1.5, cout)),
            ]
        ]
        y = self.node("BatchNormalization", f"{name}/bn", [y, *statistics], epsilon=1e-5, momentum=0.9)
        return self.node("Clip", f"{name}/relu6", [y, "zero", "six"]) if clip else y

    def block(self, name: str, x: str, cin: int, cout: int, expansion: int, stride: int) -> str:
        """Inverted residual: expand, depthwise, project; added to the input where the shapes allow."""
        hidden = cin * expansion
        y = x
        if expansion != 1:
            y = self.conv(f"{name}/expand", y, cin, hidden, 1, 1, 1, clip=True)
        y = self.conv(f"{name}/depthwise", y, hidden, hidden, 3, stride, hidden, clip=True)
        y = self.conv(f"{name}/project", y, hidden, cout, 1, 1, 1, clip=False)
        return self.node("Add", f"{name}/add", [x, y]) if stride == 1 and cin == cout else y


def mobilenetv2() -> onnx.ModelProto:
    """The model, checked by onnx."""
    b = Builder(SEED)
    b.constant("zero", np.array(0.0))
    b.constant("six", np.array(6.0))
    x, channels = b.conv("/features/0", "x", 3, 32, 3, 2, 1, clip=True), 32
    index = 1
    for expansion, cout, repetitions, first_stride in STAGES:
        for repetition in range(repetitions):
            stride = first_stride if repetition == 0 else 1
            x, channels = b.block(f"/features/{index}", x, channels, cout, expansion, stride), cout
            index += 1
    x = b.conv(f"/features/{index}", x, channels, 1280, 1, 1, 1, clip=True)
    x = b.node("GlobalAveragePool", "/pool", [x])
    x = b.node("Flatten", "/flatten", [x], axis=1)
    return network.classifier(b, "mobilenetv2", "/classifier", "classifier", x, 1280)


def sensitivity(model: bytes) -> float:
    """Largest difference between the outputs for two inputs, in units of the largest magnitude."""
    a, b = network.two_outputs(model)
    return float(np.abs(a - b).max() / np.abs(a).max())


def main() -> None:
    model = mobilenetv2().SerializeToString()
    difference = sensitivity(model)
    if not difference > 1e-2:
        raise SystemExit(f"mobilenetv2: two inputs give outputs that differ by {difference:.1e} of the largest only")
    path = cache.MODELS / "mobilenetv2.onnx"
    cache.write(path, model)
    print(path)


if __name__ == "__main__":
    main()
