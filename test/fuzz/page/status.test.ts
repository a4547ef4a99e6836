import { assert } from '@open-wc/testing';
import fc, { type Arbitrary } from 'fast-check';
import { hostileJson, hostileText } from '../hostile.js';
import { broken, chatter, hangs, refused, type Refusal } from './answers.js';
import { show, withElement, type Case } from './fuzzed-element.js';
import { property } from './property.js';

const resolverUrl = '/site/session';

/** Words that leave a session that the phone has opened as it is. */
const OPENED = ['In Progress', 'Awaiting User', 'retrieved', 'AWAITING_USER'];
const openedWord = fc.oneof(
  fc.constantFrom(...OPENED),
  hostileText.filter((text) => text.trim() !== '' && text.isWellFormed()),
);
const FINAL = { Approved: 'approved', Declined: 'declined', 'In Review': 'in-review' } as const;
const finalWord = fc.constantFrom(...(Object.keys(FINAL) as (keyof typeof FINAL)[]));

/** One answer to a poll. */
type Answer = Exclude<Refusal, { kind: 'says' }> | { readonly kind: 'told'; readonly word: string };

const answer: Arbitrary<Answer> = fc.oneof(
  { weight: 3, arbitrary: openedWord.map((word) => ({ kind: 'told', word }) as const) },
  { weight: 3, arbitrary: refused },
  { weight: 1, arbitrary: broken as Arbitrary<Answer> },
  { weight: 1, arbitrary: hangs as Arbitrary<Answer> },
);

/** How many outages are told, as the documentation has it, and after how many answers there is an end. */
function outagesOf(answers: readonly Answer[]): { outages: number; asked: number } {
  let outages = 0;
  let failures = 0;
  for (const [index, each] of answers.entries()) {
    if (each.kind === 'told') {
      failures = 0;
      continue;
    }
    failures++;
    const isGone = each.kind === 'refused' && [404, 410].includes(each.http);
    if (failures === 3 || (isGone && failures < 3)) outages++;
    if (isGone) return { outages, asked: index + 1 };
  }
  return { outages, asked: answers.length };
}

/** Polls until all is answered, or nothing is asked any more. */
async function poll({ page }: Case, answers: readonly Answer[]): Promise<void> {
  const { onStatus } = page.site;
  let turn = 0;
  page.site.onStatus = (session) => {
    const next = answers[turn++];
    if (!next) page.element.remove();
    else if (next.kind === 'told') page.site.statuses.set(session, next.word);
    page.status = next && next.kind !== 'told' ? next : { kind: 'word' };
    return onStatus(session);
  };
  for (let minutes = 0; turn <= answers.length && minutes < 70; minutes++)
    await page.site.pass(60_000);
  page.check();
}

describe('<didit-verify>, whatever is told of the status', () => {
  property(
    'polls as documented: outages are told once, and what is gone is left alone',
    [fc.array(answer, { minLength: 1, maxLength: 8 })],
    (answers) =>
      withElement({ hasStatus: true }, { resolverUrl, timeout: 1000 }, async (given) => {
        await show(given);
        await poll(given, answers);
        const { outages, asked } = outagesOf(answers);
        const told = given.told.filter((each) => each.startsWith('error'));
        assert.deepEqual(
          told,
          Array.from({ length: outages }, () => 'error status-unavailable'),
        );
        const isEnded = asked < answers.length || isGoneAtLast(answers);
        // Else it went on to the question that it was removed at.
        assert.equal(given.page.site.count('status'), isEnded ? asked : asked + 1);
        assert.include(['ready', 'in-progress'], given.target.state);
      }),
  );

  property(
    'takes whatever a function for the status gives, or throws',
    [fc.oneof(hostileJson, fc.anything()), fc.boolean()],
    (value, isThrown) => {
      const statusResolver = () => {
        if (isThrown) throw value;
        return value as never;
      };
      return withElement({}, { resolverUrl, statusResolver }, async (given) => {
        await show(given);
        await given.page.site.pass(60_000);
        const isWord = !isThrown && typeof value === 'string' && value.trim() !== '';
        const { state, status } = given.target;
        if (isWord) return assert.equal(status, value);
        assert.equal(state, 'ready');
        assert.deepEqual(given.told, ['session-created s1 initial', 'error status-unavailable']);
      });
    },
  );

  property(
    'reads its stream, however it is cut and whatever is between',
    [
      fc.array(
        fc.oneof(
          openedWord.map((word) => ({ word })),
          fc
            .constantFrom(
              ':\n',
              'retry: 5\n',
              'id: 7\n',
              'event: other\ndata: {"status":"Approved"}\n\n',
            )
            .map((text) => ({ text })),
        ),
        { maxLength: 8 },
      ),
      finalWord,
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(400), { maxLength: 12 }),
    ],
    (messages, end, lineEnd, cuts) =>
      withElement({ hasEvents: true }, { resolverUrl }, async (given) => {
        await show(given);
        const { site } = given.page;
        await say(given, textOf([{ word: 'In Progress' }, ...messages], lineEnd), cuts);
        const words = messages.flatMap((each) => ('word' in each ? [each.word] : []));
        assert.equal(given.target.state, 'in-progress');
        assert.equal(given.target.status, words.at(-1) ?? 'In Progress');
        given.page.said.add(end);
        await say(given, textOf([{ word: end }], lineEnd), cuts);
        assert.equal(given.target.state, FINAL[end]);
        assert.lengthOf(site.openStreams, 0);
        const count = site.asked.length;
        await site.pass(120_000);
        assert.lengthOf(site.asked, count);
      }),
  );

  property(
    'bears any stream, and asks on',
    [fc.array(chatter, { minLength: 1, maxLength: 6 }), fc.constantFrom('ends', 'breaks', 'stays')],
    (texts, end) =>
      withElement({ hasEvents: true, hasStatus: true }, { resolverUrl }, async (given) => {
        await show(given);
        const { site } = given.page;
        const stream = site.openStreams[0]!;
        for (const text of texts) {
          if (stream.isOpen) stream.send(text);
          await site.pass(1);
          given.page.check();
        }
        if (end === 'ends' && stream.isOpen) stream.end();
        if (end === 'breaks') stream.cut();
        await site.pass(100);
        if (given.target.state !== 'ready') return;
        given.page.site.statuses.set('s1', 'Approved');
        await site.pass(60_000);
        assert.equal(given.target.state, 'approved');
      }),
  );
});

function isGoneAtLast(answers: readonly Answer[]): boolean {
  const last = answers.at(-1);
  return last?.kind === 'refused' && [404, 410].includes(last.http);
}

function textOf(
  messages: readonly ({ word: string } | { text: string })[],
  lineEnd: string,
): string {
  return messages
    .map((each) =>
      'text' in each
        ? each.text.replaceAll('\n', lineEnd)
        : `event: status${lineEnd}data: ${JSON.stringify({ status: each.word })}${lineEnd}${lineEnd}`,
    )
    .join('');
}

/** Sends it in pieces of so many bytes, each when the one before has been read. */
async function say({ page }: Case, text: string, cuts: readonly number[]): Promise<void> {
  const stream = page.site.openStreams[0]!;
  let rest = new TextEncoder().encode(text);
  for (const cut of [...cuts, rest.length]) {
    if (stream.isOpen) stream.sendBytes(rest.slice(0, cut));
    rest = rest.slice(cut);
    await page.site.pass(1);
  }
}
