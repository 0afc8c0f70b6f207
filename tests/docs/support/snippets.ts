// Snippets of pages: what they are, what they print, what the compiler says.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'
import { vi } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

/** The TypeScript blocks of a page; each is a program of its own. Those that need data name them behind the language. */
export const snippetsOf = (page: string, data = ''): readonly string[] =>
  [...readFileSync(resolve(root, page), 'utf8').matchAll(/```ts ?([^\n]*)\n([\s\S]*?)```/g)].flatMap(
    ([, needs, code]) => (needs === data ? [code ?? ''] : []),
  )

/** What a snippet says that it prints: `// => …` behind a line. */
export const promised = (code: string): readonly string[] =>
  [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, text]) => text ?? '')

/** `liuliang/<folder>` as a user imports it. esbuild wants the longer names first. */
const aliases = [
  ...readdirSync(resolve(root, 'src/adapters')).map(
    (name) => [`liuliang/adapters/${name}`, resolve(root, 'src/adapters', name, 'index.ts')] as const,
  ),
  ...readdirSync(resolve(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [`liuliang/${name}`, resolve(root, 'src', name, 'index.ts')] as const),
  ['liuliang', resolve(root, 'src/index.ts')] as const,
]

export const folder = resolve(root, 'node_modules/.cache/snippets')
mkdirSync(folder, { recursive: true })

/** What a snippet prints. */
export async function printed(code: string, name: string): Promise<readonly string[]> {
  const file = resolve(folder, `${name}.mjs`)
  await build({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: file,
    logLevel: 'error',
    alias: Object.fromEntries(aliases),
  })
  const lines: string[] = []
  const log = vi
    .spyOn(console, 'log')
    .mockImplementation((...values: readonly unknown[]) => void lines.push(values.map(String).join(' ')))
  try {
    await import(pathToFileURL(file).href)
  } finally {
    log.mockRestore()
  }
  return lines
}

/** What the compiler says of files. */
export function compilerMessages(files: readonly string[]): readonly string[] {
  const { config } = ts.readConfigFile(resolve(root, 'tests/tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve(root, 'tests'))
  const program = ts.createProgram([...files], { ...options, noEmit: true, noUnusedLocals: false })
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}
