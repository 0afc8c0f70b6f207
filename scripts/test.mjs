// npm test: what compiles and how it is written, then the tests. With arguments only vitest runs, with those
// arguments: `npm test -- tests/points`, `npm test -- --project reference`. Ends with `N passed, N failed`,
// where a check counts as one and a test as one.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { uncollected } from './collected.mjs'
import { filesUnder } from './entries.mjs'
import { run, runStep, summary } from './steps.mjs'

const cache = 'node_modules/.cache/liuliang'
const report = `${cache}/vitest.json`
const deep = process.argv.includes('--deep')
const filters = process.argv.slice(2).filter((argument) => argument !== '--deep')

/** @param {string} project @param {string} name */
const compile = (project, name) =>
  `tsc --noEmit -p ${project} --incremental --tsBuildInfoFile ${cache}/${name}.tsbuildinfo`.split(' ')

const checks = [
  { name: 'types of src', command: compile('.', 'src') },
  { name: 'types of tests, examples and scripts', command: compile('tests', 'tests') },
  { name: 'lint and format', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'exports list the folders', command: ['node', 'scripts/exports.mjs', '--check'] },
]

async function runChecks() {
  const results = await Promise.all(checks.map((check) => runStep(check)))
  return { passed: results.filter(Boolean).length, failed: results.filter((passed) => !passed).length }
}

async function runVitest() {
  rmSync(report, { force: true })
  const command = [
    'vitest',
    'run',
    '--config',
    'tests/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
  ]
  const code = await run(
    [...command, `--outputFile.json=${report}`, ...filters],
    deep ? { LIULIANG_DEEP: '1' } : {},
  )
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, collected: [] }
  return { ...countTests(JSON.parse(readFileSync(report, 'utf8')), code) }
}

/** Counts tests; a file that could not be loaded, or an error outside any test, counts as one failure. */
function countTests(results, code) {
  const unloaded = results.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length
  const failed = results.numFailedTests + unloaded
  return {
    passed: results.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
    collected: results.testResults.map((file) => relative('.', file.name).replaceAll('\\', '/')),
  }
}

/** @param {readonly string[]} files @param {readonly string[]} collected */
function checkCollected(files, collected) {
  const findings = uncollected(files, collected)
  console.log(`${findings.length === 0 ? 'ok  ' : 'FAIL'} every file under tests/ was collected`)
  for (const finding of findings) console.log(`     ${finding}`)
  return findings.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: findings.length }
}

mkdirSync(cache, { recursive: true })
const size = deep ? 'full size' : 'normal size'
const filtered = filters.length > 0
console.log(filtered ? `Only vitest, ${size}: ${filters.join(' ')}` : `Checks, then all tests, ${size}`)

const none = { passed: 0, failed: 0 }
const checked = filtered ? none : await runChecks()
const files = filesUnder('tests')
const tested = await runVitest()
const collected = filtered ? none : checkCollected(files, tested.collected)
const failed = checked.failed + tested.failed + collected.failed
console.log(
  summary({ passed: checked.passed + tested.passed + collected.passed, failed, skipped: tested.skipped }),
)
process.exitCode = failed === 0 ? 0 : 1
