// Two digests of the library's answers, printed as JSON, a section per part. `tables`: zones are transition tables that
// come as data. `zones`: the runtime's own zones, before 2025. Runs on Node, Bun and Deno, where the answers must not
// differ by a bit. `node tests/runtimes/digest.mjs esm|cjs`; needs dist.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { results } from './results.mjs'
import { sections } from './sections.mjs'

const load = {
  esm: (entry) => import(`../../dist/${entry}.js`),
  cjs: (entry) => createRequire(import.meta.url)(`../../dist/${entry}.cjs`),
}[process.argv[2] ?? 'esm']

// Adapters are entries of their own; the same classes and tables stand behind all of them.
const library = {
  ...(await load('index')),
  ...(await load('adapters/charts')),
  ...(await load('adapters/statecharts')),
}
const file = new URL('../fixtures/zone-tables/tables.json', import.meta.url)
const tables = JSON.parse(readFileSync(file, 'utf8'))

const places = {
  tables: (zone) => ({ zone, transitions: tables[zone] }),
  zones: (zone) => ({ zone }),
}

/** Fingerprints tell releases of tzdata apart, and runtimes have different ones: the years to come are in them. */
const besides = { tables: [], zones: ['fingerprint'] }

/** Every section's digest and how many results went into it. */
function digestsOf(kind) {
  return sections(library, { kind, place: places[kind], zones: Object.keys(tables) }).map(
    ([name, answer]) => {
      const { note, digest, count } = results(besides[kind])
      answer(note)
      return { name, digest: digest(), count: count() }
    },
  )
}

console.log(JSON.stringify({ tables: digestsOf('tables'), zones: digestsOf('zones') }))
