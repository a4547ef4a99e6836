/** Markup as it is. Only this class passes unescaped, and no parsed JSON can be one. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What can stand in markup; lists are written one after another, null and undefined not at all. */
export type HtmlValue = Markup | string | number | null | undefined | readonly HtmlValue[];

/** Writes markup; every value in it is escaped, in text and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(escaped)));
}

function escaped(value: HtmlValue): string {
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object' && value !== null) return value.map(escaped).join('');
  return String(value ?? '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
