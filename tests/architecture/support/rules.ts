// The architecture as one function: source texts in, findings out. Planted texts are checked like real ones.
import { layering, oracleIndependence, packageOwners, packagesUsed, zodImports } from './layers.js'
import { fileNames, rootExports, uniqueNames } from './names.js'
import { directives, purity } from './purity.js'
import { type Finding, parse, type Source, type Sources } from './sources.js'

/** What a single file can break. */
const fileRules: readonly ((source: Source) => readonly Finding[])[] = [
  ...[layering, oracleIndependence, packagesUsed, zodImports],
  ...[purity, directives, fileNames],
]

/** What only several files together can break. */
const packageRules: readonly ((sources: readonly Source[]) => readonly Finding[])[] = [
  packageOwners,
  rootExports,
  uniqueNames,
]

/** Everything in these sources that the architecture forbids. */
export function findingsIn(sources: Sources): readonly Finding[] {
  const parsed = parse(sources)
  return [
    ...parsed.flatMap((source) => fileRules.flatMap((rule) => rule(source))),
    ...packageRules.flatMap((rule) => rule(parsed)),
  ]
}
