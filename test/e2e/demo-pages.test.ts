import assert from 'node:assert/strict';
import axe, { type RunOptions } from 'axe-core';
import { readdirSync } from 'node:fs';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { DiditVerifyElement } from '../../src/index.js';
import type { Strings } from '../../src/strings.js';
import { launchChromium } from './browser.js';
import { startDemo, type DemoServer } from './demo-server.js';
import { readQr } from './read-qr.js';

/** What each page has once it is done. */
const PAGES = {
  '/': '#stage didit-verify:state(ready)',
  '/states.html': '#gallery[aria-busy=false]',
  '/theming.html': '#place didit-verify:state(ready)',
  '/languages.html': '#preview didit-verify:state(ready)',
  '/form.html': 'didit-verify:state(ready)',
  '/dialog.html': 'didit-verify:state(idle)',
} as const;

type Path = keyof typeof PAGES;

const PATHS = Object.keys(PAGES) as Path[];

const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
};

let demo: DemoServer;
let browser: Browser;

before(async () => {
  // First: where it is missing, nothing else is left open.
  browser = await launchChromium();
  demo = await startDemo();
});

after(async () => {
  await browser.close();
  await demo.stop();
});

/** A page that must not complain, as it does of what its policy forbids; closed after the test. */
async function open(t: TestContext, path: Path, options: BrowserContextOptions = {}) {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 1000 },
    reducedMotion: 'reduce',
    ...options,
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  t.after(async () => {
    await page.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(demo.origin + path);
  await page.locator(PAGES[path]).first().waitFor({ state: 'attached', timeout: 60_000 });
  return page;
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (rules) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, rules),
    RULES,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.flat().join(' ')}: ${failureSummary}`,
    ),
  );
}

/** How far it can be scrolled sideways, in CSS pixels. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

/** The code is drawn anew one frame after its frame has another size. Called in pages. */
function drawnAnew(): Promise<unknown> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

describe('the pages of the demo', () => {
  for (const path of PATHS) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(
        `${path}: axe has nothing to object to, ${colorScheme}`,
        { timeout: 240_000 },
        async (t) => {
          const page = await open(t, path, { colorScheme });
          assert.deepEqual(await violations(page), []);
        },
      );
    }

    it(`${path}: is not scrolled sideways, however narrow`, async (t) => {
      const page = await open(t, path, { viewport: { width: 768, height: 800 } });
      const seen: Record<number, number> = {};
      for (const width of [768, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(drawnAnew);
        seen[width] = await overflow(page);
      }
      assert.deepEqual(seen, { 768: 0, 390: 0, 320: 0 });
    });

    it(`${path}: leads to all of them, and says which one it is`, async (t) => {
      const page = await open(t, path);
      const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
      const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      assert.deepEqual(hrefs, PATHS);
      const current = links.and(page.locator('[aria-current=page]'));
      assert.equal(await current.getAttribute('href'), path);
    });
  }

  for (const path of [
    '/server.mjs',
    '/backend.mjs',
    '/assets/server.mjs',
    '/assets/..%2fserver.mjs',
    '/assets/%2e%2e%2fserver.mjs',
    '/package.json',
    '/nothing.html',
  ]) {
    it(`serves nothing at ${path}`, async () => {
      assert.equal((await fetch(demo.origin + path)).status, 404);
    });
  }
});

/** What can be told of an element in the gallery. */
interface Sight {
  readonly caption: string;
  readonly states: string[];
  readonly codes: string[];
  readonly message: string;
  readonly parts: string[];
}

/** Called in the page, where `listen()` has heard the codes of events. */
function look(figures: Element[]): Sight[] {
  return figures.map((figure) => {
    const tags = Array.from(figure.querySelectorAll('didit-verify'));
    const root = tags[0]!.shadowRoot!;
    const parts = Array.from(root.querySelectorAll('[part]'), (part) => part.getAttribute('part')!);
    return {
      caption: figure.querySelector('h3')!.textContent,
      states: tags.map((tag) => tag.state),
      codes: tags.map((tag) => tag.error?.code ?? tag.dataset.heard ?? ''),
      message: root.querySelector('[part=message]')!.textContent.trim(),
      parts: [...(root.querySelector('.code') ? ['code'] : []), ...parts],
    };
  });
}

function listen(): void {
  document.addEventListener(
    'error',
    ({ target, detail }: CustomEventInit & Event) => {
      if (target instanceof HTMLElement) target.dataset.heard = (detail as { code: string }).code;
    },
    true,
  );
}

const STATES = [
  ...['idle', 'loading', 'ready', 'in-progress', 'approved', 'declined', 'in-review'],
  ...['cancelled', 'expired', 'error'],
];

const CODES = [
  ...['resolver-missing', 'resolver-unreachable', 'resolver-timeout', 'resolver-rejected'],
  ...['resolver-failed', 'rate-limited', 'invalid-response', 'unsafe-url', 'status-unavailable'],
  'qr-failed',
];

/** What tells apart what is in the same state: a part that is there, or (`-`) is not, or words. */
const TOLD_APART: Record<string, (string | RegExp)[]> = {
  'idle manual': ['start-button'],
  'idle disabled': ['-start-button', 'status-icon'],
  'ready with a logo': ['code', 'copy-button'],
  'ready last minute': ['countdown'],
  'ready link copied': ['copy-button', /^Link copied$/],
  'ready not allowed to copy': ['-copy-button', 'code'],
  'ready on a phone': ['-code', 'show-code-button', /continue/],
  'ready on a phone, code shown': ['code', '-show-code-button'],
  'in-progress': ['-code', 'show-code-button', '-link'],
  'in-progress code shown again': ['code'],
  'in-progress on a phone': ['link', 'show-code-button', /in Didit/],
  expired: ['start-button', /expired/],
  'expired for good': ['-start-button', /expired/],
  'expired the next one is on its way': ['spinner', '-start-button'],
  'error rate-limited': ['retry-button', /a little/],
  'error rate-limited with Retry-After': ['retry-button', /again at \d/],
  'idle closed': ['dialog'],
  'idle closed, disabled': ['dialog'],
};

function isSeen({ parts, message }: Sight, sign: string | RegExp): boolean {
  if (sign instanceof RegExp) return sign.test(message);
  return sign.startsWith('-') ? !parts.includes(sign.slice(1)) : parts.includes(sign);
}

describe('states.html', { timeout: 120_000 }, () => {
  let page: Page;
  let sights: Sight[];
  const asked: string[] = [];

  before(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.addInitScript(listen);
    await page.goto(`${demo.origin}/states.html`);
    await page.locator(PAGES['/states.html']).waitFor({ timeout: 60_000 });
    await page.waitForFunction(
      () => document.querySelectorAll('[data-heard=status-unavailable]').length === 4,
    );
    sights = await page.locator('figure').evaluateAll(look);
  });

  after(() => page.close());

  it('shows every state and every error, each in four looks', () => {
    assert.deepEqual(new Set(sights.flatMap(({ states }) => states)), new Set(STATES));
    const codes = sights.flatMap(({ codes }) => codes).filter(Boolean);
    assert.deepEqual(new Set(codes), new Set(CODES));
    assert.ok(sights.every(({ states }) => states.length === 4));
  });

  it('has every element in the state that its caption says', () => {
    for (const { caption, states, codes } of sights) {
      const [state, code] = caption.split(' ');
      assert.deepEqual(new Set(states), new Set([state]), caption);
      const expected = CODES.includes(code!) ? code : '';
      assert.deepEqual(new Set(codes), new Set([expected]), caption);
    }
  });

  for (const [caption, signs] of Object.entries(TOLD_APART)) {
    it(`shows what "${caption}" says`, () => {
      const sight = sights.find((each) => each.caption === caption);
      assert.ok(sight, 'It is there.');
      for (const sign of signs) assert.ok(isSeen(sight, sign), `${sign}: ${JSON.stringify(sight)}`);
    });
  }

  it('has no two captions that say the same', () => {
    const captions = sights.map(({ caption }) => caption);
    assert.deepEqual(captions, [...new Set(captions)]);
  });

  for (const [cell, scheme, dir] of [
    ['.light.ltr', 'light', 'ltr'],
    ['.dark.ltr', 'dark', 'ltr'],
    ['.light.rtl', 'light', 'rtl'],
    ['.dark.rtl', 'dark', 'rtl'],
  ] as const) {
    it(`has a look that is ${scheme} and ${dir}`, async () => {
      const looks = await page.locator(`${cell} didit-verify`).evaluateAll((tags) =>
        tags.map((tag) => {
          const inner = tag.shadowRoot!.querySelector('.base, [part=start-button]')!;
          const { colorScheme, direction } = getComputedStyle(inner);
          return `${colorScheme} ${direction}`;
        }),
      );
      assert.deepEqual(new Set(looks), new Set([`${scheme} ${dir}`]));
    });
  }

  it('hides the looks that are not ticked', async () => {
    const shown = () => page.locator('.cell:visible').count();
    const all = await shown();
    await page.getByLabel('Dark').uncheck();
    assert.equal(await shown(), all / 2);
    await page.getByLabel('Right to left').uncheck();
    assert.equal(await shown(), all / 4);
    for (const name of ['Dark', 'Right to left']) await page.getByLabel(name).check();
    assert.equal(await shown(), all);
  });

  it('begins with one look where there is no room, that of the system', async (t) => {
    const viewport = { width: 390, height: 800 };
    const narrow = await open(t, '/states.html', { viewport, colorScheme: 'dark' });
    assert.equal(await narrow.locator('.cell:visible').count(), sights.length);
    assert.equal(await narrow.locator('.cell.dark.ltr:visible').count(), sights.length);
  });

  it('asks nobody for anything', () => {
    const isOwn = (path: string) => /^\/(states\.html|assets\/.*|dist\/.*)$/.test(path);
    assert.deepEqual(
      asked.filter((path) => !isOwn(path)),
      [],
    );
  });
});

/** What an element looks like, from its card on: what is around that is not seen. Called in pages. */
function looksOf(tag: Element): unknown {
  const names = [
    ...['background-color', 'color', 'border', 'border-radius', 'padding', 'gap', 'fill'],
    ...['font-family', 'font-size', 'width', 'height', 'color-scheme'],
  ];
  const base = tag.shadowRoot!.querySelector('.base')!;
  return [base, ...base.querySelectorAll('*')].map((element) => {
    const style = getComputedStyle(element);
    return [element.localName, ...names.map((name) => style.getPropertyValue(name))];
  });
}

describe('theming.html', () => {
  const textOf = (page: Page, id: string) => page.locator(`#${id}`).textContent();
  const element = (page: Page) => page.locator('#place didit-verify');

  function propertyOf(page: Page, name: string): Promise<string> {
    return element(page).evaluate(
      (tag, property) => getComputedStyle(tag).getPropertyValue(property),
      name,
    );
  }

  let page: Page;

  before(async () => {
    page = await browser.newPage({
      viewport: { width: 1280, height: 1000 },
      reducedMotion: 'reduce',
    });
    await page.goto(`${demo.origin}/theming.html`);
    await page.locator(PAGES['/theming.html']).waitFor();
  });

  after(() => page.close());

  for (const [label, value, property, expected] of [
    ['Accent', '#aa0044', '--didit-accent-color', '#aa0044'],
    ['Background', '#ddffdd', '--didit-background', '#ddffdd'],
    ['Text', '#113311', '--didit-color', '#113311'],
    ['Border', '4', '--didit-border', '4px solid #dfe2e8'],
    ['Colour of the border', '#ff8800', '--didit-border', '1px solid #ff8800'],
    ['Roundness', '3', '--didit-radius', '3px'],
    ['Spacing', '40', '--didit-spacing', '40px'],
    ['Size', '300', '--didit-qr-size', '300px'],
    ['Dark modules', '#003366', '--didit-qr-color', '#003366'],
    ['Light ground', '#ffeedd', '--didit-qr-background', '#ffeedd'],
    ['Font', 'Georgia, serif', 'font-family', 'Georgia, serif'],
    ['Width', '36rem', 'inline-size', '36rem'],
  ] as const) {
    it(`${label}: changes ${property} alone, and back`, async () => {
      // The accent is not to be seen beside a code.
      await page.getByLabel('State').selectOption(label === 'Accent' ? 'idle' : 'ready');
      await page.evaluate(drawnAnew);
      const before = await element(page).evaluate(looksOf);
      const control = page.getByLabel(label, { exact: true });
      if (await control.evaluate((it) => it.localName === 'select'))
        await control.selectOption(value);
      else await control.fill(value);
      assert.equal(await textOf(page, 'css'), `didit-verify {\n  ${property}: ${expected};\n}\n`);
      const shown = await propertyOf(page, property);
      assert.equal(shown, property === 'inline-size' ? '576px' : expected);
      assert.notDeepEqual(await element(page).evaluate(looksOf), before);

      await page.locator(`[data-resets="${property}"]`).click();
      assert.equal(await textOf(page, 'css'), '/* Nothing differs from the defaults. */\n');
      await page.evaluate(drawnAnew);
      assert.deepEqual(await element(page).evaluate(looksOf), before);
    });
  }

  for (const name of ['Plain', 'Warm', 'Midnight', 'High contrast', 'Brutalist']) {
    it(`${name}: looks the same where the CSS is pasted elsewhere`, async (t) => {
      const page = await open(t, '/theming.html');
      await page.getByRole('button', { name, exact: true }).click();
      const pressed = page.locator('[aria-pressed=true]');
      assert.equal(await pressed.innerText(), name);
      await page.evaluate(drawnAnew);
      const css = (await textOf(page, 'css'))!;
      const markup = (await textOf(page, 'html'))!;
      const url = await element(page).evaluate((tag: DiditVerifyElement) => tag.session!.url);

      const other = await browser.newPage({ reducedMotion: 'reduce' });
      t.after(() => other.close());
      await other.setContent(
        `<!doctype html><style>:root { color-scheme: light dark } ${css}</style>${markup}`,
      );
      await other.evaluate((url) => {
        const tag = document.querySelector('didit-verify')!;
        tag.resolver = () => ({ session_id: '1', url });
      }, url);
      await other.addScriptTag({ path: 'dist/didit-verify.min.js' });
      const pasted = other.locator('didit-verify:state(ready)');
      await pasted.waitFor();
      await other.evaluate(drawnAnew);
      assert.deepEqual(await pasted.evaluate(looksOf), await element(page).evaluate(looksOf));
    });
  }

  it('looks unlike the others with each set to begin with', async () => {
    const texts = new Set<string>();
    for (const preset of await page.locator('#presets button').all()) {
      await preset.click();
      texts.add((await textOf(page, 'css'))!);
    }
    assert.equal(texts.size, 5);
  });

  it('copies the CSS that it shows, and the markup', async (t) => {
    const page = await open(t, '/theming.html', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByRole('button', { name: 'Warm' }).click();
    await page.getByLabel('Dark', { exact: true }).check();
    for (const id of ['css', 'html']) {
      await page.locator(`[data-copies=${id}]`).click();
      await page.locator(`[data-copies=${id}]`, { hasText: 'Copied' }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(copied, await textOf(page, id));
    }
    assert.match((await textOf(page, 'html'))!, /theme="dark"/);
  });

  it('hands the theme on', async () => {
    for (const [label, theme] of [
      ['Dark', 'dark'],
      ['Light', 'light'],
      ['Auto', 'auto'],
    ] as const) {
      await page.getByLabel(label, { exact: true }).check();
      assert.equal(await element(page).evaluate((tag: DiditVerifyElement) => tag.theme), theme);
    }
  });

  it('shows every state', async () => {
    const select = page.getByLabel('State');
    const names = await select.locator('option').allTextContents();
    assert.deepEqual(new Set(names), new Set(STATES));
    for (const name of names) {
      await select.selectOption(name);
      await page.locator(`#place didit-verify:state(${name})`).waitFor();
      assert.equal(await element(page).count(), 1);
    }
  });

  it('puts a logo into the code, which is still read', async (t) => {
    const page = await open(t, '/theming.html');
    await page.getByLabel('A logo in the code').check();
    const logo = page.locator('#place didit-verify:state(ready) [slot=logo]');
    await logo.waitFor();
    const { width, height } = (await logo.boundingBox())!;
    assert.ok(width > 16 && height > 16, `${width} by ${height}`);
    assert.match((await textOf(page, 'html'))!, /slot="logo"/);
    await readCode(element(page));
  });

  it('keeps pink on pink readable', async (t) => {
    const page = await open(t, '/theming.html');
    await page.getByRole('button', { name: 'Try pink on pink' }).click();
    assert.match((await textOf(page, 'css'))!, /qr-color: #ff9ec7;\n.*qr-background: #ff9ec7;/);
    await readCode(element(page));
  });
});

async function readCode(element: Locator): Promise<void> {
  const url = await element.evaluate((tag: DiditVerifyElement) => tag.session!.url);
  assert.equal((await readQr(await element.screenshot())).zxing, url);
}

/** The languages that there are words for, English apart, as their files are named. */
const LANGUAGES = readdirSync('dist/locales')
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.replace('.js', ''));

async function wordsOf(tag: string): Promise<Strings> {
  const module = `didit-verify/locales/${tag}`;
  return ((await import(module)) as { default: Strings }).default;
}

describe('languages.html', { timeout: 120_000 }, () => {
  let page: Page;

  before(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    await page.goto(`${demo.origin}/languages.html`);
    await page.locator(PAGES['/languages.html']).waitFor();
  });

  after(() => page.close());

  it('has all languages, each by a name of its own', async () => {
    const labels = await page.locator('#tags label').evaluateAll((all) =>
      all.map((label) => {
        const [input, name] = [label.querySelector('input')!, label.querySelector('span')!];
        return { tag: input.value, lang: name.lang, name: name.textContent };
      }),
    );
    assert.deepEqual(labels.map(({ tag }) => tag).sort(), ['en', ...LANGUAGES].sort());
    assert.equal(new Set(labels.map(({ name }) => name)).size, labels.length);
    for (const { tag, lang, name } of labels) {
      assert.equal(lang, tag);
      assert.notEqual(name.toLowerCase(), tag.toLowerCase());
    }
    const named = Object.fromEntries(labels.map(({ tag, name }) => [tag, name]));
    assert.deepEqual([named.de, named.fr, named.el], ['Deutsch', 'Français', 'Ελληνικά']);
  });

  for (const tag of LANGUAGES) {
    it(`shows the words of ${tag}, and the code to have them`, async () => {
      const { heading, description } = await wordsOf(tag);
      await page.locator(`#tags [value="${tag}"]`).check();
      const preview = page.locator('#preview');
      await preview.getByText(description, { exact: true }).waitFor();
      await preview.getByText(heading, { exact: true }).waitFor();
      const direction = await preview
        .locator('[part=base]')
        .evaluate((base) => getComputedStyle(base).direction);
      assert.equal(direction, ['ar', 'fa', 'he'].includes(tag) ? 'rtl' : 'ltr');
      const code = await page.locator('.code code').allTextContents();
      assert.match(code[0]!, new RegExp(`lang="${tag}"`));
      assert.match(code[1]!, new RegExp(`'didit-verify/locales/${tag}'`));
    });
  }

  it('shows each state in the language that is chosen', async () => {
    await page.locator('#tags [value=de]').check();
    const { approved } = await wordsOf('de');
    const names = await page.locator('[name=state] option').allTextContents();
    assert.deepEqual(new Set(names), new Set(STATES));
    await page.getByLabel('State').selectOption('approved');
    await page.locator('#preview').getByText(approved, { exact: true }).waitFor();
  });

  it('begins with the language that its address names', async (t) => {
    const other = await browser.newPage();
    t.after(() => other.close());
    await other.goto(`${demo.origin}/languages.html#fr`);
    const { heading } = await wordsOf('fr');
    await other.locator('#preview').getByText(heading, { exact: true }).waitFor();
  });
});

describe('form.html', { timeout: 120_000 }, () => {
  async function fill(page: Page): Promise<void> {
    await page.getByLabel('Full name').fill('Somebody');
    await page.getByLabel('Email').fill('somebody@example.com');
    await page.getByLabel('I have read').check();
  }

  const press = (page: Page, name: string) =>
    page.getByRole('button', { name, exact: true }).click();

  it('is sent once the person is approved, and says until then what is missing', async (t) => {
    const page = await open(t, '/form.html');
    await fill(page);
    await press(page, 'Open the account');
    const alert = page.getByRole('alert');
    await alert.getByText('Please verify with Didit first.').waitFor();
    await page.locator('#log').getByText('invalid', { exact: true }).waitFor();
    assert.equal(await page.locator('#result').isVisible(), false);

    await press(page, 'Play the phone');
    await page.frameLocator('#phone').getByRole('button', { name: 'Confirm' }).click();
    await page.locator('didit-verify:state(approved)').waitFor();
    assert.equal(await alert.textContent(), '');
    const { sessionId } = await page
      .locator('didit-verify')
      .evaluate((tag: DiditVerifyElement) => tag.session!);
    await press(page, 'Open the account');
    await page.getByRole('heading', { name: 'Your account is open' }).waitFor();
    const sent = page.locator('#sent');
    assert.deepEqual(await sent.locator('dt').allTextContents(), [
      'name',
      'email',
      'verification',
      'terms',
    ]);
    assert.deepEqual(await sent.locator('dd').allTextContents(), [
      ...['Somebody', 'somebody@example.com', sessionId, 'read'],
    ]);
    assert.deepEqual(await violations(page), []);

    await press(page, 'Once more');
    await page.locator('didit-verify:state(idle)').waitFor();
    assert.equal(await page.getByLabel('Full name').inputValue(), '');
  });

  it('is reset, phone and element too', async (t) => {
    const page = await open(t, '/form.html');
    await fill(page);
    await press(page, 'Play the phone');
    await page.locator('didit-verify:state(in-progress)').waitFor();
    await press(page, 'Reset');
    await page.locator('didit-verify:state(idle)').waitFor();
    assert.equal(await page.locator('#play').isDisabled(), true);
    assert.equal(await page.getByLabel('Full name').inputValue(), '');
  });
});

describe('dialog.html', { timeout: 120_000 }, () => {
  const trigger = (page: Page) => page.locator('didit-verify [part=start-button][aria-haspopup]');

  it('sells wine to whoever is approved in the dialog', async (t) => {
    const page = await open(t, '/dialog.html');
    const log = page.locator('#log');
    const heard = () => log.locator('strong').allTextContents();
    await page.getByRole('button', { name: 'Buy' }).click();
    assert.deepEqual(await heard(), ['invalid']);

    const asked = page.waitForRequest((request) => request.method() === 'POST');
    await trigger(page).click();
    await page.locator('didit-verify:state(ready)').waitFor();
    assert.deepEqual((await asked).postDataJSON(), { scope: 'is_over_18' });
    await page.getByRole('dialog', { name: 'Are you over 18?' }).waitFor();
    assert.deepEqual(await violations(page), []);

    const opening = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Play the phone' }).click();
    const phone = await opening;
    await phone.getByRole('button', { name: 'Confirm' }).click();
    await page.locator('didit-verify:state(approved)').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await log.getByText('close', { exact: true }).waitFor();
    assert.deepEqual(
      (await heard()).filter((type) => ['change', 'close'].includes(type)),
      [...['close', 'change']],
    );

    await page.getByRole('button', { name: 'Buy' }).click();
    await page.getByText('On its way.').waitFor();
    const id = await page
      .locator('didit-verify')
      .evaluate((tag: DiditVerifyElement) => tag.session!.sessionId);
    await log.getByText(`age: ${id}`).waitFor();
  });

  it('keeps the session where the dialog is closed', async (t) => {
    const page = await open(t, '/dialog.html');
    await trigger(page).click();
    await page.locator('didit-verify:state(ready)').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#log').getByText('close', { exact: true }).waitFor();
    assert.equal(
      await trigger(page)
        .textContent()
        .then((text) => text?.trim()),
      'Continue verification',
    );
    await page.locator('didit-verify:state(ready)').waitFor();
  });
});
