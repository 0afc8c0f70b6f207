// npm run test:runtimes: one digest over Node, Bun and Deno, in four host zones, as ES module and as CommonJS.
// The runtimes come from npm, each under its own prefix, on first use. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { run, summary } from './steps.mjs'

const prefix = '.rt'
const zones = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Apia']
const formats = ['esm', 'cjs']

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

/** The digest by section, or what went wrong. */
function digest(command, format, zone) {
  const [program, ...args] = [...offline, ...command, 'tests/runtimes/digest.mjs', format]
  const environment = { ...process.env, TZ: zone, DENO_NO_UPDATE_CHECK: '1' }
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: environment })
  if (status !== 0) return { error: (stderr ?? '').trim().slice(0, 400) || `exit code ${status}` }
  return { sections: JSON.parse(stdout) }
}

/** The names of the sections where two digests differ. */
function differences(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].filter((name) => one[name] !== other[name])
}

function verdict({ error, sections }, expected) {
  if (error !== undefined) return `failed: ${error}`
  const differing = differences(sections, expected)
  return differing.length === 0 ? 'same' : `differs in ${differing.join(', ')}`
}

if ((await run(['tsup', '--silent', '--no-dts'])) !== 0) process.exit(1)

const hosts = [{ name: `node ${process.versions.node}`, command: [process.execPath] }]
for (const runtime of runtimes) hosts.push({ name: runtime.name, command: await commandOf(runtime) })

const reference = digest(hosts[0].command, 'esm', 'UTC')
if (reference.error !== undefined) {
  console.error(reference.error)
  console.log(summary({ passed: 0, failed: 1 }))
  process.exit(1)
}
console.log(
  Object.entries(reference.sections)
    .map(([name, hash]) => `${hash}  ${name}`)
    .join('\n'),
)

const rows = hosts.flatMap(({ name, command }) =>
  formats.flatMap((format) =>
    zones.map((zone) => ({
      runtime: name,
      format,
      zone,
      digest: verdict(digest(command, format, zone), reference.sections),
    })),
  ),
)
console.table(rows)
const passed = rows.filter((row) => row.digest === 'same').length
console.log(summary({ passed, failed: rows.length - passed }))
process.exitCode = passed === rows.length ? 0 : 1
