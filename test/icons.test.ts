import { html, render } from 'lit';
import { expect } from '@open-wc/testing';
import { SESSION_STROKES, STROKES, type IconName } from '../src/icons.js';

const NAMES: IconName[] = [
  ...(['phone', 'in-progress', 'approved', 'declined', 'in-review', 'cancelled'] as const),
  ...(['expired', 'error', 'close', 'copy', 'copied'] as const),
];

function draw(name: IconName): SVGPathElement {
  const place = document.createElement('div');
  render(
    html`<svg viewBox="0 0 48 48"><path d=${{ ...STROKES, ...SESSION_STROKES }[name]} /></svg>`,
    place,
  );
  expect(place.querySelectorAll('path')).to.have.length(1);
  return place.querySelector('path')!;
}

describe('STROKES', () => {
  for (const name of NAMES) {
    it(`draws ${name} within its box`, () => {
      const path = draw(name);
      const length = path.getTotalLength();
      expect(length).to.be.greaterThan(20);
      // A line is 3 or 4 units wide.
      for (let at = 0; at <= length; at += length / 100) {
        const { x, y } = path.getPointAtLength(at);
        expect(x).to.be.within(2, 46);
        expect(y).to.be.within(2, 46);
      }
    });
  }

  it('tells every state by another drawing', () => {
    const drawings = NAMES.map((name) => draw(name).getAttribute('d'));
    expect(new Set(drawings).size).to.equal(NAMES.length);
  });
});
