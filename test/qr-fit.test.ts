import { expect, fixtureCleanup } from '@open-wc/testing';
import type { DiditVerifyElement } from '../src/index.js';
import { answer, element, inState, part } from './helpers.js';

const LONG = `https://app.didit.me/authorize/${'a'.repeat(560)}`;

async function ready(size: string, url = answer().url): Promise<DiditVerifyElement> {
  const target = await element({ resolver: () => ({ session_id: '1', url }), manual: true });
  target.style.setProperty('--didit-qr-size', size);
  await target.start();
  await painted();
  return target;
}

/** After the next frame, when sizes are observed. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

function widthOfFrame(target: DiditVerifyElement): number {
  return target.shadowRoot!.querySelector('.ruler')!.getBoundingClientRect().width;
}

function codeOf(target: DiditVerifyElement) {
  const code = target.shadowRoot!.querySelector<SVGSVGElement>('.code')!;
  return { side: code.getBoundingClientRect().width, modules: code.viewBox.baseVal.width };
}

describe('QrFit', () => {
  const ratioOfScreen = Object.getOwnPropertyDescriptor(window, 'devicePixelRatio')!;

  afterEach(() => {
    Object.defineProperty(window, 'devicePixelRatio', ratioOfScreen);
    fixtureCleanup();
  });

  for (const ratio of [1, 1.25, 1.5, 2, 3]) {
    for (const size of ['160px', '200px', '240px', '333px', '20rem']) {
      it(`${size} at ${ratio}: whole device pixels a module, as many as fit`, async () => {
        Object.defineProperty(window, 'devicePixelRatio', { configurable: true, value: ratio });
        const target = await ready(size);
        const { side, modules } = codeOf(target);
        const pixels = (side * ratio) / modules;
        expect(pixels).to.be.closeTo(Math.round(pixels), 0.02);
        expect(pixels).to.be.at.least(2);
        const frame = widthOfFrame(target);
        expect(side).to.be.at.most(frame + 0.01);
        expect(side + modules / ratio).to.be.greaterThan(frame);
      });
    }
  }

  it('grows out of its frame where modules would be under two device pixels', async () => {
    const target = await ready('100px', LONG);
    const { side, modules } = codeOf(target);
    expect(Math.round((side * devicePixelRatio) / modules)).to.equal(2);
    const frame = part(target, 'qr')!.getBoundingClientRect();
    expect(side).to.be.greaterThan(100);
    expect(frame.height).to.be.closeTo(side, 1);
  });

  it('follows the frame when its size changes, and shrinks again', async () => {
    const target = await ready('160px');
    const { side } = codeOf(target);
    target.style.setProperty('--didit-qr-size', '320px');
    await painted();
    await target.updateComplete;
    expect(codeOf(target).side).to.be.greaterThan(side * 1.5);
    target.style.setProperty('--didit-qr-size', '160px');
    await painted();
    await target.updateComplete;
    expect(codeOf(target).side).to.equal(side);
  });

  it('draws anew for another pixel ratio, each time it changes', async () => {
    const queries: EventTarget[] = [];
    const original = window.matchMedia;
    window.matchMedia = (media) => {
      const query = new EventTarget();
      if (media.includes('resolution')) queries.push(query);
      return query as MediaQueryList;
    };
    try {
      const target = await ready('240px');
      for (const ratio of [1.5, 1.1]) {
        Object.defineProperty(window, 'devicePixelRatio', { configurable: true, value: ratio });
        queries.at(-1)!.dispatchEvent(new Event('change'));
        await target.updateComplete;
        const { side, modules } = codeOf(target);
        const pixels = (side * ratio) / modules;
        expect(pixels).to.be.closeTo(Math.round(pixels), 0.02);
      }
      expect(queries).to.have.length(3);
    } finally {
      window.matchMedia = original;
    }
  });

  it('never is wider than a narrow parent', async () => {
    const target = await element({ resolver: () => answer(), manual: true });
    target.parentElement!.style.inlineSize = '200px';
    await target.start();
    await painted();
    await target.updateComplete;
    expect(target.getBoundingClientRect().width).to.equal(200);
    expect(codeOf(target).side).to.be.at.most(152);
  });

  it('reserves the space of the code from the first paint', async () => {
    const target = await element({ resolver: () => answer(), manual: true });
    await painted();
    const before = target.getBoundingClientRect();
    const frame = part(target, 'qr')!.getBoundingClientRect();
    await target.start();
    await painted();
    expect(part(target, 'qr')!.getBoundingClientRect().height).to.equal(frame.height);
    expect(target.getBoundingClientRect().height).to.equal(before.height);
  });

  it('draws again after it was taken out and put back', async () => {
    const target = await ready('160px');
    const parent = target.parentElement!;
    target.remove();
    target.style.setProperty('--didit-qr-size', '320px');
    parent.append(target);
    await inState(target, 'ready');
    await painted();
    await target.updateComplete;
    expect(codeOf(target).side).to.be.greaterThan(250);
  });
});
