/**
 * Where the single file is, with a slash at its end; empty where `import()` knows by itself, in a
 * module. In a classic script from another origin it does not (HTML, "muted errors"), so the
 * address is taken from the script's element. A CDN's short address, `…/npm/didit-verify@1`, names
 * no file: those of the package are below it.
 */
const intro = `
const short = /\\/didit-verify(@[^/]*)?$/;
const script =
  document.currentScript || Array.from(document.scripts).find(({ src }) => short.test(src));
const beside = script && script.src
  ? script.src.replace(/[?#].*/, "").replace(short, "$&/dist/").replace(/[^/]*$/, "")
  : "";
`;

/** Rollup plugin: `import()` finds what is beside the script, also where that is no module. */
export function besideScript() {
  return {
    name: 'beside-script',
    intro: () => intro,
    renderDynamicImport: () => ({ left: 'import(beside+', right: ')' }),
  };
}
