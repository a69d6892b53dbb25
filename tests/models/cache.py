"""Where models and references are kept: the pins and the paths under the ignored folder .cache."""

import hashlib
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = ROOT / ".cache"
MODELS = CACHE / "models"
REFERENCE = CACHE / "reference"


def pins() -> list[dict]:
    """Every model that tests and benchmarks know, in the order of pins.json."""
    return json.loads((HERE / "pins.json").read_text(encoding="utf-8"))


def pin(name: str) -> dict:
    """The pin called `name`; exits with the known names if there is none."""
    for candidate in pins():
        if candidate["name"] == name:
            return candidate
    known = ", ".join(p["name"] for p in pins())
    raise SystemExit(f"no model is called {name!r}; pins.json has: {known}")


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def write(path: pathlib.Path, data: bytes) -> None:
    """Writes beside `path`, then renames: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
