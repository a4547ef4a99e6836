const NARROWING =
  'No other state has that member, so it is undefined there; the name is for types.';

/**
 * Mutants that no test can kill, since nothing is different with them. `npm run mutation` fails for
 * any other that survives, and for one of these that is killed or no longer there.
 *
 * @type {{ file: string, text: string, from: string, to: string, why: string }[]}
 */
export const EXPLAINED = [
  {
    file: 'src/transition.ts',
    text: "return state.name === 'idle' && state.waiting ? state : { name: 'idle', waiting: true };",
    from: "state.name === 'idle'",
    to: 'true',
    why: NARROWING,
  },
  {
    file: 'src/session-transition.ts',
    text: "const codeShown = name === 'ready' && state.codeShown;",
    from: "name === 'ready'",
    to: 'true',
    why: `${NARROWING} And without a value the parameter is false.`,
  },
  {
    file: 'src/session-transition.ts',
    text: "if (name === 'expired' && state.final) return stopRefreshing(state);",
    from: "name === 'expired'",
    to: 'true',
    why: NARROWING,
  },
  {
    file: 'src/session-transition.ts',
    text: "return state.name === 'expired' && state.refreshing ? { ...state, refreshing: false } : state;",
    from: "state.name === 'expired'",
    to: 'true',
    why: NARROWING,
  },
  {
    file: 'src/session.ts',
    text: '/^\\*\\../.test(entry)',
    from: '/^\\*\\../',
    to: '/\\*\\../',
    why: 'Only a host with an asterisk could end so, and Chromium has none.',
  },
  {
    file: 'src/resolver.ts',
    text: "if (!response.ok) throw refusal(response, await readText(response).catch(() => ''));",
    from: "() => ''",
    to: '() => undefined',
    why: 'What is no JSON is not quoted, whatever it is.',
  },
  {
    file: 'src/resolver.ts',
    text: "if (!response.ok) throw refusal(response, await readText(response).catch(() => ''));",
    from: "''",
    to: '"Stryker was here!"',
    why: 'What is no JSON is not quoted, whatever it is.',
  },
  {
    file: 'src/server/webhook.ts',
    text: 'return { status: 200 };',
    from: '{ status: 200 }',
    to: '{}',
    why: 'A Response without a status is one of 200.',
  },
  {
    file: 'src/server/webhook-signature.ts',
    text: "const bytes = fromHex(signature ?? '', 32);",
    from: "''",
    to: '"Stryker was here!"',
    why: 'That is no hexadecimal of 32 bytes, either.',
  },
  {
    file: 'src/server/webhook-signature.ts',
    text: "'X-Signature-V2': await sign(encode(canonicalJson(body, 'ascii'))),",
    from: "'ascii'",
    to: '""',
    why: 'Whatever is not the other way of writing is this one; types leave no third.',
  },
];
