// The package's entries, read from the folders: src/<path>/index.ts is published as liuliang/<path>.
import { readdirSync } from 'node:fs'

/** Folders of a list of file paths that hold an index.ts, deepest name included: `kernel`, `adapters/charts`. */
export function subpathsOf(files) {
  return files
    .map((file) => /^src\/(.+)\/index\.ts$/.exec(file)?.[1])
    .filter((folder) => folder !== undefined && !/^adapters$/.test(folder))
    .filter((folder) => folder.split('/').length === 1 || /^adapters\/[^/]+$/.test(folder))
    .sort()
}

/** Every subpath of the sources on disk. */
export function subpaths() {
  const files = readdirSync('src', { recursive: true }).map((file) => `src/${file.replaceAll('\\', '/')}`)
  return subpathsOf(files)
}

/** Build entries: the name of the built file -> its source. */
export function entries() {
  return {
    index: 'src/index.ts',
    ...Object.fromEntries(subpaths().map((folder) => [folder, `src/${folder}/index.ts`])),
  }
}
