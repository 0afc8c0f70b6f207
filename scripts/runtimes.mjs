// npm run test:runtimes: one digest of a million results and more over Node, Bun and Deno, as an ES module in four host zones
// and as CommonJS in one of them. Zoned results carry transition tables as data; a second digest asks the runtime's own zones
// about instants before 2025.
// The runtimes come from npm, each under its own prefix, on first use. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { run, summary } from './steps.mjs'

const prefix = '.rt'
const zones = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Apia']
/** The same code in two wrappers: one zone is enough for the second. */
const combinations = [...zones.map((zone) => ({ format: 'esm', zone })), { format: 'cjs', zone: zones[3] }]
const enough = 1_000_000

/** @param {string} version */
const node = (version) => ({
  name: `node ${version}`,
  install: `node@${version}`,
  command: (folder) => [`${folder}/node_modules/node/bin/node`],
})

const runtimes = [
  ...['22.23.3', '24.21.0', '26.10.0'].map(node),
  { name: 'bun 1.4.5', install: 'bun@1.4.5', command: (folder) => [`${folder}/node_modules/.bin/bun`] },
  {
    name: 'deno 2.9.6',
    install: 'deno@2.9.6',
    command: (folder) => [`${folder}/node_modules/.bin/deno`, 'run', '--node-modules-dir=manual', '-A'],
  },
]

/** The network is taken away where the system allows it. */
const offline = spawnSync('unshare', ['-n', 'true']).status === 0 ? ['unshare', '-n'] : []

/** Installs a runtime unless it is there, and says how to start it. */
async function commandOf({ name, install, command }) {
  const folder = resolve(prefix, install.replaceAll('@', '-'))
  if (!existsSync(command(folder)[0])) {
    console.log(`installing ${name}`)
    const options = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts=false', '--loglevel=error']
    await run(['npm', 'install', '--prefix', folder, ...options, install])
  }
  return command(folder)
}

/** Both digests, section by section, or what went wrong. */
function digest(command, format, zone) {
  const [program, ...args] = [...offline, ...command, 'tests/runtimes/digest.mjs', format]
  const environment = { ...process.env, TZ: zone, DENO_NO_UPDATE_CHECK: '1' }
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: environment })
  if (status !== 0) return { error: (stderr ?? '').trim().slice(0, 400) || `exit code ${status}` }
  return { digests: JSON.parse(stdout), seconds: (performance.now() - began) / 1000 }
}

/** The names of the sections where two digests differ. */
function differences(one, other) {
  const expected = new Map(other.map((section) => [section.name, section]))
  const missing = other.filter(({ name }) => !one.some((section) => section.name === name))
  const differing = one.filter(({ name, digest, count }) => {
    const twin = expected.get(name)
    return twin?.digest !== digest || twin.count !== count
  })
  return [...differing, ...missing].map(({ name }) => name)
}

function verdict(found, expected) {
  const differing = differences(found, expected)
  return differing.length === 0 ? 'same' : `differs in ${differing.join(', ')}`
}

const countOf = (sections) => sections.reduce((sum, { count }) => sum + count, 0)

if ((await run(['tsup', '--silent', '--no-dts'])) !== 0) process.exit(1)

const hosts = [{ name: `node ${process.versions.node}`, command: [process.execPath] }]
for (const runtime of runtimes) hosts.push({ name: runtime.name, command: await commandOf(runtime) })

const reference = digest(hosts[0].command, 'esm', 'UTC')
if (reference.error !== undefined) {
  console.error(reference.error)
  console.log(summary({ passed: 0, failed: 1 }))
  process.exit(1)
}
const { tables, zones: runtimeZones } = reference.digests
for (const [title, sections] of [
  ['digest, zones as data', tables],
  ["second digest, the runtime's zones before 2025", runtimeZones],
]) {
  console.log(`${title}: ${countOf(sections)} results`)
  for (const { name, digest: hash, count } of sections)
    console.log(count === 0 ? `  ${'-'.repeat(16)} ${name}` : `  ${hash} ${name} (${count})`)
}

const rows = hosts.flatMap(({ name, command }) =>
  combinations.map(({ format, zone }) => {
    const { error, digests, seconds } = digest(command, format, zone)
    const failed = error === undefined ? undefined : `failed: ${error}`
    return {
      runtime: name,
      format,
      zone,
      digest: failed ?? verdict(digests.tables, tables),
      'own zones': failed ?? verdict(digests.zones, runtimeZones),
      seconds: seconds?.toFixed(1),
    }
  }),
)
console.table(rows)
const large = countOf(tables) >= enough
if (!large) console.log(`the digest holds ${countOf(tables)} results, not ${enough}`)
const same = rows.flatMap((row) => [row.digest, row['own zones']]).filter((found) => found === 'same').length
const failed = 2 * rows.length - same + (large ? 0 : 1)
console.log(summary({ passed: same + (large ? 1 : 0), failed }))
process.exitCode = failed === 0 ? 0 : 1
