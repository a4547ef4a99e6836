/** Pages full of QR codes: of this project, and of the elements that people would pick instead. */
import { readFile } from 'node:fs/promises';
import { openPage, serve } from './browser.mjs';
import { codeElements } from './subjects.mjs';

/** As a `subject` of `subjects.mjs`: what it is, and what a site loads for it. */
async function ours() {
  const body = await readFile('dist/didit-verify.min.js');
  const files = { 'didit-verify.min.js': { type: 'text/javascript', body } };
  return { files, first: Object.keys(files), element: { tag: 'didit-verify', attributes: {} } };
}

/** A page of its own process has a finer clock. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** A server with a page for our element, which is the first of `tags`, and for each of the others. */
export async function crowdSite({ alone = false } = {}) {
  const others = alone ? [] : await codeElements();
  const subjects = [await ours(), ...others.filter(({ element }) => element.value)];
  const script = await readFile('test/bench/pages/crowd.js');
  const files = { '/crowd.js': { type: 'text/javascript', body: script } };
  for (const subject of subjects) {
    const folder = `/${subject.element.tag}/`;
    files[folder] = { type: 'text/html', headers: ISOLATED, body: pageOf(subject) };
    for (const [path, file] of Object.entries(subject.files)) files[folder + path] = file;
  }
  const { origin, close } = await serve(files);
  return { origin, close, tags: subjects.map(({ element }) => element.tag) };
}

/** The others' script is the last that has an address: `qr-code` takes its own for that. */
function pageOf({ first: [script], element }) {
  return `<!doctype html>
<html lang="en">
<title>${element.tag}</title>
<link rel="icon" href="data:,">
<style>main > * { display: block; inline-size: 240px }</style>
<main></main>
<script src="${script}" type="module"></script>
<script type="module">
  import '/crowd.js';
  crowd.element = ${JSON.stringify(element)};
</script>`;
}

/**
 * A page on which a first crowd of such elements has come and gone, so that nothing that is measured
 * is the first of its kind. `mount(count)` measures another crowd, and takes it away again.
 */
export async function openCrowd(browser, origin, tag, { warmUp }) {
  const { page, session, close } = await openPage(browser);
  await page.goto(`${origin}/${tag}/`);
  await page.evaluate((name) => globalThis.customElements.whenDefined(name).then(() => {}), tag);
  // By the processor's time: what else the machine does is not the element's.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const mount = (count) => measureMount(page, session, count);
  await mount(warmUp);
  return { page, session, mount, close };
}

async function measureMount(page, session, count) {
  const before = await settled(session);
  const painted = await page.evaluate((many) => globalThis.crowd.mount(many), count);
  const busy = await metricsOf(session);
  const after = await settled(session);
  const anatomy = await page.evaluate(() => globalThis.crowd.anatomy());
  await page.evaluate(() => globalThis.crowd.unmount());
  const spent = (name) => (busy[name] - before[name]) * 1000;
  return {
    /** Milliseconds by the clock, all others by the processor. */
    painted,
    cpu: spent('TaskDuration'),
    styleAndLayout: spent('RecalcStyleDuration') + spent('LayoutDuration'),
    layouts: busy.LayoutCount - before.LayoutCount,
    heap: after.JSHeapUsedSize - before.JSHeapUsedSize,
    nodes: after.Nodes - before.Nodes,
    anatomy,
  };
}

/** With nothing left that could be collected. */
async function settled(session) {
  await session.send('HeapProfiler.collectGarbage');
  return metricsOf(session);
}

async function metricsOf(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
