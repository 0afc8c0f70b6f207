// Completes package-lock.json: npm leaves out the optional packages of other platforms when it could not see them
// while it wrote the file, and `npm ci` then refuses the file everywhere. With --check only compares.
import { readFileSync, writeFileSync } from 'node:fs'

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]

/**
 * The platform that a package is made for, as its name says: `@rollup/rollup-linux-arm-gnueabihf`.
 * @param {string} name
 */
function platformOf(name) {
  const words = name.split(/[/-]/)
  const os = systems.filter((system) => words.includes(system))
  const cpu = processors.filter((processor) => words.includes(processor))
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : []
  return Object.entries({ cpu, libc, os }).filter(([, values]) => values.length > 0)
}

/** An entry as npm writes it: the version, then the rest by name. */
const entryOf = (name, version) =>
  Object.fromEntries([
    ['version', version],
    ...[...platformOf(name), ['dev', true], ['optional', true]].sort(([a], [b]) => (a < b ? -1 : 1)),
  ])

/** Whether a package is found from another, in its own node_modules or in one further up. */
function isFound(packages, from, name) {
  const folders = from
    .split('/node_modules/')
    .map((_, index, parts) => parts.slice(0, index + 1).join('/node_modules/'))
  return ['', ...folders.map((folder) => `${folder}/`)].some(
    (folder) => `${folder}node_modules/${name}` in packages,
  )
}

/** Entries for the optional packages that the lock file names and does not hold. */
function missingEntries(packages) {
  return Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => /^\d/.test(version) && !isFound(packages, from, name))
      .map(([name, version]) => [`node_modules/${name}`, entryOf(name, version)]),
  )
}

const before = readFileSync('package-lock.json', 'utf8')
const lock = JSON.parse(before)
const missing = missingEntries(lock.packages)
if (missing.length > 0 && process.argv.includes('--check')) {
  console.error(`package-lock.json leaves out ${missing.map(([path]) => path).join(', ')}: run npm run lock`)
  process.exitCode = 1
} else if (missing.length > 0) {
  const sorted = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) }).sort(([a], [b]) =>
    a.localeCompare(b, 'en'),
  )
  writeFileSync(
    'package-lock.json',
    `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
  )
  console.log(missing.map(([path, { version }]) => `${path} ${version}`).join('\n'))
}
