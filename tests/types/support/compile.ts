// Compiles texts that are in no file, against the library's sources, and says what the compiler says of them.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const root = path('../../../')

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  paths: { liuliang: [`${root}src/index.ts`] },
}

/** A program of some texts: what the compiler says of one of them, and the CPU that it took, in milliseconds. */
export function compile(texts: readonly string[]) {
  const names = texts.map((_, i) => `${root}tests/types/text${i}.ts`)
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  const textOf = (name: string) => texts[names.indexOf(name)]
  host.fileExists = (name) => textOf(name) !== undefined || fileExists.call(host, name)
  host.readFile = (name) => textOf(name) ?? readFile.call(host, name)
  host.getSourceFile = (name, language, ...rest) => {
    const text = textOf(name)
    return text === undefined
      ? getSourceFile.call(host, name, language, ...rest)
      : ts.createSourceFile(name, text, language)
  }
  const program = ts.createProgram(names, options, host)
  return (i: number) => {
    const file = program.getSourceFile(names[i]!)!
    const before = process.cpuUsage()
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    const { user, system } = process.cpuUsage(before)
    const messages = found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    return { messages, milliseconds: (user + system) / 1000 }
  }
}
