import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { described } from './described.js';

const ENTRIES = ['index', 'element', 'server/index', 'sandbox/index'];
const FRAMEWORKS = ['types/vue', 'types/svelte', 'types/react'];

const files = [...ENTRIES, ...FRAMEWORKS].map((name) => `dist/${name}.d.ts`);
const program = ts.createProgram(files, {
  module: ts.ModuleKind.NodeNext,
  strict: true,
  types: [],
});
const checker = program.getTypeChecker();

describe('the comments that editors show', () => {
  for (const file of files) {
    it(`are there for every public name of ${file}`, () => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
      const exported = checker.getExportsOfModule(module).map(original);
      assert.ok(exported.length > 0);
      const names = exported.flatMap((symbol) => [symbol, ...membersOf(symbol)]);
      assert.deepEqual(namesOf(names.filter((name) => commentOf(name) === '')), []);
      // There is a tag for it, which editors and generators of documentation know.
      assert.deepEqual(namesOf(names.filter((name) => /\bDefault\b/.test(commentOf(name)))), []);
    });
  }

  it('are those of the manifest', () => {
    const module = checker.getSymbolAtLocation(program.getSourceFile('dist/element.d.ts')!)!;
    const exported = checker.getExportsOfModule(module).map(original);
    const element = exported.find(({ name }) => name === described.name)!;
    const members = [...element.members!.values(), ...element.exports!.values()];
    const inOneLine = (text: string) => text.replaceAll('\n', ' ');
    assert.equal(described.description, inOneLine(commentOf(element)));
    for (const { name, description } of described.members) {
      const member = members.find((each) => each.name === name)!;
      assert.equal(description, inOneLine(commentOf(member)), name);
    }
  });
});

function original(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Its own members, as far as a site can use them. */
function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  const { members, exports, flags } = symbol;
  const isAlias = Boolean(flags & ts.SymbolFlags.TypeAlias);
  const ofType = isAlias ? checker.getDeclaredTypeOfSymbol(symbol).getProperties() : [];
  const all = [...(members?.values() ?? []), ...(exports?.values() ?? []), ...ofType];
  return all.filter(({ declarations: [declaration] = [] }) => declaration && isOurs(declaration));
}

function isOurs(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  const isPrivate = name !== undefined && ts.isPrivateIdentifier(name);
  const isHidden = ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Protected;
  const isFromElsewhere = declaration.getSourceFile().fileName.includes('/node_modules/');
  return !isPrivate && !isHidden && !isFromElsewhere && !isToldElsewhere(declaration);
}

/** A class has a comment for its constructor too; each kind of an event has one for its `type`. */
function isToldElsewhere(declaration: ts.Declaration): boolean {
  const isKind = ts.isPropertySignature(declaration) && declaration.name.getText() === 'type';
  return isKind || ts.isConstructorDeclaration(declaration);
}

function namesOf(symbols: readonly ts.Symbol[]): string[] {
  return symbols.map(({ name }) => name);
}

function commentOf(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker));
}
