import fc, { type Arbitrary } from 'fast-check';
import { hostileUrl } from '../hostile-url.js';
import { hostileJson, hostileText } from '../hostile.js';

/** Anything but an answer. */
export type Refusal =
  | {
      readonly kind: 'refused';
      readonly http: number;
      readonly headers: Record<string, string>;
    }
  | {
      readonly kind: 'says';
      readonly text: string;
      readonly type: string;
      readonly http: number;
    }
  | { readonly kind: 'broken' }
  | { readonly kind: 'hangs' };

/** What a site answers where a session is asked for. */
export type CreateAnswer =
  | Refusal
  | {
      readonly kind: 'session';
      /** In place of, or beside, those of a good answer. */
      readonly members: Record<string, unknown>;
      /** The id of the session before. */
      readonly isRepeated?: boolean;
    };

/** What it answers where a status is asked for; `word`: that of the session. */
export type StatusAnswer =
  Refusal | { readonly kind: 'word' } | { readonly kind: 'json'; readonly body: string };

/** What it answers where the stream is asked for. */
export type StreamAnswer =
  | Exclude<Refusal, { kind: 'says' }>
  | { readonly kind: 'silent'; readonly type?: string }
  /** Tells the status at once, after what comes first. */
  | { readonly kind: 'stream'; readonly type?: string; readonly first?: string };

/** Didit's words, and what a page may take for one of them. */
export const word: Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['initialized', 'Not Started', 'retrieved', 'In Progress', 'Awaiting User'],
      ...['Resubmitted', 'Expired', 'Abandoned', 'Kyc Expired'],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['confirmed', 'Approved', 'declined', 'In Review', 'cancelled', ' IN__progress '],
    ),
  },
  { weight: 1, arbitrary: fc.oneof(hostileText, fc.constantFrom('Approve', 'not approved')) },
);

const retryAfter: Arbitrary<Record<string, string>> = fc
  .constantFrom(...['', '', '0', '1', '7', '31', '3600', '99999999999', '-1', '1.5', 'soon'])
  .map((value): Record<string, string> => (value ? { 'Retry-After': value } : {}));

/** Not without a body: that takes Firefox a while to read, in which the page's own clock goes on. */
export const refused: Arbitrary<Extract<Refusal, { kind: 'refused' }>> = fc.record(
  {
    kind: fc.constant('refused' as const),
    http: fc.oneof(
      fc.constantFrom(401, 403, 404, 410, 429, 500, 502, 503, 202),
      fc.integer({ min: 201, max: 599 }).filter((status) => ![204, 205, 304].includes(status)),
    ),
    headers: retryAfter,
  },
  { noNullPrototype: true },
);
export const broken = fc.constant<Refusal>({ kind: 'broken' });
export const hangs = fc.constant<Refusal>({ kind: 'hangs' });
export const says: Arbitrary<Refusal> = fc.record(
  {
    kind: fc.constant('says' as const),
    text: fc.oneof(
      hostileText,
      hostileJson.map((value) => JSON.stringify(value)),
      fc.constantFrom('<!doctype html><p>Sign in', 'x'.repeat(70_000)),
    ),
    type: fc.constantFrom('application/json', 'text/html', 'text/event-stream'),
    http: fc.constantFrom(200, 200, 201, 400, 403, 500),
  },
  { noNullPrototype: true },
);

/** How long a session may be good for, in seconds. */
const lifetime = fc.constantFrom(undefined, 1, 8, 40, 100, 100, 600, 86_400, 5_000_000);

const end = fc.oneof(
  { weight: 5, arbitrary: lifetime.map((expires_in) => ({ expires_in })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('1999-01-01T00:00:00Z', '2030-01-01T00:01:00Z', '2031-01-01T00:00:00Z')
      .map((expires_at) => ({ expires_at })),
  },
  {
    weight: 1,
    arbitrary: fc
      .oneof(fc.double(), hostileJson, fc.constantFrom(-1, 0, '300', 1e300, 0.001))
      .map((expires_in) => ({ expires_in })),
  },
);

const goodMembers = fc
  .tuple(end, fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, word))
  .map(([moment, status]): Record<string, unknown> => ({ ...moment, status }));

/** A good answer, some members of which are something else. */
export const hostileMembers: Arbitrary<Record<string, unknown>> = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constantFrom('url', 'status_url', 'events_url'), hostileUrl),
      fc.tuple(
        fc.constantFrom(
          ...['session_id', 'url', 'session_token', 'status', 'expires_in', 'expires_at'],
          ...['status_url', 'events_url'],
        ),
        fc.oneof(hostileJson, hostileText, fc.constantFrom(undefined, null, '', 0, true)),
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((members) => Object.fromEntries(members));

/** A session that is fit to be shown. */
export const goodSession: Arbitrary<CreateAnswer> = goodMembers.map((members) => ({
  kind: 'session',
  members,
}));

export const createAnswer: Arbitrary<CreateAnswer> = fc.oneof(
  { weight: 4, arbitrary: goodSession },
  {
    weight: 3,
    arbitrary: fc
      .tuple(goodMembers, hostileMembers)
      .map(([good, hostile]) => ({ kind: 'session', members: { ...good, ...hostile } }) as const),
  },
  {
    weight: 1,
    arbitrary: goodMembers.map(
      (members) => ({ kind: 'session', members, isRepeated: true }) as const,
    ),
  },
  { weight: 2, arbitrary: refused },
  { weight: 1, arbitrary: says },
  { weight: 1, arbitrary: broken },
  { weight: 1, arbitrary: hangs },
);

export const statusAnswer: Arbitrary<StatusAnswer> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<StatusAnswer>({ kind: 'word' }) },
  { weight: 3, arbitrary: refused },
  {
    weight: 2,
    arbitrary: fc
      .oneof(
        hostileJson.map((status) => JSON.stringify({ status })),
        hostileJson.map((value) => JSON.stringify(value)),
        hostileText,
      )
      .map((body) => ({ kind: 'json', body }) as const),
  },
  { weight: 1, arbitrary: says },
  { weight: 1, arbitrary: broken },
  { weight: 1, arbitrary: hangs },
);

/** What a stream may say between, or in place of, its messages. */
export const chatter: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      ':\n\n',
      '\n',
      '\r',
      '\ufeff',
      'retry: 1\n\n',
      'retry: 999999999\n',
      'retry: x\n',
      'id: 1\n',
    ],
    ...['event: status\n', 'event: status\ndata: {"status":', '"Not Started"}\n\n', 'data\n\n'],
    ...['event: status\ndata: null\n\n', 'event: status\ndata: {"status":""}\n\n', 'data: [\n\n'],
    ...[`data: ${'x'.repeat(100_000)}`, 'event: end\ndata: {"status":"Nothing"}\n\n'],
  ),
  hostileText,
  hostileJson.map((status) => `event: status\ndata: ${JSON.stringify({ status })}\n\n`),
);

const streamType = fc.constantFrom(
  ...[
    undefined,
    undefined,
    undefined,
    'text/event-stream;charset=utf-8',
    'text/html',
    'TEXT/event-stream',
  ],
);

export const streamAnswer: Arbitrary<StreamAnswer> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(streamType, fc.option(chatter, { nil: undefined }))
      .map(([type, first]) => ({ kind: 'stream', type, first }) as const),
  },
  {
    weight: 1,
    arbitrary: streamType.map((type) => ({ kind: 'silent', type }) as const),
  },
  { weight: 1, arbitrary: refused },
  { weight: 1, arbitrary: broken as Arbitrary<StreamAnswer> },
  { weight: 1, arbitrary: hangs as Arbitrary<StreamAnswer> },
);
