/** What a status of Didit means, for the page and for the backend alike. */
export type Stage =
  'ready' | 'in-progress' | 'approved' | 'declined' | 'in-review' | 'cancelled' | 'expired';

/** The words of both of Didit's APIs (Didit documentation, Data transfer; Verification statuses). */
const STAGES: ReadonlyMap<string, Stage> = new Map([
  ['initialized', 'ready'],
  ['not started', 'ready'],
  ['resubmitted', 'ready'],
  ['retrieved', 'in-progress'],
  ['in progress', 'in-progress'],
  ['awaiting user', 'in-progress'],
  ['confirmed', 'approved'],
  ['approved', 'approved'],
  ['declined', 'declined'],
  ['in review', 'in-review'],
  ['cancelled', 'cancelled'],
  ['expired', 'expired'],
  ['abandoned', 'expired'],
  ['kyc expired', 'expired'],
]);

/** Sources spell the words differently: letter case, spaces, `_` and `-` do not count. */
function plain(status: string): string {
  return status
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
}

/** What Didit's word means, or null for a word that is not known: it changes nothing. */
export function stageOf(status: string): Stage | null {
  return STAGES.get(plain(status)) ?? null;
}

/** Whether it ended by its time alone: the other such words say that somebody was there. */
export function isPlainlyExpired(status: string): boolean {
  return plain(status) === 'expired';
}

/** Whether nobody has opened the session yet. */
export function isUnopened(status: string): boolean {
  return ['initialized', 'not started'].includes(plain(status));
}
