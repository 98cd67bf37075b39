import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';

/** One import of a file, of whatever form. */
export interface Import {
  readonly file: string;
  /** Path from the project's root, or the name of a package. */
  readonly target: string;
  /** Gone once types are stripped. */
  readonly isTypeOnly: boolean;
  /** Resolved when it is reached, not when the file is loaded. */
  readonly isDynamic: boolean;
}

/** Every TypeScript file below these folders, by its path from the project's root. */
export function sourceFiles(folders: readonly string[], except: RegExp): readonly string[] {
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((entry) => `${folder}/${entry.replaceAll('\\', '/')}`));
  return files.filter((file) => /\.[mc]?tsx?$/.test(file) && !except.test(file)).sort();
}

export function importsOf(file: string): readonly Import[] {
  return importsIn(file, readFileSync(file, 'utf8'));
}

/** Static, side-effect and dynamic imports, re-exports, `require` and the imports inside types. */
export function importsIn(file: string, text: string): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isTypeOnly: boolean, isDynamic = false): void => {
    const target = specifier !== undefined && ts.isStringLiteralLike(specifier) ? resolved(file, specifier.text) : '(computed)';
    found.push({ file, target, isTypeOnly, isDynamic });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) add(node.moduleSpecifier, isTypeExport(node));
    else if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) add(node.moduleReference.expression, node.isTypeOnly);
    else if (ts.isCallExpression(node) && isLoad(node.expression)) add(node.arguments[0], false, true);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

function isLoad(callee: ts.Node): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

/** `import type …`, or one in which every name is a type. */
function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = importClause.namedBindings;
  return importClause.name === undefined && names !== undefined && ts.isNamedImports(names) && names.elements.length > 0 && names.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  return isTypeOnly || (exportClause !== undefined && ts.isNamedExports(exportClause) && exportClause.elements.length > 0 && exportClause.elements.every((element) => element.isTypeOnly));
}

function resolved(file: string, specifier: string): string {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
}

/** A round of files each of which loads the next one, if there is one. */
export function cycleAmong(imports: readonly Import[]): readonly string[] | undefined {
  const next = Map.groupBy(imports.filter(({ isTypeOnly, isDynamic }) => !isTypeOnly && !isDynamic), ({ file }) => file);
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { target } of next.get(file) ?? []) {
      const cycle = walk(target, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const cycle = walk(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
