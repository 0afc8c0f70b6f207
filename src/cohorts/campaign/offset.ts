import { nearestFloat } from '../../measures/accumulator.js'
import { wilson } from '../../measures/index.js'
import { type CostPerIncremental, type Incremental, incrementalOf, perIncremental } from './incremental.js'
import { type Ask, broughtBy } from './pairs.js'
import type { CampaignInterval, CampaignRate, Missing } from './rate.js'
import { type CampaignStatement, statementsOf } from './verdict.js'

/** Who is left at one offset: of cohorts whose cell is complete. */
export interface CampaignOffset {
  readonly offset: number
  /** `complete`: all cohorts of the campaign. `partly`: some. `not-over`, `not-observed`: none. */
  readonly state: 'complete' | 'partly' | 'not-over' | 'not-observed'
  /** Of how many the numbers speak, and what share of all who came by the campaign that is. */
  readonly n: number
  readonly maturity: number
  /** People of the campaign who are left out because events were not tracked. */
  readonly unobserved: number
  readonly retained: number
  readonly rate: CampaignRate
  /** Decimal text: what was spent on these `n`. */
  readonly cost: string
  readonly costPerRetained: CostPerRetained
  /** Those it is compared with, all together: not standardised. */
  readonly compared: { readonly n: number; readonly retained: number; readonly rate: CampaignRate }
  readonly incremental: Incremental
  readonly costPerIncremental: CostPerIncremental
  /** What these `n` brought from offset 0 up to and with this one, and that less what was spent on them; decimal text. */
  readonly value:
    | { readonly kind: 'amount'; readonly amount: string; readonly balance: string }
    | { readonly kind: 'undefined'; readonly reason: 'not-asked' | Missing }
  readonly verdict: readonly CampaignStatement[]
}

/** What each who stayed cost. Of nobody who stayed there is no such number, only what it is at least. */
export type CostPerRetained =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly interval: CampaignInterval
      readonly method: 'inverted-wilson'
    }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-retained'; readonly atLeast: number }
  | { readonly kind: 'undefined'; readonly reason: Missing }

/** Measures one offset over all pairs that are over there. */
export function offsetOf(offset: number, ask: Ask): CampaignOffset {
  const { cells, costs, acquired, level, scale, text, currency, unit } = ask
  let [n, retained, spent, brought] = [0, 0, 0n, 0n]
  let [others, othersRetained] = [0, 0]
  let [unobserved, told] = [0, true]
  for (const [i, { campaign, comparison }] of cells.entries()) {
    const cell = campaign.cells.get(offset)
    if (campaign.size > 0 && cell?.state === 'complete') {
      n += campaign.size
      retained += cell.retained
      spent += costs[i]!
      const own = ask.value === undefined ? undefined : broughtBy(campaign, offset)
      if (own === undefined) told = false
      else brought += own
    } else if (cell?.state === 'unobserved') unobserved += campaign.size
    const other = comparison.cells.get(offset)
    if (other?.state !== 'complete') continue
    others += comparison.size
    othersRetained += other.retained
  }
  const hidden = unobserved > 0 && unobserved === acquired
  const state = n === 0 ? (hidden ? 'not-observed' : 'not-over') : n === acquired ? 'complete' : 'partly'
  const missing: Missing | undefined =
    acquired === 0 ? 'nobody-acquired' : n > 0 ? undefined : (state as Missing)
  const rateOf = (successes: number, trials: number, reason: Missing | 'no-comparison'): CampaignRate => {
    const rate = wilson({ successes, trials, level })
    return rate.kind === 'estimate' ? rate : { kind: 'undefined', reason }
  }
  const rate = rateOf(retained, n, missing ?? 'nobody-acquired')
  const money = nearestFloat(spent, scale, 0)
  const incremental = incrementalOf(offset, ask, missing)
  const found = {
    offset,
    state,
    n,
    maturity: acquired === 0 ? 0 : n / acquired,
    unobserved,
    retained,
    rate,
    cost: text(spent),
    costPerRetained: perRetained(rate, { money, n, retained }),
    compared: { n: others, retained: othersRetained, rate: rateOf(othersRetained, others, 'no-comparison') },
    incremental: incremental.answer,
    costPerIncremental: perIncremental(incremental.answer, nearestFloat(incremental.spent, scale, 0)),
    value: valueCase(
      ask.value === undefined ? 'not-asked' : (missing ?? (told ? undefined : 'not-observed')),
      {
        amount: text(brought),
        balance: text(brought - spent),
      },
    ),
  } as const
  return { ...found, verdict: statementsOf(found, { currency, unit, kind: ask.comparison.kind }) }
}

/** Turns the interval of the share over; a share of zero has no other end. */
function perRetained(
  rate: CampaignRate,
  { money, n, retained }: { readonly money: number; readonly n: number; readonly retained: number },
): CostPerRetained {
  if (rate.kind === 'undefined') return { kind: 'undefined', reason: rate.reason as Missing }
  const { low, high, level } = rate.interval
  if (retained === 0) return { kind: 'undefined', reason: 'nobody-retained', atLeast: money / (n * high) }
  return {
    kind: 'estimate',
    value: money / retained,
    interval: { low: money / (n * high), high: money / (n * low), level },
    method: 'inverted-wilson',
  }
}

function valueCase(
  reason: 'not-asked' | Missing | undefined,
  value: { readonly amount: string; readonly balance: string },
): CampaignOffset['value'] {
  return reason === undefined ? { kind: 'amount', ...value } : { kind: 'undefined', reason }
}
