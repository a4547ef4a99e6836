import { assert } from '@open-wc/testing';
import fc from 'fast-check';
import type { DiditVerifyElement, VerifyErrorCode } from '../../../src/index.js';
import { saying } from '../../fake-site.js';
import { allowedHosts, hostileUrl } from '../hostile-url.js';
import { hostileJson } from '../hostile.js';
import {
  broken,
  hangs,
  hostileMembers,
  refused,
  says,
  type CreateAnswer,
  type Refusal,
} from './answers.js';
import { show, withElement, type Case } from './fuzzed-element.js';
import { property } from './property.js';

const MINUTE = 60_000;
const resolverUrl = '/site/session';
const good = { kind: 'session', members: {} } as const;

/** What the documentation says of an answer: its code, and whether it is asked for again. */
interface Verdict {
  readonly code: VerifyErrorCode | null;
  readonly isRepeated: boolean;
  /** Seconds to wait before that. */
  readonly wait: number;
}

function verdictOf(answer: CreateAnswer): Verdict {
  switch (answer.kind) {
    case 'session':
      return { code: null, isRepeated: false, wait: 0 };
    case 'broken':
      return { code: 'resolver-unreachable', isRepeated: true, wait: 0 };
    case 'hangs':
      return { code: 'resolver-timeout', isRepeated: true, wait: 0 };
    case 'refused':
      return verdictOfStatus(answer.http, answer.headers['Retry-After'] ?? '');
    case 'says':
      return verdictOfStatus(answer.http, '');
    default:
      return answer satisfies never;
  }
}

function verdictOfStatus(http: number, retryAfter: string): Verdict {
  const isSaid = (http === 429 || http === 503) && /^\d+$/.test(retryAfter);
  const wait = isSaid ? Number(retryAfter) : 0;
  const isRepeated = (http === 429 || http >= 500) && wait <= 30;
  if (http === 429) return { code: 'rate-limited', isRepeated, wait };
  if (http >= 500) return { code: 'resolver-failed', isRepeated, wait };
  const code = http >= 400 ? 'resolver-rejected' : 'invalid-response';
  return { code, isRepeated: false, wait: 0 };
}

/** Answers one after the other; the last one for ever. */
function answerInTurn({ page }: Case, answers: readonly CreateAnswer[]): void {
  const answer = page.site.onCreate;
  let turn = 0;
  page.site.onCreate = (session) => {
    page.create = answers[Math.min(turn++, answers.length - 1)]!;
    return answer(session);
  };
}

function keysOf({ page }: Case): (string | null)[] {
  return page.site.asked.map(({ init }) => (init.headers as Headers).get('Idempotency-Key'));
}

describe('<didit-verify>, whatever its resolver answers', () => {
  property(
    'asks again as documented, by one key, and never more often',
    [
      fc.array(fc.oneof(refused, refused, says, broken, hangs, fc.constant(good)), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.integer({ min: 0, max: 4 }),
    ],
    (answers, maxRetries) =>
      withElement({}, { resolverUrl, maxRetries, timeout: 2000 }, async (given) => {
        answerInTurn(given, answers);
        await show(given);
        await given.page.site.pass(4 * MINUTE);
        const asked = [...answers, ...Array.from({ length: 5 }, () => answers.at(-1)!)];
        const last = asked.findIndex(
          (answer, retries) => !verdictOf(answer).isRepeated || retries === maxRetries,
        );
        const { site } = given.page;
        assert.equal(site.count('create'), last + 1);
        assert.lengthOf(new Set(keysOf(given)), 1);
        const { code } = verdictOf(asked[last]!);
        assert.equal(given.target.state, code ? 'error' : 'ready');
        assert.equal(given.target.error?.code ?? null, code);
        assert.deepEqual(
          given.told,
          code ? [`error ${code}`] : [`session-created s${last + 1} initial`],
        );
        site
          .times('create')
          .slice(1)
          .forEach((moment, index) => {
            const waited = moment - site.times('create')[index]!;
            assert.isAtLeast(waited, verdictOf(asked[index]!).wait * 1000);
          });
      }),
  );

  property(
    'shows an answer that was changed, or says what is wrong with it',
    [hostileMembers, allowedHosts],
    (members, hosts) =>
      withElement({}, { resolverUrl, allowedHosts: hosts }, async (given) => {
        given.page.create = { kind: 'session', members };
        await show(given);
        assertShownOrRefused(given.target);
      }),
  );

  property('shows any URL, or does not', [hostileUrl, allowedHosts], (url, hosts) =>
    withElement({}, { resolverUrl, allowedHosts: hosts }, async (given) => {
      given.page.create = { kind: 'session', members: { url } };
      await show(given);
      assertShownOrRefused(given.target);
    }),
  );

  property(
    'takes whatever a function gives, or throws, and calls it once',
    [
      fc.oneof(hostileJson, fc.anything(), fc.constant(undefined)),
      fc.constantFrom('gives', 'gives later', 'throws', 'refuses', 'says', 'never'),
    ],
    (value, way) => {
      let calls = 0;
      const resolver = () => {
        calls++;
        return answerOf(value, way) as never;
      };
      return withElement({}, { resolver, timeout: 5000 }, async (given) => {
        await show(given);
        await given.page.site.pass(MINUTE);
        assert.equal(calls, 1);
        const { state, error } = given.target;
        assert.notInclude(['idle', 'loading'], state);
        if (way === 'never') assert.equal(error?.code, 'resolver-timeout');
        if (way === 'throws' || way === 'refuses') assert.equal(error?.code, 'resolver-failed');
      });
    },
  );

  property(
    'has at most one request under way, whatever asks for it',
    [
      fc.array(
        fc.constantFrom('start', 'restart', 'cancel', 'scope', 'move', 'remove', 'wait', 'reset'),
        { minLength: 1, maxLength: 20 },
      ),
      fc.constantFrom<Refusal[]>({ kind: 'hangs' }, { kind: 'broken' }),
    ],
    (actions, answer) =>
      withElement({}, { resolverUrl, timeout: 20_000 }, async (given) => {
        given.page.create = answer;
        await show(given);
        for (const action of actions) {
          await act(given, action);
          const underWay = given.page.site.asked.filter(({ init }) => !init.signal!.aborted);
          if (answer.kind === 'hangs') assert.isAtMost(underWay.length, 1);
        }
      }),
  );
});

function assertShownOrRefused({ state, error }: DiditVerifyElement): void {
  if (error) assert.include(['invalid-response', 'unsafe-url'], error.code);
  else assert.notInclude(['idle', 'loading'], state);
}

function answerOf(value: unknown, way: string): unknown {
  switch (way) {
    case 'gives later':
      return Promise.resolve(value);
    case 'throws':
      throw value;
    case 'refuses':
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return Promise.reject(value);
    case 'says':
      return saying(JSON.stringify({ session_id: value, url: value }) ?? '');
    case 'never':
      return new Promise(() => undefined);
    default:
      return value;
  }
}

async function act({ page, target }: Case, action: string): Promise<void> {
  const { witness } = page;
  if (action === 'start') witness.personActs();
  if (action === 'restart') witness.startsAnew();
  if (action === 'start' || action === 'restart' || action === 'cancel')
    page.expect(target[action]());
  if (action === 'scope') target.scope = `${target.scope ?? ''}x`;
  if (action === 'move') page.fieldset.append(target);
  if (action === 'remove') target.remove();
  if (action === 'reset') page.form.reset();
  await page.site.pass(action === 'wait' ? 400 : 1);
  page.check();
}
