// npm run bench: our code beside its peers and beside a hand-written loop, in one process. Rows come from
// bench/*.mjs (see bench/README.md); --only PREFIX picks rows by name, --json prints one JSON line per row.
// Times are CPU time, the median of several measurements after a warm-up. A benchmark is never a pass/fail test.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { capture, run } from './steps.mjs'

const measurements = 9
const warmUps = 2

const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, json: { type: 'boolean', default: false } },
})

/** What people read; with --json the output is rows alone. */
const log = options.json ? console.error : console.log

/** Peers live in a package of their own, so that whoever only tests does not install them. */
async function installPeers() {
  const { dependencies = {} } = JSON.parse(readFileSync('bench/package.json', 'utf8'))
  const missing = Object.entries(dependencies).some(([name, version]) => installedVersion(name) !== version)
  if (!missing) return
  log('installing the peers of bench/package.json')
  const verb = existsSync('bench/package-lock.json') ? 'ci' : 'install'
  const { code, output } = await capture(['npm', verb, '--prefix', 'bench', '--no-audit', '--no-fund'])
  if (code !== 0) throw new Error(output)
}

/** @param {string} name */
function installedVersion(name) {
  const manifest = `bench/node_modules/${name}/package.json`
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined
}

async function loadRows() {
  const files = readdirSync('bench').filter((file) => file.endsWith('.mjs'))
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(resolve('bench', file)).href)))
  return modules.flatMap((module) => module.rows).filter((row) => row.name.startsWith(options.only))
}

/** CPU milliseconds that one call takes, user and system together. */
async function cpuTime(call) {
  globalThis.gc?.()
  const before = process.cpuUsage()
  const checksum = await call()
  const { user, system } = process.cpuUsage(before)
  return { milliseconds: (user + system) / 1000, checksum }
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Measures both sides in turn, so that what slows the machine down slows down both. */
async function measure(row) {
  await row.prepare?.()
  const times = { ours: [], theirs: [] }
  const checksums = new Set()
  for (let index = -warmUps; index < (row.measurements ?? measurements); index += 1) {
    for (const side of ['ours', 'theirs']) {
      const { milliseconds, checksum } = await cpuTime(row[side])
      checksums.add(checksum)
      if (index >= 0) times[side].push(milliseconds / row.iterations)
    }
  }
  if (checksums.size > 1) throw new Error(`${row.name}: the checksums differ: ${[...checksums].join(', ')}`)
  return describe(row, median(times.ours), median(times.theirs))
}

/** Times per iteration, in the unit that the row asks for. */
function describe(row, ours, theirs) {
  const perMillisecond = { ms: 1, us: 1e3, ns: 1e6 }[row.unit]
  if (perMillisecond === undefined) throw new Error(`${row.name}: the unit is ms, us or ns`)
  return {
    name: row.name,
    ours: rounded(ours * perMillisecond),
    theirs: rounded(theirs * perMillisecond),
    ratio: rounded(ours / theirs),
    unit: row.unit,
    versus: row.versus,
  }
}

const rounded = (value) => Number(value.toPrecision(3))

log('building')
if ((await run(['tsup', '--silent', '--no-dts'])) !== 0) process.exit(1)
await installPeers()
const rows = await loadRows()
if (rows.length === 0) log('no rows')

const results = []
for (const row of rows) {
  const result = await measure(row)
  row.done?.()
  results.push(result)
  if (options.json) console.log(JSON.stringify(result))
  else log(`${result.name}: ${result.ratio} × ${result.versus}`)
}
if (!options.json && results.length > 0) console.table(results)
