// The kernels that `bench --kernels` measures: tiny models at the import level, a node or a few each.
//
// Weights are splats: their values don't change the time, and the compiler keeps splats of weights as buffers. Streams
// are about 1 MiB, as activations are: they lie in L2 and L3.

/** f32 tensor type of an ONNX shape. */
const tensor = (shape) => `tensor<${[...shape, "f32"].join("x")}>`;
const elements = (shape) => shape.reduce((a, b) => a * b, 1);

/** A node: op, operands, attributes as text; `%name` is its result. */
export const node = (name, op, operands, attributes = "") => ({ name, op, operands, attributes });
/** A constant of one value. */
export const constant = (name, shape, value = 0.25) =>
  node(name, "Constant", [], `value = dense<${value.toExponential(3)}> : ${tensor(shape)}`);
/** A vector of parameters that differ. */
const parameters = (name, n, from) =>
  node(name, "Constant", [], `value = dense<[${Array.from({ length: n }, (_, i) => (from + (i % 7) / 8).toExponential(3)).join(", ")}]> : tensor<${n}xf32>`);
const ints = (name, values) =>
  node(name, "Constant", [], `value = dense<[${values.join(", ")}]> : tensor<${values.length}xi64>`);

/**
 * The text of a model at the import level.
 * @param {Record<string, number[]>} inputs shapes by name
 * @param {object[]} nodes the last one's result is the output y
 */
export function importText(inputs, nodes, opset = 20) {
  const types = new Map(Object.entries(inputs).map(([name, shape]) => [name, tensor(shape)]));
  const parameters = [...types].map(([name, type]) => `%${name}: ${type} {weft.name = "${name}", weft.dtype = "float32"}`);
  const value = '!onnx.value {weft.name = "y", weft.dtype = "float32"}';
  const lines = nodes.map(({ name, op, operands, attributes }) => {
    const from = operands.map((operand) => types.get(operand) ?? "!onnx.value").join(", ");
    const used = operands.map((operand) => `%${operand}`).join(", ");
    return `    %${name} = "onnx.${op}"(${used}) {${attributes}} : (${from}) -> !onnx.value`;
  });
  return [
    'module attributes {weft.level = "import", weft.model = "kernel"} {',
    `  func.func @main(${parameters.join(", ")}) -> (${value}) attributes {onnx.opset = ${opset} : i64} {`,
    ...lines,
    `    return %${nodes.at(-1).name} : !onnx.value`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** A kernel that moves or computes data: `bytes` are those of inputs and output, each once. */
function stream(family, name, inputs, output, nodes) {
  const read = Object.values(inputs).reduce((sum, shape) => sum + 4 * elements(shape), 0);
  return { family, name, inputs, nodes, read, written: 4 * elements(output), flops: 0 };
}

const X = [256, 1024];

/** An elementwise function of one tensor; `probe` is the function of one vector. */
function unary(op, family = "function") {
  const nodes = [node("y", op, ["x"])];
  return { ...stream(family, op, { x: X }, X, nodes), probe: importText({ x: [4] }, nodes) };
}

const broadcast = (name, shape, other) =>
  stream("broadcast", name, { x: shape, z: other }, shape, [node("y", "Add", ["x", "z"])]);

function reduction(op, axis, shape) {
  const output = shape.filter((_, i) => i !== axis);
  const nodes = [ints("a", [axis]), node("y", op, ["x", "a"], "keepdims = 0 : i64")];
  // A maximum that lets NaN through is three instructions.
  const extra = op === "ReduceMax" ? 3 : 1;
  const kernel = stream("reduction", `${op} ${shape.join("x")} axis ${axis}`, { x: shape }, output, nodes);
  return { ...kernel, extra };
}

/** Softmax computes an exponential, a maximum (two), a difference, a sum and a product an element. */
const softmax = (shape) => ({
  ...stream("softmax", `Softmax ${shape.join("x")}`, { x: shape }, shape, [node("y", "Softmax", ["x"])]),
  probe: importText({ x: [4] }, [node("y", "Exp", ["x"])]),
  extra: 5,
});

/**
 * Layer normalisation, as the operator or written out. An element takes a sum; a difference and a multiply-add; a
 * difference, a product and a multiply-add.
 */
function layerNorm(shape, writtenOut) {
  const n = shape.at(-1);
  const affine = [parameters("s", n, 0.75), parameters("b", n, -0.25)];
  const operator = [node("y", "LayerNormalization", ["x", "s", "b"])];
  const steps = [
    ints("a", [-1]),
    node("m", "ReduceMean", ["x", "a"]),
    node("c", "Sub", ["x", "m"]),
    constant("two", [], 2),
    node("q", "Pow", ["c", "two"]),
    node("v", "ReduceMean", ["q", "a"]),
    constant("e", [], 1e-5),
    node("w", "Add", ["v", "e"]),
    node("d", "Sqrt", ["w"]),
    node("n", "Div", ["c", "d"]),
    node("t", "Mul", ["n", "s"]),
    node("y", "Add", ["t", "b"]),
  ];
  const name = `LayerNorm ${shape.join("x")}${writtenOut ? ", written out" : ""}`;
  return { ...stream("layer norm", name, { x: shape }, shape, [...affine, ...(writtenOut ? steps : operator)]), extra: 6 };
}

function transpose(shape, perm) {
  const output = perm.map((p) => shape[p]);
  const nodes = [node("y", "Transpose", ["x"], `perm = [${perm.join(", ")}]`)];
  return stream("transpose", `${shape.join("x")} by ${perm.join("")}`, { x: shape }, output, nodes);
}

const copies = () => [
  stream("copy", "Concat of channels", { x: [4, 32, 1024], z: [4, 16, 1024] }, [4, 48, 1024], [
    node("y", "Concat", ["x", "z"], "axis = 1 : i64"),
  ]),
  stream("copy", "Slice of columns", { x: [256, 1024] }, [256, 768], [
    ints("s", [128]), ints("e", [896]), ints("a", [1]),
    node("y", "Slice", ["x", "s", "e", "a"]),
  ]),
  stream("copy", "Pad 64x60x60", { x: [1, 64, 60, 60] }, [1, 64, 62, 62], [
    ints("p", [0, 0, 1, 1, 0, 0, 1, 1]),
    node("y", "Pad", ["x", "p"], 'mode = "constant"'),
  ]),
  stream("copy", "DepthToSpace 64x64x64", { x: [1, 64, 64, 64] }, [1, 16, 128, 128], [
    node("y", "DepthToSpace", ["x"], "blocksize = 2 : i64"),
  ]),
];

/** A product; `b` is a constant or, with `dynamic`, an input. */
function product(name, a, b, output, { dynamic = false, before = [], nodes } = {}) {
  const k = a.at(-1);
  const inputs = dynamic ? { x: a, w: b } : { x: a };
  const flops = 2 * elements(output) * k;
  const body = [...(dynamic ? [] : [constant("w", b, 0.01)]), ...before, ...(nodes ?? [node("y", "MatMul", ["x", "w"])])];
  const kernel = stream("product", name, inputs, output, body);
  // A constant right side is read too.
  return { ...kernel, read: kernel.read + (dynamic ? 0 : 4 * elements(b)), flops };
}

/** M x K times a constant K x N. */
const gemm = (m, n, k) => product(`GEMM ${m}x${n}x${k}`, [m, k], [k, n], [m, n]);

/** Scores of attention: queries times keys, both as heads x tokens x width. */
const scores = (heads, tokens, width) =>
  product(`Q K' ${heads}x${tokens}x${width}`, [heads, tokens, width], [heads, tokens, width], [heads, tokens, tokens], {
    dynamic: true,
    nodes: [node("t", "Transpose", ["w"], "perm = [0, 2, 1]"), node("y", "MatMul", ["x", "t"])],
  });

const batched = (batch, m, n, k) =>
  product(`batched ${batch}x${m}x${n}x${k}`, [batch, m, k], [batch, k, n], [batch, m, n], { dynamic: true });

/** A product with GELU behind it. */
const withGelu = (m, n, k) => ({
  ...product(`GEMM ${m}x${n}x${k} + bias, GELU`, [m, k], [k, n], [m, n], {
    before: [constant("b", [n])],
    nodes: [node("p", "MatMul", ["x", "w"]), node("q", "Add", ["p", "b"]), node("y", "Gelu", ["q"])],
  }),
  probe: importText({ x: [4] }, [node("y", "Gelu", ["x"])]),
  extra: 1,
});

/** A 1x1 convolution from `cin` to `cout` channels, channels last as in the middle of a network. */
function pointwise(size, cin, cout) {
  const output = [1, size, size, cout];
  const rows = size * size;
  // NHWC to NCHW and back, so that only the product is left.
  const nodes = [
    constant("w", [cout, cin, 1, 1], 0.01),
    node("t", "Transpose", ["x"], "perm = [0, 3, 1, 2]"),
    node("c", "Conv", ["t", "w"], "kernel_shape = [1, 1]"),
    node("y", "Transpose", ["c"], "perm = [0, 2, 3, 1]"),
  ];
  const kernel = stream("product", `1x1 conv ${size}x${size} ${cin}->${cout}`, { x: [1, size, size, cin] }, output, nodes);
  return { ...kernel, read: kernel.read + 4 * cin * cout, flops: 2 * rows * cin * cout };
}

/** All kernels, by family. */
export const CATALOG = [
  stream("elementwise", "Add", { x: X, z: X }, X, [node("y", "Add", ["x", "z"])]),
  stream("elementwise", "Add, Relu", { x: X, z: X }, X, [node("s", "Add", ["x", "z"]), node("y", "Relu", ["s"])]),
  unary("HardSwish", "elementwise"),
  broadcast("along rows", X, [1024]),
  broadcast("along columns", X, [256, 1]),
  broadcast("in the middle", [4, 64, 1024], [64, 1]),
  broadcast("rows of 51", [5000, 51], [51]),
  unary("Exp"),
  unary("Sigmoid"),
  unary("Tanh"),
  unary("Erf"),
  unary("Gelu"),
  reduction("ReduceMean", 1, X),
  reduction("ReduceMax", 1, X),
  reduction("ReduceMean", 0, X),
  reduction("ReduceSum", 1, [16, 64, 256]),
  reduction("ReduceSum", 1, [2000, 131]),
  softmax([1536, 128]),
  softmax([256, 1000]),
  layerNorm([256, 384], false),
  layerNorm([256, 384], true),
  layerNorm([128, 1024], false),
  transpose([512, 512], [1, 0]),
  transpose([96, 3136], [1, 0]),
  transpose([3136, 96], [1, 0]),
  transpose([128, 12, 64], [1, 0, 2]),
  transpose([8, 32, 16, 64], [0, 2, 3, 1]),
  ...copies(),
  gemm(128, 384, 384),
  gemm(128, 1536, 384),
  gemm(128, 384, 1536),
  gemm(196, 512, 256),
  gemm(127, 387, 385),
  gemm(40, 97, 120),
  gemm(7, 512, 512),
  gemm(12, 256, 256),
  gemm(1, 1000, 1280),
  withGelu(128, 1536, 384),
  scores(12, 128, 64),
  batched(12, 128, 64, 128),
  pointwise(56, 64, 256),
  pointwise(28, 128, 512),
  pointwise(14, 576, 96),
  pointwise(7, 960, 320),
];
