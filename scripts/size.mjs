// Size per subpath, min + gzip, in kB of 1000 bytes, bundled from src by esbuild.
// A folder counts its own code alone: what it imports from other folders or packages stays outside.
// A budget that is not reached yet is held where it stands: it is printed as OVER, and fails once it grows.
// A page, or a part of a folder, is a file of scripts/size/ that says what it imports. With --why each file's minified bytes are listed.
import { existsSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/**
 * @typedef {{ readonly name: string, readonly limit: number, readonly held?: number, readonly entry: string, readonly folders: readonly string[],
 *   readonly inside: 'folder' | 'library' | 'everything' }} Budget
 */

/** @type {readonly Budget[]} */
const budgets = [
  {
    name: 'kernel, as a page uses it',
    limit: 9,
    held: 22.6,
    entry: 'scripts/size/page-kernel.mjs',
    folders: ['kernel'],
    inside: 'library',
  },
  {
    name: 'points, with its accounts',
    limit: 15,
    held: 99,
    entry: 'src/points/index.ts',
    folders: ['points'],
    inside: 'folder',
  },
  ...Object.entries({ badges: 10, community: 12, continuity: 16 }).map(([folder, limit]) => ({
    name: folder,
    limit,
    entry: `src/${folder}/index.ts`,
    folders: [folder],
    inside: /** @type {const} */ ('folder'),
  })),
  {
    name: 'ltv, all its models',
    limit: 20,
    held: 111,
    entry: 'src/ltv/index.ts',
    folders: ['ltv'],
    inside: 'folder',
  },
  {
    name: 'ltv, one model: BG/NBD',
    limit: 6,
    held: 12.4,
    entry: 'src/ltv/purchases/beta-geometric/bg-nbd.ts',
    folders: ['ltv'],
    inside: 'folder',
  },
  {
    name: 'ltv, one model: Pareto/NBD',
    limit: 6,
    held: 11.2,
    entry: 'src/ltv/purchases/pareto/pareto-nbd.ts',
    folders: ['ltv'],
    inside: 'folder',
  },
  {
    name: 'lifecycle, all its models',
    limit: 6,
    held: 88.5,
    entry: 'src/lifecycle/index.ts',
    folders: ['lifecycle'],
    inside: 'folder',
  },
  {
    name: 'lifecycle, the engine alone',
    limit: 6,
    held: 8.2,
    entry: 'src/lifecycle/lifecycle.ts',
    folders: ['lifecycle'],
    inside: 'folder',
  },
  {
    name: 'cohorts, all its models',
    limit: 12,
    held: 59.2,
    entry: 'src/cohorts/index.ts',
    folders: ['cohorts'],
    inside: 'folder',
  },
  {
    name: 'cohorts, retention alone',
    limit: 12,
    entry: 'src/cohorts/retention/retention.ts',
    folders: ['cohorts'],
    inside: 'folder',
  },
  // A page takes the charts that it draws: those of cohorts and those of stages have a budget each.
  {
    name: 'adapters/charts, of cohorts',
    limit: 14,
    entry: 'scripts/size/charts-cohorts.mjs',
    folders: ['adapters/charts'],
    inside: 'folder',
  },
  {
    name: 'adapters/charts, of stages',
    limit: 7,
    entry: 'scripts/size/charts-stages.mjs',
    folders: ['adapters/charts'],
    inside: 'folder',
  },
  {
    name: 'adapters/statecharts',
    limit: 10,
    entry: 'src/adapters/statecharts/index.ts',
    folders: ['adapters/statecharts'],
    inside: 'folder',
  },
  {
    name: 'page that previews stages and points, with everything',
    limit: 28,
    held: 109.2,
    entry: 'scripts/size/page-preview.mjs',
    folders: ['lifecycle', 'points'],
    inside: 'everything',
  },
]

/** Names the library as a host does, but means the sources. */
const publicNames = {
  name: 'public-names',
  setup(bundle) {
    bundle.onResolve({ filter: /^liuliang(\/|$)/ }, ({ path }) => ({
      path: resolve(path.replace('liuliang', 'src'), 'index.ts'),
      sideEffects: false,
    }))
  },
}

/** Leaves outside what does not lie in the folder. @param {string} folder */
const onlyFolder = (folder) => ({
  name: 'only-folder',
  setup(bundle) {
    const inside = resolve(folder) + sep
    bundle.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) =>
      kind === 'entry-point' || resolve(resolveDir, path).startsWith(inside)
        ? undefined
        : { path, external: true },
    )
  },
})

/** @param {Budget} budget */
async function measure({ entry, inside, folders: [folder] }) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    packages: inside === 'everything' ? 'bundle' : 'external',
    plugins: inside === 'folder' ? [onlyFolder(`src/${folder}`)] : [publicNames],
    write: false,
    metafile: true,
    logLevel: 'error',
  })
  const [{ inputs }] = Object.values(result.metafile.outputs)
  return { size: gzipSync(result.outputFiles[0].contents, { level: 9 }).length / 1000, inputs }
}

/** Whether the folders that a budget measures have been written. @param {Budget} budget */
const isDue = ({ folders }) => folders.every((folder) => existsSync(`src/${folder}/index.ts`))

/** What each file contributes, before compression, the largest first. */
function explain(inputs) {
  const files = Object.entries(inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput])
  for (const [file, bytes] of files.sort(([, a], [, b]) => b - a)) {
    if (bytes > 0) console.log(`     ${String(bytes).padStart(7)}  ${file}`)
  }
}

let over = 0
for (const budget of budgets) {
  const limit = String(budget.limit).padStart(2)
  if (!isDue(budget)) {
    console.log(`ok   not there yet of ${limit}  ${budget.name}`)
    continue
  }
  const { size, inputs } = await measure(budget)
  const fits = size <= budget.limit
  const held = budget.held ?? budget.limit
  if (size > held) over += 1
  const note = fits ? '' : ` (held at ${held})`
  console.log(
    `${fits ? 'ok  ' : 'OVER'} ${`${size.toFixed(1)} kB`.padStart(13)} of ${limit}  ${budget.name}${note}`,
  )
  if (process.argv.includes('--why')) explain(inputs)
}
process.exitCode = over === 0 ? 0 : 1
