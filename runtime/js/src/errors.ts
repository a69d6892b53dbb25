import type { WeftInputError as InputError, WeftLoadError as LoadError } from './types';

export class WeftInputError extends TypeError implements InputError {
  override readonly name = 'WeftInputError';

  constructor(
    readonly code: InputError['code'],
    readonly input: string,
    readonly expected: string,
    readonly received: string,
    message: string,
  ) {
    super(message);
  }
}

export class WeftLoadError extends Error implements LoadError {
  override readonly name = 'WeftLoadError';

  constructor(
    readonly url: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What an unknown thrown value says. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
