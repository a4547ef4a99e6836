import { build } from 'esbuild';

/** What a bundler makes of a page's module, which finds the package by its name. */
export async function bundled(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    write: false,
    // As if none were beside the script: they are in the bundle, or English.
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
