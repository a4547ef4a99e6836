import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../src/server/answers.js';
import {
  eventOf,
  type HeardEvents,
  isHeard,
  joined,
  readWebhookBody,
  reasonToIgnore,
  reasonToPass,
  withEvent,
} from '../../src/server/webhook-event.js';

const BODY = {
  session_id: 'session-1',
  status: 'Approved',
  webhook_type: 'status.updated',
  timestamp: 1_750_000_000,
  vendor_data: 'person-1',
};

function isBadRequest(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'bad-request';
}

describe('readWebhookBody', () => {
  it('takes an object', () => {
    assert.deepEqual(readWebhookBody('{"a":1}'), { a: 1 });
  });

  for (const text of ['', '{', '[]', 'null', '7', '"a"']) {
    it(`refuses ${text || 'nothing'}`, () => {
      assert.throws(() => readWebhookBody(text), isBadRequest);
    });
  }
});

describe('reasonToIgnore', () => {
  it('is none for a changed status', () => {
    assert.equal(reasonToIgnore(new Headers(), BODY), null);
    const headers = new Headers({ 'X-Didit-Test-Webhook': 'false' });
    assert.equal(reasonToIgnore(headers, { ...BODY, session_kind: 'user' }), null);
  });

  it('is that it is a test', () => {
    for (const value of ['true', 'True']) {
      const headers = new Headers({ 'X-Didit-Test-Webhook': value });
      assert.equal(reasonToIgnore(headers, BODY), 'test');
    }
  });

  it('is that it is about something else', () => {
    assert.equal(reasonToIgnore(new Headers(), { ...BODY, webhook_type: 'data.updated' }), 'type');
    assert.equal(reasonToIgnore(new Headers(), {}), 'type');
    assert.equal(reasonToIgnore(new Headers(), { ...BODY, session_kind: 'business' }), 'business');
  });
});

describe('eventOf', () => {
  it('is what the body says', () => {
    assert.deepEqual(eventOf(BODY, 'full'), {
      key: 'session-1:Approved:1750000000000',
      sessionId: 'session-1',
      at: 1_750_000_000_000,
      told: { status: 'Approved', at: 1_750_000_000_000, decision: undefined },
    });
  });

  it('is the session alone where no more is vouched for', () => {
    const body = { ...BODY, event_id: 'event-1', decision: { status: 'Approved' } };
    const { key, told } = eventOf(body, 'simple');
    assert.deepEqual([key, told], ['session-1:Approved:1750000000000', null]);
  });

  it('is known again by its event_id', () => {
    for (const event_id of ['event-1', 'x'.repeat(256)]) {
      assert.equal(eventOf({ ...BODY, event_id }, 'full').key, event_id);
    }
  });

  for (const event_id of ['', 7, null, 'x'.repeat(257)]) {
    it(`is known again by what it says where its id is ${String(event_id).slice(0, 9)}`, () => {
      assert.equal(eventOf({ ...BODY, event_id }, 'full').key, 'session-1:Approved:1750000000000');
    });
  }

  it('has the decision as the decision call would give it', () => {
    const decision = { session_number: 7, status: 'Approved' };
    assert.deepEqual(eventOf({ ...BODY, decision }, 'full').told!.decision, {
      session_id: 'session-1',
      status: 'Approved',
      vendor_data: 'person-1',
      session_number: 7,
    });
    const own = { session_id: 'session-2', vendor_data: 'person-2', status: 'Declined' };
    assert.deepEqual(eventOf({ ...BODY, decision: own }, 'full').told!.decision, own);
  });

  for (const decision of [null, 'Approved', [], 7, { status: 7 }, { status: 'x'.repeat(65) }]) {
    it(`has none where that is ${JSON.stringify(decision)}`, () => {
      assert.equal(eventOf({ ...BODY, decision }, 'full').told!.decision, undefined);
    });
  }

  for (const [name, wrong] of [
    ['no session', { session_id: undefined }],
    ['a session that is none', { session_id: '../token' }],
    ['no status', { status: null }],
    ['a status that is far too long', { status: 'x'.repeat(65) }],
  ] as const) {
    it(`refuses one with ${name}`, () => {
      for (const trust of ['full', 'simple'] as const) {
        assert.throws(() => eventOf({ ...BODY, ...wrong }, trust), isBadRequest);
      }
    });
  }
});

describe('webhooks that were taken up', () => {
  const NONE = { at: 0, keys: [] };
  const event = (key: string, at: number) => ({ key, at });

  it('are not taken up again, nor any older one', () => {
    const heard = withEvent(withEvent(NONE, event('a', 5)), event('b', 5));
    assert.equal(reasonToPass(NONE, event('a', 5)), null);
    assert.equal(reasonToPass(heard, event('a', 9)), 'repeated');
    assert.equal(reasonToPass(heard, event('c', 4)), 'older');
    assert.equal(reasonToPass(heard, event('c', 5)), null);
  });

  it('count by the newest, wherever that came in between', () => {
    assert.equal(withEvent(withEvent(NONE, event('a', 9)), event('b', 5)).at, 9);
  });

  it('are twenty at the most, the newest of them', () => {
    let heard: HeardEvents = NONE;
    for (let number = 0; number < 25; number++) heard = withEvent(heard, event(`${number}`, 1));
    assert.deepEqual(
      heard.keys,
      Array.from({ length: 20 }, (_, index) => `${24 - index}`),
    );
  });

  it('are those of two instances together, the newest first, twenty at the most', () => {
    const [more, other] = [
      { at: 5, keys: ['c', 'a'] },
      { at: 9, keys: ['b', 'a'] },
    ];
    assert.deepEqual(joined(more, other), { at: 9, keys: ['c', 'a', 'b'] });
    assert.deepEqual(joined(other, more), { at: 9, keys: ['b', 'a', 'c'] });
    const [first, then] = ['x', 'y'].map((name) =>
      Array.from({ length: 15 }, (_, index) => `${name}${index}`),
    ) as [string[], string[]];
    const { keys } = joined({ at: 1, keys: first }, { at: 1, keys: then });
    assert.deepEqual(keys, [...first, ...then.slice(0, 5)]);
  });

  it('are known by their form', () => {
    for (const sound of [NONE, { at: 1, keys: ['a'] }]) assert.ok(isHeard(sound));
    const unsound = [null, undefined, 5, [], {}, { at: '1', keys: [] }, { at: 1, keys: [''] }];
    for (const value of [...unsound, { at: 1, keys: 'a' }, { at: 1, keys: [5] }]) {
      assert.ok(!isHeard(value), JSON.stringify(value));
    }
  });
});
