import { expect, fixtureCleanup } from '@open-wc/testing';
import type { DiditVerifyElement } from '../src/index.js';
import { answer, element, part } from './helpers.js';

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

  it('is hidden by the hidden attribute', async () => {
    const target = await ready();
    target.hidden = true;
    expect(getComputedStyle(target).display).to.equal('none');
  });
});
