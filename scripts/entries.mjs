// The package's entries, read from the folders: src/<folder>/index.ts is published as liuliang/<folder>,
// and src/adapters/<name>/index.ts as liuliang/adapters/<name>.
import { readdirSync } from 'node:fs'

/**
 * The subpaths that a list of source files publishes, in alphabetical order.
 * @param {readonly string[]} files
 * @returns {string[]}
 */
export function subpathsOf(files) {
  return files
    .map((file) => /^src\/((?:adapters\/)?[^/]+)\/index\.ts$/.exec(file)?.[1] ?? '')
    .filter((folder) => folder !== '' && folder !== 'adapters')
    .sort()
}

/** Files under a folder, as paths from the root of the repository. */
export function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/'))
    .sort()
}

export const subpaths = () => subpathsOf(filesUnder('src'))

/** Build entries: the name of the built file and its source. */
export function entries() {
  const folders = subpaths().map((folder) => [folder, `src/${folder}/index.ts`])
  return { index: 'src/index.ts', ...Object.fromEntries(folders) }
}
