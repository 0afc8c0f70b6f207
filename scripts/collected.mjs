// Every file under tests/ is a test that ran, a fixture or support. A test that nobody collects proves nothing.

/** The suffix says what kind of evidence a file holds; each is a project of tests/vitest.config.ts. */
const evidence = /\.(test|prop|ref|types)\.ts$/
const support = /(^|\/)(support|fixtures)\//
const settings = new Set(['tests/vitest.config.ts'])

/**
 * What is wrong with the files under tests/, one sentence each.
 * @param {readonly string[]} files paths from the root of the repository
 * @param {readonly string[]} collected the files among them that the runner reported
 * @returns {string[]}
 */
export function uncollected(files, collected) {
  const ran = new Set(collected)
  const sources = files.filter((file) => file.endsWith('.ts') && !support.test(file) && !settings.has(file))
  const silent = sources.filter((file) => evidence.test(file) && !ran.has(file))
  const unnamed = sources.filter((file) => !evidence.test(file))
  return [
    ...silent.map((file) => `${file} was not collected`),
    ...unnamed.map(
      (file) => `${file} is neither evidence (.test .prop .ref .types) nor in support/ or fixtures/`,
    ),
  ]
}
