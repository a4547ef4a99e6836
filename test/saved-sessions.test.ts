import { expect, fixture, html } from '@open-wc/testing';
import sinon from 'sinon';
import type { LiveSession } from '../src/live-session.js';
import { encodeQr } from '../src/qr.js';
import { SavedSessions, type SavedKey } from '../src/saved-sessions.js';
import { DEFAULT_ALLOWED_HOSTS } from '../src/session.js';
import { sampleSession } from './sample-session.js';

const MINUTE = 60_000;
const key: SavedKey = { resolver: 'https://shop.example/session' };

function session(number: number | string, given: Partial<LiveSession> = {}): LiveSession {
  return sampleSession({ sessionId: `session-${number}`, ...given });
}

/** What an element on the page goes by; the page is the same for all of a test. */
async function onPage(): Promise<{ saved: SavedSessions; host: HTMLElement }> {
  const host = await fixture<HTMLElement>(html`<div></div>`);
  return { saved: new SavedSessions(host), host };
}

/** What is found after a reload: by an element that has shown nothing, where nobody else has. */
function found(of = key, tried = new Set<string>()): string[] {
  const saved = new SavedSessions(document.createElement('div'));
  const ids: string[] = [];
  for (;;) {
    const next = saved.claim(of, DEFAULT_ALLOWED_HOSTS, new Set([...tried, ...ids]));
    if (!next) break;
    ids.push(next.session.sessionId);
  }
  saved.release();
  return ids;
}

describe('SavedSessions', () => {
  beforeEach(() => sessionStorage.clear());

  /** By an element that is gone. */
  function keep(number: number | string, of = key, isFinished = false, given = {}) {
    const saved = new SavedSessions(document.createElement('div'));
    saved.keep(of, session(number, given), isFinished);
    saved.release();
  }

  it('finds nothing where nothing is kept', async () => {
    const { saved } = await onPage();
    expect(saved.claim(key, DEFAULT_ALLOWED_HOSTS)).to.equal(null);
    expect(saved.has(key)).to.equal(false);
  });

  it('gives back all that was known of a session, drawn', async () => {
    const full = session(1, {
      expiresAt: new Date(Date.UTC(2040, 0, 1)),
      lifetime: 90_000,
      status: 'In Progress',
      statusUrl: 'https://shop.example/session?session=h',
      eventsUrl: 'https://shop.example/session?session=h&events',
    });
    const { saved } = await onPage();
    saved.keep(key, full, false);
    expect(saved.claim(key, DEFAULT_ALLOWED_HOSTS)).to.deep.equal({
      session: { ...full, qr: encodeQr(full.url) },
      isFinished: false,
    });
    saved.keep(key, session(2), false);
    const next = saved.claim(key, DEFAULT_ALLOWED_HOSTS, new Set(['session-1']));
    expect(next!.session).to.deep.equal({ ...session(2), qr: encodeQr(session(2).url) });
  });

  it('keeps an end that has passed: only its status says what became of it', () => {
    const expiresAt = new Date(1000);
    keep(1, key, false, { expiresAt, lifetime: 500 });
    const saved = new SavedSessions(document.createElement('div'));
    const { session: old } = saved.claim(key, DEFAULT_ALLOWED_HOSTS)!;
    saved.release();
    expect([old.expiresAt, old.lifetime]).to.deep.equal([expiresAt, 500]);
  });

  it('keeps each session once, as last known', () => {
    keep(1, key, false, { status: 'Not Started' });
    keep(1, key, false, { status: 'In Progress' });
    expect(found()).to.deep.equal(['session-1']);
    const saved = new SavedSessions(document.createElement('div'));
    expect(saved.claim(key, DEFAULT_ALLOWED_HOSTS)!.session.status).to.equal('In Progress');
    saved.release();
  });

  it('finds the one kept first before others, and none that was tried', () => {
    for (const number of [3, 1, 2]) keep(number);
    expect(found()).to.deep.equal(['session-3', 'session-1', 'session-2']);
    expect(found(key, new Set(['session-3', 'session-2']))).to.deep.equal(['session-1']);
  });

  it('forgets one, and leaves nothing behind after the last', async () => {
    keep(1);
    keep(2);
    const { saved } = await onPage();
    saved.forget(key, 'session-1');
    expect(found()).to.deep.equal(['session-2']);
    saved.forget(key, 'session-2');
    saved.forget(key, 'session-2');
    expect(found()).to.deep.equal([]);
    expect(sessionStorage).to.have.length(0);
  });

  it('forgets what an element has taken up, and nothing where it has taken up none', async () => {
    keep(1);
    keep(2);
    const [first, second] = [await onPage(), await onPage()];
    first.saved.claim(key, DEFAULT_ALLOWED_HOSTS);
    second.saved.forgetClaimed(key);
    expect(found()).to.deep.equal(['session-2']);
    first.saved.forgetClaimed(key);
    first.saved.forgetClaimed(key);
    expect(found()).to.deep.equal(['session-2']);
  });

  it('keeps the newest 20', () => {
    for (let number = 1; number <= 22; number++) keep(number);
    const ids = found();
    expect(ids).to.have.length(20);
    expect(ids).to.not.include('session-2');
    expect(ids).to.include.members(['session-3', 'session-22']);
  });

  it('touches nothing that is not its own', () => {
    sessionStorage.setItem('cart', '[1]');
    keep(1);
    const names = Object.keys(sessionStorage).filter((name) => name !== 'cart');
    expect(names).to.have.length(1);
    expect(names[0]).to.match(/^didit-verify:/);
    expect(sessionStorage.getItem('cart')).to.equal('[1]');
  });
});

describe('SavedSessions, whose they are', () => {
  beforeEach(() => sessionStorage.clear());

  const keys: Record<string, SavedKey> = {
    'a resolver': { resolver: 'https://shop.example/session' },
    'another resolver': { resolver: 'https://shop.example/other' },
    'a function on a page': { resolver: '/checkout' },
    'a function on another page': { resolver: '/account' },
    'a scope': { ...key, scope: 'names' },
    'another scope': { ...key, scope: 'names email' },
    'an empty scope': { ...key, scope: '' },
    'a person': { ...key, vendorData: 'user-1' },
    'another person': { ...key, vendorData: 'user-2' },
    'an empty person': { ...key, vendorData: '' },
    'a person with a scope': { ...key, scope: 'names', vendorData: 'user-1' },
    'a scope named as a person': { ...key, scope: 'user-1' },
    'a resolver with marks in it': { resolver: 'https://shop.example/session","names' },
    'a comma in the resolver': { resolver: 'https://shop.example/a,b', scope: 'c' },
    'a comma in the scope': { resolver: 'https://shop.example/a', scope: 'b,c' },
  };

  it('keeps one list for each resolver, scope and person', async () => {
    const { saved } = await onPage();
    for (const [name, of] of Object.entries(keys)) saved.keep(of, session(name), false);
    saved.release();
    for (const [name, of] of Object.entries(keys)) {
      expect(found(of), name).to.deep.equal([`session-${name}`]);
    }
    saved.forget(keys['a person']!, 'session-a person');
    expect(found(keys['a person'])).to.deep.equal([]);
    expect(found(keys['another person'])).to.have.length(1);
    expect(saved.has(keys['a person']!)).to.equal(false);
    expect(saved.has(keys['another person']!)).to.equal(true);
  });

  it('tells persons apart that differ by little', async () => {
    const persons = Array.from({ length: 500 }, (_, number) => `user-${number}@shop.example`);
    persons.push(
      'Ünï',
      'Unï',
      'user-1@shop.example ',
      'USER-1@shop.example',
      '1',
      '01',
      '🎉',
      '🎊',
    );
    const { saved } = await onPage();
    for (const vendorData of persons) saved.keep({ ...key, vendorData }, session(1), false);
    expect(sessionStorage).to.have.length(persons.length);
  });

  it('never stores the vendor data itself', async () => {
    const vendorData = 'jane.doe@mail.example';
    const { saved } = await onPage();
    saved.keep({ ...key, scope: 'names', vendorData }, session(1), false);
    const stored = Object.entries(sessionStorage).join();
    expect(stored).to.contain('session-1');
    for (const word of [vendorData, 'jane', btoa(vendorData), encodeURIComponent(vendorData)]) {
      expect(stored).to.not.contain(word);
    }
  });
});

describe('SavedSessions, several elements on a page', () => {
  beforeEach(() => sessionStorage.clear());

  it('gives each element a session of its own', async () => {
    const [first, second, third] = [await onPage(), await onPage(), await onPage()];
    first.saved.keep(key, session(1), false);
    second.saved.keep(key, session(2), false);
    first.saved.release();
    second.saved.release();
    const claims = [second, first, third].map(({ saved }) => {
      return saved.claim(key, DEFAULT_ALLOWED_HOSTS)?.session.sessionId;
    });
    expect(claims).to.deep.equal(['session-1', 'session-2', undefined]);
  });

  it('gives away nothing that another element shows, however it came by it', async () => {
    const [first, second] = [await onPage(), await onPage()];
    first.saved.keep(key, session(1), false);
    expect(second.saved.has(key)).to.equal(false);
    expect(second.saved.claim(key, DEFAULT_ALLOWED_HOSTS)).to.equal(null);
    first.saved.release();
    expect(second.saved.has(key)).to.equal(true);
    expect(second.saved.claim(key, DEFAULT_ALLOWED_HOSTS)).to.not.equal(null);
    expect(first.saved.has(key)).to.equal(false);
  });

  it('gives an element its own again', async () => {
    const { saved } = await onPage();
    saved.keep(key, session(1), false);
    expect(saved.has(key)).to.equal(true);
    expect(saved.claim(key, DEFAULT_ALLOWED_HOSTS)!.session.sessionId).to.equal('session-1');
  });

  it('takes no heed of an element that is not in the page', async () => {
    const [first, second] = [await onPage(), await onPage()];
    first.saved.keep(key, session(1), false);
    first.host.remove();
    expect(second.saved.has(key)).to.equal(true);
    expect(second.saved.claim(key, DEFAULT_ALLOWED_HOSTS)).to.not.equal(null);
  });

  it('frees what an element has forgotten, and what it has shown before', async () => {
    const [first, second] = [await onPage(), await onPage()];
    first.saved.keep(key, session(1), false);
    first.saved.keep(key, session(2), false);
    const claimed = second.saved.claim(key, DEFAULT_ALLOWED_HOSTS);
    expect(claimed!.session.sessionId).to.equal('session-1');
    const person = { ...key, vendorData: 'user-1' };
    first.saved.keep(person, session(2), false);
    second.saved.release();
    expect(second.saved.claim(person, DEFAULT_ALLOWED_HOSTS)).to.equal(null);
    first.saved.forget(key, 'session-2');
    expect(second.saved.claim(person, DEFAULT_ALLOWED_HOSTS)).to.not.equal(null);
  });
});

describe('SavedSessions, finished ones', () => {
  const NOW = Date.UTC(2030, 0, 1);
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    sessionStorage.clear();
    clock = sinon.useFakeTimers({ now: NOW, toFake: ['Date'] });
  });
  afterEach(() => clock.restore());

  it('are found for 10 minutes, and unfinished ones without a limit', () => {
    const saved = new SavedSessions(document.createElement('div'));
    saved.keep(key, session('done', { status: 'Approved' }), true);
    saved.keep(key, session('open'), false);
    saved.release();
    const claimed = saved.claim(key, DEFAULT_ALLOWED_HOSTS);
    expect([claimed!.session.status, claimed!.isFinished]).to.deep.equal(['Approved', true]);
    saved.release();
    clock.tick(10 * MINUTE - 1);
    expect(found()).to.deep.equal(['session-done', 'session-open']);
    clock.tick(1);
    expect(found()).to.deep.equal(['session-open']);
    clock.tick(1000 * MINUTE);
    expect(found()).to.deep.equal(['session-open']);
  });

  it('leave as soon as anybody looks', async () => {
    const { saved } = await onPage();
    saved.keep(key, session('done'), true);
    clock.tick(10 * MINUTE);
    expect(saved.has(key)).to.equal(false);
    expect(Object.values(sessionStorage).join()).to.not.contain('session-done');
  });
});

describe('SavedSessions, storage that is not to be trusted', () => {
  beforeEach(() => sessionStorage.clear());

  const statusUrl = 'https://shop.example/session?session=h';

  /** Keeps one session, and changes what is stored of it. */
  function tamper(change: object, of = key) {
    const saved = new SavedSessions(document.createElement('div'));
    saved.keep(of, session(1, { statusUrl }), false);
    saved.release();
    const [name] = Object.keys(sessionStorage);
    const [stored] = JSON.parse(sessionStorage.getItem(name!)!) as [object];
    sessionStorage.setItem(name!, JSON.stringify([{ ...stored, ...change }]));
  }

  it('finds a session that was not changed', () => {
    tamper({});
    expect(found()).to.deep.equal(['session-1']);
  });

  const unsafe: Record<string, object> = {
    'a url on another host': { url: 'https://evil.example/authorize/1' },
    'a url that is a script': { url: 'javascript:alert(1)//app.didit.me' },
    'a url without encryption': { url: 'http://app.didit.me/' },
    'no url': { url: undefined },
    'no id': { session_id: '' },
    'an object as id': { session_id: { toString: 'session-1' } },
    'a status_url on another origin than the resolver': {
      status_url: 'https://evil.example/status',
      events_url: null,
    },
    'an events_url on another origin than the resolver': {
      status_url: null,
      events_url: 'https://evil.example/events',
    },
    'both addresses on another origin than the resolver': {
      status_url: 'https://evil.example/status',
      events_url: 'https://evil.example/events',
    },
    'addresses on two origins': { events_url: 'https://evil.example/events' },
    'a status_url that is a script': { status_url: 'javascript:alert(1)' },
    'a status_url that is none': { status_url: 'nowhere' },
    'a number as status_url': { status_url: 5 },
    'an object as status_url': { status_url: { href: statusUrl } },
  };
  for (const [name, change] of Object.entries(unsafe)) {
    it(`takes up no session with ${name}`, () => {
      tamper(change);
      expect(found()).to.deep.equal([]);
    });
  }

  for (const ends of ['soon', {}, 1e300]) {
    it(`makes no end of ${JSON.stringify(ends)}`, () => {
      tamper({ ends, lifetime: 90_000 });
      const saved = new SavedSessions(document.createElement('div'));
      const expiresAt = saved.claim(key, DEFAULT_ALLOWED_HOSTS)?.session.expiresAt ?? null;
      saved.release();
      expect(expiresAt).to.equal(null);
    });
  }

  for (const status of [{ toString: 'Approved' }, 5, 'Approved', 'confirmed', 'In Review']) {
    it(`takes no word from ${JSON.stringify(status)} for what is not finished`, () => {
      tamper({ status });
      const saved = new SavedSessions(document.createElement('div'));
      expect(saved.claim(key, DEFAULT_ALLOWED_HOSTS)?.session.status ?? null).to.equal(null);
      saved.release();
    });
  }

  it('takes up what the allowed hosts of today allow', async () => {
    tamper({ url: 'https://verify.shop.example/1' });
    const { saved } = await onPage();
    expect(saved.claim(key, DEFAULT_ALLOWED_HOSTS)).to.equal(null);
    expect(saved.claim(key, 'verify.shop.example')!.session.sessionId).to.equal('session-1');
  });

  it('passes over a session that cannot be taken up, for the next', () => {
    tamper({ url: 'https://evil.example/' });
    const saved = new SavedSessions(document.createElement('div'));
    saved.keep(key, session(2), false);
    saved.release();
    expect(found()).to.deep.equal(['session-2']);
  });

  for (const junk of ['', 'junk', 'null', '5', '"text"', '{}', '[null]', '[5]', '[[]]', '[{}]']) {
    it(`finds nothing in ${junk || 'an empty text'}, and keeps what comes then`, () => {
      tamper({});
      const [name] = Object.keys(sessionStorage);
      sessionStorage.setItem(name!, junk);
      expect(found()).to.deep.equal([]);
      const saved = new SavedSessions(document.createElement('div'));
      expect(() => saved.forget(key, 'session-1')).to.not.throw();
      saved.keep(key, session(2), false);
      saved.release();
      expect(found()).to.deep.equal(['session-2']);
    });
  }
});

describe('SavedSessions, storage that throws', () => {
  beforeEach(() => sessionStorage.clear());
  afterEach(() => sinon.restore());

  const refuse = () => {
    throw new DOMException('No.', 'SecurityError');
  };
  const refusals: Record<string, () => void> = {
    'is full': () => void sinon.stub(Storage.prototype, 'setItem').callsFake(refuse),
    'cannot be read': () => void sinon.stub(Storage.prototype, 'getItem').callsFake(refuse),
    'is forbidden altogether': () => void sinon.stub(window, 'sessionStorage').get(refuse),
  };
  for (const [name, begin] of Object.entries(refusals)) {
    it(`finds nothing, and throws nothing, where it ${name}`, async () => {
      const [first, second] = [await onPage(), await onPage()];
      begin();
      first.saved.keep(key, session(1), false);
      expect(second.saved.claim(key, DEFAULT_ALLOWED_HOSTS)).to.equal(null);
      expect(second.saved.has(key)).to.equal(false);
      first.saved.forget(key, 'session-1');
      first.saved.release();
    });
  }
});
