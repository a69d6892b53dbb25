"""Writes the network of examples/video: it draws the edges of a picture, and dims what lies between them.

As a program: python edges.py ../../examples/video/edges.onnx
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto

from network import Builder

HEIGHT, WIDTH = 180, 320
# ITU-R BT.601, and Sobel's operator for one direction; the other one is its transpose.
LUMA = np.array([0.299, 0.587, 0.114])
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def edges() -> onnx.ModelProto:
    b = Builder(0)
    b.constant("pads", [0, 0, 1, 1, 0, 0, 1, 1], np.int64)
    kernels = np.stack([LUMA[:, None, None] * SOBEL, LUMA[:, None, None] * SOBEL.T])
    b.constant("kernels", kernels)
    b.constant("strength", 1.5)
    b.constant("dim", 0.35)
    b.constant("colour", np.array([1.0, 0.62, 0.1]).reshape(1, 3, 1, 1))
    b.constant("zero", 0.0)
    b.constant("one", 1.0)
    wide = b.node("Pad", "surround", ["x", "pads"], mode="edge")
    slopes = b.node("Conv", "slopes", [wide, "kernels"])
    length = b.node("ReduceL2", "length", [slopes], axes=[1], keepdims=1)
    edge = b.node("Clip", "edge", [b.node("Mul", "stronger", [length, "strength"]), "zero", "one"])
    dimmed = b.node("Mul", "dimmed", ["x", "dim"])
    bright = b.node("Mul", "bright", [edge, "colour"])
    b.node("Clip", "sum", [b.node("Add", "together", [dimmed, bright]), "zero", "one"])
    b.output("y")
    shape = (TensorProto.FLOAT, [1, 3, HEIGHT, WIDTH])
    return b.model("edges", {"x": shape}, {"y": shape}, 13)


if __name__ == "__main__":
    onnx.save(edges(), sys.argv[1])
