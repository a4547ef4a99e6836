import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { NearViewport } from '../src/near-viewport.js';
import { looked, nextTask } from './helpers.js';

/** Looks at what is so many pixels below the viewport, and lets its changes be awaited. */
function watching(below: number) {
  const target = document.createElement('div');
  target.style.cssText = `position: absolute; top: ${innerHeight + below}px; height: 9px; width: 9px`;
  document.body.append(target);
  const waiting: (() => void)[] = [];
  const onChange = sinon.fake(() => {
    for (const resolve of waiting.splice(0)) resolve();
  });
  const viewport = new NearViewport(target, onChange);
  /** In a task of its own: WebKit does not see what is moved while it tells of the last move. */
  const change = async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    await nextTask();
    return viewport.isNear;
  };
  return { target, viewport, onChange, change };
}

describe('NearViewport', () => {
  let subject: ReturnType<typeof watching> | undefined;
  const watch = (below: number) => (subject = watching(below));

  afterEach(() => {
    subject?.viewport.forget();
    subject?.target.remove();
  });

  it('does not look before it is told to', async () => {
    const { target, viewport, onChange } = watch(-100);
    await looked(target);
    expect(onChange.called).to.equal(false);
    expect(viewport.isNear).to.equal(false);
  });

  for (const [below, isNear] of [
    [-100, true],
    [150, true],
    [300, false],
  ] as const) {
    it(`takes what is ${below} px below the viewport for ${isNear ? 'near' : 'far'}`, async () => {
      const { viewport, change } = watch(below);
      viewport.watch();
      expect(await change()).to.equal(isNear);
    });
  }

  it('tells when what was far comes near, and goes away again', async () => {
    const { target, viewport, change } = watch(5000);
    viewport.watch();
    expect(await change()).to.equal(false);
    target.style.top = '0';
    expect(await change()).to.equal(true);
    target.style.top = '5000px';
    expect(await change()).to.equal(false);
  });

  it('looks once, however often it is told to', async () => {
    const { target, viewport, onChange } = watch(-100);
    viewport.watch();
    viewport.watch();
    await looked(target);
    expect(onChange.callCount).to.equal(1);
  });

  it('when stopped looks no more, and stays with what it knows', async () => {
    const { target, viewport, onChange, change } = watch(-100);
    viewport.watch();
    await change();
    viewport.stop();
    target.style.top = '5000px';
    await looked(target);
    expect(onChange.callCount).to.equal(1);
    expect(viewport.isNear).to.equal(true);
  });

  it('when told to forget looks no more, and knows nothing until it looks anew', async () => {
    const { target, viewport, onChange, change } = watch(-100);
    viewport.watch();
    await change();
    viewport.forget();
    expect(viewport.isNear).to.equal(false);
    target.style.top = '5000px';
    await looked(target);
    expect(onChange.callCount).to.equal(1);
    viewport.watch();
    expect(await change()).to.equal(false);
    target.style.top = '0';
    expect(await change()).to.equal(true);
  });
});
