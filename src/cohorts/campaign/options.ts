import { checkCurrency, minorDigits } from '../../kernel/currency.js'
import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { parseMinor } from '../../kernel/index.js'
import { checkGroupValue, type GroupValue } from '../../measures/activity/group-value.js'
import { checkLevel } from '../../measures/proportions.js'

/** Who came by the campaign, with whom they are compared, what it cost, and when to look. */
export interface CampaignOptions {
  /** The values of the breakdown that say that somebody came by the campaign. */
  readonly campaign: readonly GroupValue[]
  readonly comparison: CampaignComparison
  readonly costs: CampaignCosts
  /** Offsets of the retention, ascending, each once; of brackets, where they begin. Past its last one they are not over. */
  readonly offsets: readonly number[]
  /** The first and the last cohort of the campaign; those in which anybody came by it unless told. */
  readonly cohorts?: { readonly from: string; readonly to: string }
  /** Compares like with like; without it, everybody with everybody. */
  readonly standardise?: CampaignStandardisation
  /** The retention sums a money field in the currency of the costs: what people brought. */
  readonly value?: 'total'
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
}

/**
 * With whom those of the campaign are compared: people who entered in the same periods.
 *
 * - `randomised`: chance decided who is in which group, such as a named holdout. Everybody assigned has to enter, whether
 *   the campaign reached them or not. A difference is what the campaign did.
 * - `observational`: people who came otherwise. A difference is how those who came differ, not what the campaign did: who
 *   follows an offer is another kind of person, and some would have come without it.
 */
export type CampaignComparison =
  | { readonly kind: 'randomised'; readonly groups: readonly GroupValue[] }
  | { readonly kind: 'observational'; readonly groups: readonly GroupValue[] | 'everybody-else' }

/** What the campaign cost, as decimal text from zero up. */
export interface CampaignCosts {
  /** ISO 4217. */
  readonly currency: string
  /** Spent once: posters, staff. */
  readonly fixed?: string
  /** Spent on each who came by it: the price of the tea less the one yuan. */
  readonly perPerson?: string
}

/** What is held equal. */
export interface CampaignStandardisation {
  /** The period of entry; the strata that are given; or each stratum in each period. */
  readonly over: 'cohorts' | 'strata' | 'strata-and-cohorts'
  /**
   * What each counts, by its name: `2024-03`, `Shanghai`, `Shanghai 2024-03`; from zero up. Unless told, as many as came by
   * the campaign: the difference is then that of the campaign's own people, and can be told as people.
   */
  readonly weights?: Readonly<Record<string, number>>
}

/** Options as they are worked with, costs in smallest units. */
export interface Read extends Omit<CampaignOptions, 'costs' | 'level'> {
  readonly level: number
  readonly currency: string
  readonly digits: number
  readonly fixed: bigint
  readonly perPerson: bigint
}

/** A whole number from 0. */
export function whole(value: unknown, path: string, most = Number.MAX_SAFE_INTEGER): void {
  const fits = Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most
  if (!fits || Object.is(value, -0))
    throw fault('out-of-range', path, value, `a whole number from 0 to ${most}`)
}

const optionKeys = [
  ...['campaign', 'comparison', 'costs', 'offsets', 'cohorts', 'standardise', 'value', 'level'],
]

/** @throws DefinitionError for options that do not hold, with their path from `$.options`. */
export function readOptions(options: CampaignOptions): Read {
  checkShape(options, '$.options', optionKeys)
  const { campaign, comparison, costs, offsets, cohorts, standardise, value, level = 0.95 } = options
  const path = '$.options.campaign'
  checkGroups(campaign, path)
  checkShape(comparison, '$.options.comparison', ['kind', 'groups'])
  checkName(['randomised', 'observational'], comparison.kind, '$.options.comparison.kind')
  const { groups } = comparison
  if (groups !== 'everybody-else') checkGroups(groups, '$.options.comparison.groups')
  else if (comparison.kind === 'randomised')
    throw fault('out-of-range', '$.options.comparison.groups', groups, 'the groups that chance made, by name')
  for (const one of groups === 'everybody-else' ? [] : groups) {
    if (campaign.includes(one))
      throw fault('duplicate-name', '$.options.comparison.groups', one, 'no group of the campaign')
  }
  checkList(offsets, '$.options.offsets')
  if (offsets.length === 0) throw fault('missing', '$.options.offsets', offsets, 'at least one offset')
  for (const [i, offset] of offsets.entries()) {
    whole(offset, `$.options.offsets[${i}]`)
    if (i > 0 && offset <= offsets[i - 1]!)
      throw fault('out-of-range', `$.options.offsets[${i}]`, offset, 'offsets in ascending order')
  }
  if (cohorts !== undefined) {
    checkShape(cohorts, '$.options.cohorts', ['from', 'to'])
    for (const key of ['from', 'to'] as const) {
      if (typeof cohorts[key] !== 'string')
        throw fault('wrong-type', `$.options.cohorts.${key}`, cohorts[key], 'the name of a cohort')
    }
    if (cohorts.from > cohorts.to)
      throw fault('out-of-range', '$.options.cohorts.to', cohorts.to, 'at or after from')
  }
  if (standardise !== undefined) checkStandardisation(standardise)
  if (value !== undefined) checkName(['total'], value, '$.options.value')
  checkLevel(level)
  const { currency, digits, fixed, perPerson } = readCosts(costs)
  return {
    campaign: [...campaign],
    comparison: { ...comparison },
    offsets,
    level,
    currency,
    digits,
    fixed,
    perPerson,
    ...(cohorts !== undefined && { cohorts }),
    ...(standardise !== undefined && { standardise }),
    ...(value !== undefined && { value }),
  }
}

function checkGroups(groups: unknown, path: string): void {
  checkList(groups, path)
  if (groups.length === 0) throw fault('missing', path, groups, 'at least one value of the breakdown')
  for (const [i, value] of groups.entries()) {
    checkGroupValue(value, `${path}[${i}]`)
    if (groups.indexOf(value) !== i) throw fault('duplicate-name', `${path}[${i}]`, value, 'every value once')
  }
}

function checkStandardisation(standardise: CampaignStandardisation): void {
  const path = '$.options.standardise'
  checkShape(standardise, path, ['over', 'weights'])
  checkName(['cohorts', 'strata', 'strata-and-cohorts'], standardise.over, `${path}.over`)
  const { weights } = standardise
  if (weights === undefined) return
  checkRecord(weights, `${path}.weights`)
  let sum = 0
  for (const [name, weight] of Object.entries(weights)) {
    if (typeof weight !== 'number' || !(weight >= 0 && weight <= 1e15))
      throw fault('out-of-range', `${path}.weights.${name}`, weight, 'a number from 0 to 10^15')
    sum += weight
  }
  // Weights so small that their squares are nothing would leave no interval.
  if (!(sum >= 1e-15)) throw fault('out-of-range', `${path}.weights`, sum, 'weights above zero')
}

function readCosts(costs: CampaignCosts): {
  readonly currency: string
  readonly digits: number
  readonly fixed: bigint
  readonly perPerson: bigint
} {
  checkShape(costs, '$.options.costs', ['currency', 'fixed', 'perPerson'])
  const currency = checkCurrency(costs.currency, '$.options.costs.currency')
  const digits = minorDigits(currency)
  const minor = (key: 'fixed' | 'perPerson'): bigint => {
    const text = costs[key]
    const read = text === undefined ? 0 : parseMinor(text, digits)
    if (read === undefined || read < 0)
      throw fault(
        'invalid-amount',
        `$.options.costs.${key}`,
        text,
        `decimal text from 0, with at most ${digits} digits behind the point`,
      )
    return BigInt(read)
  }
  if (costs.fixed === undefined && costs.perPerson === undefined)
    throw fault('missing', '$.options.costs', undefined, 'what it cost: fixed, perPerson or both')
  return { currency, digits, fixed: minor('fixed'), perPerson: minor('perPerson') }
}

function checkShape(value: unknown, path: string, known: readonly string[]): void {
  checkRecord(value, path)
  checkKeys(value as object, known, path)
}
