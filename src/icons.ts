import { svg, type SVGTemplateResult } from 'lit';

const CIRCLE = 'M24 6a18 18 0 1 0 .1 0z';

/** Drawn with strokes in a box of 48 by 48. */
const PATHS = {
  phone: 'M16 5h16q3 0 3 3v32q0 3-3 3H16q-3 0-3-3V8q0-3 3-3zm6 32h4',
  'in-progress': 'M16 5h16q3 0 3 3v32q0 3-3 3H16q-3 0-3-3V8q0-3 3-3zm3 19 4 4 7-8',
  approved: `${CIRCLE}m-8 18 6 6 11-12`,
  declined: `${CIRCLE}m-6 12 12 12m0-12-12 12`,
  'in-review': `${CIRCLE}m0 8v10l7 5`,
  cancelled: `${CIRCLE}m-8 18h16`,
  expired: 'M14 6h20M14 42h20M17 6v6q0 5 7 12 7-7 7-12V6M17 42v-6q0-5 7-12 7 7 7 12v6',
  error: `${CIRCLE}m0 8v13m0 6v.5`,
  close: 'M12 12 36 36M36 12 12 36',
  copy: 'M17 17h22v24H17zM11 31H9V7h22v4',
  copied: 'm9 25 10 10 20-22',
} as const;

export type IconName = keyof typeof PATHS;

/** The strokes of an icon, for an `<svg viewBox="0 0 48 48">`. */
export function strokes(name: IconName): SVGTemplateResult {
  return svg`<path d=${PATHS[name]}></path>`;
}
