"""Pictures with text, drawn with Pillow's own typeface: the inputs that text detectors and recognisers need.

As a program it writes the picture of a line: python picture.py line.png

A recogniser's output for noise is noise: the scores of a detector are then so small that two correct implementations
differ by more than a comparison can allow. A picture settles it.
"""

import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LINE = "Weft reads 2026"
PAGE = ["A page of text", "for the detector", "three lines, 12 words", "in all sizes"]
INK, PAPER = 24, 232


def line(height: int, width: int, text: str = LINE) -> Image.Image:
    """One line of text that fills the height, at the left."""
    picture = Image.new("L", (width, height), PAPER)
    size = height * 0.7
    while ImageFont.load_default(size).getlength(text) > width * 0.95:
        size *= 0.95
    ImageDraw.Draw(picture).text((width * 0.02, height / 2), text, INK, ImageFont.load_default(size), anchor="lm")
    return picture


def page(height: int, width: int) -> Image.Image:
    """A page with lines of different sizes."""
    picture = Image.new("L", (width, height), PAPER)
    draw = ImageDraw.Draw(picture)
    y = height * 0.08
    for number, text in enumerate(PAGE):
        size = height * (0.06 + 0.015 * number)
        draw.text((width * (0.05 + 0.04 * number), y), text, INK, ImageFont.load_default(size))
        y += size * 2.2
    return picture


def tensor(kind: str, shape: list[int]) -> np.ndarray:
    """The picture as float32 of shape `1 x channels x height x width`, grey levels as -1 to 1, all channels equal."""
    batch, channels, height, width = shape
    drawn = {"line": line, "page": page}[kind](height, width)
    grey = np.asarray(drawn, np.float32) / 127.5 - 1
    return np.ascontiguousarray(np.broadcast_to(grey, (batch, channels, height, width)))


if __name__ == "__main__":
    # The demo's picture.
    line(48, 320).save(sys.argv[1], optimize=True)
