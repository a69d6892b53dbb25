import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { distance, parseNpy } from "../rig/npy.mjs";
import { serve } from "../rig/serve.mjs";

/** A .npy file, version 1, with the given header and data. */
function npy(header, data) {
  const text = header.padEnd(118 - 1) + "\n";
  const head = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0]);
  const body = new Uint8Array(data.buffer);
  return new Uint8Array([...head, ...new TextEncoder().encode(text), ...body]).buffer;
}

test("an .npy file gives dtype, dims and data", () => {
  const file = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", Float32Array.of(1, 2, 3, 4, 5, 6));
  const { dtype, dims, data } = parseNpy(file);
  assert.equal(dtype, "float32");
  assert.deepEqual(dims, [2, 3]);
  assert.deepEqual([...data], [1, 2, 3, 4, 5, 6]);
});

test("a scalar and a vector have the dims that numpy gives them", () => {
  const header = (shape) => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  assert.deepEqual(parseNpy(npy(header("()"), Float32Array.of(7))).dims, []);
  assert.deepEqual(parseNpy(npy(header("(2,)"), Float32Array.of(7, 8))).dims, [2]);
});

test("what isn't a readable .npy file is refused", () => {
  assert.throws(() => parseNpy(new ArrayBuffer(4)), /not a .npy file/);
  const fortran = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", Float32Array.of(1));
  assert.throws(() => parseNpy(fortran), /cannot read/);
});

test("distance is relative to the largest expected magnitude", () => {
  assert.equal(distance([1, -8], [1, -10]), 0.2);
  assert.equal(distance([0, 0], [0, 0]), 0);
});

test("NaN, a missing element and anything beside zeros are infinitely far", () => {
  assert.equal(distance([NaN], [1]), Infinity);
  assert.equal(distance([1], [1, 2]), Infinity);
  assert.equal(distance([1], [0]), Infinity);
});

test("the server sends mounted files, counts them, and nothing outside", async () => {
  const folder = await mkdtemp(join(tmpdir(), "weft-serve-"));
  await mkdir(join(folder, "public"));
  await writeFile(join(folder, "public/a.js"), "1;");
  await writeFile(join(folder, "secret"), "no");
  const server = await serve({ "/files/": join(folder, "public") }, { "X-Extra": "yes" });
  try {
    const response = await fetch(`${server.origin}/files/a.js`);
    assert.equal(await response.text(), "1;");
    assert.equal(response.headers.get("content-type"), "text/javascript");
    assert.equal(response.headers.get("x-extra"), "yes");
    assert.deepEqual(server.sent, [{ path: "/files/a.js", bytes: 2 }]);
    for (const path of ["/files/..%2fsecret", "/files/b.js", "/other/a.js"]) {
      assert.equal((await fetch(server.origin + path)).status, 404, path);
    }
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});
