/** What ends a line somewhere, or does something to a terminal: in a header, a stream of events, a log. */
export const LINE_ENDS: Readonly<Record<string, string>> = {
  'CR LF': '\r\n',
  'CR LF CR LF': '\r\n\r\n',
  LF: '\n',
  CR: '\r',
  NUL: '\0',
  'vertical tab': '\x0b',
  'form feed': '\x0c',
  'next line': '\u0085',
  'line separator': '\u2028',
  'paragraph separator': '\u2029',
  escape: '\x1b[2K',
};

/** Whether a text is more than a line, for whatever reads it. */
export function isOneLine(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(text);
}
