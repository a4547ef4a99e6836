import assert from 'node:assert/strict';
import type { StateName } from '../../src/state.js';
import { english } from '../../src/strings.js';
import type { DemoLog } from './demo-log.js';
import type { DemoPage, Endpoint, Shown } from './demo-page.js';
import { phone, type Press } from './phone.js';

/** What is on show in each state that a path leads through. */
const VIEWS: Partial<Record<StateName, Omit<Shown, 'state' | 'status'>>> = {
  ready: { hasCode: true, message: english.ready, buttons: ['link', 'copy-button'] },
  'in-progress': {
    hasCode: false,
    message: 'Continue on your phone.',
    buttons: ['show-code-button'],
  },
  approved: { hasCode: false, message: english.approved, buttons: [] },
  declined: { hasCode: false, message: english.declined, buttons: [] },
  'in-review': { hasCode: false, message: english['in-review'], buttons: [] },
  cancelled: { hasCode: false, message: english.cancelled, buttons: ['start-button'] },
  expired: { hasCode: false, message: english.expired, buttons: ['start-button'] },
};

/** What the phone does, how the page then stands, and all that it has heard meanwhile. */
interface Step {
  readonly presses: Press[];
  readonly state: StateName;
  readonly status: string;
  readonly heard: string[];
}

export interface Path {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly steps: Step[];
  /** What comes after the end. */
  readonly after?: (path: Walked) => Promise<void>;
}

/** A path that was taken to its end. */
interface Walked {
  readonly demo: DemoPage;
  readonly log: DemoLog;
  readonly sessionId: string;
  readonly url: string;
  /** All that it has heard. */
  readonly heard: string[];
}

/** Didit's word for a session that nobody has opened. */
const UNOPENED = { session: 'initialized', short: 'initialized', verification: 'Not Started' };

export const OPENED: Step = {
  presses: ['open'],
  state: 'in-progress',
  status: 'retrieved',
  heard: ['status-changed ready to in-progress (retrieved)'],
};
const BEGUN: Step = {
  presses: ['open'],
  state: 'in-progress',
  status: 'In Progress',
  heard: ['status-changed ready to in-progress (In Progress)'],
};
const AWAITING: Step = {
  presses: ['await'],
  state: 'in-progress',
  status: 'Awaiting User',
  heard: ['status-changed in-progress to in-progress (Awaiting User)'],
};
const RESUBMITTED: Step = {
  // Both at once: the review is over before it is heard of.
  presses: ['review', 'resubmit'],
  state: 'ready',
  status: 'Resubmitted',
  heard: ['status-changed in-progress to ready (Resubmitted)'],
};
const CANCELLED = completed('cancel', 'cancelled', 'cancelled');
const EXPIRED = ended(['expire'], 'in-progress', 'expired');
const APPROVED = completed('approve', 'approved', 'Approved');
const REVIEWED = completed('review', 'in-review', 'In Review');

export function completed(press: Press, state: StateName, status: string): Step {
  const heard = [
    `status-changed in-progress to ${state} (${status})`,
    `session-completed ${state} (${status})`,
    ...(state === 'approved' ? ['change'] : []),
  ];
  return { presses: [press], state, status, heard };
}

/** An end without a new session by itself. */
function ended(presses: Press[], from: StateName, status: string): Step {
  const heard = [`status-changed ${from} to expired (${status})`, 'session-expired false'];
  return { presses, state: 'expired', status, heard };
}

/** An end that nobody was there for: a new session follows. */
function replaced(status: string, next: string): Step {
  const heard = [
    `status-changed ready to expired (${status})`,
    'session-expired true',
    'session-created refresh',
    `status-changed ready to ready (${next})`,
  ];
  return { presses: ['expire'], state: 'ready', status: next, heard };
}

function path(endpoint: Endpoint, name: string, ...steps: Step[]): Path {
  return { endpoint, name, steps };
}

/** A path for each end that a session can have. */
export const PATHS: Path[] = [
  path('session', 'confirmed', OPENED, completed('confirm', 'approved', 'Confirmed')),
  path('session', 'declined', OPENED, completed('decline', 'declined', 'Declined')),
  {
    ...path('session', 'cancelled, and begun again', OPENED, CANCELLED),
    after: (walked) => beginAgain(walked, 'restart'),
  },
  {
    ...path('session', 'expired unseen, and replaced', replaced('expired', 'initialized')),
    after: takeNext,
  },
  {
    ...path('session', 'expired on the phone, and begun again by hand', OPENED, EXPIRED),
    after: (walked) => beginAgain(walked, 'refresh'),
  },
  path('verification', 'Approved', BEGUN, APPROVED),
  path('verification', 'Awaiting User, then Approved', BEGUN, AWAITING, APPROVED),
  path('verification', 'Declined', BEGUN, completed('decline', 'declined', 'Declined')),
  {
    ...path('verification', 'In Review, then Approved for the backend alone', BEGUN, REVIEWED),
    after: endReview,
  },
  path(
    'verification',
    'Resubmitted, which shows the code again',
    BEGUN,
    RESUBMITTED,
    BEGUN,
    APPROVED,
  ),
  {
    ...path('verification', 'Expired, and replaced', replaced('Expired', 'Not Started')),
    after: takeNext,
  },
  path('verification', 'Abandoned', BEGUN, ended(['expire'], 'in-progress', 'Abandoned')),
  // Both at once: nothing is heard of the approval.
  path(
    'verification',
    'Kyc Expired, never replaced by itself',
    ended(['approve', 'expire-kyc'], 'ready', 'Kyc Expired'),
  ),
];

/** Whether a person has pressed something for it or not, the new session is followed. */
async function takeNext(walked: Walked): Promise<void> {
  const { demo, sessionId } = walked;
  const next = await demo.session();
  assert.notEqual(next.sessionId, sessionId);
  await phone(next.url, 'decline');
  await expectHeard(walked, [
    'status-changed ready to declined (Declined)',
    'session-completed declined (Declined)',
  ]);
}

async function beginAgain(walked: Walked, reason: string): Promise<void> {
  await walked.demo.press('start-button');
  await expectHeard(walked, [
    `session-created ${reason}`,
    'status-changed ready to ready (initialized)',
  ]);
  await takeNext(walked);
}

async function endReview(walked: Walked): Promise<void> {
  const { demo, log, sessionId, url } = walked;
  await phone(url, 'approve');
  await log.find({ type: 'decision.accepted', sessionId, status: 'Approved' });
  assert.equal((await demo.shown()).status, 'In Review');
  await expectHeard(walked, []);
}

/** Waits for events; there have been no others. */
async function expectHeard({ demo, heard }: Walked, more: string[]): Promise<void> {
  heard.push(...more);
  await demo.hears(heard.length);
  assert.deepEqual(await demo.heard(), heard);
}

/** The site was told, and accepted it, before the page was told. */
async function expectDecided({ demo, log, sessionId }: Walked, status: string): Promise<void> {
  const hook = await log.find({ type: 'onDecision', sessionId });
  const accepted = await log.find({ type: 'decision.accepted', sessionId });
  assert.deepEqual([hook.status, accepted.status], [status, status]);
  assert.ok(log.told.indexOf(hook) < log.told.indexOf(accepted), 'accepted before the site knew');
  const late = accepted.at - (await demo.completedAt());
  assert.ok(late <= 0, `accepted ${late} ms after the page was told`);
}

/** Takes a path in a page of the demo that has just been opened. */
export async function walk(
  demo: DemoPage,
  log: DemoLog,
  { endpoint, steps, after }: Path,
): Promise<void> {
  const unopened = UNOPENED[endpoint];
  await demo.inState('ready', unopened);
  const walked: Walked = { demo, log, heard: [], ...(await demo.session()) };
  await expectHeard(walked, [
    'session-created initial',
    `status-changed ready to ready (${unopened})`,
  ]);
  for (const { presses, state, status, heard } of steps) {
    await phone(walked.url, ...presses);
    await expectHeard(walked, heard);
    assert.deepEqual(await demo.shown(), { state, status, ...VIEWS[state] });
  }
  const { sessionId } = walked;
  const { state, status } = steps.at(-1)!;
  // What belongs to the session is told by now.
  await log.find({ type: 'events.closed', sessionId });
  if (/^(approved|declined|in-review)$/.test(state)) await expectDecided(walked, status);
  else assert.equal(log.count({ type: 'decision.accepted', sessionId }), 0);
  await after?.(walked);
}
