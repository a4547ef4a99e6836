import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { rollup } from 'rollup';
import { fileURLToPath } from 'node:url';
import { findChromium, findFirefox } from './scripts/browsers.mjs';
import { countReporter } from './scripts/count-reporter.mjs';
import { qrcodeCore } from './scripts/qrcode-core.mjs';
import { findWebKit, webKitLauncher } from './scripts/webkit-launcher.mjs';
import { backend } from './test/backend.mjs';

/** CommonJS, which browsers cannot load, as modules; the encoder as it is shipped. */
const modules = {
  '/__commonjs/qrcode-core.js': "export { create } from 'qrcode/lib/core/qrcode.js';",
  '/__commonjs/jsqr.js': "export { default } from 'jsqr';",
};
const served = {
  'qrcode/lib/core/qrcode.js': '/__commonjs/qrcode-core.js',
  jsqr: '/__commonjs/jsqr.js',
};

function commonJsPlugin() {
  return {
    name: 'commonjs-in-memory',
    resolveImport: ({ source }) => served[source],
    async serve({ path }) {
      const source = modules[path];
      if (source) return { body: await bundle(source), type: 'js' };
    },
  };
}

async function bundle(source) {
  const entry = {
    name: 'entry',
    resolveId: (id) => (id === 'entry' ? id : null),
    load: (id) => (id === 'entry' ? source : null),
  };
  const built = await rollup({ input: 'entry', plugins: [entry, ...qrcodeCore()] });
  const { output } = await built.generate({ format: 'es' });
  return output[0].code;
}

function firefoxLauncher(executablePath) {
  const launcher = chromeLauncher({
    launchOptions: { browser: 'firefox', executablePath, defaultViewport: null },
    // Older releases, such as 140, lack a command that Puppeteer sends to set the viewport.
    async createPage({ context }) {
      const page = await context.newPage();
      page.setViewport = () => Promise.resolve();
      return page;
    },
    // A tab behind another counts as hidden, where nothing starts.
    concurrency: 1,
  });
  launcher.name = 'Firefox';
  return launcher;
}

/** New ones: of a run that has ended, a launcher keeps what is gone. */
export function browsers() {
  const { executablePath, args, env } = findChromium();
  const launchers = [
    chromeLauncher({
      launchOptions: { executablePath, args, headless: 'shell', env: { ...process.env, ...env } },
    }),
  ];
  const firefox = findFirefox();
  if (firefox) launchers.push(firefoxLauncher(firefox));
  const webKit = findWebKit();
  if (webKit) launchers.push(webKitLauncher(webKit));
  for (const [name, found] of Object.entries({ Firefox: firefox, WebKitGTK: webKit })) {
    if (!found) console.log(`${name} is not installed: its tests are left out.`);
  }
  return launchers;
}

export default {
  files: ['test/*.test.ts', 'test/fuzz/page/*.test.ts'],
  nodeResolve: true,
  plugins: [
    commonJsPlugin(),
    esbuildPlugin({
      ts: true,
      target: 'auto',
      tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
      // Pages have no environment.
      define: {
        'process.env.FUZZ_RUNS': JSON.stringify(process.env.FUZZ_RUNS) ?? 'undefined',
        'process.env.FUZZ_SEED': JSON.stringify(process.env.FUZZ_SEED) ?? 'undefined',
      },
    }),
  ],
  middleware: [backend()],
  browsers: browsers(),
  filterBrowserLogs: ({ args }) => !String(args[0]).includes('Lit is in dev mode'),
  reporters: [defaultReporter(), countReporter()],
  coverageConfig: { include: ['src/**/*.ts'], reporters: ['text-summary'] },
  testFramework: { config: { timeout: 10_000 } },
};
