"""Writes inputs and onnxruntime's outputs as .npy: python reference.py MODEL [--shape x=1x3x48x192]... [--seed 0]

MODEL is a name of pins.json (its pinned shapes are used unless --shape says otherwise) or a path to an .onnx file.
A pin with an "open" dim gets one more folder a size, NAME@SIZE.
Into .cache/reference/NAME go input_*.npy, output_*.npy and signature.json, which lists their names, dtypes and shapes.
Floats are drawn from the standard normal distribution, integers from 0 to 9, unless the pin's "draw" says otherwise for an
input: {"integers": [low, high]} (high excluded), {"value": v}, {"picture": "line" or "page"} (see picture.py).
"""

import argparse
import io
import json
import pathlib
import re

import numpy as np
import onnxruntime

import cache
import picture

DTYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
    "tensor(int8)": np.int8,
    "tensor(bool)": np.bool_,
}


def parse_shape(text: str) -> tuple[str, list[int]]:
    name, _, dims = text.rpartition("=")
    if not name:
        raise argparse.ArgumentTypeError(f"expected NAME=1x3x48x192, got {text!r}")
    return name, [int(dim) for dim in dims.split("x")] if dims else []


def draw(random: np.random.Generator, node, shapes: dict, how: dict) -> np.ndarray:
    shape = shapes.get(node.name, node.shape)
    if not all(isinstance(dim, int) and dim >= 0 for dim in shape):
        raise SystemExit(f"input {node.name!r} has shape {shape}: give --shape {node.name}=...")
    dtype = DTYPES.get(node.type)
    if dtype is None:
        raise SystemExit(f"input {node.name!r} has type {node.type}, which this script doesn't draw")
    match how:
        case {"integers": [low, high]}:
            return random.integers(low, high, shape).astype(dtype)
        case {"value": value}:
            return np.full(shape, value, dtype)
        case {"picture": kind}:
            return picture.tensor(kind, shape).astype(dtype)
    if np.issubdtype(dtype, np.floating):
        return random.standard_normal(shape).astype(dtype)
    return random.integers(0, 2 if dtype is np.bool_ else 10, shape).astype(dtype)


def save(folder: pathlib.Path, kind: str, name: str, tensor: np.ndarray) -> dict:
    # Names may hold slashes and more; signature.json keeps the true one.
    file = f"{kind}_{re.sub(r'[^A-Za-z0-9_.-]', '_', name)}.npy"
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(tensor))
    cache.write(folder / file, buffer.getvalue())
    return {"name": name, "dtype": tensor.dtype.name, "shape": list(tensor.shape), "file": file}


def run(session: onnxruntime.InferenceSession, name: str, shapes: dict, how: dict, seed: int) -> pathlib.Path:
    """One set of inputs and outputs, into the folder `name`."""
    random = np.random.default_rng(seed)
    inputs = {node.name: draw(random, node, shapes, how.get(node.name, {})) for node in session.get_inputs()}
    names = [node.name for node in session.get_outputs()]
    outputs = dict(zip(names, session.run(names, inputs), strict=True))
    folder = cache.REFERENCE / name
    signature = {
        "model": name,
        "seed": seed,
        "inputs": [save(folder, "input", *item) for item in inputs.items()],
        "outputs": [save(folder, "output", *item) for item in outputs.items()],
    }
    cache.write(folder / "signature.json", (json.dumps(signature, indent=2) + "\n").encode())
    return folder


def reference(model: str, shapes: dict, seed: int) -> pathlib.Path:
    pin = {}
    if model.endswith(".onnx"):
        name, path = pathlib.Path(model).stem, pathlib.Path(model)
    else:
        name, path, pin = model, cache.MODELS / f"{model}.onnx", cache.pin(model)
        shapes = {**pin["shapes"], **shapes}
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # Warnings are about what a model declares of its outputs.
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    unknown = set(shapes) - {node.name for node in session.get_inputs()}
    if unknown:
        raise SystemExit(f"{name} has no input called {', '.join(sorted(unknown))}")
    how = pin.get("draw", {})
    if "open" in pin:
        for size in pin["open"]["sizes"]:
            at = {
                node.name: [size if dim == pin["open"]["dim"] else fixed for dim, fixed in zip(node.shape, shapes[node.name])]
                for node in session.get_inputs()
            }
            run(session, f"{name}@{size}", at, how, seed + size)
    return run(session, name, shapes, how, seed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--shape", action="append", default=[], type=parse_shape, metavar="NAME=DIMS")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(reference(arguments.model, dict(arguments.shape), arguments.seed))
