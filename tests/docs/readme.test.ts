import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'
import { describe, expect, test, vi } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const pages = [
  'README.md',
  'docs/reference/language.md',
  'docs/reference/lifecycle.md',
  'docs/reference/points.md',
  'docs/reference/program.md',
  'docs/reference/cohorts.md',
  'docs/reference/continuity.md',
  'docs/reference/community.md',
  'docs/reference/calendar.md',
  'docs/reference/lint.md',
  'docs/reference/measures.md',
  'docs/tutorials/one-yuan-tea.md',
]

/** The TypeScript blocks of a page; each is a program of its own. */
const snippetsOf = (page: string): readonly string[] =>
  [...readFileSync(resolve(root, page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, code]) => code ?? '',
  )

/** What a snippet says that it prints: `// => …` behind a line. */
const promised = (code: string): readonly string[] =>
  [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, text]) => text ?? '')

/** `liuliang/<folder>` as a user imports it. esbuild wants the longer names first. */
const aliases = [
  ...readdirSync(resolve(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [`liuliang/${name}`, resolve(root, 'src', name, 'index.ts')] as const),
  ['liuliang', resolve(root, 'src/index.ts')] as const,
]

const folder = resolve(root, 'node_modules/.cache/snippets')

async function printed(code: string, name: string): Promise<readonly string[]> {
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

function compilerMessages(files: readonly string[]): readonly string[] {
  const { config } = ts.readConfigFile(resolve(root, 'tests/tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve(root, 'tests'))
  const program = ts.createProgram([...files], { ...options, noEmit: true, noUnusedLocals: false })
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

describe('the snippets of the README and the reference pages', () => {
  mkdirSync(folder, { recursive: true })
  const all = pages.flatMap((page) =>
    snippetsOf(page).map((code, i) => ({ name: `${page.replaceAll('/', '-')}-${i + 1}`, page, code })),
  )

  test.for(all)('$name prints what it says', { timeout: 20_000 }, async ({ name, code }) => {
    expect(promised(code).length).toBeGreaterThan(0)
    expect(await printed(code, name)).toEqual(promised(code))
  })

  test('all of them compile', { timeout: 60_000 }, () => {
    const files = all.map(({ name, code }) => {
      const file = resolve(folder, `${name}.ts`)
      writeFileSync(file, `${code}\nexport {}\n`)
      return file
    })
    expect(compilerMessages(files)).toEqual([])
    for (const file of files) rmSync(file)
  })

  test('every page has one', () => {
    expect(pages.filter((page) => snippetsOf(page).length === 0)).toEqual([])
  })
})
