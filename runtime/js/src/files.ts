import type { FileRef } from './description';
import { WeftLoadError, reason } from './errors';
import type { LoadOptions } from './types';

/** An opened file: where it is, and its content as a response. */
export interface Opened {
  readonly url: string;
  readonly response: Response;
}

/** Where a file of the model is. */
export function locate([name, beside]: FileRef, baseUrl: LoadOptions['baseUrl']): string {
  try {
    if (baseUrl === undefined) return beside().href;
    // A folder, with or without the slash at its end; relative to the page, or in Node to this module.
    const here = globalThis.location?.href ?? import.meta.url;
    const folder = new URL(baseUrl, here);
    if (!folder.pathname.endsWith('/')) folder.pathname += '/';
    return new URL(name, folder).href;
  } catch (cause) {
    throw new WeftLoadError(name, `Can't tell where ${name} is: pass load() an absolute baseUrl.`, { cause });
  }
}

/** Opens a file of the model, over http by fetch, from the disk in Node. */
export async function open(url: string, fetch: LoadOptions['fetch']): Promise<Opened> {
  let response;
  try {
    response =
      !fetch && url.startsWith('file:') ? await openFromDisk(url) : await (fetch ?? globalThis.fetch)(url);
  } catch (cause) {
    throw new WeftLoadError(url, `Can't load ${url}: ${reason(cause)}.`, { cause });
  }
  if (!response.ok) {
    throw new WeftLoadError(url, `Can't load ${url}: status ${response.status} ${response.statusText}.`);
  }
  return { url, response };
}

/** Node's fetch takes no file: URLs. */
async function openFromDisk(url: string): Promise<Response> {
  // Not a literal, nor folded to one, so that bundlers for the browser don't try to resolve it.
  const name = ['node:fs', 'promises'].join('/');
  const fs = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as {
    open(path: URL): Promise<{ read(buffer: Uint8Array): Promise<{ bytesRead: number }>; close(): Promise<void> }>;
  };
  const file = await fs.open(new URL(url));
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      const buffer = new Uint8Array(1 << 20);
      const { bytesRead } = await file.read(buffer).catch(async (error) => {
        await file.close();
        throw error;
      });
      if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
      await file.close();
      controller.close();
    },
    cancel: () => file.close(),
  };
  // Nothing is read before it is asked for.
  return new Response(new ReadableStream(source, { highWaterMark: 0 }));
}

/** Compiles while the bytes arrive, where the server's content type allows that. */
export async function compile({ url, response }: Opened): Promise<WebAssembly.Module> {
  const type = response.headers.get('content-type')?.trim().toLowerCase();
  try {
    if (type === 'application/wasm' && WebAssembly.compileStreaming) {
      return await WebAssembly.compileStreaming(response);
    }
    const bytes = await response.arrayBuffer();
    if (new TextDecoder('latin1').decode(bytes.slice(0, 4)) !== '\0asm') {
      // Typically a server's page in place of a missing file.
      throw new Error(`it is no Wasm file (content type ${type ?? 'unknown'}, ${bytes.byteLength} bytes)`);
    }
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new WeftLoadError(url, `Can't compile ${url}: ${reason(cause)}.`, { cause });
  }
}

/** Copies a file's bytes to their place while they arrive; the whole file is never held twice. */
export async function fill(target: Uint8Array, { url, response }: Opened): Promise<void> {
  let position = 0;
  const add = (chunk: Uint8Array) => {
    if (chunk.length <= target.length - position) target.set(chunk, position);
    position += chunk.length;
  };
  try {
    if (response.body) {
      const reader = response.body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) add(part.value);
    } else {
      add(new Uint8Array(await response.arrayBuffer()));
    }
  } catch (cause) {
    throw new WeftLoadError(url, `Can't load ${url}: ${reason(cause)}.`, { cause });
  }
  if (position !== target.length) {
    throw new WeftLoadError(
      url,
      `${url} has ${position} bytes, expected ${target.length}: deploy all files of one compilation together.`,
    );
  }
}
