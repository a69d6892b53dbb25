"""Writes the ONNX project's node tests into .cache/conformance: python generate.py

The tests are functions of the pinned onnx package that make a model, its inputs and the outputs that it must give; the
package seeds numpy before each of them, so the files come out the same every time. Every input stays an input of the
model. Into cases/ go NAME.onnx and NAME.json, which holds the tolerances and the tensors (elements little endian, in
base64); index.json lists the tests with operator, domain and the version of the operator set.
"""

import base64
import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "models"))
import cache  # noqa: E402

FOLDER = cache.CACHE / "conformance"
# Element types that an array in JavaScript can hold. Tests of others have no tensors here: compiling them must fail.
DTYPES = {
    TensorProto.FLOAT: "float32",
    TensorProto.DOUBLE: "float64",
    TensorProto.FLOAT16: "float16",
    TensorProto.BFLOAT16: "bfloat16",
    TensorProto.INT8: "int8",
    TensorProto.INT16: "int16",
    TensorProto.INT32: "int32",
    TensorProto.INT64: "int64",
    TensorProto.UINT8: "uint8",
    TensorProto.UINT16: "uint16",
    TensorProto.UINT32: "uint32",
    TensorProto.UINT64: "uint64",
    TensorProto.BOOL: "bool",
    # One element a byte.
    TensorProto.FLOAT8E4M3FN: "float8e4m3fn",
    TensorProto.FLOAT8E4M3FNUZ: "float8e4m3fnuz",
    TensorProto.FLOAT8E5M2: "float8e5m2",
    TensorProto.FLOAT8E5M2FNUZ: "float8e5m2fnuz",
    TensorProto.FLOAT4E2M1: "float4e2m1",
    TensorProto.INT4: "int4",
    TensorProto.UINT4: "uint4",
}


def tensor(name: str, value) -> dict:
    """A tensor with its elements; sequences, optionals and other element types by name only."""
    if isinstance(value, TensorProto):
        dtype = DTYPES.get(value.data_type)
        array = numpy_helper.to_array(value) if dtype else None
    elif isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        dtype = None if array.dtype == object else DTYPES.get(helper.np_dtype_to_tensor_dtype(array.dtype))
    else:
        dtype = None
    if dtype is None:
        return {"name": name}
    data = base64.b64encode((array.astype(np.int8) if dtype in ("int4", "uint4") else array).tobytes()).decode("ascii")
    return {"name": name, "dtype": dtype, "dims": list(array.shape), "data": data}


def operator(name: str, nodes: dict) -> onnx.NodeProto:
    """The node under test; a test of the operator's definition as a function is named after the node's own test."""
    own = name[: name.rfind("_expanded")]
    return nodes[own] if own in nodes else nodes[name]


def opset(model: onnx.ModelProto, domain: str) -> int:
    return next(s.version for s in model.opset_import if s.domain in ({domain} if domain else {"", "ai.onnx"}))


def main() -> None:
    if sys.byteorder != "little":
        raise SystemExit("this script writes the machine's own byte order, which has to be little endian")
    warnings.simplefilter("ignore")  # Some tests overflow on purpose.
    cases = sorted(collect_testcases(), key=lambda case: case.name)
    nodes = {case.name: case.model.graph.node[0] for case in cases}
    shutil.rmtree(FOLDER / "cases", ignore_errors=True)
    index = []
    for case in cases:
        graph, [(inputs, outputs)] = case.model.graph, case.data_sets
        content = {
            "rtol": case.rtol,
            "atol": case.atol,
            "inputs": [tensor(info.name, value) for info, value in zip(graph.input, inputs, strict=True)],
            "outputs": [tensor(info.name, value) for info, value in zip(graph.output, outputs, strict=True)],
        }
        cache.write(FOLDER / "cases" / f"{case.name}.json", json.dumps(content).encode())
        cache.write(FOLDER / "cases" / f"{case.name}.onnx", case.model.SerializeToString(deterministic=True))
        node = operator(case.name, nodes)
        domain = "" if node.domain == "ai.onnx" else node.domain
        entry = {"name": case.name, "operator": node.op_type, "domain": domain, "opset": opset(case.model, domain)}
        # Files of models in use have 0 where a dim is unknown, so an empty one has to be told to the compiler.
        empty = {info["name"]: info["dims"] for info in content["inputs"] if 0 in info.get("dims", [])}
        index.append({**entry, **({"shapes": empty} if empty else {})})
    # Last: who finds it finds the rest.
    cache.write(FOLDER / "index.json", json.dumps(index).encode())
    print(f"{len(index)} tests in {FOLDER}")


if __name__ == "__main__":
    main()
