// One digest of the library's answers, printed as JSON: a section per part. Runs on Node, Bun and Deno, where the
// answers must not differ by a bit. `node tests/runtimes/digest.mjs esm|cjs`; needs dist.
import { createRequire } from 'node:module'
import { sections } from './sections.mjs'

const load = {
  esm: (entry) => import(`../../dist/${entry}.js`),
  cjs: (entry) => createRequire(import.meta.url)(`../../dist/${entry}.cjs`),
}[process.argv[2] ?? 'esm']

/** FNV-1a over UTF-16 units: the digest must not lean on what it checks. */
function hash(text) {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
  }
  return value.toString(16).padStart(8, '0')
}

/** Every bit of a number shows, also of -0, NaN and the infinities. */
function exact(_key, value) {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'number' || (Number.isSafeInteger(value) && !Object.is(value, -0))) return value
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  return `f${bits.getBigUint64(0).toString(16)}`
}

const library = await load('index')
const digests = sections(library).map(([name, answers]) => [name, hash(JSON.stringify(answers, exact))])
console.log(JSON.stringify(Object.fromEntries(digests)))
