import { defineConfig } from 'tsup'
import { entries } from './scripts/entries.mjs'

export default defineConfig({
  entry: entries(),
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  // tsup sets `baseUrl` for its declaration build, which TypeScript 6 rejects unless told not to.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  // Without splitting each CommonJS entry gets its own error classes, and instanceof is false across them.
  splitting: true,
  sourcemap: true,
  clean: true,
  outDir: 'dist',
})
