// Who may import whom: adapters -> program, simulate, preview -> domains -> measures, ledger -> kernel.
import { type Finding, finding, type Import, importsOf, packageOf, type Source } from './sources.js'

/** From the bottom to the top. Folders of one layer do not know each other. */
const layers: readonly (readonly string[])[] = [
  ['kernel'],
  ['measures', 'ledger'],
  [
    ...['lifecycle', 'cohorts', 'ltv', 'segments', 'points', 'benefits', 'badges', 'metrics', 'objectives'],
    ...['incentives', 'attribution', 'contact', 'feedback', 'journey', 'identity', 'community', 'continuity'],
  ],
  ['program', 'simulate', 'preview'],
  ['adapters'],
]
const domains = 2
const adapters = 4

/** The second implementation: it shares no function with the first. */
const oracle = 'src/testing/oracle/'

/** Imports point down, domains do not import one another, and only tests know `testing`. */
export function layering(source: Source): readonly Finding[] {
  const home = folderOf(source.file)
  if (home !== 'index' && home !== 'testing' && heightOf(home) < 0) {
    return [finding('layers', source, source.tree, `src/${home} is not a folder of the design`)]
  }
  return importsOf(source).flatMap((imported) => {
    const target = imported.target === undefined ? undefined : folderOf(imported.target)
    const wrong = target === undefined ? undefined : whyNot(home, target)
    return wrong === undefined ? [] : [finding('layers', source, imported.node, wrong)]
  })
}

function whyNot(home: string, target: string): string | undefined {
  if (home === target) return undefined
  if (target === 'testing') return 'only tests import testing'
  if (target === 'index') return 'nothing inside the library imports its root'
  if (home === 'index') return heightOf(target) === adapters ? 'the root leaves adapters out' : undefined
  const [from, to] = [home === 'testing' ? adapters : heightOf(home), heightOf(target)]
  if (to < from) return undefined
  if (to > from) return `${home} lies below ${target}: imports point down`
  return from === domains ? `domains do not import one another: ${target}` : `${home} does not know ${target}`
}

function heightOf(folder: string): number {
  return layers.findIndex((layer) => layer.includes(folder.split('/')[0]!))
}

/** The folder of src that owns a file; each adapter is a folder of its own. */
function folderOf(file: string): string {
  const [, first, second] = file.split('/')
  if (first === 'adapters') return `adapters/${second}`
  return first!.replace(/\.ts$/, '')
}

/** The oracle takes types from the rest of src, and no function. */
export function oracleIndependence(source: Source): readonly Finding[] {
  if (!source.file.startsWith(oracle)) return []
  return importsOf(source)
    .filter(({ target, typeOnly }) => target !== undefined && !target.startsWith(oracle) && !typeOnly)
    .map(({ node }) => finding('oracle', source, node, 'the oracle imports from src only with import type'))
}

/** What the library is allowed to depend on; fast-check is the optional peer of `testing`. */
const packages = ['zod', 'date-fns', '@date-fns/tz', 'decimal.js']

export function packagesUsed(source: Source): readonly Finding[] {
  const allowed = source.file.startsWith('src/testing/') ? [...packages, 'fast-check'] : packages
  return importsOf(source)
    .filter(({ specifier, target }) => target === undefined && !allowed.includes(packageOf(specifier)))
    .map(({ node, specifier }) => finding('packages', source, node, `${specifier} is not a dependency`))
}

/** A package that computes is known to one file, so that its settings and its quirks stay there. */
export function packageOwners(sources: readonly Source[]): readonly Finding[] {
  return [['decimal.js'], ['date-fns', '@date-fns/tz']].flatMap((owned) => oneOwner(sources, owned))
}

function oneOwner(sources: readonly Source[], owned: readonly string[]): readonly Finding[] {
  const owners = sources.flatMap((source) => {
    const first = importsOf(source).find(({ specifier }) => owned.includes(packageOf(specifier)))
    return first === undefined ? [] : [{ source, node: first.node }]
  })
  if (owners.length < 2) return []
  const names = owners.map(({ source }) => source.file).join(', ')
  return owners.map(({ source, node }) =>
    finding('owners', source, node, `${owned[0]} belongs to one file, not to ${names}`),
  )
}

/** The named import `z` keeps every locale in a page. */
export function zodImports(source: Source): readonly Finding[] {
  return importsOf(source)
    .filter(
      ({ specifier, node }) => packageOf(specifier) === 'zod' && !isNamespaceZ(node.getText(source.tree)),
    )
    .map(({ node }: Import) => finding('zod', source, node, "write import * as z from 'zod'"))
}

function isNamespaceZ(text: string): boolean {
  return /^import (type )?\* as z from 'zod'$/.test(text)
}
