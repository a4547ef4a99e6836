import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styles } from '../../src/sandbox/authorize-styles.js';

const text = String(styles);

/** Contrast of two colours `#rgb` or `#rrggbb` (WCAG 2.2, contrast ratio). */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const digits = colour.slice(1).replace(/^(.)(.)(.)$/, '$1$1$2$2$3$3');
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The light and the dark colour that stand after `start`. */
function colours(start: string): [light: string, dark: string] {
  const rest = text.slice(text.indexOf(start) + start.length);
  const [, light = '', dark = ''] = /^\s*light-dark\((#\w+), (#\w+)\)/.exec(rest) ?? [];
  assert.ok(light && dark, start);
  return [light, dark];
}

const PAIRS: readonly (readonly [string, string, number])[] = [
  ['--text:', '--surface:', 7],
  ['--text:', '--raised:', 7],
  ['--muted:', '--surface:', 4.5],
  ['--muted:', '--raised:', 4.5],
  ['--on-accent:', '--accent:', 4.5],
  ['--accent:', '--tint:', 3],
  ['--accent:', '--surface:', 3],
  ['border: 1.5px solid', '--surface:', 3],
  ['.success .state { color:', '--surface:', 3],
  ['.danger .state { color:', '--surface:', 3],
  ['#3a2d0d); color:', 'font-weight: 600;\n  background:', 4.5],
];

for (const [front, ground, least] of PAIRS) {
  test(`contrast of ${JSON.stringify(front)} on ${JSON.stringify(ground)}`, () => {
    const [fronts, grounds] = [colours(front), colours(ground)];
    assert.ok(contrast(fronts[0], grounds[0]) >= least, 'light');
    assert.ok(contrast(fronts[1], grounds[1]) >= least, 'dark');
  });
}

test('buttons are at least 48 pixels high and show their focus', () => {
  assert.ok(Number(/button \{\s*min-block-size: (\d+)px/.exec(text)?.[1]) >= 48);
  assert.match(text, /button:focus-visible \{ outline: 3px/);
});

test('nothing is loaded from anywhere, and nothing ends the style element', () => {
  assert.doesNotMatch(text, /url\(|@import|<\//);
});
