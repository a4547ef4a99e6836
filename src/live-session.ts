import { encodeQr, type QrCode } from './qr.js';
import type { Session } from './session.js';

/** A session with its URL drawn: one code for each answer, so it also tells answers apart. */
export interface LiveSession extends Session {
  readonly qr: QrCode;
}

/** @throws VerifyError `qr-failed` */
export function drawn(session: Session): LiveSession {
  return { ...session, qr: encodeQr(session.url) };
}
