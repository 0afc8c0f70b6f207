// The files that npm pack would publish are exactly those that the entries call for.
import { execFileSync } from 'node:child_process'
import { entries } from './entries.mjs'

const formats = ['js', 'js.map', 'cjs', 'cjs.map', 'd.ts', 'd.cts']
const always = ['LICENSE', 'README.md', 'package.json']
/** What entries share; the build names chunks after their content. */
const chunk = /^dist\/[\w.-]+-[\w-]{8}\.(js|cjs|d\.ts|d\.cts)(\.map)?$/

const wanted = [
  ...always,
  ...Object.keys(entries()).flatMap((entry) => formats.map((format) => `dist/${entry}.${format}`)),
]
const [pack] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']).toString())
const packed = pack.files.map((file) => file.path)

const findings = [
  ...wanted.filter((path) => !packed.includes(path)).map((path) => `${path} is missing`),
  ...packed.filter((path) => !wanted.includes(path) && !chunk.test(path)).map((path) => `${path} is extra`),
]
for (const finding of findings) console.error(finding)
process.exitCode = findings.length === 0 ? 0 : 1
