import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A signature is told whole, with the types that no entry exports: they are as public as it is. */
const MESSAGES = {
  compilerMessageReporting: { default: { logLevel: 'error' } },
  extractorMessageReporting: {
    default: { logLevel: 'none' },
    'ae-forgotten-export': { logLevel: 'none', addToApiReportFile: true },
  },
  tsdocMessageReporting: { default: { logLevel: 'none' } },
};

/**
 * What Microsoft's API Extractor tells of declarations.
 *
 * @param {string} folder where they are, and where it may write.
 * @param {readonly { report: string, file: string }[]} entries
 * @returns {Map<string, string>} the reports by their names.
 */
export function extractReports(folder, entries) {
  const files = entries.map(({ file }) => file);
  const configs = entries.map((entry) => configOf(folder, entry, files));
  const compilerState = CompilerState.create(configs[0], { additionalEntryPoints: files });
  for (const config of configs) {
    const { succeeded } = Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: tellErrors,
    });
    if (!succeeded) throw new Error(`API Extractor failed: ${config.mainEntryPointFilePath}`);
  }
  return new Map(
    entries.map(({ report }, i) => [report, readFileSync(configs[i].reportFilePath, 'utf8')]),
  );
}

/** It tells at length what it does. */
function tellErrors(message) {
  if (message.logLevel === 'error') console.error(message.text);
  message.handled = true;
}

function configOf(folder, { report, file }, files) {
  const { compilerOptions } = JSON.parse(readFileSync('tsconfig.json', 'utf8'));
  const { target, module, lib, types, strict, skipLibCheck } = compilerOptions;
  return ExtractorConfig.prepare({
    packageJsonFullPath: path.resolve('package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: file,
      newlineKind: 'lf',
      enumMemberOrder: 'preserve',
      compiler: {
        overrideTsconfig: {
          compilerOptions: { target, module, lib, types, strict, skipLibCheck },
          files,
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder: folder,
        reportTempFolder: path.join(folder, 'temp'),
        includeForgottenExports: true,
      },
      messages: MESSAGES,
    },
  });
}
