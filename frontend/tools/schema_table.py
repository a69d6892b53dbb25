"""Writes src/onnx/schema_table.rs from the operator schemas of the installed `onnx` package.

Run with the Python of the reference environment: `.cache/venv/bin/python frontend/tools/schema_table.py`.
"""

from pathlib import Path

import onnx
from onnx import defs

OUT = Path(__file__).parent.parent / "src" / "onnx" / "schema_table.rs"
KINDS = {
    "FLOAT": "Float", "INT": "Int", "STRING": "Str", "TENSOR": "Tensor", "GRAPH": "Graph",
    "SPARSE_TENSOR": "SparseTensor", "TYPE_PROTO": "Type", "FLOATS": "Floats", "INTS": "Ints",
    "STRINGS": "Strings", "TENSORS": "Tensors", "GRAPHS": "Graphs", "SPARSE_TENSORS": "SparseTensors",
    "TYPE_PROTOS": "Types",
}
VARIADIC = 2147483647


def arity(low, high):
    return f"({low}, {'MANY' if high >= VARIADIC else high})"


def row(schema):
    attributes = ", ".join(
        f'("{a.name}", {KINDS[a.type.name]}, {"REQ" if a.required else "OPT"})'
        for a in sorted(schema.attributes.values(), key=lambda a: a.name)
    )
    # Inputs before `min_input` are required, but for leading ones (of Loop and the first Scan).
    optional = [i.option.name == "Optional" for i in schema.inputs[: schema.min_input]]
    omittable = sum(optional)
    assert all(optional[:omittable]), schema.name
    state = "Removed" if schema.deprecated else "Current"
    return (
        f'    Schema {{ name: "{schema.name}", since: {schema.since_version}, state: {state}, '
        f"inputs: {arity(schema.min_input, schema.max_input)}, omittable: {omittable}, "
        f"outputs: {arity(schema.min_output, schema.max_output)}, attributes: &[{attributes}] }},"
    )


def main():
    schemas = sorted(defs.get_all_schemas_with_history(), key=lambda s: (s.name, s.since_version))
    lines = [
        f"// Made by frontend/tools/schema_table.py from onnx {onnx.__version__}. Don't edit.",
        "//! The operators of ONNX's own domains, every version, sorted by name and version.",
        "",
        "use super::AttributeKind::*;",
        "use super::State::*;",
        "use super::{Domain, MANY, OPT, REQ, Schema};",
        "",
        "pub(super) static DOMAINS: &[Domain] = &[",
    ]
    tables = []
    for domain in sorted({s.domain for s in schemas}):
        const = (domain or "ai.onnx").upper().replace(".", "_")
        newest = defs.onnx_opset_version() if domain == "" else max(s.since_version for s in schemas if s.domain == domain)
        lines.append(f'    Domain {{ name: "{domain}", newest: {newest}, schemas: {const} }},')
        tables += ["", f"static {const}: &[Schema] = &["]
        tables += [row(s) for s in schemas if s.domain == domain]
        tables.append("];")
    lines += ["];"] + tables
    OUT.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
