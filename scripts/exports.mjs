// Writes `exports` and `typesVersions` of package.json from the folders of src; with --check only compares.
// `typesVersions` serves resolvers that ignore `exports` (TypeScript's node10, so older notebooks).
import { readFileSync, writeFileSync } from 'node:fs'
import { subpaths } from './entries.mjs'

/** @param {string} name */
const entry = (name) => ({
  import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
})

/**
 * What package.json has to say about the entries.
 * @param {readonly string[]} folders
 */
export function entryFields(folders) {
  return {
    exports: {
      '.': entry('index'),
      ...Object.fromEntries(folders.map((name) => [`./${name}`, entry(name)])),
      './package.json': './package.json',
    },
    typesVersions: { '*': Object.fromEntries(folders.map((name) => [name, [`./dist/${name}.d.cts`]])) },
  }
}

function main() {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  const wanted = entryFields(subpaths())
  const current = { exports: manifest.exports, typesVersions: manifest.typesVersions }
  if (JSON.stringify(current) === JSON.stringify(wanted)) return
  if (process.argv.includes('--check')) {
    console.error('package.json does not list the folders of src: run npm run exports')
    process.exitCode = 1
    return
  }
  writeFileSync('package.json', `${JSON.stringify({ ...manifest, ...wanted }, null, 2)}\n`)
}

if (process.argv[1] === import.meta.filename) main()
