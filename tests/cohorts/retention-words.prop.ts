import fc from 'fast-check'
import {
  defineRetention,
  describeRetention,
  type RetentionDefinition,
  retentionPreset,
} from 'liuliang/cohorts'
import { type CatalogueWords, canonical, defineEvents, integer, money, text } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { settings, shop } from './support/differences.js'

/** One spelling for each meaning: defaults filled in, choices as the set of what passes. */
function meaning({ id: _, version: __, events: ___, ...definition }: RetentionDefinition): string {
  const choice = (of: RetentionDefinition['entry']) => {
    const list = Array.isArray(of) ? of : [of]
    const all = list.flatMap((one) => {
      const { event, where } = typeof one === 'string' ? { event: one, where: undefined } : one
      const types = event === undefined ? [null] : typeof event === 'string' ? [event] : event
      return types.map((type: string | null) => canonical({ type, where: where && filtersOf(where) }))
    })
    return [...new Set(all)].sort()
  }
  const { calendar, clock, measure } = definition
  return canonical({
    entryRule: 'first-matching',
    minimum: 1,
    cellZero: 'measured',
    eligibility: 'mature',
    keep: 'least',
    ...definition,
    entry: choice(definition.entry),
    activity: choice(definition.activity),
    calendar: { dayStart: '00:00', weekStart: 1, ...calendar },
    clock: clock ?? 'calendar',
    measure:
      typeof measure === 'object' && 'brackets' in measure
        ? [measure.brackets, measure.each ?? 'on']
        : (measure ?? 'on'),
  })
}

/** A list of one value is the value. */
const filtersOf = (where: NonNullable<RetentionDefinition['where']>) =>
  Object.fromEntries(
    Object.entries(where).map(([field, is]) => {
      const plain = (of: unknown) => (Array.isArray(of) && of.length === 1 ? of[0] : of)
      return [field, typeof is === 'object' && 'not' in is ? { not: plain(is.not) } : plain(is)]
    }),
  )

/** Words and names that look like parts of a sentence. */
const odd = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'a or b',
    'a" or "b',
    'any event',
    'a with (b)',
    '任意事件',
    'a或b',
    '{entry}',
    '$&',
    '\\',
    '',
  ),
  fc.constantFrom('a)', 'a, or is missing', 'N', '“a”或“b”', 'first', '「a」', '[a]', '1', '≥ 1'),
  fc.string({ maxLength: 6 }),
)
const name = odd.filter((one) => one !== '' && one !== '__proto__')

const filter = fc.oneof(
  odd,
  fc.array(odd, { minLength: 1, maxLength: 3 }),
  odd.map((not) => ({ not })),
  fc.array(odd, { minLength: 1, maxLength: 2 }).map((not) => ({ not })),
)
const number = fc.oneof(
  fc.integer({ min: 0, max: 9 }),
  fc.record(
    { gte: fc.integer({ min: 0, max: 3 }), lt: fc.integer({ min: 0, max: 3 }) },
    { requiredKeys: ['gte'] },
  ),
)

/** Two choices over one catalogue whose words nobody chose with care. */
const choices = fc
  .tuple(name, name, name, name)
  .filter((names) => new Set(names).size === 4)
  .chain(([one, other, field, amount]) => {
    const fields = { [field]: text(), [amount]: integer() }
    const words = (said: readonly string[]): CatalogueWords => {
      const keys = [one, other, `${one}.${field}`, `${other}.${field}`, `${one}.${amount}`]
      const both = Object.fromEntries(keys.map((key, i) => [key, said[i]!] as const))
      return { en: both, zh: both }
    }
    const pattern = fc.oneof(
      fc.constantFrom(one, other),
      fc.constant({}),
      fc
        .tuple(
          fc.constantFrom<string | string[] | undefined>(one, other, [one, other], undefined),
          fc.oneof(
            filter.map((is) => ({ [field]: is })),
            number.map((is) => ({ [amount]: is })),
          ),
        )
        .map(([event, where]) => ({ ...(event !== undefined && { event }), where })),
    )
    const choice = fc.oneof(
      pattern,
      fc.uniqueArray(pattern, { minLength: 1, maxLength: 3, selector: canonical }),
    )
    return fc.tuple(
      fc.uniqueArray(odd, { minLength: 5, maxLength: 5 }).map((said) => {
        try {
          return defineEvents({ [one]: fields, [other]: fields }, { words: words(said) })
        } catch {
          return defineEvents({ [one]: fields, [other]: fields })
        }
      }),
      choice,
      choice,
    )
  })

/** Also what needs fields, and what is remembered. */
const wide = fc
  .tuple(
    settings,
    fc.record(
      {
        period: fc.constantFrom<RetentionDefinition['period']>('hour', 'quarter', 'year', 'day'),
        breakdown: fc.record({
          field: fc.constantFrom('channel', 'amount'),
          of: fc.constantFrom('entry' as const, 'event' as const),
        }),
        sum: fc.constant('amount'),
        keep: fc.constantFrom('periods' as const, 'counts' as const, 'instants' as const),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([one, more]) => ({ ...one, ...more, id: 'law', version: 1 }) as unknown as RetentionDefinition)
  .filter(isDefinition)

describe('a definition in words', () => {
  test('different definitions never have the same text, in no language', () => {
    const texts = { en: new Map<string, string>(), zh: new Map<string, string>() }
    fc.assert(
      fc.property(wide, (definition) => {
        for (const lang of ['en', 'zh'] as const) {
          const said = describeRetention(definition, lang)
          const before = texts[lang].get(said)
          if (before !== undefined) expect(meaning(definition)).toBe(before)
          texts[lang].set(said, meaning(definition))
        }
      }),
      { numRuns: runs(400, 40_000) },
    )
    expect(texts.en.size).toBe(texts.zh.size)
  })

  test('one setting changed is another text', () => {
    fc.assert(
      fc.property(wide, wide, fc.nat(), (one, other, pick) => {
        const keys = Object.keys(other).filter((key) => !['events', 'id', 'version'].includes(key))
        const key = keys[pick % keys.length]!
        const [a, b] = [one, { ...one, [key]: other[key as keyof typeof other] } as RetentionDefinition]
        fc.pre(isDefinition(b))
        for (const lang of ['en', 'zh'] as const)
          expect(describeRetention(a, lang) === describeRetention(b, lang)).toBe(meaning(a) === meaning(b))
      }),
      { numRuns: runs(250, 20_000) },
    )
  })

  test('names and words that look like sentences cannot be taken for them', () => {
    fc.assert(
      fc.property(choices, ([events, entry, other]) => {
        const [a, b] = [entry, other].map((one) => ({
          ...{ id: 'law', version: 1, calendar: { zone: 'UTC' }, period: 'day' as const, events },
          ...{ entry: one, activity: {} },
        })) as unknown as [RetentionDefinition, RetentionDefinition]
        fc.pre(isDefinition(a) && isDefinition(b))
        for (const lang of ['en', 'zh'] as const)
          if (describeRetention(a, lang) === describeRetention(b, lang)) expect(meaning(a)).toBe(meaning(b))
      }),
      { numRuns: runs(250, 20_000) },
    )
  })

  test('each value of each setting is another text', () => {
    const base = {
      ...{ id: 'law', version: 1, calendar: { zone: 'UTC' }, events: shop },
      ...{ period: 'day', entry: 'joined', activity: 'opened' },
    } as const satisfies RetentionDefinition<typeof shop.events>
    const elapsed = { hours: 24 } as const
    const variants: readonly Partial<RetentionDefinition<typeof shop.events>>[] = [
      {},
      ...(['UTC', 'PRC'] as const).flatMap((zone) => [
        ...[
          { zone, dayStart: '04:00' as const },
          { zone, weekStart: 7 as const },
        ].map((calendar) => ({ calendar })),
        { calendar: { zone, transitions: { initial: 3_600_000, at: [], offsets: [] } } },
      ]),
      ...(['hour', 'week', 'month', 'quarter', 'year'] as const).map((period) => ({ period })),
      ...(['paid', {}, ['joined', 'paid'], { event: 'joined', where: { channel: 'ad' } }] as const).flatMap(
        (choice) => [{ entry: choice }, { activity: choice }],
      ),
      ...(['first-ever', 'recurring', 'first-in-window'] as const).map((entryRule) => ({ entryRule })),
      ...[{ minimum: 2 }, { minimum: 3 }],
      ...[
        { elapsed },
        { elapsed, truncate: 'hour' },
        { elapsed, truncate: 'day' },
        { elapsed: { hours: 48 } },
      ].map((clock) => ({ clock }) as Partial<RetentionDefinition<typeof shop.events>>),
      ...(['on-or-after', 'on-or-before', 'consecutive', { atLeast: 2 }, { atLeast: 3 }] as const).map(
        (measure) => ({ measure }),
      ),
      ...[[1], [2], [1, 1], [1, 2]].flatMap((brackets) => [
        { measure: { brackets } },
        { measure: { brackets, each: 'on-or-after' as const } },
      ]),
      ...[{ cellZero: 'everybody' as const }, { eligibility: 'everybody' as const }],
      ...(['channel', 'amount'] as const).flatMap((field) => [
        { breakdown: { field, of: 'entry' as const } },
        { breakdown: { field, of: 'event' as const } },
      ]),
      ...[{ sum: 'amount' }, { keep: 'counts' as const }, { keep: 'instants' as const }],
      ...[
        { where: { channel: 'ad' } },
        { where: { channel: { not: 'ad' } } },
        { where: { amount: { gte: 1 } } },
      ],
      ...[
        { where: { amount: { gt: 1 } } },
        { where: { amount: { gte: 1, lt: 3 } } },
        { where: { amount: 1 } },
      ],
    ]
    for (const lang of ['en', 'zh'] as const) {
      const texts = variants.map((variant) => describeRetention({ ...base, ...variant }, lang))
      expect(texts.filter((one, i) => texts.indexOf(one) < i)).toEqual([])
    }
  })

  test('words that read as two, as every one, or as another field stand in marks', () => {
    const words = {
      a: 'paid',
      b: 'opened',
      c: 'paid or opened',
      d: 'any event',
      'a.x': 'channel',
      'b.y': 'channel',
    }
    const events = defineEvents(
      { a: { x: text() }, b: { y: text() }, c: {}, d: {} },
      { words: { en: words } },
    )
    const said = (entry: RetentionDefinition<typeof events.events>['entry']) =>
      describeRetention(
        { id: 'law', version: 1, calendar: { zone: 'UTC' }, period: 'day', events, entry, activity: 'a' },
        'en',
      ).split(' was in')[0]
    expect([said(['a', 'b']), said('c')]).toEqual([
      'Of those whose first paid or opened',
      'Of those whose first [paid or opened]',
    ])
    expect([said({}), said('d')]).toEqual([
      'Of those whose first any event',
      'Of those whose first [any event]',
    ])
    expect([said({ where: { x: 'u' } }), said({ where: { y: 'u' } })]).toEqual([
      'Of those whose first any event with ("x" is "u")',
      'Of those whose first any event with ("y" is "u")',
    ])
  })

  test('words of the catalogue are used, presets described', () => {
    const sales = defineEvents(
      { 'order-paid': { amount: money('CNY') }, opened: {} },
      {
        words: {
          en: { 'order-paid': 'paid', opened: 'opened' },
          zh: { 'order-paid': '付款', opened: '打开应用' },
        },
      },
    )
    const preset = retentionPreset('posthog', {
      id: 'ph',
      version: 1,
      calendar: { zone: 'Asia/Shanghai' },
      events: sales,
      period: 'week',
      entry: { event: 'order-paid', where: { amount: { gte: '100' } } },
      activity: ['order-paid', 'opened'],
    })
    expect(describeRetention(preset, 'en')).toBe(
      'Of those with paid with ("amount" ≥ 100 CNY) in one week, in every such week again, so that rows may not be added up: the share with paid or opened in the N-th week after it. N counts weeks of the local clock in Asia/Shanghai, 0 the week of the entry. Days begin at 00:00. Weeks begin on Sunday. At N = 0 it is everybody, whatever they did. People whose window has not passed are counted too, so that young cells look low.',
    )
    expect(describeRetention(preset, 'zh')).toBe(
      '某周内有过满足（“amount” ≥ 100 CNY）的付款的用户（每个有此行为的周各计一次，各行不可相加）中，在其后第N周有付款或打开应用的比例。N按Asia/Shanghai当地时钟的自然周计，0为进入所在的周。一天从00:00开始。一周从周日开始。N=0时恒为全部用户。窗口尚未结束的用户也计入分母，较新的单元格会偏低。',
    )
  })
})

function isDefinition(definition: RetentionDefinition): boolean {
  try {
    defineRetention(definition)
    return true
  } catch {
    return false
  }
}
