"""Writes random tests of single operators into .cache/conformance/random, with onnxruntime's outputs: python random_tests.py

They stand where the ONNX project's own tests are thin: broadcasting, negative axes, odd sizes, dims of zero, strides with
dilations and groups, auto_pad, NaN and infinities, wrapping integers, signs of division and modulo. Seeds are fixed, so
the files come out the same every time. The files have the form of generate.py's.
"""

import json
import shutil
import warnings

import numpy as np
import onnx
import onnxruntime
from onnx import helper

import generate
import random_decomposed

FOLDER = generate.FOLDER / "random"
ROUNDS = 6
SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1e-38, 3e38, -2.5, 1.5, 2.5], np.float32)


class Draw:
    """One test's random choices."""

    def __init__(self, seed: int) -> None:
        self.r = np.random.default_rng(seed)

    def one(self, *choices):
        return choices[int(self.r.integers(len(choices)))]

    def int(self, low: int, high: int) -> int:
        """From `low` to `high`, both included."""
        return int(self.r.integers(low, high + 1))

    def shape(self, low: int, high: int, zero: bool = True) -> list[int]:
        """Of `low` to `high` dims, odd sizes among them; sometimes with a dim of 0."""
        dims = [self.one(1, 2, 3, 4, 5, 7, 8, 13, 16, 17) for _ in range(self.int(low, high))]
        if zero and dims and self.int(0, 9) == 0:
            dims[self.int(0, len(dims) - 1)] = 0
        return dims

    def floats(self, shape, special: bool = False, low: float = -4.0, high: float = 4.0) -> np.ndarray:
        x = self.r.uniform(low, high, shape).astype(np.float32)
        if special and x.size:
            where = self.r.random(x.shape) < 0.3
            x[where] = self.r.choice(SPECIAL, int(where.sum()))
        return x

    def ints(self, shape, dtype) -> np.ndarray:
        info = np.iinfo(dtype)
        x = self.r.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
        small = self.r.integers(0 if info.min == 0 else -20, 20, shape).astype(dtype)
        return np.where(self.r.random(np.shape(x)) < 0.5, x, small).astype(dtype)

    def broadcastable(self, shape: list[int]) -> list[int]:
        """A shape that broadcasts with `shape`: some dims 1, some leading ones left out."""
        dims = [dim if self.int(0, 2) else 1 for dim in shape]
        return dims[self.int(0, len(dims)) :]

    def axis(self, rank: int) -> int:
        return self.int(-rank, rank - 1)

    def axes(self, rank: int) -> list[int]:
        chosen = self.r.permutation(rank)[: self.int(1, rank)]
        return [int(a) - (rank if self.int(0, 1) else 0) for a in chosen]


def node(op: str, inputs: dict, constants: dict | None = None, outputs: int = 1, **attributes) -> tuple:
    """A model of one node: its inputs at run time, its constants, and the node."""
    inputs = {name: np.asarray(value) for name, value in inputs.items()}
    return op, inputs, constants or {}, outputs, attributes


def pair(d: Draw, make) -> dict:
    """Two operands that broadcast, either one the larger."""
    shape = d.shape(0, 4)
    shapes = [shape, d.broadcastable(shape)]
    if d.int(0, 1):
        shapes.reverse()
    return {"a": make(shapes[0]), "b": make(shapes[1])}


def binary(*ops: str):
    return lambda d: node(d.one(*ops), pair(d, lambda s: d.floats(s, special=True)))


INTEGERS = (np.int32, np.int64)


def integer_binary(d: Draw):
    dtype = d.one(*INTEGERS)
    return node(d.one("Add", "Sub", "Mul"), pair(d, lambda s: d.ints(s, dtype)))


def not_zero(x: np.ndarray) -> np.ndarray:
    """Divisors: neither 0 nor -1, whose quotient of the least number doesn't exist."""
    return np.where((x == 0) | (x == np.array(-1).astype(x.dtype)), np.array(3, x.dtype), x)


def integer_division(d: Draw):
    dtype = d.one(*INTEGERS)
    inputs = pair(d, lambda s: d.ints(s, dtype))
    return node("Div", {"a": inputs["a"], "b": not_zero(inputs["b"])})


def modulo(d: Draw):
    dtype = d.one(*INTEGERS)
    # onnxruntime's fmod of int64 goes through double: beyond 2^53 it is no reference.
    inputs = pair(d, lambda s: d.ints(s, dtype) >> (12 if dtype is np.int64 else 0))
    return node("Mod", {"a": inputs["a"], "b": not_zero(inputs["b"])}, fmod=d.int(0, 1))


def float_modulo(d: Draw):
    return node("Mod", pair(d, lambda s: d.floats(s, special=True)), fmod=1)


def compare(d: Draw):
    make = d.one(lambda s: d.floats(s, special=True), lambda s: d.ints(s, np.int32), lambda s: d.ints(s, np.int64))
    return node(d.one("Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal"), pair(d, make))


UNARY = [
    "Abs", "Neg", "Ceil", "Floor", "Round", "Relu", "Sigmoid", "Tanh", "Exp", "Erf", "Sqrt", "Reciprocal", "Sign", "Softplus",
    "Softsign", "LeakyRelu", "Elu", "Selu", "HardSigmoid", "HardSwish", "Gelu", "Log", "IsNaN", "IsInf",
]  # fmt: skip


def unary(op: str):
    return lambda d: node(op, {"x": d.floats(d.shape(1, 4), special=True)})


def where(d: Draw):
    shape = d.shape(1, 4)
    return node(
        "Where",
        {
            "c": d.r.random(d.broadcastable(shape)) < 0.5,
            "a": d.floats(d.broadcastable(shape), special=True),
            "b": d.floats(shape, special=True),
        },
    )


def clip(d: Draw):
    low = d.one(-1.0, 0.0)
    bounds = {"low": np.float32(low), "high": np.float32(low + d.one(0.5, 2.0))}
    return node("Clip", {"x": d.floats(d.shape(1, 4), special=True)}, bounds)


def variadic(d: Draw):
    shape = d.shape(1, 3)
    inputs = {f"x{i}": d.floats(d.broadcastable(shape) if i else shape, special=True) for i in range(d.int(1, 4))}
    return node(d.one("Max", "Min", "Sum", "Mean"), inputs)


def reduction(d: Draw):
    op = d.one("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare")
    # The extreme of nothing and the mean of nothing are undefined; onnxruntime gets the shape of a reduced empty list wrong.
    shape = d.shape(1, 4, zero=False)
    if len(shape) > 1 and op in ("ReduceSum", "ReduceSumSquare", "ReduceL1") and d.int(0, 4) == 0:
        shape[0] = 0
    axes = np.array(d.axes(len(shape)), np.int64)
    return node(op, {"x": d.floats(shape)}, {"axes": axes}, keepdims=d.int(0, 1))


def softmax(d: Draw):
    shape = d.shape(1, 4, zero=False)
    return node(d.one("Softmax", "LogSoftmax"), {"x": d.floats(shape)}, axis=d.axis(len(shape)))


def layer_norm(d: Draw):
    shape = d.shape(2, 4, zero=False)
    axis = d.axis(len(shape))
    tail = shape[axis:]
    return node(
        "LayerNormalization", {"x": d.floats(shape)}, {"s": d.floats(tail), "b": d.floats(tail)}, axis=axis, epsilon=1e-3
    )


def matmul(d: Draw):
    m, k, n = (d.one(1, 2, 3, 5, 6, 7, 8, 9, 11, 13, 16, 17, 31) for _ in range(3))
    batch = d.shape(0, 2, zero=False)
    a, b = [*batch, m, k], [*d.broadcastable(batch), k, n]
    constant = d.int(0, 1)
    weights = {"b": d.floats(b)}
    return node("MatMul", {"a": d.floats(a), **({} if constant else weights)}, weights if constant else {})


def gemm(d: Draw):
    m, k, n = (d.one(1, 2, 3, 5, 7, 8, 9, 12, 17) for _ in range(3))
    ta, tb = d.int(0, 1), d.int(0, 1)
    c = d.one([n], [m, n], [1, n], [m, 1], [1], [])
    inputs = {"a": d.floats([k, m] if ta else [m, k]), "b": d.floats([n, k] if tb else [k, n]), "c": d.floats(c)}
    return node("Gemm", inputs, transA=ta, transB=tb, alpha=d.one(1.0, 0.5), beta=d.one(1.0, 2.0))


def convolution(transposed: bool):
    def make(d: Draw):
        spatial = d.int(1, 3)
        group = d.one(1, 1, 2, 3)
        cin, cout = group * d.one(1, 2, 3, 5), group * d.one(1, 2, 3, 4, 9)
        kernel = [d.int(1, 4 if spatial < 3 else 2) for _ in range(spatial)]
        size = [d.int(9, 15 if spatial < 3 else 10) for _ in range(spatial)]
        # Transposed and SAME, a kernel smaller than its stride has no agreed size: onnxruntime's isn't the standard's.
        most = min(kernel) if transposed else 3
        attributes = {"group": group, "strides": [d.int(1, most) for _ in range(spatial)], "kernel_shape": kernel}
        mode = d.one("pads", "pads", "SAME_UPPER", "SAME_LOWER", "VALID")
        if mode == "pads":
            attributes["pads"] = [d.int(0, k - 1) for k in kernel * 2]
            attributes["dilations"] = [d.int(1, 2) for _ in range(spatial)]
        else:
            attributes["auto_pad"] = mode
        if transposed and mode == "pads":
            attributes["output_padding"] = [d.int(0, s - 1) for s in attributes["strides"]]
        w = [cin, cout // group, *kernel] if transposed else [cout, cin // group, *kernel]
        weights = {"w": d.floats(w, low=-1, high=1), "b": d.floats([cout])}
        constant = d.int(0, 2) > 0
        return node(
            "ConvTranspose" if transposed else "Conv",
            {"x": d.floats([d.int(1, 2), cin, *size]), **({} if constant else weights)},
            weights if constant else {},
            **attributes,
        )

    return make


def pool(d: Draw):
    spatial = d.int(1, 3)
    kernel = [d.int(1, 3) for _ in range(spatial)]
    attributes = {"kernel_shape": kernel, "strides": [d.int(1, 3) for _ in range(spatial)], "ceil_mode": d.int(0, 1)}
    op = d.one("MaxPool", "AveragePool")
    if d.int(0, 2):
        attributes["pads"] = [d.int(0, (k - 1) // 2) for k in kernel * 2]
    elif not attributes["ceil_mode"]:
        attributes["auto_pad"] = d.one("SAME_UPPER", "SAME_LOWER", "VALID")
    if op == "AveragePool":
        attributes["count_include_pad"] = d.int(0, 1)
    return node(op, {"x": d.floats([1, d.int(1, 9), *(d.int(7, 12) for _ in range(spatial))])}, **attributes)


def transpose(d: Draw):
    shape = d.shape(2, 4)
    return node("Transpose", {"x": d.floats(shape)}, perm=[int(p) for p in d.r.permutation(len(shape))])


def concat(d: Draw):
    shape = d.shape(1, 4)
    axis = d.axis(len(shape))
    inputs = {}
    for i in range(d.int(1, 4)):
        dims = list(shape)
        dims[axis] = d.int(0, 9)
        inputs[f"x{i}"] = d.floats(dims)
    return node("Concat", inputs, axis=axis)


def split(d: Draw):
    shape = d.shape(1, 4, zero=False)
    axis = d.axis(len(shape))
    first = d.int(0, shape[axis])
    sizes = np.array([first, shape[axis] - first], np.int64)
    return node("Split", {"x": d.floats(shape)}, {"split": sizes}, outputs=2, axis=axis)


def slice_(d: Draw):
    shape = d.shape(1, 4, zero=False)
    axes = d.axes(len(shape))
    starts = [d.int(-shape[a] - 1, shape[a] + 1) for a in axes]
    ends = [d.one(d.int(-shape[a] - 1, shape[a] + 1), 2**62, -(2**62)) for a in axes]
    steps = [d.one(1, 2, 3, -1, -2) for _ in axes]
    values = zip(["starts", "ends", "axes", "steps"], [starts, ends, axes, steps], strict=True)
    return node("Slice", {"x": d.floats(shape)}, {name: np.array(v, np.int64) for name, v in values})


def pad(d: Draw):
    shape = [dim + 3 for dim in d.shape(1, 4, zero=False)]
    mode = d.one("constant", "edge", "reflect", "wrap")
    pads = np.array([d.int(-1 if mode == "constant" else 0, 2) for _ in shape * 2], np.int64)
    return node("Pad", {"x": d.floats(shape)}, {"pads": pads, "value": np.float32(1.5)}, mode=mode)


def expand(d: Draw):
    shape = d.shape(1, 4)
    return node("Expand", {"x": d.floats(d.broadcastable(shape))}, {"shape": np.array(shape, np.int64)})


def tile(d: Draw):
    shape = d.shape(1, 3)
    return node("Tile", {"x": d.floats(shape)}, {"repeats": np.array([d.int(0, 3) for _ in shape], np.int64)})


def gather(d: Draw):
    shape = d.shape(1, 3, zero=False)
    axis = d.axis(len(shape))
    n = shape[axis]
    indices = d.r.integers(-n, n, d.shape(0, 2)).astype(d.one(*INTEGERS))
    return node("Gather", {"x": d.floats(shape), "i": indices}, axis=axis)


def gather_elements(d: Draw):
    shape = d.shape(1, 3, zero=False)
    axis = d.axis(len(shape))
    n = shape[axis]
    dims = list(shape)
    dims[axis] = d.int(1, 9)
    return node("GatherElements", {"x": d.floats(shape), "i": d.r.integers(-n, n, dims)}, axis=axis)


def scatter_elements(d: Draw):
    shape = d.shape(1, 3, zero=False)
    axis = d.axis(len(shape))
    n = shape[axis]
    # Each place at most once: the order of several updates is not defined.
    order = np.argsort(d.r.random(shape), axis=axis)
    keep = d.int(1, n)
    indices = np.take(order, range(keep), axis=axis).astype(np.int64)
    return node(
        "ScatterElements", {"x": d.floats(shape), "i": indices, "u": d.floats(list(indices.shape))},
        axis=axis, reduction=d.one("none", "add", "mul", "max", "min"),
    )  # fmt: skip


def arg(d: Draw):
    shape = d.shape(1, 4, zero=False)
    x = np.round(d.floats(shape))  # Ties.
    attributes = {"axis": d.axis(len(shape)), "keepdims": d.int(0, 1), "select_last_index": d.int(0, 1)}
    return node(d.one("ArgMax", "ArgMin"), {"x": x}, **attributes)


def top_k(d: Draw):
    shape = d.shape(1, 3, zero=False)
    axis = d.axis(len(shape))
    k = np.array([d.int(1, shape[axis])], np.int64)
    return node("TopK", {"x": d.floats(shape)}, {"k": k}, outputs=2, axis=axis, largest=d.int(0, 1))


def cumulative(d: Draw):
    shape = d.shape(1, 3)
    axis = np.array(d.axis(len(shape)), np.int64)
    return node("CumSum", {"x": d.floats(shape)}, {"axis": axis}, exclusive=d.int(0, 1), reverse=d.int(0, 1))


def cast(d: Draw):
    pairs = [
        (np.float32, np.int32), (np.int32, np.float32), (np.int64, np.float32), (np.float32, np.bool_), (np.int64, np.int8),
        (np.int32, np.uint8), (np.uint8, np.float32), (np.bool_, np.float32), (np.int8, np.int64), (np.float32, np.float64),
    ]  # fmt: skip
    source, target = d.one(*pairs)
    shape = d.shape(1, 3)
    if source is np.float32:
        x = d.floats(shape, low=-1000, high=1000)
    elif source is np.bool_:
        x = d.r.random(shape) < 0.5
    else:
        x = d.ints(shape, source)
    return node("Cast", {"x": x}, to=helper.np_dtype_to_tensor_dtype(np.dtype(target)))


def recurrent(d: Draw):
    op = d.one("LSTM", "GRU", "RNN")
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[op]
    direction = d.one("forward", "reverse", "bidirectional")
    directions = 2 if direction == "bidirectional" else 1
    steps, batch, width, hidden = d.int(1, 5), d.int(1, 3), d.one(1, 3, 8, 9), d.one(1, 3, 4, 8, 11)
    weights = {
        "w": d.floats([directions, gates * hidden, width], low=-1, high=1),
        "r": d.floats([directions, gates * hidden, hidden], low=-1, high=1),
        "b": d.floats([directions, 2 * gates * hidden], low=-1, high=1),
    }
    attributes = {"hidden_size": hidden, "direction": direction}
    if op == "GRU":
        attributes["linear_before_reset"] = d.int(0, 1)
    outputs = 3 if op == "LSTM" else 2
    return node(op, {"x": d.floats([steps, batch, width])}, weights, outputs=outputs, **attributes)


FAMILIES = {
    "binary": binary("Add", "Sub", "Mul", "Div"),
    "integer_binary": integer_binary,
    "integer_division": integer_division,
    "modulo": modulo,
    "float_modulo": float_modulo,
    "compare": compare,
    **{op.lower(): unary(op) for op in UNARY},
    "where": where,
    "clip": clip,
    "variadic": variadic,
    "reduction": reduction,
    "softmax": softmax,
    "layer_norm": layer_norm,
    "matmul": matmul,
    "gemm": gemm,
    "conv": convolution(transposed=False),
    "conv_transpose": convolution(transposed=True),
    "pool": pool,
    "transpose": transpose,
    "concat": concat,
    "split": split,
    "slice": slice_,
    "pad": pad,
    "expand": expand,
    "tile": tile,
    "gather": gather,
    "gather_elements": gather_elements,
    "scatter_elements": scatter_elements,
    "arg": arg,
    "top_k": top_k,
    "cumulative": cumulative,
    "cast": cast,
    "recurrent": recurrent,
    **random_decomposed.families(node),
}
# Functions of one element are simple enough for one test each.
ONCE = {op.lower() for op in UNARY}


def model(name: str, case: tuple) -> tuple[onnx.ModelProto, list[str]]:
    op, inputs, constants, outputs, attributes = case
    infos = [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape) for n, v in inputs.items()]
    names = [f"y{i}" for i in range(outputs)]
    # Graph outputs without a type: onnxruntime's own inference finds it.
    results = [onnx.ValueInfoProto(name=n) for n in names]
    initializers = [onnx.numpy_helper.from_array(np.asarray(v), n) for n, v in constants.items()]
    made = helper.make_node(op, [*inputs, *constants], names, name=op, **attributes)
    # Operands are given by name in the operator's order; constants come behind the inputs, as every family has them.
    graph = helper.make_graph([made], name, infos, results, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), names


def main() -> None:
    warnings.simplefilter("ignore")
    shutil.rmtree(FOLDER, ignore_errors=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # As written: an optimiser's liberties are no reference.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    index = []
    for family, make in FAMILIES.items():
        for round_ in range(1 if family in ONCE else ROUNDS):
            name = f"random_{family}_{round_}"
            seed = [ord(letter) for letter in name]
            case = make(Draw(seed))
            proto, names = model(name, case)
            try:
                session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
                found = session.run(names, case[1])
            except Exception as error:  # noqa: BLE001
                raise SystemExit(f"{name}: onnxruntime refuses {case[0]} {case[4]}: {error}") from None
            typed = onnx.ModelProto()
            typed.CopyFrom(proto)
            for info, value in zip(typed.graph.output, found, strict=True):
                dtype = helper.np_dtype_to_tensor_dtype(value.dtype)
                info.CopyFrom(helper.make_tensor_value_info(info.name, dtype, value.shape))
            content = {
                "rtol": 1e-4,
                "atol": 1e-5,
                "inputs": [generate.tensor(n, v) for n, v in case[1].items()],
                "outputs": [generate.tensor(n, v) for n, v in zip(names, found, strict=True)],
            }
            generate.cache.write(FOLDER / "cases" / f"{name}.json", json.dumps(content).encode())
            generate.cache.write(FOLDER / "cases" / f"{name}.onnx", typed.SerializeToString(deterministic=True))
            empty = {n: list(v.shape) for n, v in case[1].items() if 0 in v.shape}
            entry = {"name": name, "operator": case[0], "domain": "", "opset": 20}
            index.append({**entry, **({"shapes": empty} if empty else {})})
    generate.cache.write(FOLDER / "index.json", json.dumps(index).encode())
    print(f"{len(index)} tests in {FOLDER}")


if __name__ == "__main__":
    main()
