/** The strokes of an icon, for a `<path>` in an `<svg viewBox="0 0 48 48">`. */
export const STROKES = {
  phone: 'M15 3h18q3 0 3 3v36q0 3-3 3H15q-3 0-3-3V6q0-3 3-3zm7 36h4',
  approved: 'm8 25 11 11 21-24',
  error: 'M24 6v22m0 12v.5',
  close: 'M12 12 36 36M36 12 12 36',
} as const;

/** Those that only a session has a use for. */
export const SESSION_STROKES = {
  approved: STROKES.approved,
  declined: 'm11 11 26 26m0-26-26 26',
  'in-review': 'M24 6v19l13 8',
  cancelled: 'M9 24h30',
  expired: 'M12 4h24M12 44h24M15 4v8q0 6 9 12 9-6 9-12V4M15 44v-8q0-6 9-12 9 6 9 12v8',
  'in-progress': 'M15 3h18q3 0 3 3v36q0 3-3 3H15q-3 0-3-3V6q0-3 3-3zm2 21 5 5 9-10',
  copy: 'M17 17h22v24H17zM11 31H9V7h22v4',
  copied: 'm9 25 10 10 20-22',
} as const;

export type IconName = keyof typeof STROKES | keyof typeof SESSION_STROKES;
