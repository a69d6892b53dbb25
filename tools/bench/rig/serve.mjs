// A static server on the loopback interface, which remembers what it sent.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

const HEADERS = {
  // Cross-origin isolation: performance.now() in steps of 5 microseconds instead of 100.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
};

/**
 * Serves folders until `close()`.
 * @param {Record<string, string>} mounts URL prefix (with both slashes, as "/dist/") to folder
 * @param {Record<string, string>} headers additional response headers, such as a content security policy
 * @returns {Promise<{origin: string, sent: {path: string, bytes: number}[], close: () => Promise<void>}>}
 *   `sent` grows by an entry a successful response; empty it to count anew
 */
export async function serve(mounts, headers = {}) {
  const sent = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const mount = Object.keys(mounts).find((prefix) => path.startsWith(prefix));
    const file = mount && normalize(join(mounts[mount], path.slice(mount.length)));
    try {
      if (!file?.startsWith(normalize(mounts[mount] + sep))) throw new Error("outside the mounts");
      const body = await readFile(file);
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { ...HEADERS, ...headers, "Content-Type": type, "Content-Length": body.length });
      response.end(body);
      sent.push({ path, bytes: body.length });
    } catch {
      response.writeHead(404, HEADERS).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    sent,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
