/** How a scope is shown: in words, and as an icon of strokes on 24 by 24. */
export interface ScopeView {
  readonly label: string;
  readonly icon: string;
}

const PERSON =
  'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.5-3.7 3.4-5.5 7.5-5.5s7 1.8 7.5 5.5';
const PICTURE = 'M4 5h16v14H4zm0 11 4.5-5 4 4.5 2.5-2.5 5 5M15.5 9v.01';
const MAIL = 'M3.5 6h17v12.5h-17zm.5.5 8 6.5 8-6.5';
const PHONE = 'M7 2.5h10v19H7zM11 18h2';
const CALENDAR = 'M4.5 5.5h15v14h-15zm0 5h15M8.5 3v4m7-4v4';
const PIN =
  'M12 21c4.5-4.2 6.5-7.5 6.5-11a6.5 6.5 0 0 0-13 0c0 3.5 2 6.8 6.5 11Zm0-8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z';
const CARD =
  'M3 5.5h18v13H3zM6.5 15.5c.3-1.5 1.2-2.2 2.5-2.2s2.2.7 2.5 2.2M9 11.3a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8ZM14.5 10h3.5m-3.5 4h3.5';
const BANK = 'M4 9.5 12 4l8 5.5zm2 0V17m4-7.5V17m4-7.5V17m4-7.5V17M4 20h16';
const SLIDERS =
  'M4 8h7m4 0h5M4 16h3m4 0h9M13 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM9 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z';
const PROOF = 'm8.5 12.3 2.5 2.5 4.5-5M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z';
const AT =
  'M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Zm3.5 0V13c0 3.3 5 3.3 5-1a8.5 8.5 0 1 0-3.5 6.9';
const OTHER = 'M6 3.5h8l4.5 4.5v12.5H6zm8 0V8h4.5M9 12.5h6M9 16h6';

const VIEWS: ReadonlyMap<string, ScopeView> = new Map([
  ['user_id', { label: 'Didit user ID', icon: PERSON }],
  ['picture', { label: 'Profile picture', icon: PICTURE }],
  ['pictures', { label: 'Pictures', icon: PICTURE }],
  ['names', { label: 'Full name', icon: PERSON }],
  ['email', { label: 'Email address', icon: MAIL }],
  ['phone', { label: 'Phone number', icon: PHONE }],
  ['gender', { label: 'Gender', icon: PERSON }],
  ['birthdate', { label: 'Date of birth', icon: CALENDAR }],
  ['address', { label: 'Address', icon: PIN }],
  ['document_detail', { label: 'Identity document', icon: CARD }],
  ['bank_account', { label: 'Bank account', icon: BANK }],
  ['preferences', { label: 'Preferences', icon: SLIDERS }],
  ['is_verified', { label: 'Identity is verified', icon: PROOF }],
  ['is_over_18', { label: 'Is 18 or older', icon: PROOF }],
  ['is_over_21', { label: 'Is 21 or older', icon: PROOF }],
  ['instagram_account', { label: 'Instagram account', icon: AT }],
  ['x_account', { label: 'X account', icon: AT }],
  ['tiktok_account', { label: 'TikTok account', icon: AT }],
]);

/** Didit's list of scopes grows: an unknown one is shown as it is. */
export function scopeView(scope: string): ScopeView {
  return VIEWS.get(scope) ?? { label: scope, icon: OTHER };
}

/** The scopes of a text, once each, with what the person has of them. */
export function askedFor(
  scope: string,
  userData: Readonly<Record<string, unknown>>,
): [scope: string, value: unknown][] {
  const scopes = new Set(scope.split(/\s+/).filter(Boolean));
  const has = (name: string) => Object.hasOwn(userData, name);
  return [...scopes].map((name) => [name, has(name) ? userData[name] : undefined]);
}

/** A value in one line. Of an object its full name, else its words: `is_verified` says nothing. */
export function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  if ('full_name' in value) return valueText(value.full_name);
  return Object.values(value)
    .filter((part) => typeof part === 'string')
    .join(' · ');
}
