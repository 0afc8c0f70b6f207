import { type AnyEvent, collect, instant } from 'liuliang/kernel'
import { type HistoriesDefinition, type HistoriesOptions, summarizeHistories } from 'liuliang/ltv'

let ids = 0

/** An event; amounts are decimal text. */
export function event(
  subject: string,
  at: string,
  data: Readonly<Record<string, string | number | boolean>> = {},
  type = 'order',
): AnyEvent {
  ids += 1
  return { id: `e${ids}`, type, subject, occurredAt: day(at), data }
}

/** A date at midnight, or a date and a time, in UTC. */
export const day = (text: string): number => instant(text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`)

export const spend = {
  currency: 'CNY',
  amount: 'amount',
  firstOrder: 'out',
  zero: 'count',
  negative: 'refuse',
} as const

export const base = {
  id: 'buyers',
  version: 1,
  calendar: { zone: 'UTC' },
  unit: 'day',
  orders: 'order',
  merge: { per: 'day' },
} as const satisfies HistoriesDefinition

/** The histories that a definition finds in events. */
export function summarized(
  definition: Partial<HistoriesDefinition>,
  events: readonly AnyEvent[],
  options: HistoriesOptions,
) {
  const aggregate = summarizeHistories({ ...base, ...definition })
  return aggregate.result(collect(aggregate, events), options)
}
