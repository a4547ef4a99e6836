/**
 * What the split build has in place of `qr-encoder.ts`, which is then a file of its own, and loaded
 * while the session is asked for.
 */
import { VerifyError } from './errors.js';
import type * as Encoder from './qr-encoder.js';

/** Not there before `loadEncoder()` is done. */
export let create: typeof Encoder.create;

let loading: Promise<void> | undefined;

/** @throws VerifyError `qr-failed`, which trying again may mend. */
export function loadEncoder(
  load: () => Promise<Pick<typeof Encoder, 'create'>> = loadFile,
): Promise<void> {
  return (loading ??= load().then(
    (encoder) => void ({ create } = encoder),
    (cause: unknown) => {
      loading = undefined;
      const message = 'The QR encoder could not be loaded.';
      throw new VerifyError('qr-failed', message, { cause, retryable: true });
    },
  ));
}

function loadFile(): Promise<typeof Encoder> {
  return import('./qr-encoder.js');
}
