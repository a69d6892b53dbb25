// Grey pictures of a line of text: reading, scaling, and showing in a terminal.

import { readFile } from "node:fs/promises";
import { PNG } from "pngjs";

/** @returns {Promise<{grey: Float32Array, width: number, height: number}>} a PNG's grey levels, 0 to 255, row by row */
export async function readPicture(path) {
  const { data, width, height } = PNG.sync.read(await readFile(path));
  // ITU-R BT.601, over white where the picture is transparent.
  const grey = Float32Array.from({ length: width * height }, (_, i) => {
    const [r, g, b, alpha] = data.subarray(4 * i, 4 * i + 4);
    return 255 + ((0.299 * r + 0.587 * g + 0.114 * b - 255) * alpha) / 255;
  });
  return { grey, width, height };
}

/** Scaled by bilinear interpolation between the centres of pixels. */
export function scale(picture, width, height) {
  const at = (position, size) => {
    const clamped = Math.min(Math.max(position, 0), size - 1);
    const low = Math.floor(clamped);
    return [low, Math.min(low + 1, size - 1), clamped - low];
  };
  const grey = Float32Array.from({ length: width * height }, (_, i) => {
    const [x0, x1, dx] = at((((i % width) + 0.5) * picture.width) / width - 0.5, picture.width);
    const [y0, y1, dy] = at(((Math.floor(i / width) + 0.5) * picture.height) / height - 0.5, picture.height);
    const row = (y) => picture.grey[y * picture.width + x0] * (1 - dx) + picture.grey[y * picture.width + x1] * dx;
    return row(y0) * (1 - dy) + row(y1) * dy;
  });
  return { grey, width, height };
}

/** The picture in block characters, 2x4 pixels each. */
export function show({ grey, width, height }) {
  const dark = (x, y) => {
    let sum = 0;
    for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) sum += grey[(y + dy) * width + x + dx];
    return sum / 4 < 140;
  };
  const rows = [];
  for (let y = 0; y + 3 < height; y += 4) {
    let row = "";
    for (let x = 0; x + 1 < width; x += 2) row += " ▀▄█"[Number(dark(x, y)) + 2 * Number(dark(x, y + 2))];
    rows.push(row.trimEnd());
  }
  return rows.filter((row) => row !== "").join("\n");
}
