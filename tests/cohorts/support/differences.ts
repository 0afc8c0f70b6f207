// Random definitions and histories, and differences between definitions worked out the slow way.
import fc from 'fast-check'
import { defineRetention, type RetentionDefinition, type RetentionFactor } from 'liuliang/cohorts'
import { type AnyEvent, collect, defineEvents, instant, integer, text } from 'liuliang/kernel'

export const shop = defineEvents(
  {
    joined: { channel: text().optional() },
    paid: { channel: text().optional(), amount: integer().optional() },
    opened: {},
  },
  {
    words: { en: { paid: 'paid', 'paid.channel': 'channel' }, zh: { paid: '付款', 'paid.channel': '渠道' } },
  },
)

type Definition = RetentionDefinition<typeof shop.events>
type Settings = Omit<Definition, 'id' | 'version'>

/** Which settings belong to which factor, as the documentation says. */
export const factorKeys = {
  clock: ['calendar', 'period', 'clock'],
  entry: ['entry', 'entryRule'],
  eligibility: ['eligibility', 'cellZero'],
  filter: ['where', 'activity', 'minimum'],
  measure: ['measure'],
} as const satisfies { readonly [F in RetentionFactor]: readonly (keyof Settings)[] }

const FROM = instant('2009-10-20T00:00:00Z')
const HOUR = 3_600_000

/** Half of them where St John's clocks went back over midnight, or on the hour. */
const moment = fc.oneof(
  fc.integer({ min: 0, max: 24 * 24 * 60 }).map((minutes) => FROM + minutes * 60_000),
  fc.integer({ min: 0, max: 180 }).map((minutes) => instant('2009-11-01T01:00:00Z') + minutes * 60_000),
  fc.integer({ min: 0, max: 24 * 24 }).map((hours) => FROM + hours * HOUR),
)

export const histories: fc.Arbitrary<readonly AnyEvent[]> = fc.array(
  fc
    .record({
      subject: fc.constantFrom('a', 'b', 'c', 'd', '__proto__', '用户', ''),
      occurredAt: moment,
      type: fc.constantFrom('joined', 'paid', 'opened'),
      data: fc.constantFrom({}, { channel: 'ad' }, { channel: 'qr' }),
    })
    .map((event) => ({ id: '', ...event })),
  { maxLength: 40 },
)

const choice = fc.constantFrom<Definition['entry']>(
  'joined',
  'paid',
  ['joined', 'paid'],
  ['paid', 'opened'],
  {},
  { event: 'paid', where: { channel: 'ad' } },
  [{ event: ['joined', 'paid'], where: { channel: ['ad', 'qr'] } }, 'opened'],
  { event: 'paid', where: { channel: { not: 'ad' } } },
)

/** Settings of every kind; none of them `first-in-window`, which needs an option. */
export const settings: fc.Arbitrary<Settings> = fc.record(
  {
    calendar: fc.record(
      {
        zone: fc.constantFrom(
          ...['UTC', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia', 'America/New_York'],
        ),
        dayStart: fc.constantFrom('04:00' as const, '23:30' as const),
        weekStart: fc.constantFrom(1 as const, 6 as const, 7 as const),
      },
      { requiredKeys: ['zone'] },
    ),
    period: fc.constantFrom<Definition['period']>('day', 'week', 'month'),
    clock: fc.constantFrom<NonNullable<Definition['clock']>>(
      'calendar',
      'calendar',
      { elapsed: { hours: 24 } },
      { elapsed: { hours: 24 }, truncate: 'hour' },
      { elapsed: { hours: 168 }, truncate: 'day' },
      { elapsed: { minutes: 90 } },
    ),
    entry: choice,
    entryRule: fc.constantFrom('first-matching' as const, 'first-ever' as const, 'recurring' as const),
    activity: choice,
    minimum: fc.constantFrom(1, 2),
    where: fc.constantFrom({ channel: 'ad' }, { channel: { not: 'qr' } }),
    measure: fc.constantFrom<NonNullable<Definition['measure']>>(
      'on',
      'on-or-after',
      'on-or-before',
      'consecutive',
      { atLeast: 2 },
      { brackets: [2, 3] },
      { brackets: [1, 4], each: 'on-or-after' },
    ),
    cellZero: fc.constantFrom('measured' as const, 'everybody' as const),
    eligibility: fc.constantFrom('mature' as const, 'everybody' as const),
    events: fc.constant(shop),
  },
  { requiredKeys: ['calendar', 'period', 'entry', 'activity', 'events'] },
)

/** Two sets of settings that differ in some factors and agree in the others. */
export const pairs: fc.Arbitrary<readonly [Definition, Definition]> = fc
  .tuple(settings, settings, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }))
  .map(([one, other, differ]) => {
    const mask = differ.reduce((sum, yes, i) => sum + (yes ? 1 << i : 0), 0)
    return [named(one), mixOf(one, other, mask)] as const
  })

const named = (of: Settings): Definition => ({ ...of, id: 'law', version: 1 })

/** The second one's settings for the factors of the mask, the first one's for the others. */
function mixOf(one: Settings, other: Settings, mask: number): Definition {
  const parts = Object.values(factorKeys).map((keys, i) => {
    const side = (mask >> i) & 1 ? other : one
    return Object.fromEntries(keys.flatMap((key) => (key in side ? [[key, side[key]]] : [])))
  })
  return named(Object.assign({ events: shop }, ...parts) as Settings)
}

export interface Rational {
  readonly above: bigint
  readonly below: bigint
}

export const rational = (ratio: string): Rational => {
  const [above, below = '1'] = ratio.split('/')
  return { above: BigInt(above!), below: BigInt(below) }
}
export const plus = (a: Rational, b: Rational, sign = 1n): Rational => ({
  above: a.above * b.below + sign * b.above * a.below,
  below: a.below * b.below,
})
export const equal = (a: Rational, b: Rational): boolean => a.above * b.below === b.above * a.below

/** The weighted rate at an offset, by the public result alone. */
export function rateOf(
  definition: Definition,
  events: readonly AnyEvent[],
  options: { readonly asOf: number; readonly offset: number; readonly since?: number },
): Rational | undefined {
  const { asOf, offset, since } = options
  const retention = defineRetention(definition)
  const known = events.filter(({ occurredAt }) => occurredAt <= asOf)
  const { averages } = retention.result(collect(retention, known), {
    asOf,
    upTo: offset,
    ...(since !== undefined && { since }),
  })
  const found = averages.find(({ offset: from, to }) => from <= offset && offset <= to)
  if (found === undefined || found.eligible === 0) return undefined
  return { above: BigInt(found.retained), below: BigInt(found.eligible) }
}

const orders = (n: number): readonly (readonly number[])[] =>
  n === 0
    ? [[]]
    : orders(n - 1).flatMap((order) =>
        Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
      )

/** What each of five factors changes, switched in every order in turn; undefined where a step has no number. */
export function overAllOrders(
  [one, other]: readonly [Definition, Definition],
  rate: (definition: Definition) => Rational | undefined,
): readonly Rational[] | undefined {
  const rates = new Map<number, Rational | undefined>()
  const known = (mask: number) => {
    if (!rates.has(mask)) rates.set(mask, rate(mixOf(one, other, mask)))
    return rates.get(mask)
  }
  const sums: Rational[] = Array.from({ length: 5 }, () => ({ above: 0n, below: 1n }))
  for (const order of orders(5)) {
    let mask = 0
    for (const factor of order) {
      const [before, after] = [known(mask), known(mask | (1 << factor))]
      if (before === undefined || after === undefined) return undefined
      sums[factor] = lowest(plus(sums[factor]!, plus(after, before, -1n)))
      mask |= 1 << factor
    }
  }
  return sums.map(({ above, below }) => ({ above, below: below * 120n }))
}

function lowest({ above, below }: Rational): Rational {
  let [x, y] = [above < 0n ? -above : above, below]
  while (y > 0n) [x, y] = [y, x % y]
  return { above: above / x, below: below / x }
}
