import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { onRegistration, registeredLocale, registerLocale } from '../src/locale-registry.js';
import { english } from '../src/strings.js';

const words = { ...english, heading: 'Nuqneh' };

describe('locale registry', () => {
  it('knows what was registered', () => {
    expect(registeredLocale('x-klingon')).to.equal(undefined);
    expect(registerLocale('x-klingon', words)).to.equal(words);
    expect(registeredLocale('x-klingon')).to.equal(words);
  });

  it('is one for all copies of the script in a page', async () => {
    const another = `${import.meta.resolve('../src/locale-registry.ts')}?copy`;
    const copy = (await import(another)) as { registerLocale: typeof registerLocale };
    expect(copy.registerLocale).to.not.equal(registerLocale);
    copy.registerLocale('x-copy', words);
    expect(registeredLocale('x-copy')).to.equal(words);
  });

  it('tells of each registration, until nobody wants to hear it', () => {
    const listener = sinon.spy();
    const listening = new AbortController();
    onRegistration(listener, listening.signal);
    registerLocale('x-one', words);
    expect(listener.callCount).to.equal(1);
    listening.abort();
    registerLocale('x-two', words);
    expect(listener.callCount).to.equal(1);
  });
});
