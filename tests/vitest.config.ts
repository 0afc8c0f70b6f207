import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Tests import the library by its public names, as a host does; here those names mean the sources. */
const publicNames = [
  { find: /^liuliang$/, replacement: path('../src/index.ts') },
  { find: /^liuliang\/(.+)$/, replacement: `${path('../src/')}$1/index.ts` },
]

/** Four kinds of evidence, one project each: the suffix says which. */
const project = (name: string, suffix: string) => ({
  extends: true as const,
  test: { name, include: [`tests/**/*.${suffix}.ts`] },
})

const types = {
  extends: true as const,
  test: {
    name: 'types',
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      include: ['tests/**/*.types.ts'],
      tsconfig: 'tests/tsconfig.json',
    },
  },
}

export default defineConfig({
  root: path('..'),
  resolve: { alias: publicNames },
  test: {
    // Two busy cores take several times as long as two idle ones.
    testTimeout: 60_000,
    projects: [project('examples', 'test'), project('laws', 'prop'), project('reference', 'ref'), types],
  },
})
