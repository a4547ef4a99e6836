import type { IncomingMessage } from 'node:http';
import { startGallery } from './gallery.js';
import { builtScript, script, startPage, type Answer, type OwnPage } from './own-page.js';
import { LISTENER } from './strict-listening.js';
import { lookScript } from './strict-look.js';
import { everyText } from './strict-texts.js';

/** What the element needs, with words of other languages than English. */
export const NARROWEST =
  "default-src 'none'; script-src 'self'; connect-src 'self'; " +
  "require-trusted-types-for 'script'; trusted-types lit-html";

/** The same for a page that has style sheets and pictures of its own. */
export const POLICY = `${NARROWEST}; style-src 'self'; img-src 'self'`;

export const LOGO = '/logo.svg';

/** What browsers ask for by themselves, whatever the page has. */
const ICON = '/icon.svg';

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">
  <circle cx="12" cy="12" r="12"/>
</svg>`;

/** Says that the main pointer is a finger; style sheets do not hear of it. */
const FINGER = `{
  const { matchMedia } = globalThis;
  globalThis.matchMedia = (query) => {
    const list = matchMedia(query);
    if (query === '(pointer: coarse)') Object.defineProperty(list, 'matches', { value: true });
    return list;
  };
}`;

const LOOK = '<script src="/look.js"></script>';

const FIXED: Readonly<Record<string, Answer>> = {
  '/listener.js': script(LISTENER),
  '/finger.js': script(FINGER),
  '/look.js': script(lookScript(await everyText())),
  [LOGO]: file('image/svg+xml', PICTURE),
  [ICON]: file('image/svg+xml', PICTURE),
};

/** A site whose pages have nothing inline. */
export class StrictSite {
  policy = POLICY;
  /** Of the page at `/own`. */
  markup = '';
  /** What else is answered, by path. */
  backend: Readonly<Record<string, (request: IncomingMessage) => Answer | Promise<Answer>>> = {};
  /** What was asked for, and is not there. */
  missed: string[] = [];
  readonly #gallery: Readonly<Record<string, Answer>>;
  readonly #pages: Readonly<Record<string, () => string>>;
  #server?: OwnPage;

  constructor(gallery: WithoutInline) {
    this.#gallery = gallery.files;
    this.#pages = {
      '/own': () => this.markup,
      '/gallery': () => `${LOOK}${gallery.markup}`,
      '/gallery-with-finger': () => `${LOOK}<script src="/finger.js"></script>${gallery.markup}`,
    };
  }

  static async start(): Promise<StrictSite> {
    const gallery = await startGallery();
    const page = await (await fetch(gallery.origin)).text();
    await gallery.close();
    const site = new StrictSite(withoutInline(page));
    site.#server = await startPage((path, request) => site.#answer(path, request));
    return site;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  get origin(): string {
    return this.#server!.origin;
  }

  #answer(path: string, request: IncomingMessage): Answer | Promise<Answer> {
    const markup = this.#pages[path]?.();
    if (markup !== undefined) return this.#page(markup);
    const known = this.backend[path]?.(request) ?? this.#gallery[path] ?? FIXED[path];
    if (known) return known;
    if (path.startsWith('/dist/')) return builtScript(path.slice('/dist/'.length));
    this.missed.push(path);
    return { status: 404 };
  }

  #page(markup: string): Answer {
    const page = `<!doctype html><script src="/listener.js"></script>
      <link rel="icon" href="${ICON}">${markup}`;
    const { headers, body } = file('text/html; charset=utf-8', page);
    const forIcon = this.policy.includes('img-src') ? '' : `; img-src ${this.origin}${ICON}`;
    return { headers: { ...headers, 'Content-Security-Policy': this.policy + forIcon }, body };
  }
}

interface WithoutInline {
  readonly markup: string;
  readonly files: Readonly<Record<string, Answer>>;
}

/** The same page with its inline scripts and style sheets as files. */
function withoutInline(page: string): WithoutInline {
  const files: Record<string, Answer> = {};
  const place = (answer: Answer) => {
    const path = `/inline/${Object.keys(files).length}`;
    files[path] = answer;
    return path;
  };
  const markup = page
    .replace(/^<!doctype html><link rel="icon"[^>]*>/, '')
    .replace(/<style>(.*?)<\/style>/gs, (_, source: string) => {
      return `<link rel="stylesheet" href="${place(file('text/css', source))}">`;
    })
    .replace(/<script>(.*?)<\/script>/gs, (_, source: string) => {
      return `<script src="${place(script(source))}"></script>`;
    });
  return { markup, files };
}

function file(type: string, body: string): Answer {
  return { headers: { 'Content-Type': type }, body };
}
