/**
 * What the split build has in place of `session-parts.ts`, which is then a file of its own, and
 * loaded while the session is asked for. That file imports nothing: the address of this one, from
 * which it would have to import, is the page's own choice. So it has copies of a few modules; none
 * of them keeps anything, and {@link VerifyError} knows those of its copies.
 */
import { VerifyError } from './errors.js';
import type * as Parts from './session-parts.js';

/** Not there before `loadParts()` is done. */
export let encodeQr: typeof Parts.encodeQr;
export let logoCode: typeof Parts.logoCode;
export let parseSession: typeof Parts.parseSession;
export let resumeSession: typeof Parts.resumeSession;
export let SessionFollower: typeof Parts.SessionFollower;

let loading: Promise<void> | undefined;

/** @throws VerifyError `qr-failed`, which trying again may mend. */
export function loadParts(load: () => Promise<typeof Parts> = loadFile): Promise<void> {
  return (loading ??= load().then(
    (parts) => void ({ encodeQr, logoCode, parseSession, resumeSession, SessionFollower } = parts),
    (cause: unknown) => {
      loading = undefined;
      const message = 'The QR encoder could not be loaded.';
      throw new VerifyError('qr-failed', message, { cause, retryable: true });
    },
  ));
}

function loadFile(): Promise<typeof Parts> {
  return import('./session-parts.js');
}
