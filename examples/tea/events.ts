import {
  type AnyEvent,
  defineEvents,
  type Instant,
  instant,
  money,
  type Random,
  random,
  text,
} from 'liuliang/kernel'

/**
 * A chain of tea shops in Shanghai. In March and April 2024 posters offer a milk tea for one yuan. Of those who scan the code,
 * chance leaves out one in eleven, who see the ordinary menu (`holdout`); others just walk in.
 */
export const shop = defineEvents(
  {
    joined: { source: text('one-yuan-tea', 'holdout', 'walk-in') },
    'order-paid': { margin: money('CNY') },
  },
  {
    words: {
      en: { joined: 'joined', 'order-paid': 'order paid' },
      zh: { joined: '加入', 'order-paid': '下单' },
    },
  },
)

export type Source = 'one-yuan-tea' | 'holdout' | 'walk-in'

export const zone = 'Asia/Shanghai'
/** Ten months of data, all of them over. */
export const asOf: Instant = instant('2025-01-01T00:00:00+08:00')

/** What is true of the people who are made up here; the report has to find it again. */
export const truth = {
  /** How many of those who came find that they like it: the offer wins over a few more than the menu does. */
  lovers: { 'one-yuan-tea': 0.042, holdout: 0.036, 'walk-in': 0.08 } satisfies Record<Source, number>,
  /** In what share of months a lover orders; in months 1, 2 and 3 after joining all others together, less and less. */
  lover: 0.5,
  others: [0.03, 0.008, 0.001],
  /** How the people of a source are spread over March and April. */
  inMarch: { 'one-yuan-tea': 0.6, holdout: 0.6, 'walk-in': 0.45 } satisfies Record<Source, number>,
} as const

/** How many came by each source, of so many who took the offer. */
export const sizes = (people: number): Readonly<Record<Source, number>> => ({
  'one-yuan-tea': people,
  holdout: Math.round(people / 10),
  'walk-in': Math.round(people / 6),
})

const DAY = 86_400_000
const monthStarts = [
  ...['2024-03', '2024-04', '2024-05', '2024-06', '2024-07', '2024-08', '2024-09', '2024-10', '2024-11'],
  ...['2024-12', '2025-01'],
].map((month) => instant(`${month}-01T00:00:00+08:00`))

/** The raw events, as a host's log would have them; the same for the same seed. */
export function* teaEvents({
  people,
  seed,
}: {
  readonly people: number
  readonly seed: string
}): Generator<AnyEvent> {
  const chance = random(seed)
  for (const [source, size] of Object.entries(sizes(people)) as [Source, number][]) {
    for (let i = 0; i < size; i += 1) yield* eventsOf(`${source}-${i}`, source, chance)
  }
}

function* eventsOf(subject: string, source: Source, chance: Random): Generator<AnyEvent> {
  const entered = chance.next() < truth.inMarch[source] ? 0 : 1
  const at = monthStarts[entered]! + chance.integer(0, 28 * DAY)
  yield { id: `${subject}-joined`, type: 'joined', subject, occurredAt: at, data: { source } }
  const lover = chance.next() < truth.lovers[source]
  for (let month = entered + 1; month + 1 < monthStarts.length; month += 1) {
    const orders = lover ? truth.lover : (truth.others[month - entered - 1] ?? 0)
    if (orders === 0) return
    if (chance.next() >= orders) continue
    const occurredAt = monthStarts[month]! + chance.integer(0, 28 * DAY)
    // A tea for 12 to 28 yuan leaves 40 %: 4.80 to 11.20.
    const margin = (chance.integer(12, 28) * 40) / 100
    yield {
      id: `${subject}-${month}`,
      type: 'order-paid',
      subject,
      occurredAt,
      data: { margin: margin.toFixed(2) },
    }
  }
}
