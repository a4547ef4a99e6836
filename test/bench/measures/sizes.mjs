import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { addressOf, measuredOf, servePages } from '../pages.mjs';
import { openPage } from '../browser.mjs';
import { withRatios } from '../ratios.mjs';
import { idkitCore, subjects } from '../subjects.mjs';

export const title = 'Bytes to a working widget';

const FORMATS = ['minified', 'gzip', 'brotli'];

/** What has not been asked for so long after the code is there is not part of it. */
const AFTERWARDS_MS = 1000;

/** What the first load, and everything in one file with the encoder and English, may weigh. */
const GOALS = { first: 15_000, all: 22_000 };
const CEILINGS = { first: 17_500, all: 24_000 };

const HOW = `Each is bundled by esbuild from the smallest module that shows it, minified, for browsers of
2022; qr-code of @bitjson/qr-code is as published, since it finds its parts by its own URL. First load: the
script and what it imports at once. All: what its page has asked for a second after it was shown.
gzip -9, brotli 11. In brackets: divided by that of didit-verify.split.js. What sdk-web shows in a frame is
not counted, nor what draws a code for IDKit's core.`;

/** Sizes do not vary: each page is loaded once. */
export async function measure({ browser: { launch } }) {
  const loads = await loadAll([...(await subjects()), await idkitCore()], launch);
  const [single, split] = loads;
  const base = split.cells.map((cell, column) => (FORMATS[column % 3] === 'gzip' ? cell : null));
  return {
    id: 'sizes',
    title,
    how: HOW,
    unit: 'bytes',
    columns: ['first', 'all'].flatMap((part) => FORMATS.map((format) => `${part} ${format}`)),
    rows: withRatios(loads, base),
    reach: [
      ...limits('First load of the split build, gzip', split.cells[1], 'first'),
      ...limits('Everything in one file, gzip', single.cells[4], 'all'),
    ],
  };
}

function limits(what, value, part) {
  return [
    { what: `${what}, ceiling`, value, limit: CEILINGS[part], met: value <= CEILINGS[part] },
    { what: `${what}, goal`, value, limit: GOALS[part], met: value <= GOALS[part] },
  ];
}

async function loadAll(list, launch) {
  const server = await servePages(list);
  const chromium = await launch();
  try {
    const rows = [];
    for (const [index, subject] of list.entries()) {
      const all = await loaded(chromium, addressOf(server.origin, index), subject);
      rows.push(rowOf(subject, all));
    }
    return rows;
  } finally {
    await chromium.close();
    await server.close();
  }
}

/** Paths of its files that its page has asked for. */
async function loaded(chromium, address, subject) {
  const { page, close } = await openPage(chromium);
  const asked = new Set();
  page.on('request', (request) => asked.add(request.url()));
  await page.goto(address);
  await measuredOf(page, subject);
  await page.waitForTimeout(AFTERWARDS_MS);
  await close();
  return Object.keys(subject.files).filter((path) => asked.has(new URL(path, address).href));
}

function rowOf({ name, version, files, first }, all) {
  const bytes = (paths) => {
    const sizes = paths.map((path) => sizesOf(files[path].body));
    return FORMATS.map((_, index) => sizes.reduce((sum, size) => sum + size[index], 0));
  };
  return {
    name: version ? `${name} ${version}` : name,
    cells: [...bytes(first), ...bytes(all)],
  };
}

function sizesOf(body) {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return [
    body.length,
    gzipSync(body, { level: constants.Z_BEST_COMPRESSION }).length,
    brotliCompressSync(body, brotli).length,
  ];
}
