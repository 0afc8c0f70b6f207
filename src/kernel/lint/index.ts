export type { Finding } from './findings.js'
export { type Alternative, type LintOptions, lintCondition, lintRules } from './lint.js'
