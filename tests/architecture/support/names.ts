// Names of files, folders and exports: a folder is a subpath, a file holds an idea, a name means one thing.
import { dirname, join } from 'node:path/posix'
import ts from 'typescript'
import { subpathsOf } from '../../../scripts/entries.mjs'
import { entryFields } from '../../../scripts/exports.mjs'
import { type Finding, finding, type Source } from './sources.js'

/** Where a name comes from: the file and the name that declare it. */
type Origin = string

const root = 'src/index.ts'

/** A file is named for something in the domain. */
export function fileNames(source: Source): readonly Finding[] {
  const vague = /\/(types?|utils?|helpers?|common|misc)\.ts$/.test(source.file)
  return vague ? [finding('file-name', source, source.tree, 'name the file for the idea that it holds')] : []
}

/** The root re-exports every folder, but not adapters and not testing. */
export function rootExports(sources: readonly Source[]): readonly Finding[] {
  const source = sources.find(({ file }) => file === root)
  if (source === undefined) return []
  const wanted = publicFolders(sources).filter((folder) => !/^(adapters\/|testing$)/.test(folder))
  const found = source.tree.statements.map((statement) => ({
    statement,
    folder: reexportedFolder(statement),
  }))
  const missing = wanted.filter((folder) => !found.some((each) => each.folder === folder))
  const extra = found.filter(({ folder }) => folder === undefined || !wanted.includes(folder))
  return [
    ...missing.map((folder) => finding('root', source, source.tree, `src/index.ts leaves ${folder} out`)),
    ...extra.map(({ statement }) =>
      finding('root', source, statement, 'src/index.ts only re-exports folders, each whole'),
    ),
  ]
}

function reexportedFolder(statement: ts.Statement): string | undefined {
  return /^export \* from '\.\/(.+)\/index\.js';?$/.exec(statement.getText())?.[1]
}

/** package.json offers exactly the folders that have an index. */
export function entryPoints(
  files: readonly string[],
  manifest: { readonly exports: unknown; readonly typesVersions: unknown },
): readonly Finding[] {
  const wanted = entryFields(subpathsOf(files))
  return (['exports', 'typesVersions'] as const)
    .filter((field) => JSON.stringify(manifest[field]) !== JSON.stringify(wanted[field]))
    .map((field) => ({
      rule: 'entries',
      file: 'package.json',
      line: 1,
      message: `${field} does not list the folders of src: run npm run exports`,
    }))
}

/** A name that two subpaths export means the same thing in both. */
export function uniqueNames(sources: readonly Source[]): readonly Finding[] {
  const byFile = new Map(sources.map((source) => [source.file, source]))
  const first = new Map<string, { origin: Origin; folder: string }>()
  const findings: Finding[] = []
  for (const folder of publicFolders(sources)) {
    const source = byFile.get(`src/${folder}/index.ts`)!
    for (const { name, origin, node } of exportsOf(source, byFile)) {
      const other = first.get(name)
      if (other === undefined) first.set(name, { origin, folder })
      else if (other.origin !== origin) {
        findings.push(finding('unique-names', source, node, `${other.folder} also exports a ${name}`))
      }
    }
  }
  return findings
}

function publicFolders(sources: readonly Source[]): readonly string[] {
  return subpathsOf(sources.map(({ file }) => file))
}

interface Exported {
  readonly name: string
  readonly origin: Origin
  readonly node: ts.Node
}

/** What a file exports, each name with the file that declares it. */
function exportsOf(source: Source, byFile: ReadonlyMap<string, Source>): readonly Exported[] {
  return source.tree.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return reexports(source, statement, byFile)
    return declaredNames(statement).map((name) => ({
      name,
      origin: `${source.file}#${name}`,
      node: statement,
    }))
  })
}

function reexports(
  source: Source,
  statement: ts.ExportDeclaration,
  byFile: ReadonlyMap<string, Source>,
): readonly Exported[] {
  const from = statement.moduleSpecifier
  const target =
    from !== undefined && ts.isStringLiteral(from) ? resolve(source.file, from.text) : source.file
  const clause = statement.exportClause
  if (clause === undefined) return everythingIn(target, byFile).map((each) => ({ ...each, node: statement }))
  if (ts.isNamespaceExport(clause)) {
    return [{ name: clause.name.text, origin: `${target}#*`, node: statement }]
  }
  return clause.elements.map((element) => {
    const name = element.name.text
    return { name, origin: originOf(element.propertyName?.text ?? name, target, byFile), node: element }
  })
}

function everythingIn(file: string, byFile: ReadonlyMap<string, Source>): readonly Exported[] {
  const source = byFile.get(file)
  return source === undefined ? [] : exportsOf(source, byFile).filter(({ name }) => name !== 'default')
}

/** Follows a name to the file that declares it. */
function originOf(name: string, file: string, byFile: ReadonlyMap<string, Source>): Origin {
  const source = byFile.get(file)
  if (source === undefined) return `${file}#${name}`
  const imported = importedNames(source).get(name)
  if (imported !== undefined) return originOf(imported.name, imported.file, byFile)
  const declares = source.tree.statements.some((statement) => declaredNames(statement, 'all').includes(name))
  if (declares) return `${file}#${name}`
  return exportsOf(source, byFile).find((each) => each.name === name)?.origin ?? `${file}#${name}`
}

/** What a file imports by name, under the name that it has there. */
function importedNames(
  source: Source,
): ReadonlyMap<string, { readonly name: string; readonly file: string }> {
  const names = new Map<string, { name: string; file: string }>()
  for (const statement of source.tree.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue
    const bindings = statement.importClause?.namedBindings
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue
    const file = resolve(source.file, statement.moduleSpecifier.text)
    for (const { name, propertyName } of bindings.elements) {
      names.set(name.text, { name: propertyName?.text ?? name.text, file })
    }
  }
  return names
}

/** The names that a statement declares: those it exports, or all. */
function declaredNames(statement: ts.Statement, which: 'exported' | 'all' = 'exported'): readonly string[] {
  const exported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  if (which === 'exported' && !exported) return []
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const { name } = statement as { readonly name?: ts.Node }
  return name === undefined ? [] : [name.getText()]
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? join(dirname(file), specifier).replace(/\.js$/, '.ts') : specifier
}
