/** What a page's style sheet may do to the element, and what is around it. */
export interface OddStyle {
  /** Of the whole page. */
  readonly css?: string;
  /** Of what is around the element. */
  readonly around?: string;
  /** Of the element, and nothing can be more important. */
  readonly tag?: string;
  readonly theme?: 'light' | 'dark';
  /** The page wants nobody to see it, or light and dark the other way round. */
  readonly sees?: 'nothing' | 'the reverse';
  /** What comes of it is the page's own wish: texts that get less room than they need, for instance. */
  readonly allows?: RegExp;
  /** Nothing can be pressed, and that is the page's wish. */
  readonly isPassive?: true;
  /** Engines do not agree on how long a pixel is then: all that counts is whether it can be scanned. */
  readonly isZoomed?: true;
}

/** The element alone, whatever else is so on the page. */
function tag(style: string, rest: Omit<OddStyle, 'tag'> = {}): OddStyle {
  return { tag: style, ...rest };
}

/** What the element inherits, if it does. */
function around(style: string, rest: Omit<OddStyle, 'around'> = {}): OddStyle {
  return { around: style, ...rest };
}

function page(css: string, rest: Omit<OddStyle, 'css'> = {}): OddStyle {
  return { css, ...rest };
}

/** Letters that are higher than their line, and not cut off. */
const LOW_LINES = /^(description |text): \d+×\d+ in/;

/** Engines do not agree on where a line with a block in it ends. */
const IN_A_LINE = { allows: /^the element sticks out$/ };

/** The gist of what style sheets that many pages have begin with. */
const MEYER = `
  html, body, main, section, p, h1, h2, a, b, i, label, table, tr, td, didit-verify {
    margin: 0; padding: 0; border: 0; font-size: 100%; font: inherit; vertical-align: baseline;
  }
  body { line-height: 1 }
  ol, ul { list-style: none }`;
const TAILWIND = `
  *, ::after, ::before, ::backdrop, ::file-selector-button {
    box-sizing: border-box; margin: 0; padding: 0; border: 0 solid;
  }
  html { line-height: 1.5; tab-size: 4; font-family: ui-sans-serif, system-ui, sans-serif }
  a { color: inherit; text-decoration: inherit }
  img, svg, video, canvas { display: block; vertical-align: middle; max-width: 100%; height: auto }
  button, input { font: inherit; color: inherit; background-color: transparent; opacity: 1; border-radius: 0 }
  [hidden]:where(:not([hidden='until-found'])) { display: none !important }`;
const BOOTSTRAP = `
  *, ::before, ::after { box-sizing: border-box }
  body { margin: 0; font: 400 1rem/1.5 'Segoe UI', sans-serif; color: #212529; text-size-adjust: 100% }
  a { color: #0d6efd; text-decoration: underline }
  img, svg { vertical-align: middle }
  label { display: inline-block }
  button { border-radius: 0; text-transform: none }`;

/** Rules for all that there is, and for the tag. */
export const STYLES: Record<string, OddStyle> = {
  none: {},
  'nothing is set': page('* { all: unset }', IN_A_LINE),
  'nothing is set in the page, whose text is light': page(
    'html { color-scheme: dark } body * { all: unset }',
    IN_A_LINE,
  ),
  'all is as at first': page('* { all: initial !important }', IN_A_LINE),
  'all is as at first, and dark': page('* { all: initial !important }', {
    ...IN_A_LINE,
    theme: 'dark',
  }),
  'all is inherited': page('body * { all: inherit }'),
  'all is reverted': page('* { all: revert !important }', IN_A_LINE),
  'the reset of Meyer': page(MEYER, { allows: LOW_LINES }),
  'a reset as of Tailwind': page(TAILWIND),
  'a reset as of Bootstrap': page(BOOTSTRAP),
  'all is a block': page('* { display: block !important }'),
  'all is in a line': page('body * { display: inline !important }', IN_A_LINE),
  'all is a row': page('body * { display: flex !important }'),
  'all is a box of contents': page('body * { display: contents !important }'),
  'all is hidden': page('body * { visibility: hidden !important }', {
    sees: 'nothing',
    isPassive: true,
  }),
  'all is placed absolutely': page('body * { position: absolute !important }', {
    allows: /sticks out$/,
  }),
  'all floats': page('body * { float: left !important }'),
  'all is cut off': page('body * { overflow: hidden !important }'),
  'all is as wide as its content': page('body * { width: min-content !important }'),
  'all has room around': page('* { margin: 7px !important; padding: 7px !important }'),
  'all is a container': page('body * { container-type: inline-size !important }'),
  'all moves': page('* { transition: all 9s !important; animation: none !important }'),
  'all text is white': page('* { color: #fff }'),
  'all text is white, and important': page('* { color: #fff !important }'),
  'all text is black, in the dark': page('* { color: #000 !important }', { theme: 'dark' }),
  'all text has a size': page('* { font-size: 11px !important }'),
  'all text has a line of its height': page('* { line-height: 1 !important }', {
    allows: LOW_LINES,
  }),
  'all drawings are white': page('* { fill: #fff; stroke: #fff; stroke-width: 3px }'),
  'drawings are hidden': page('svg, path, rect, g { display: none !important }'),

  'a flex container': tag('display: flex'),
  'a flex container, a column': tag('display: flex; flex-direction: column; align-items: start'),
  'a table': tag('display: table'),
  'a list item': tag('display: list-item'),
  'in a line': tag('display: inline', IN_A_LINE),
  columns: tag('columns: 3'),
  'large text': tag('font-size: 32px'),
  'red text': tag('color: red'),
  'from top to bottom': tag('writing-mode: vertical-rl'),
  'from top to bottom, the other way': tag('writing-mode: vertical-lr; text-orientation: upright'),
  zoomed: tag('zoom: 2', { isZoomed: true }),
  'light and dark the other way round': tag('filter: invert(1)', { sees: 'the reverse' }),
  'from right to left': tag('direction: rtl'),
  'from right to left, letter by letter': tag('direction: rtl; unicode-bidi: bidi-override'),
  'no line height': tag('line-height: 0', { allows: LOW_LINES }),
  'wide letters': tag('letter-spacing: 2em'),
  'capital letters': tag('text-transform: uppercase'),
  'nothing can be selected': tag('user-select: none; -webkit-user-select: none'),
  'no pointer': tag('cursor: none'),
  'all of these': tag(`
    display: flex; font-size: 24px; color: red; letter-spacing: 0.2em; text-transform: uppercase;
    user-select: none; cursor: none; direction: rtl`),
  'round, with a shadow': tag('border-radius: 50%; box-shadow: 0 0 9px #000; padding: 9px'),
  'half clear': tag('opacity: 0.9'),
  'no size': tag('width: 0; height: 0'),
  contained: tag('contain: layout paint style'),
  small: tag('max-width: 220px'),

  'letters apart': around('letter-spacing: 0.12em; word-spacing: 0.16em; line-height: 1.5'),
  'letters far apart': around('letter-spacing: 2em'),
  'words far apart': around('word-spacing: 3em'),
  'an indented text': around('text-indent: 3em'),
  'a text that is indented out of the page': around('text-indent: -9999px'),
  'a text at the end': around('text-align: end'),
  'a justified text': around('text-align: justify; text-align-last: justify'),
  'lines as written': around('white-space: pre'),
  'one line alone': around('white-space: nowrap'),
  'spaces that are kept': around('white-space: break-spaces'),
  'words that break anywhere': around('word-break: break-all; line-break: anywhere'),
  'words that never break': around('word-break: keep-all; overflow-wrap: normal; hyphens: none'),
  hyphens: around('hyphens: auto'),
  'small capitals': around('font-variant: all-small-caps; font-stretch: expanded'),
  'bold italics': around('font: italic 900 20px/1 serif'),
  'a shadow of text': around('text-shadow: 0 0 3px #888'),
  'clear letters': around('-webkit-text-fill-color: transparent'),
  'outlined letters': around('-webkit-text-stroke: 1px #888'),
  'marks beside letters': around('text-emphasis: circle red; line-height: 2'),
  'quotes and lists': around('quotes: "<" ">"; list-style: square inside; display: list-item'),
  tables: around('border-collapse: collapse; border-spacing: 9px; caption-side: bottom'),
  hidden: around('visibility: hidden', { sees: 'nothing', isPassive: true }),
  'not to be pressed': around('pointer-events: none', { isPassive: true }),
  'no drawings': around('fill: none; stroke: #fff; fill-opacity: 0; clip-rule: evenodd'),
  'quick drawings': around('image-rendering: pixelated; shape-rendering: geometricPrecision'),
  'vertical text': around('writing-mode: vertical-rl'),
  'sideways text': around('writing-mode: sideways-lr'),
  'text from right to left': around('direction: rtl'),
  'bidirectional text': around('unicode-bidi: bidi-override; direction: rtl'),
  'a page zoomed': around('zoom: 1.5', { isZoomed: true }),
  'a page zoomed out': around('zoom: 0.75', { isZoomed: true }),
  'turned, and half the size': around('transform: scale(0.75) rotate(3deg)', {
    // Boxes around what is turned do.
    allows: /lies on/,
  }),
  'in space': around('perspective: 900px; transform: rotateX(10deg); transform-style: preserve-3d'),
  'no width': around('width: 0', { allows: /sticks out$/ }),
  'no width, cut off': around('width: 0; height: 0; overflow: hidden', {
    sees: 'nothing',
    isPassive: true,
    allows: /./,
  }),
  'a grid of one narrow column': around('display: grid; grid-template-columns: 210px'),
  'small text': around('font-size: 9px'),
  'no text': around('font-size: 0'),
  'several columns': around('columns: 2; column-gap: 9px', { allows: /sticks out$|lies on/ }),
  'a blend': around('mix-blend-mode: multiply; isolation: isolate; backdrop-filter: blur(3px)'),
  'a tab': around('tab-size: 9; text-size-adjust: 300%; -webkit-text-size-adjust: 300%'),
  'colours that are adjusted': around(
    'color-scheme: only dark; accent-color: red; caret-color: red',
  ),
};
