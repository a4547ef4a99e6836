import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';

/** A member of a type that is published. */
export interface Member {
  readonly isOptional: boolean;
  /** As its doc comment has it. */
  readonly default: string | undefined;
  /** Of a function, the names of what it takes. */
  readonly parameters: readonly string[];
}

/** The types that a file of declarations exports. */
export class Declared {
  #checker: ts.TypeChecker;
  #exports: ReadonlyMap<string, ts.Symbol>;

  constructor(file: string) {
    const program = ts.createProgram([path.resolve(file)], {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    this.#checker = program.getTypeChecker();
    const source = this.#checker.getSymbolAtLocation(program.getSourceFile(path.resolve(file))!);
    const exported = this.#checker.getExportsOfModule(source!);
    this.#exports = new Map(exported.map((symbol) => [symbol.name, symbol]));
  }

  /** What is there at run time, too. */
  values(): string[] {
    return [...this.#exports.keys()].filter(
      (name) => (this.#symbol(name).flags & ts.SymbolFlags.Value) !== 0,
    );
  }

  /** The public members of a type, or of the kinds of a union. */
  members(name: string): Map<string, Member> {
    const members = new Map<string, Member>();
    for (const type of kindsOf(this.#type(name))) {
      for (const symbol of type.getProperties()) {
        if (!symbol.name.startsWith('__#')) members.set(symbol.name, this.#member(symbol));
      }
    }
    return members;
  }

  /** The texts of a union. */
  texts(name: string): string[] {
    return textsOf(this.#type(name));
  }

  /** For each text that a member can have, the members of the kinds of a union that have it. */
  kinds(name: string, member: string): Map<string, ReadonlySet<string>> {
    const kinds = new Map<string, ReadonlySet<string>>();
    for (const type of kindsOf(this.#type(name))) {
      const names = new Set(type.getProperties().map((symbol) => symbol.name));
      const texts = textsOf(this.#checker.getTypeOfSymbol(type.getProperty(member)!));
      for (const text of texts) kinds.set(text, names);
    }
    return kinds;
  }

  #member(symbol: ts.Symbol): Member {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(symbol));
    const [signature] = type.getCallSignatures();
    const tag = symbol.getJsDocTags(this.#checker).find((found) => found.name === 'default');
    return {
      isOptional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
      default: tag?.text?.map(({ text }) => text).join(''),
      parameters: signature?.getParameters().map(({ name }) => name) ?? [],
    };
  }

  #type(name: string): ts.Type {
    return this.#checker.getDeclaredTypeOfSymbol(this.#symbol(name));
  }

  #symbol(name: string): ts.Symbol {
    const symbol = this.#exports.get(name);
    assert.ok(symbol, `${name} is not exported`);
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    return isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }
}

function kindsOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

function textsOf(type: ts.Type): string[] {
  return kindsOf(type).map((kind) => {
    assert.ok(kind.isStringLiteral());
    return kind.value;
  });
}
