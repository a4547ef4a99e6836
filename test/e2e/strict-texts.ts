import { localeLoaders } from '../../src/locale-loaders.js';
import { english, type Strings } from '../../src/strings.js';

/** The texts of a language; of those that have a number or a time in them, the pattern. */
export interface Texts {
  readonly whole: readonly string[];
  readonly patterns: readonly string[];
}

/** Those of every language, by the key of its words. */
export async function everyText(): Promise<Record<string, Texts>> {
  const others = Object.entries(localeLoaders).map(async ([key, load]) => {
    const { default: strings } = (await load()) as { default: Strings };
    return [key, textsIn(strings)] as const;
  });
  return { en: textsIn(english), ...Object.fromEntries(await Promise.all(others)) };
}

function textsIn(strings: Strings): Texts {
  const all = Object.values(strings).flatMap((text) =>
    typeof text === 'string' ? [text] : Object.values(text),
  );
  const isPattern = (text: string) => text.includes('{');
  const whole = all.filter((text) => !isPattern(text));
  return { whole, patterns: all.filter(isPattern).map(patternOf) };
}

function patternOf(text: string): string {
  const literal = (part: string) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return `^${text
    .split(/\{\w+\}/)
    .map(literal)
    .join('.+')}$`;
}
