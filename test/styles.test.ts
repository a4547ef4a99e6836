import { expect, fixtureCleanup } from '@open-wc/testing';
import sinon from 'sinon';
import type { DiditVerifyElement } from '../src/index.js';
import {
  answer,
  deferred,
  element,
  inState,
  part,
  restorePointer,
  setPointer,
  spoken,
  until,
} from './helpers.js';

async function ready(properties: Record<string, string> = {}): Promise<DiditVerifyElement> {
  const target = await element({ resolver: () => answer(), manual: true });
  for (const [name, value] of Object.entries(properties)) target.style.setProperty(name, value);
  await target.start();
  return target;
}

/** Lightness of what is painted, from 0 to 1, as the mean of the channels. */
function painted(target: DiditVerifyElement, selector: string): number {
  const { fill } = getComputedStyle(target.shadowRoot!.querySelector(`.code ${selector}`)!);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = '#808080';
  context.fillStyle = fill;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  expect(alpha, `${fill} is opaque`).to.equal(255);
  return (red! * 0.2126 + green! * 0.7152 + blue! * 0.0722) / 255;
}

describe('styles', () => {
  afterEach(() => {
    document.documentElement.style.colorScheme = '';
    fixtureCleanup();
  });

  const colours = [
    '#fff',
    '#000',
    'yellow',
    'lime',
    'navy',
    'transparent',
    'rgb(255 255 255 / 0.1)',
    'nonsense',
    '12px',
    '',
  ];
  for (const colour of colours) {
    it(`the code stays dark on light with ${colour || 'an empty value'} for both`, async () => {
      const target = await ready({
        '--didit-qr-color': colour,
        '--didit-qr-background': colour,
      });
      expect(painted(target, 'path')).to.be.lessThan(0.4);
      expect(painted(target, 'rect')).to.be.greaterThan(0.8);
    });
  }

  it('the code keeps its corners and its ink, whatever the page sets', async () => {
    const target = await element({ resolver: () => answer(), manual: true });
    target.parentElement!.style.cssText = 'fill-opacity: 0.02; stroke: #fff; stroke-width: 3';
    target.style.setProperty('--didit-radius', '999px');
    await target.start();
    const code = getComputedStyle(target.shadowRoot!.querySelector('.code')!);
    const path = getComputedStyle(target.shadowRoot!.querySelector('.code path')!);
    expect(Number.parseFloat(code.borderTopLeftRadius)).to.be.at.most(12);
    expect(path.fillOpacity).to.equal('1');
    expect(path.stroke).to.equal('none');
  });

  it('takes colours that are dark and light enough', async () => {
    const target = await ready({ '--didit-qr-color': '#204', '--didit-qr-background': '#ffe' });
    expect(painted(target, 'path')).to.be.within(0.01, 0.2);
    expect(painted(target, 'rect')).to.be.within(0.9, 0.999);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`theme="${theme}" wins over the page’s color-scheme`, async () => {
      document.documentElement.style.colorScheme = theme === 'dark' ? 'light' : 'dark';
      const target = await ready();
      target.theme = theme;
      await target.updateComplete;
      expect(getComputedStyle(target).colorScheme).to.equal(theme);
    });

    it(`theme="auto" follows the page’s color-scheme: ${theme}`, async () => {
      document.documentElement.style.colorScheme = theme;
      const target = await ready();
      const { backgroundColor } = getComputedStyle(part(target, 'base')!);
      const light = backgroundColor === 'rgb(255, 255, 255)';
      expect(light).to.equal(theme === 'light');
    });
  }

  it('takes the public custom properties', async () => {
    const target = await ready({
      '--didit-accent-color': 'rgb(1, 2, 3)',
      '--didit-background': 'rgb(4, 5, 6)',
      '--didit-color': 'rgb(7, 8, 9)',
      '--didit-border': '3px dashed rgb(10, 11, 12)',
      '--didit-radius': '5px',
      '--didit-spacing': '10px',
    });
    const base = getComputedStyle(part(target, 'base')!);
    expect(base.backgroundColor).to.equal('rgb(4, 5, 6)');
    expect(base.color).to.equal('rgb(7, 8, 9)');
    expect(base.borderTopStyle).to.equal('dashed');
    expect(base.borderTopLeftRadius).to.equal('5px');
    expect(base.paddingTop).to.equal('10px');
    await target.cancel();
    const button = getComputedStyle(part(target, 'start-button')!);
    expect(button.backgroundColor).to.equal('rgb(1, 2, 3)');
  });

  it('hides the page’s own words with the rest where the page hides it', async () => {
    const target = await ready({ visibility: 'hidden' });
    for (const name of ['heading', 'description']) {
      const words = document.createElement('p');
      words.slot = name;
      target.append(words);
      expect(getComputedStyle(words).visibility, name).to.equal('hidden');
    }
  });

  for (const presentation of ['inline', 'dialog'] as const) {
    it(`is hidden by the hidden attribute, ${presentation}`, async () => {
      const target = await ready();
      target.presentation = presentation;
      await target.updateComplete;
      target.hidden = true;
      expect(getComputedStyle(target).display).to.equal('none');
    });
  }
});

/** Lets the rules for a media query hold, until {@link restoreMedia}. */
function matchMediaRules(query: string): void {
  const [sheet] = document.querySelector('didit-verify')!.shadowRoot!.adoptedStyleSheets;
  const rules = Array.from(sheet!.cssRules).filter(
    (rule): rule is CSSMediaRule => rule instanceof CSSMediaRule && rule.media.mediaText === query,
  );
  expect(rules, query).to.not.have.length(0);
  for (const rule of rules) {
    rule.media.mediaText = 'all';
    changedRules.push([rule, query]);
  }
}

const changedRules: [CSSMediaRule, string][] = [];

function restoreMedia(): void {
  for (const [rule, query] of changedRules.splice(0)) rule.media.mediaText = query;
}

const boxOf = (target: DiditVerifyElement, name: string) =>
  part(target, name)!.getBoundingClientRect();

describe('styles, the size of things', () => {
  afterEach(() => {
    restoreMedia();
    restorePointer();
    fixtureCleanup();
  });

  it('with a finger the link is on a line of its own, and large', async () => {
    setPointer('finger');
    const target = await ready();
    matchMediaRules('(pointer: coarse)');
    const link = boxOf(target, 'link');
    const actions = part(target, 'link')!.parentElement!.getBoundingClientRect();
    expect(link.width).to.be.closeTo(actions.width, 1);
    expect(link.height).to.be.at.least(48);
    expect(boxOf(target, 'show-code-button').top).to.be.at.least(link.bottom);
    expect(boxOf(target, 'copy-button').top).to.be.at.least(link.bottom);
  });

  const pressable: [state: string, name: string][] = [
    ['Not Started', 'link'],
    ['Not Started', 'copy-button'],
    ['Retrieved', 'show-code-button'],
    ['Expired', 'start-button'],
  ];
  for (const [status, name] of pressable) {
    it(`${name} is large enough for a finger`, async () => {
      const target = await element({
        resolver: () => ({ ...answer(), status }),
        refreshExpired: 'manual',
      });
      await until(() => part(target, name));
      expect(boxOf(target, name).height).to.be.at.least(44);
      expect(boxOf(target, name).width).to.be.at.least(44);
    });
  }

  it('so is what closes the dialog, and what opens it', async () => {
    const target = await element({ resolver: () => answer(), presentation: 'dialog' });
    expect(boxOf(target, 'start-button').height).to.be.at.least(44);
    await target.showModal();
    const close = boxOf(target, 'close-button');
    expect([close.width, close.height].every((side) => side >= 44)).to.equal(true);
    await target.close();
  });

  for (const pointer of ['mouse', 'finger'] as const) {
    it(`nothing jumps when the code comes and goes, with a ${pointer}`, async () => {
      setPointer(pointer);
      const status = spoken('');
      const target = await element({ resolver: () => answer(), manual: true, ...status });
      if (pointer === 'finger') matchMediaRules('(pointer: coarse)');
      const heights = [boxOf(target, 'base').height];
      const { promise, resolve } = deferred<ReturnType<typeof answer>>();
      target.resolver = () => promise;
      void target.start();
      await inState(target, 'loading');
      heights.push(boxOf(target, 'base').height);
      resolve(answer());
      await inState(target, 'ready');
      heights.push(boxOf(target, 'base').height);
      for (const [word, state] of [
        ['Retrieved', 'in-progress'],
        ['Approved', 'approved'],
      ] as const) {
        status.say(word);
        await inState(target, state);
        heights.push(boxOf(target, 'base').height);
      }
      expect(
        heights.every((height) => Math.abs(height - heights[0]!) < 1),
        heights.join(),
      ).to.equal(true);
    });
  }

  it('a closed dialog is a button in the line, no wider than its words', async () => {
    const target = await element({ resolver: () => answer(), presentation: 'dialog' });
    expect(getComputedStyle(target).display).to.equal('inline-block');
    expect(target.getBoundingClientRect().width).to.be.lessThan(320);
    expect(boxOf(target, 'base').height).to.equal(0);
  });

  it('an open dialog is in the middle of the page, and no larger', async () => {
    const target = await element({ resolver: () => answer(), presentation: 'dialog' });
    target.style.setProperty('--didit-qr-size', '3000px');
    await target.showModal();
    const box = boxOf(target, 'dialog');
    expect(box.width).to.be.within(200, document.documentElement.clientWidth);
    expect(box.height).to.be.within(200, document.documentElement.clientHeight);
    expect(box.left).to.be.closeTo(document.documentElement.clientWidth - box.right, 1);
    await target.close();
  });

  for (const width of ['200px', '320px', '1200px']) {
    it(`nothing sticks out of ${width}`, async () => {
      const target = await ready();
      target.parentElement!.style.inlineSize = width;
      const base = boxOf(target, 'base');
      expect(base.width).to.be.at.most(Number.parseInt(width));
      for (const name of ['heading', 'description', 'link', 'copy-button']) {
        const box = boxOf(target, name);
        expect(box.left, name).to.be.at.least(base.left);
        expect(box.right, name).to.be.at.most(base.right);
      }
    });
  }

  it('in a fieldset it keeps its height, whatever else changes there', async () => {
    const status = spoken('Not Started');
    const target = await element({ resolver: () => answer(), ...status });
    await inState(target, 'ready');
    const fieldset = document.createElement('fieldset');
    const problem = document.createElement('p');
    problem.textContent = 'A problem.';
    target.before(fieldset);
    fieldset.append(target, problem);
    await until(() => target.state === 'ready' && boxOf(target, 'base').height > 0);
    const { height } = boxOf(target, 'base');
    target.addEventListener('change', () => (problem.style.display = 'none'));
    status.say('Approved');
    await inState(target, 'approved');
    expect(boxOf(target, 'base').height).to.be.closeTo(height, 1);
  });

  it('long words do not make it wider', async () => {
    const target = await ready();
    const { width } = boxOf(target, 'base');
    target.strings = { heading: 'x'.repeat(500), link: 'y'.repeat(500) };
    await target.updateComplete;
    expect(boxOf(target, 'base').width).to.equal(width);
    expect(boxOf(target, 'link').right).to.be.at.most(boxOf(target, 'base').right);
  });

  it('what turns turns slowly where a person wants little motion', async () => {
    const target = await element({ resolver: () => new Promise<never>(() => undefined) });
    const duration = () => getComputedStyle(part(target, 'spinner')!).animationDuration;
    const before = Number.parseFloat(duration());
    matchMediaRules('(prefers-reduced-motion: reduce)');
    expect(Number.parseFloat(duration())).to.be.greaterThan(2 * before);
  });

  it('the link that cannot be copied by itself is no wider than its place', async () => {
    const target = await ready();
    sinon.stub(navigator, 'clipboard').get(() => undefined);
    part(target, 'copy-button')!.click();
    await until(() => target.shadowRoot!.querySelector('input'));
    sinon.restore();
    const field = target.shadowRoot!.querySelector('input')!.getBoundingClientRect();
    const base = boxOf(target, 'base');
    expect(field.left).to.be.at.least(base.left);
    expect(field.right).to.be.at.most(base.right);
    expect(field.height).to.be.at.least(44);
  });
});
