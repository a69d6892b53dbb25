// A line of text drawn as a grey picture: capital letters made of straight strokes, with soft edges.

// Strokes as x0 y0 x1 y1 in a unit box, y down.
const LETTERS = {
  A: [[0, 1, 0.5, 0], [0.5, 0, 1, 1], [0.2, 0.62, 0.8, 0.62]],
  E: [[0.05, 0, 0.05, 1], [0.05, 0, 0.95, 0], [0.05, 0.48, 0.85, 0.48], [0.05, 1, 0.95, 1]],
  F: [[0.05, 0, 0.05, 1], [0.05, 0, 0.95, 0], [0.05, 0.5, 0.85, 0.5]],
  H: [[0.05, 0, 0.05, 1], [0.95, 0, 0.95, 1], [0.05, 0.5, 0.95, 0.5]],
  L: [[0.1, 0, 0.1, 1], [0.1, 1, 0.95, 1]],
  T: [[0, 0, 1, 0], [0.5, 0, 0.5, 1]],
  W: [[0, 0, 0.25, 1], [0.25, 1, 0.5, 0.3], [0.5, 0.3, 0.75, 1], [0.75, 1, 1, 0]],
  " ": [],
};

function distanceToStroke(x, y, [x0, y0, x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}

/** Draws `text` (of the letters above) dark on light; grey levels 0 to 255, row by row. */
export function drawText(text, width, height) {
  const box = { height: height * 0.58, width: height * 0.36 };
  const advance = box.width * 1.45;
  const left = (width - advance * (text.length - 1) - box.width) / 2;
  const top = (height - box.height) / 2;
  const strokes = [...text].flatMap((letter, i) =>
    LETTERS[letter].map(([x0, y0, x1, y1]) => {
      const x = left + i * advance;
      return [x + x0 * box.width, top + y0 * box.height, x + x1 * box.width, top + y1 * box.height];
    }),
  );
  const radius = height * 0.045;
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    const nearest = Math.min(...strokes.map((stroke) => distanceToStroke(x, y, stroke)));
    const ink = Math.min(1, Math.max(0, radius - nearest + 0.5));
    return 235 - 205 * ink;
  });
}

/** The picture turned by 180 degrees. */
export const turn = (picture) => picture.toReversed();

/** The picture in block characters, 2x4 pixels each. */
export function show(picture, width, height) {
  const dark = (x, y) => {
    let sum = 0;
    for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) sum += picture[(y + dy) * width + x + dx];
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
