"""Makes ResNet-50 (1x3x224x224, 1000 classes) with seeded random weights: python resnet50.py

The graph is that of an export for inference: batch norms are folded, so convolutions have biases; Relu, MaxPool, Add,
GlobalAveragePool, Flatten, Gemm. The stride of a stage's first block is on its 3x3 convolution ("v1.5"). Weights are
He-initialised and carry the scales of random batch norms; those that end a block are small, as trained ones are, so that
activations keep their magnitude over the sixteen blocks. The script checks that, and that the network tells two inputs apart.
"""

import numpy as np
import onnx

import cache
import network

SEED = 50
# Bottleneck channels, blocks, stride of the first block (table 1 of the paper, He et al. 2015).
STAGES = [(64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)]
EXPANSION = 4


class Builder(network.Builder):
    """The network's layers."""

    def conv(self, name: str, x: str, cin: int, cout: int, kernel: int, stride: int, scale: float = 1.0) -> str:
        """Convolution with the batch norm behind it folded in; `scale` is the norm's mean scale."""
        weight = self.random.standard_normal((cout, cin, kernel, kernel)) * np.sqrt(2.0 / (cin * kernel * kernel))
        weight *= scale * self.random.uniform(0.6, 1.4, (cout, 1, 1, 1))
        bias = self.random.normal(0.0, 0.1, cout)
        return self.node(
            "Conv", f"{name}/conv", [x, self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)],
            kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[kernel // 2] * 4, dilations=[1, 1], group=1,
        )  # fmt: skip

    def block(self, name: str, x: str, cin: int, width: int, stride: int) -> str:
        """Bottleneck: reduce, 3x3, expand; added to the input, or to its projection where the shapes differ."""
        cout = width * EXPANSION
        y = self.node("Relu", f"{name}/relu1", [self.conv(f"{name}/conv1", x, cin, width, 1, 1)])
        y = self.node("Relu", f"{name}/relu2", [self.conv(f"{name}/conv2", y, width, width, 3, stride)])
        y = self.conv(f"{name}/conv3", y, width, cout, 1, 1, scale=0.3)
        if stride != 1 or cin != cout:
            x = self.conv(f"{name}/downsample", x, cin, cout, 1, stride, scale=0.7)
        return self.node("Relu", f"{name}/relu3", [self.node("Add", f"{name}/add", [y, x])])


def resnet50() -> onnx.ModelProto:
    """The model, checked by onnx."""
    b = Builder(SEED)
    x = b.node("Relu", "/relu", [b.conv("/conv1", "x", 3, 64, 7, 2)])
    x, channels = b.node("MaxPool", "/maxpool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4), 64
    for stage, (width, blocks, first_stride) in enumerate(STAGES, 1):
        for block in range(blocks):
            x = b.block(f"/layer{stage}/{block}", x, channels, width, first_stride if block == 0 else 1)
            channels = width * EXPANSION
    x = b.node("Flatten", "/flatten", [b.node("GlobalAveragePool", "/avgpool", [x])], axis=1)
    return network.classifier(b, "resnet50", "/fc", "fc", x, channels)


def main() -> None:
    model = resnet50().SerializeToString()
    a, b = network.two_outputs(model)
    largest, difference = float(np.abs(a).max()), float(np.abs(a - b).max() / np.abs(a).max())
    if not difference > 1e-2:
        raise SystemExit(f"resnet50: two inputs give outputs that differ by {difference:.1e} of the largest only")
    if not 0.1 < largest < 100.0:
        raise SystemExit(f"resnet50: the largest output is {largest:.1e}, so activations grow or shrink on the way")
    path = cache.MODELS / "resnet50.onnx"
    cache.write(path, model)
    print(path)


if __name__ == "__main__":
    main()
