import { reason } from '../errors';
import type { WeftDeviceError as DeviceError } from '../types.gpu';

export class WeftDeviceError extends Error implements DeviceError {
  override readonly name = 'WeftDeviceError';

  constructor(
    readonly code: DeviceError['code'],
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Throws if the signal says so. */
export function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** The promise's result, unless the signal or the device's loss comes first. */
export async function unless<T>(promise: Promise<T>, signal?: AbortSignal, lost?: Promise<never>): Promise<T> {
  stopIf(signal);
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(aborted(signal!));
    signal?.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, stopped, ...(lost ? [lost] : [])]);
  } finally {
    signal?.removeEventListener('abort', stop!);
  }
}

function aborted(signal: AbortSignal): WeftDeviceError {
  return new WeftDeviceError('aborted', `Stopped: ${reason(signal.reason)}.`, { cause: signal.reason });
}
