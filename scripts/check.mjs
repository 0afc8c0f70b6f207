// npm run check: what a release must pass, step by step. Ends with `N passed, N failed`.
import { runStep, summary } from './steps.mjs'

const steps = [
  { name: 'build', command: ['tsup', '--silent'] },
  { name: 'exports list the folders', command: ['node', 'scripts/exports.mjs', '--check'] },
  { name: 'packed files', command: ['node', 'scripts/packed.mjs'] },
  { name: 'dependencies', command: ['node', 'scripts/dependencies.mjs'] },
  { name: 'lock file is complete', command: ['node', 'scripts/lock.mjs', '--check'] },
  { name: 'publint', command: ['publint', '--strict'] },
  { name: 'packed package resolves everywhere', command: ['attw', '--pack', '.'] },
  { name: 'size per subpath', command: ['node', 'scripts/size.mjs'], show: true },
  { name: 'public API reports', command: ['node', 'scripts/api-report.mjs'] },
  ...[
    ['esm', '--disable-proto=throw'],
    ['cjs', '--frozen-intrinsics'],
  ].map(([format, flag]) => ({
    name: `hostile values, ${format} ${flag}`,
    command: ['node', '--no-warnings', flag, 'tests/hostile/run.mjs', format],
    show: true,
  })),
  { name: 'dead code', command: ['knip', '--no-config-hints'] },
  { name: 'code that only tests use', command: ['knip', '--production', '--no-config-hints'] },
]

let passed = 0
for (const step of steps) if (await runStep(step, { show: step.show ?? false })) passed += 1

const failed = steps.length - passed
console.log(summary({ passed, failed }))
process.exitCode = failed === 0 ? 0 : 1
