import {
  type CampaignTruth,
  defineRetention,
  defineTenure,
  measureCampaign,
  type Tenure,
} from 'liuliang/cohorts'
import type { AnyEvent } from 'liuliang/kernel'
import { asOf, shop, zone } from './events.js'

/** What the report is made of. */
export interface TeaFindings {
  /** Against those who walked in. */
  readonly others: CampaignTruth
  /** Against those whom chance left out. */
  readonly control: CampaignTruth
  readonly tenure: Tenure
}

/** Posters and staff; and for each the tea, less the yuan. */
const costs = (people: number) =>
  ({ currency: 'CNY', fixed: `${Math.round(people / 5)}.00`, perPerson: '1.60' }) as const

const retention = defineRetention({
  id: 'one-yuan-tea',
  version: 1,
  calendar: { zone },
  events: shop,
  period: 'month',
  entry: 'joined',
  activity: 'order-paid',
  breakdown: { field: 'source', of: 'entry' },
  sum: 'margin',
})

const tenure = defineTenure({
  id: 'one-yuan-tea-tenure',
  version: 1,
  calendar: { zone },
  period: 'month',
  currency: 'CNY',
  entry: 'joined',
  activity: 'order-paid',
  earned: { event: 'order-paid', amount: 'margin' },
  bands: [6],
  present: { within: 2 },
})

/** From raw events to what the campaign brought. */
export function findTruth(events: Iterable<AnyEvent>, people: number): TeaFindings {
  let seen = retention.empty()
  let stayed = tenure.empty()
  for (const event of events) {
    seen = retention.add(seen, event)
    stayed = tenure.add(stayed, event)
  }
  const measured = retention.result(seen, { asOf })
  const asked = {
    campaign: ['one-yuan-tea'],
    costs: costs(people),
    offsets: [1, 3, 6],
    standardise: { over: 'cohorts' },
    value: 'total',
  } as const
  return {
    others: measureCampaign(measured, {
      ...asked,
      comparison: { kind: 'observational', groups: ['walk-in'] },
    }),
    control: measureCampaign(measured, { ...asked, comparison: { kind: 'randomised', groups: ['holdout'] } }),
    tenure: tenure.result(stayed, { asOf }),
  }
}
