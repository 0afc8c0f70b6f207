import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { GroupValue } from '../../measures/activity/group-value.js'
import { checkLevel } from '../../measures/proportions.js'
import { type ComparisonQuestion, checkQuestion } from './pairs.js'

/** Which rates are compared, and how. */
export interface CompareCohortsOptions extends ComparisonQuestion {
  readonly offset: number
  /**
   * `cohorts`: one with another; with `value`, of the people of one value only. `values`: those of one value of the breakdown with
   * those of another, in one `cohort`, or in all cohorts that are complete there for everyone.
   */
  readonly between: 'cohorts' | 'values'
  readonly value?: GroupValue
  readonly cohort?: string
  /**
   * What to do where a window is not over for all. `refuse`, unless told: no comparison, with the reason. `eligible`: those whose
   * window has passed are compared, with a caution: of a cohort that is the half who came first.
   */
  readonly immature?: 'refuse' | 'eligible'
  /** Of the intervals; 0.95 unless told. */
  readonly level?: number
  /**
   * `each`, unless told: each interval has the level by itself. `simultaneous`: all together have it, by Bonferroni, so that each
   * is wider.
   */
  readonly intervals?: 'each' | 'simultaneous'
}

const keys: readonly string[] = [
  'offset',
  'between',
  'value',
  'cohort',
  'against',
  'adjust',
  'immature',
  'level',
  'intervals',
]

/** @throws DefinitionError for options that do not hold, with their path. */
export function readOptions(options: CompareCohortsOptions) {
  checkRecord(options, '$')
  checkKeys(options, keys, '$')
  const { offset, between, value, cohort, immature = 'refuse', level = 0.95, intervals = 'each' } = options
  if (!(Number.isSafeInteger(offset) && offset >= 0))
    throw fault('out-of-range', '$.offset', offset, 'a whole number from 0')
  if (between === undefined) throw fault('missing', '$.between', between, "'cohorts' or 'values'")
  checkName(['cohorts', 'values'], between, '$.between')
  checkName(['refuse', 'eligible'], immature, '$.immature')
  checkName(['each', 'simultaneous'], intervals, '$.intervals')
  checkLevel(level)
  if (value !== undefined && between === 'values')
    throw fault('unknown-key', '$.value', 'value', 'none, between values')
  if (cohort !== undefined && between === 'cohorts')
    throw fault('unknown-key', '$.cohort', 'cohort', 'none, between cohorts')
  if (cohort !== undefined && typeof cohort !== 'string')
    throw fault('wrong-type', '$.cohort', cohort, 'text')
  checkQuestion(options)
  const { against, adjust } = options
  return { offset: offset + 0, between, against, adjust, immature, level, intervals }
}
