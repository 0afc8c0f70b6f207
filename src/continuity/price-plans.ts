import { ln } from '../kernel/elementary.js'
import { checkList, checkRecord, fault } from '../kernel/errors.js'
import { type Instant, isInstant } from '../kernel/index.js'
import type { NotIdentified } from './diagnosis.js'
import type { FittedDecay } from './fitted.js'
import { checkPublications, pathOf } from './forecast.js'
import { distinct } from './history.js'
import {
  checkAudience,
  estimateOf,
  type OpensEstimate,
  type PauseMoney,
  type PausePrices,
  readPrices,
} from './price-terms.js'
import { rateOf } from './scale.js'
import {
  type AttentionUncertainty,
  checkAsOf,
  readUncertainty,
  type UncertaintyMethod,
} from './uncertainty.js'

/** Which plans are compared, and up to when. */
export interface PlanComparisonOptions extends AttentionUncertainty, PausePrices {
  readonly asOf: Instant
  /** Every publication is before it. */
  readonly until: Instant
  readonly audience: number
  /** Two or more, told apart by name; differences are to the first. */
  readonly plans: readonly { readonly name: string; readonly publications: readonly Instant[] }[]
}

/** Plans beside one another. */
export type PlanComparison =
  | {
      readonly kind: 'comparison'
      readonly method: UncertaintyMethod
      readonly plans: readonly ComparedPlan[]
    }
  | (NotIdentified & { readonly plan: string })

/** One plan, and how it stands to the first. */
export interface ComparedPlan {
  readonly name: string
  readonly publications: number
  /** Expected in all. */
  readonly opens: OpensEstimate
  /** Opens more (or fewer) than the first plan; both under the same parameters, so surer than two intervals side by side. */
  readonly difference: OpensEstimate
  /** The open rate in which it ends, at `until`. */
  readonly endsAt: number
  /** Value of the opens less cost of the publications, as far as prices are given. */
  readonly net: PauseMoney | null
}

/**
 * Plans of publishing beside one another: expected opens, how many more than the first, and what is left of their value after
 * cost. So "half as often" stands beside "stop for a quarter, then resume".
 *
 * A rhythm no slower than `pauseAfter` costs no attention in this model: whether publishing more often wears readers out it
 * cannot say.
 *
 * @throws DefinitionError for a fit that is none, publications before `asOf` or from `until` on, names twice, fewer than two plans, more
 * than 100, an audience below 0, money that is none.
 * @example
 * comparePlans(fit, { asOf, until, audience: 10_000, plans: [{ name: 'weekly', publications }, { name: 'half', publications: half }] })
 * // => { kind: 'comparison', plans: [{ name: 'weekly', opens: { value: 127801, … }, … }, { name: 'half', difference: { value: -93534, … }, … }] }
 */
export function comparePlans(fit: FittedDecay, options: PlanComparisonOptions): PlanComparison {
  const { level, method, spread } = readUncertainty(fit, options)
  const { asOf, until, audience, plans } = options
  checkAsOf(fit, asOf)
  if (!isInstant(until)) throw fault('invalid-instant', '$.until', until, 'milliseconds since 1970')
  checkAudience(audience, '$.audience')
  const { currency, value, cost } = readPrices(options)
  checkList(plans, '$.plans')
  if (plans.length < 2 || plans.length > 100)
    throw fault('out-of-range', '$.plans', plans.length, 'from 2 to 100 plans')
  const taken = new Set<string>()
  const read = plans.map((plan, i) => {
    checkRecord(plan, `$.plans[${i}]`)
    const { name, publications } = plan
    if (typeof name !== 'string' || name === '') throw fault('missing', `$.plans[${i}].name`, name, 'a name')
    if (taken.has(name)) throw fault('duplicate-name', `$.plans[${i}].name`, name, 'every name once')
    taken.add(name)
    checkPublications(publications, asOf, `$.plans[${i}].publications`)
    const instants = distinct(publications)
    if ((instants.at(-1) ?? asOf) >= until)
      throw fault('out-of-range', `$.plans[${i}].publications`, instants.at(-1), 'before until')
    return { name, instants, path: pathOf(fit, [...instants, until], instants) }
  })
  for (const { name, path } of read) if (path.kind === 'not-identified') return { ...path, plan: name }
  const rates = (at: readonly number[]) =>
    read.map(({ path }) => (path.kind === 'path' ? path.logits(at).map(rateOf) : []))
  const opens = (list: readonly number[]) => {
    let sum = 0
    for (const rate of list.slice(0, -1)) sum += rate
    return sum * audience
  }
  const spreads = spread((at) => {
    const all = rates(at).map(opens)
    return [...all.map(ln), ...all.map((one) => one - all[0]!)]
  })
  const ends = rates(fit.parameters.map(({ estimate }) => estimate)).map((list) => list.at(-1)!)
  return {
    kind: 'comparison',
    method,
    plans: read.map(({ name, instants }, i): ComparedPlan => {
      const sum = estimateOf(spreads[i]!, level)
      const { value: difference, ends: apart } = spreads[read.length + i]!
      const spent = (cost ?? 0) * instants.length
      const worth = (count: number) => (value ?? 0) * count - spent
      return {
        name,
        publications: instants.length,
        opens: sum,
        difference: { value: difference, interval: apart === undefined ? null : { ...apart, level } },
        endsAt: ends[i]!,
        net:
          currency === undefined
            ? null
            : {
                value: worth(sum.value),
                interval: sum.interval && {
                  low: worth(sum.interval.low),
                  high: worth(sum.interval.high),
                  level,
                },
                currency,
              },
      }
    }),
  }
}
