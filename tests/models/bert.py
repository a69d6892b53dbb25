"""Makes a BERT-like encoder (6 layers, width 384, 12 heads, 128 tokens) with seeded random weights: python bert.py

The graph is that of an ordinary export: ids and mask are int64, heads are split by Reshape and Transpose, the mask is
added to the scaled scores, GELU is written by Erf. Even layers write their layer norms out (ReduceMean, Sub, Pow, ...), as
exporters before opset 17 do; odd ones have LayerNormalization. The script checks that the network tells two inputs
apart, and that the mask matters.
"""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto

import cache
import network

SEED = 21
LAYERS, WIDTH, HEADS, TOKENS, INNER, VOCABULARY = 6, 384, 12, 128, 1536, 2000
HEAD = WIDTH // HEADS


class Builder(network.Builder):
    """The network's layers."""

    def weight(self, name: str, shape: tuple[int, ...], scale: float) -> str:
        return self.constant(name, self.random.standard_normal(shape) * scale)

    def dense(self, name: str, x: str, cin: int, cout: int) -> str:
        y = self.node("MatMul", f"{name}/MatMul", [x, self.weight(f"{name}.weight", (cin, cout), cin**-0.5)])
        return self.node("Add", f"{name}/Add", [self.weight(f"{name}.bias", (cout,), 0.1), y])

    def layer_norm(self, name: str, x: str, written_out: bool) -> str:
        scale = self.constant(f"{name}.weight", self.random.uniform(0.6, 1.4, WIDTH))
        bias = self.weight(f"{name}.bias", (WIDTH,), 0.1)
        if not written_out:
            return self.node("LayerNormalization", name, [x, scale, bias], axis=-1, epsilon=1e-12)
        mean = self.node("ReduceMean", f"{name}/ReduceMean", [x], axes=[-1])
        centred = self.node("Sub", f"{name}/Sub", [x, mean])
        square = self.node("Pow", f"{name}/Pow", [centred, self.constant("two", 2.0)])
        variance = self.node("ReduceMean", f"{name}/ReduceMean_1", [square], axes=[-1])
        shifted = self.node("Add", f"{name}/Add", [variance, self.constant("epsilon", 1e-12)])
        deviation = self.node("Sqrt", f"{name}/Sqrt", [shifted])
        y = self.node("Div", f"{name}/Div", [centred, deviation])
        y = self.node("Mul", f"{name}/Mul", [y, scale])
        return self.node("Add", f"{name}/Add_1", [y, bias])

    def heads(self, name: str, x: str, perm: list[int]) -> str:
        shape = self.constant("by_head", [1, TOKENS, HEADS, HEAD], np.int64)
        return self.node("Transpose", f"{name}/Transpose", [self.node("Reshape", f"{name}/Reshape", [x, shape])], perm=perm)

    def attention(self, name: str, x: str, mask: str) -> str:
        q = self.heads(f"{name}/query", self.dense(f"{name}.query", x, WIDTH, WIDTH), [0, 2, 1, 3])
        k = self.heads(f"{name}/key", self.dense(f"{name}.key", x, WIDTH, WIDTH), [0, 2, 3, 1])
        v = self.heads(f"{name}/value", self.dense(f"{name}.value", x, WIDTH, WIDTH), [0, 2, 1, 3])
        scores = self.node("MatMul", f"{name}/MatMul", [q, k])
        scores = self.node("Div", f"{name}/Div", [scores, self.constant("root_of_head", HEAD**0.5)])
        scores = self.node("Add", f"{name}/Add", [scores, mask])
        weights = self.node("Softmax", f"{name}/Softmax", [scores], axis=-1)
        y = self.node("MatMul", f"{name}/MatMul_1", [weights, v])
        y = self.node("Transpose", f"{name}/Transpose", [y], perm=[0, 2, 1, 3])
        y = self.node("Reshape", f"{name}/Reshape", [y, self.constant("joined", [1, TOKENS, WIDTH], np.int64)])
        return self.dense(f"{name}.output", y, WIDTH, WIDTH)

    def gelu(self, name: str, x: str) -> str:
        y = self.node("Div", f"{name}/Div", [x, self.constant("root_of_two", 2**0.5)])
        y = self.node("Erf", f"{name}/Erf", [y])
        y = self.node("Add", f"{name}/Add", [y, self.constant("one", 1.0)])
        y = self.node("Mul", f"{name}/Mul", [x, y])
        return self.node("Mul", f"{name}/Mul_1", [y, self.constant("half", 0.5)])

    def layer(self, index: int, x: str, mask: str) -> str:
        name, written_out = f"/encoder/{index}", index % 2 == 0
        y = self.node("Add", f"{name}/attention/residual", [self.attention(f"{name}/attention", x, mask), x])
        x = self.layer_norm(f"{name}/attention/norm", y, written_out)
        y = self.gelu(f"{name}/gelu", self.dense(f"{name}/intermediate", x, WIDTH, INNER))
        y = self.node("Add", f"{name}/residual", [self.dense(f"{name}/output", y, INNER, WIDTH), x])
        return self.layer_norm(f"{name}/norm", y, written_out)

    def embeddings(self) -> str:
        words = self.weight("words", (VOCABULARY, WIDTH), 1.0)
        x = self.node("Gather", "/embeddings/words", [words, "input_ids"], axis=0)
        x = self.node("Add", "/embeddings/Add", [x, self.weight("positions", (1, TOKENS, WIDTH), 0.3)])
        return self.layer_norm("/embeddings/norm", x, True)

    def mask(self) -> str:
        """0 for tokens that count, a large negative number for the others, to be added to the scores."""
        y = self.node("Unsqueeze", "/mask/Unsqueeze", ["attention_mask", self.constant("mask_axes", [1, 2], np.int64)])
        y = self.node("Cast", "/mask/Cast", [y], to=TensorProto.FLOAT)
        y = self.node("Sub", "/mask/Sub", [self.constant("one", 1.0), y])
        return self.node("Mul", "/mask/Mul", [y, self.constant("lowest", -10000.0)])


def bert() -> onnx.ModelProto:
    """The model, checked by onnx."""
    b = Builder(SEED)
    x, mask = b.embeddings(), b.mask()
    for index in range(LAYERS):
        x = b.layer(index, x, mask)
    b.node("Identity", "last", [x])
    b.output("last_hidden_state")
    ids = (TensorProto.INT64, [1, TOKENS])
    hidden = (TensorProto.FLOAT, [1, TOKENS, WIDTH])
    return b.model("bert", {"input_ids": ids, "attention_mask": ids}, {"last_hidden_state": hidden}, 17)


def check_sensitivity(model: bytes) -> None:
    """Exits unless other ids, and another mask, change the output by more than 1 % of its largest magnitude."""
    random = np.random.default_rng(1)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    ids, others = (random.integers(0, VOCABULARY, (1, TOKENS)) for _ in range(2))
    mask = np.ones((1, TOKENS), np.int64)
    shorter = mask.copy()
    shorter[:, TOKENS // 2 :] = 0
    y, *changed = (
        session.run(None, {"input_ids": i, "attention_mask": m})[0][:, : TOKENS // 2]
        for i, m in [(ids, mask), (others, mask), (ids, shorter)]
    )
    for what, other in zip(["ids", "mask"], changed, strict=True):
        difference = float(np.abs(y - other).max() / np.abs(y).max())
        if not difference > 1e-2:
            raise SystemExit(f"bert: another {what} changes the output by {difference:.1e} of the largest only")


def main() -> None:
    model = bert().SerializeToString()
    check_sensitivity(model)
    path = cache.MODELS / "bert.onnx"
    cache.write(path, model)
    print(path)


if __name__ == "__main__":
    main()
