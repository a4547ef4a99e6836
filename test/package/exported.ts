import ts from 'typescript';

/** What an entry of the package exports. */
export interface Exported {
  /** What is there at run time. */
  readonly values: readonly string[];
  /** What is for the compiler alone. */
  readonly types: readonly string[];
}

/** What each of these files of declarations exports, by the files' names. */
export function exportedBy(...files: readonly string[]): ReadonlyMap<string, Exported> {
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] };
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  return new Map(
    files.map((file) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
      const symbols = checker.getExportsOfModule(module);
      const namesOf = (areValues: boolean) =>
        symbols.filter((each) => isValue(each, checker) === areValues).map(({ name }) => name);
      return [file, { values: namesOf(true), types: namesOf(false) }];
    }),
  );
}

/** Whether it is there at run time, too. */
export function isValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const isAlias = Boolean(symbol.flags & ts.SymbolFlags.Alias);
  const { flags } = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  return Boolean(flags & ts.SymbolFlags.Value);
}
