import { expect, fixtureCleanup } from '@open-wc/testing';
import type { DiditVerifyElement } from '../src/index.js';
import { registeredLocale, registerLocale } from '../src/locale-registry.js';
import { english } from '../src/strings.js';
import { answer, create, element, inState, nextTask, part, until } from './helpers.js';

const text = (target: DiditVerifyElement, name: string) => part(target, name)!.textContent.trim();
const heading = (target: DiditVerifyElement) => text(target, 'heading');

/** The heading of a language, once its words are loaded by whoever is first. */
async function headingOf(tag: string): Promise<string> {
  await until(() => registeredLocale(tag.toLowerCase()));
  return registeredLocale(tag.toLowerCase())!.heading;
}

/** Puts an element where a language holds. */
async function within(lang: string): Promise<DiditVerifyElement> {
  const target = await element({ manual: true });
  target.parentElement!.lang = lang;
  await target.updateComplete;
  return target;
}

async function speaks(target: DiditVerifyElement, tag: string): Promise<void> {
  const words = await headingOf(tag);
  await until(() => heading(target) === words);
}

describe('Language', () => {
  const { documentElement } = document;

  afterEach(() => {
    fixtureCleanup();
    documentElement.removeAttribute('lang');
  });

  it('is English where the page says nothing, and says so', async () => {
    const target = await element({ manual: true });
    expect(heading(target)).to.equal(english.heading);
    expect(part(target, 'base')!.lang).to.equal('en');
    expect(part(target, 'base')!.dir).to.equal('ltr');
  });

  it('is loaded for the nearest lang, and says which it is', async () => {
    const target = await within('da-DK');
    await speaks(target, 'da');
    expect(part(target, 'base')!.lang).to.equal('da');
  });

  it('runs from right to left where it is written so', async () => {
    const target = await within('he');
    await speaks(target, 'he');
    expect(part(target, 'base')!.dir).to.equal('rtl');
    expect(getComputedStyle(part(target, 'link') ?? part(target, 'heading')!).direction).to.equal(
      'rtl',
    );
  });

  it('follows the lang of the element, of what is around it, and of the page', async () => {
    const target = await element({ manual: true });
    documentElement.lang = 'it';
    await speaks(target, 'it');
    target.parentElement!.lang = 'pt-BR';
    await speaks(target, 'pt-BR');
    target.lang = 'en-GB';
    await until(() => heading(target) === english.heading);
    target.removeAttribute('lang');
    await speaks(target, 'pt-BR');
    target.parentElement!.removeAttribute('lang');
    await speaks(target, 'it');
  });

  it('is found out of shadow trees, and followed there', async () => {
    const outer = (await element({ manual: true })).parentElement!;
    const host = document.createElement('div');
    outer.append(host);
    const inner = document.createElement('div');
    host.attachShadow({ mode: 'open' }).append(inner);
    const target = create({ manual: true });
    inner.append(target);
    outer.lang = 'nl';
    await speaks(target, 'nl');
    inner.lang = 'sv';
    await speaks(target, 'sv');
    inner.removeAttribute('lang');
    await speaks(target, 'nl');
  });

  it('is that of the new place when the element is moved', async () => {
    const target = await within('fi');
    await speaks(target, 'fi');
    const place = document.createElement('div');
    place.lang = 'et';
    target.parentElement!.after(place);
    place.append(target);
    await speaks(target, 'et');
    place.remove();
  });

  it('keeps its words until those of another are there, and waits with none before', async () => {
    const target = await within('lt');
    expect(part(target, 'base')!.classList.contains('pending')).to.equal(true);
    await speaks(target, 'lt');
    expect(part(target, 'base')!.classList.contains('pending')).to.equal(false);
    const seen = new Set<string>();
    const observer = new MutationObserver(() => seen.add(heading(target)));
    observer.observe(target.shadowRoot!, { subtree: true, childList: true, characterData: true });
    target.lang = 'lv';
    await target.updateComplete;
    expect(part(target, 'base')!.classList.contains('pending')).to.equal(false);
    await speaks(target, 'lv');
    observer.disconnect();
    expect(seen).to.not.include(english.heading);
  });

  it('the last one wins, whichever is loaded first', async () => {
    const target = await within('hu');
    target.lang = 'ro';
    await nextTask();
    target.lang = 'ca';
    await speaks(target, 'ca');
    await headingOf('ro');
    await target.updateComplete;
    expect(heading(target)).to.equal(await headingOf('ca'));
  });

  it('nonsense, and languages without words, are English', async () => {
    for (const lang of ['tlh', '', 'x', '_', 'constructor', '../de', '%00']) {
      const target = await within(lang);
      expect(heading(target), lang).to.equal(english.heading);
      expect(part(target, 'base')!.lang, lang).to.equal('en');
    }
  });

  it('words that the page has for such a language are not called English', async () => {
    const target = await within('cy');
    target.strings = { heading: 'Profi’ch hunaniaeth' };
    await target.updateComplete;
    expect(heading(target)).to.equal('Profi’ch hunaniaeth');
    expect(part(target, 'base')!.hasAttribute('lang')).to.equal(false);
    expect(part(target, 'base')!.hasAttribute('dir')).to.equal(false);
  });

  it('words that the page replaces stay, in any language', async () => {
    const target = await within('nl');
    target.strings = { heading: 'Leeftijd' };
    await until(() => text(target, 'description') === registeredLocale('nl')?.description);
    expect(heading(target)).to.equal('Leeftijd');
  });

  it('is told in messages and to the form, too', async () => {
    const target = await within('sl');
    Object.assign(target, { required: true, resolver: () => Promise.reject(new Error('x')) });
    await speaks(target, 'sl');
    const words = registeredLocale('sl')!;
    expect(target.validationMessage).to.equal(words['value-missing']);
    await target.start();
    expect(text(target, 'message')).to.equal(words['resolver-failed']);
  });

  it('what another module registers is taken up where it is waited for', async () => {
    const target = await within('sk');
    registerLocale('sk', { ...english, heading: 'Skôr' });
    await target.updateComplete;
    expect(heading(target)).to.equal('Skôr');
  });

  it('words of another version that lack some are completed in English', async () => {
    registerLocale('mk', { link: 'Отвори' } as typeof english);
    const target = await within('mk');
    expect(heading(target)).to.equal(english.heading);
  });

  it('a change of words is no change of state: no event, no request', async () => {
    const heard: string[] = [];
    const target = await element({ resolver: () => answer() });
    await inState(target, 'ready');
    for (const type of ['session-created', 'status-changed', 'error', 'change']) {
      target.addEventListener(type, () => heard.push(type));
    }
    target.lang = 'pl';
    await speaks(target, 'pl');
    expect([target.state, ...heard]).to.deep.equal(['ready']);
  });

  it('out of the page it listens to nothing', async () => {
    const target = await within('nl');
    await speaks(target, 'nl');
    const place = target.parentElement!;
    target.remove();
    place.lang = 'sv';
    registerLocale('x-any', english);
    await target.updateComplete;
    expect(heading(target)).to.equal(registeredLocale('nl')!.heading);
  });
});
