"""Collects small models from .cache as seeds of both fuzz targets: run `cargo xtask test` first, which puts them there."""

import hashlib
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
CACHE = HERE.parent.parent / ".cache"
LARGEST = 16 << 10


def main() -> None:
    models = [*CACHE.glob("conformance/cases/**/*.onnx"), *HERE.glob("finds/*.onnx")]
    seeds = {hashlib.sha256(data).hexdigest()[:16]: data for path in models if len(data := path.read_bytes()) <= LARGEST}
    for target in ["import", "compile"]:
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in seeds.items():
            (folder / name).write_bytes(data)
    print(f"{len(seeds)} seeds")


if __name__ == "__main__":
    main()
