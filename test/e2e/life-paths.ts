import assert from 'node:assert/strict';
import type { StateName } from '../../src/state.js';
import { english } from '../../src/strings.js';
import type { DemoLog } from './demo-log.js';
import type { DemoPage, Endpoint, Shown } from './demo-page.js';
import { phone, type Press } from './phone.js';

/** What is on show in each state that a path leads through. */
const VIEWS: Partial<Record<StateName, Omit<Shown, 'state' | 'status'>>> = {
  ready: { hasCode: true, message: '', buttons: ['link', 'copy-button'] },
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

/** A path for each end that a session can have. */
export const PATHS: Path[] = [
  {
    name: 'confirmed',
    endpoint: 'session',
    steps: [OPENED, completed('confirm', 'approved', 'Confirmed')],
  },
  {
    name: 'declined',
    endpoint: 'session',
    steps: [OPENED, completed('decline', 'declined', 'Declined')],
  },
  {
    name: 'cancelled, and begun again',
    endpoint: 'session',
    steps: [OPENED, completed('cancel', 'cancelled', 'cancelled')],
    after: (walked) => beginAgain(walked, 'restart'),
  },
  {
    name: 'expired unseen, and replaced',
    endpoint: 'session',
    steps: [replaced('expired', 'initialized')],
    after: takeNext,
  },
  {
    name: 'expired on the phone, and begun again by hand',
    endpoint: 'session',
    steps: [OPENED, ended(['expire'], 'in-progress', 'expired')],
    after: (walked) => beginAgain(walked, 'refresh'),
  },
  {
    name: 'Approved',
    endpoint: 'verification',
    steps: [BEGUN, completed('approve', 'approved', 'Approved')],
  },
  {
    name: 'Awaiting User, then Approved',
    endpoint: 'verification',
    steps: [
      BEGUN,
      {
        presses: ['await'],
        state: 'in-progress',
        status: 'Awaiting User',
        heard: ['status-changed in-progress to in-progress (Awaiting User)'],
      },
      completed('approve', 'approved', 'Approved'),
    ],
  },
  {
    name: 'Declined',
    endpoint: 'verification',
    steps: [BEGUN, completed('decline', 'declined', 'Declined')],
  },
  {
    name: 'In Review, then Approved for the backend alone',
    endpoint: 'verification',
    steps: [BEGUN, completed('review', 'in-review', 'In Review')],
    after: endReview,
  },
  {
    name: 'Resubmitted, which shows the code again',
    endpoint: 'verification',
    steps: [
      BEGUN,
      {
        // Both at once: the review is over before it is heard of.
        presses: ['review', 'resubmit'],
        state: 'ready',
        status: 'Resubmitted',
        heard: ['status-changed in-progress to ready (Resubmitted)'],
      },
      BEGUN,
      completed('approve', 'approved', 'Approved'),
    ],
  },
  {
    name: 'Expired, and replaced',
    endpoint: 'verification',
    steps: [replaced('Expired', 'Not Started')],
    after: takeNext,
  },
  {
    name: 'Abandoned',
    endpoint: 'verification',
    steps: [BEGUN, ended(['expire'], 'in-progress', 'Abandoned')],
  },
  {
    name: 'Kyc Expired, never replaced by itself',
    endpoint: 'verification',
    // Both at once: nothing is heard of the approval.
    steps: [ended(['approve', 'expire-kyc'], 'ready', 'Kyc Expired')],
  },
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
  const accepted = await log.find({ type: 'decision.accepted', sessionId });
  const earlier = log.told.slice(0, log.told.indexOf(accepted));
  const hook = earlier.findLast(({ type }) => type === 'onDecision');
  assert.equal(accepted.status, status);
  assert.equal(hook?.status, status);
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
