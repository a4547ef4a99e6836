import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { frameworkFiles } from './framework-files.mjs';

/** Writes the declarations that a build would put into `dist/`, into a folder of another place. */
export function writeDeclarations(folder, element) {
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(
    'tsconfig.json',
    // Whether the sources are right is for others to check.
    { declarationDir: folder, emitDeclarationOnly: true, noCheck: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: refuse },
  );
  ts.createProgram(fileNames, { ...options, sourceMap: false, inlineSources: false }).emit();
  for (const [name, text] of Object.entries(frameworkFiles(element))) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * What a module, and those of the package that it imports, add to the page and to other packages, as
 * code.
 */
export function augmentations(file) {
  return [...modulesOf(file)].flatMap((module) =>
    module.statements.filter(isAugmentation).map((statement) => print(statement, module)),
  );
}

/** A file of declarations, without its comments. */
export function withoutComments(file) {
  const module = parse(file);
  return print(module, module);
}

function refuse({ messageText }) {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
}

function isAugmentation(statement) {
  if (!ts.isModuleDeclaration(statement)) return false;
  return statement.name.text === 'global' || ts.isStringLiteral(statement.name);
}

function modulesOf(file, found = new Map()) {
  if (found.has(file)) return [];
  const module = parse(file);
  found.set(file, module);
  for (const { fileName } of ts.preProcessFile(module.text).importedFiles) {
    if (fileName.startsWith('.')) modulesOf(declarationOf(fileName, file), found);
  }
  return found.values();
}

function declarationOf(specifier, importer) {
  return path.resolve(path.dirname(importer), specifier.replace(/\.js$/, '.d.ts'));
}

function parse(file) {
  return ts.createSourceFile(file, ts.sys.readFile(file), ts.ScriptTarget.ESNext, true);
}

function print(node, file) {
  const printer = ts.createPrinter({ removeComments: true });
  return printer.printNode(ts.EmitHint.Unspecified, node, file).trim();
}
