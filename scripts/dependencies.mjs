// A host that installs the library gets these two packages, at these versions, and nothing behind them.
import { readFileSync } from 'node:fs'

const allowed = { 'decimal.js': '10.6.0', zod: '4.6.7' }

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))

/** @param {string} name */
const behind = (name) => {
  const { dependencies, peerDependencies, version } = packages[`node_modules/${name}`]
  return { version, names: Object.keys({ ...dependencies, ...peerDependencies }) }
}

const findings = []
if (JSON.stringify(manifest.dependencies) !== JSON.stringify(allowed)) {
  findings.push(`dependencies are ${JSON.stringify(manifest.dependencies)}`)
}
for (const [name, version] of Object.entries(allowed)) {
  const found = behind(name)
  if (found.version !== version) findings.push(`${name} is locked at ${found.version}`)
  for (const transitive of found.names) findings.push(`${name} brings ${transitive}`)
}
for (const name of Object.keys(manifest.peerDependencies)) {
  if (!manifest.peerDependenciesMeta?.[name]?.optional) findings.push(`the peer ${name} is not optional`)
}
for (const finding of findings) console.error(finding)
process.exitCode = findings.length === 0 ? 0 : 1
