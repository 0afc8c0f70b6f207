// Reads source texts into syntax trees, so that rules see imports and expressions and never words in a comment.
import { dirname, join } from 'node:path/posix'
import ts from 'typescript'

/** Texts by path from the root of the repository: the real ones, or planted ones. */
export type Sources = ReadonlyMap<string, string>

export interface Finding {
  readonly rule: string
  readonly file: string
  readonly line: number
  readonly message: string
}

export interface Source {
  readonly file: string
  readonly tree: ts.SourceFile
}

export function parse(sources: Sources): readonly Source[] {
  return [...sources].map(([file, text]) => ({
    file,
    tree: ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true),
  }))
}

/** Every node of a tree, in the order of the text. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  const children: ts.Node[] = []
  node.forEachChild((child) => {
    children.push(child)
  })
  for (const child of children) yield* nodesOf(child)
}

export function finding(rule: string, source: Source, node: ts.Node, message: string): Finding {
  return { rule, file: source.file, line: lineAt(source, node.getStart(source.tree)), message }
}

export function lineAt(source: Source, position: number): number {
  return source.tree.getLineAndCharacterOfPosition(position).line + 1
}

/** A module that a source names: by `import`, `export … from`, `import()` or the type `import('…')`. */
export interface Import {
  readonly specifier: string
  /** The file it means, when the specifier is relative. */
  readonly target: string | undefined
  /** Whether nothing is left of it at run time. */
  readonly typeOnly: boolean
  readonly node: ts.Node
}

export function importsOf(source: Source): readonly Import[] {
  return [...nodesOf(source.tree)].flatMap((node) => {
    const named = moduleNamedBy(node)
    if (named === undefined) return []
    return [{ ...named, target: targetOf(source.file, named.specifier), node }]
  })
}

function moduleNamedBy(node: ts.Node): { specifier: string; typeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node)) {
    const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return { specifier: textOf(node.moduleSpecifier), typeOnly }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: textOf(node.argument.literal), typeOnly: true }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return { specifier: textOf(node.arguments[0]), typeOnly: false }
  }
  return undefined
}

function textOf(node: ts.Node | undefined): string {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : ''
}

function targetOf(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return join(dirname(file), specifier).replace(/\.js$/, '.ts')
}

/** The package that a specifier names: `date-fns` of `date-fns/startOfDay`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}
