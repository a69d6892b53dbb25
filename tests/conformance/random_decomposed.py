"""Families of random_tests.py for operators that are made of others: equations, quantised numbers, norms, powers, spectra."""

import numpy as np

FUNCTIONS = ["Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh"]
QUANTISED = (np.uint8, np.int8)


def families(node) -> dict:
    """By name; `node` makes a case."""

    def function(d):
        return node(d.one(*FUNCTIONS), {"x": d.floats(d.shape(1, 3), special=True, low=-30.0, high=30.0)})

    def power(d):
        a, b = d.floats(d.shape(1, 3), special=True), None
        b = d.floats(d.broadcastable(list(a.shape)), special=True, low=-3.0, high=3.0)
        return node("Pow", {"a": a, "b": np.round(b) if d.int(0, 1) else b})

    def integer_power(d):
        dtype = d.one(np.int32, np.int64)
        shape = d.shape(1, 3)
        a = d.r.integers(-5, 6, shape).astype(dtype)
        return node("Pow", {"a": a, "b": d.r.integers(0, 9, d.broadcastable(shape)).astype(d.one(np.int32, np.int64))})

    def shift(d):
        dtype = d.one(np.uint8, np.uint32, np.uint64)
        shape = d.shape(1, 3)
        bits = np.iinfo(dtype).bits
        inputs = {"a": d.ints(shape, dtype), "b": d.r.integers(0, bits, d.broadcastable(shape)).astype(dtype)}
        return node("BitShift", inputs, direction=d.one("LEFT", "RIGHT"))

    def bitwise(d):
        dtype = d.one(np.int8, np.uint16, np.int32, np.int64)
        shape = d.shape(1, 3)
        inputs = {"a": d.ints(shape, dtype), "b": d.ints(d.broadcastable(shape), dtype)}
        return node(d.one("BitwiseAnd", "BitwiseOr", "BitwiseXor"), inputs)

    def einsum(d):
        equation = d.one(
            "ij,jk->ik", "bij,bjk->bik", "bij,jk", "bhqd,bhkd->bhqk", "i,j->ij", "ij->ji", "ij->", "bij->bj", "ii->i", "ij,ij->i",
            "bij,kj,kl->bil", "...ij,...jk->...ik", "i...->...", "abc,cd,def->ab", "ijk,jil->kl", "ab,bc,ca->",
        )  # fmt: skip
        sizes = {c: d.one(1, 2, 3, 5, 8, 9) for c in "abcdefhijklqk"}
        dots = [d.one(2, 3) for _ in range(d.int(0, 2))]
        terms = equation.split("->")[0].split(",")
        shapes = []
        for term in terms:
            left, found, right = term.partition("...")
            shapes.append([sizes[c] for c in left] + (dots if found else []) + [sizes[c] for c in right])
        return node("Einsum", {f"x{i}": d.floats(s) for i, s in enumerate(shapes)}, equation=equation)

    def quantize(d):
        dtype = d.one(*QUANTISED)
        shape = d.shape(1, 4)
        axis = d.axis(len(shape))
        n = [shape[axis]] if d.int(0, 1) else []
        x = np.round(d.floats(shape, low=-40.0, high=40.0) * 4) / 4  # halves among them
        scale = d.r.choice([0.25, 0.5, 1.0, 2.0], n).astype(np.float32)
        return node("QuantizeLinear", {"x": x, "s": scale}, {"z": d.ints(n, dtype)}, axis=axis)

    def dequantize(d):
        dtype = d.one(*QUANTISED)
        shape = d.shape(1, 4)
        axis = d.axis(len(shape))
        n = [shape[axis]] if d.int(0, 1) else []
        return node("DequantizeLinear", {"x": d.ints(shape, dtype), "s": d.floats(n)}, {"z": d.ints(n, dtype)}, axis=axis)

    def dynamic(d):
        return node("DynamicQuantizeLinear", {"x": d.floats(d.shape(1, 3, zero=False))}, outputs=3)

    def matmul_integer(d):
        m, k, n = d.one(1, 3, 6, 7), d.one(1, 8, 300, 700), d.one(1, 8, 9)
        left, right = d.one(*QUANTISED), d.one(*QUANTISED)
        b = {"b": d.ints([k, n], right)}
        zeros = {"za": d.ints([], left), "zb": d.ints(d.one([], [n]), right)}
        return node("MatMulInteger", {"a": d.ints([*d.shape(0, 1, zero=False), m, k], left), **b}, zeros)

    def matmul_quantised(d):
        m, k, n = d.one(1, 3, 6), d.one(1, 8, 40), d.one(1, 8, 9)
        one = np.float32
        dtype = d.one(*QUANTISED)
        inputs = {
            "a": d.ints([m, k], dtype), "sa": one(0.25), "za": d.ints([], dtype),
            "b": d.ints([k, n], dtype), "sb": one(0.5), "zb": d.ints([], dtype),
            "sy": one(d.one(4.0, 64.0)), "zy": d.ints([], dtype),
        }  # fmt: skip
        return node("QLinearMatMul", inputs)

    def convolution(d):
        group = d.one(1, 1, 2)
        cin, cout, kernel = group * d.one(1, 2, 70), group * d.one(1, 3, 8), [d.int(1, 3), d.int(1, 3)]
        attributes = {"group": group, "pads": [d.int(0, k - 1) for k in kernel * 2], "strides": [d.int(1, 2), d.int(1, 2)]}
        x, w = d.ints([d.int(1, 2), cin, 7, 8], np.uint8), d.ints([cout, cin // group, *kernel], np.uint8)
        zeros = {"zx": d.ints([], np.uint8), "zw": d.ints([], np.uint8)}
        if d.int(0, 1):
            return node("ConvInteger", {"x": x, "w": w}, zeros, **attributes)
        one = np.float32
        inputs = {
            "x": x, "sx": one(0.5), "zx": zeros["zx"], "w": w.astype(np.int8), "sw": d.r.choice([0.25, 0.5], [cout]).astype(one),
            "zw": np.zeros([cout], np.int8), "sy": one(256.0), "zy": d.ints([], np.uint8),
            "b": d.r.integers(-5000, 5000, [cout]).astype(np.int32),
        }  # fmt: skip
        return node("QLinearConv", inputs, **attributes)

    def norm(d):
        shape = d.shape(3, 4, zero=False)
        x = d.floats(shape)
        op = d.one("Hardmax", "LpNormalization", "LRN", "MeanVarianceNormalization")
        attributes = {
            "Hardmax": {"axis": d.axis(len(shape))},
            "LpNormalization": {"axis": d.axis(len(shape)), "p": d.int(1, 2)},
            "LRN": {"size": d.one(1, 3, 5), "alpha": 0.01, "beta": 0.6, "bias": 1.5},
            "MeanVarianceNormalization": {"axes": sorted(int(a) for a in d.r.permutation(len(shape))[: d.int(1, 3)])},
        }[op]
        if op == "LRN":
            x = x.reshape([*shape[:2], -1, 1])
        return node(op, {"x": x}, **attributes)

    def lp_pool(d):
        spatial = d.int(1, 3)
        kernel = [d.int(1, 3) for _ in range(spatial)]
        attributes = {"kernel_shape": kernel, "strides": [d.int(1, 3) for _ in range(spatial)], "p": d.int(1, 3)}
        attributes["pads"] = [d.int(0, (k - 1) // 2) for k in kernel * 2]
        return node("LpPool", {"x": d.floats([1, d.int(1, 9), *(d.int(7, 12) for _ in range(spatial))])}, **attributes)

    def determinant(d):
        n = d.int(1, 5)
        return node("Det", {"x": d.floats([*d.shape(0, 2, zero=False), n, n])})

    def spectrum(d):
        n = d.one(1, 2, 3, 8, 9, 16)
        inverse = d.int(0, 1)
        one_sided = 0 if inverse else d.int(0, 1)
        parts = 2 if inverse else d.one(1, 1 if one_sided else 2)
        x = d.floats([d.int(1, 3), n, parts])
        return node("DFT", {"x": x}, {"n": np.int64(d.one(n, n + 3, max(n - 2, 1)))}, inverse=inverse, onesided=one_sided)

    def frames(d):
        n = d.one(4, 8, 9)
        constants = {"step": np.int64(d.int(1, 5)), "w": d.floats([n], low=0.0, high=1.0)}
        # Small: where a sum is 0, onnxruntime has its rounding left.
        x = d.floats([d.int(1, 2), d.int(20, 40), 1], low=-0.2, high=0.2)
        return node("STFT", {"x": x}, constants, onesided=d.int(0, 1))

    return {
        "function": function,
        "power": power,
        "integer_power": integer_power,
        "shift": shift,
        "bitwise": bitwise,
        "einsum": einsum,
        "quantize": quantize,
        "dequantize": dequantize,
        "dynamic_quantize": dynamic,
        "matmul_integer": matmul_integer,
        "matmul_quantised": matmul_quantised,
        "conv_quantised": convolution,
        "norm": norm,
        "lp_pool": lp_pool,
        "determinant": determinant,
        "spectrum": spectrum,
        "frames": frames,
    }
