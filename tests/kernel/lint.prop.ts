// What lint says never or always holds, excludes or adds nothing, agrees with brute force: random conditions, looked at
// in every history of at most five events of small worlds.
import fc from 'fast-check'
import {
  attributes,
  type Comparison,
  type Condition,
  defineEvents,
  type Fact,
  factKinds,
  integer,
  lintCondition,
  lintRules,
  type Operand,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { oracleCondition } from '../../src/testing/oracle/index.js'
import { runs } from '../support/size.js'
import { utc } from '../support/story.js'
import { comparisonsOf, holdsIn, partAt, type World, waysOf } from './support/worlds.js'

const HOUR = 3_600_000
const shop = defineEvents({
  paid: { amount: integer(), channel: text('web', 'app'), note: text().optional() },
  refunded: {},
  ...attributes({ level: text('gold', 'silver') }),
})
const { events } = shop
type Asked = readonly [fact: Fact, operands: readonly Operand[]]

const windows = [
  {},
  { within: { days: 1 } },
  { within: { days: 2 } },
  { within: { hours: 24 } },
  { within: { this: 'day' } },
  { within: { previous: 'day' } },
  { since: 'refunded' },
  { within: { days: 1 }, since: 'refunded' },
] as const
const days = [{ hours: 24 }, { days: 1 }, { days: 2 }] as const
const paid = (data: object) => ({ type: 'paid', data: { amount: 1, channel: 'web', ...data } })
const refunded = { type: 'refunded', data: {} }

/** Facts of paying whatever is paid. */
const ofPaying: readonly Asked[] = [
  ...windows.map((window): Asked => [shop.count('paid', window).fact, [0, 1, 2]]),
  [shop.count('refunded').fact, [1, 2]],
  [shop.count('refunded', { within: { days: 1 } }).fact, [1]],
  [shop.timeSince('paid').fact, days],
  [shop.timeSince('paid', { orSince: 'refunded' }).fact, days],
  [shop.timeSince('refunded').fact, days],
  [shop.sessions('paid', { gap: { hours: 24 } }).fact, [0, 1, 2]],
  [shop.sessions('paid', { gap: { hours: 24 }, within: { days: 2 } }).fact, [1, 2]],
  [shop.sessionTime('paid', { gap: { hours: 24 } }).fact, [{ hours: 20 }]],
  [shop.timeBetween('paid', 'refunded').fact, [{ hours: 20 }]],
  [shop.streak('paid', { unit: 'day' }).fact, [0, 1, 2]],
  [shop.streak('paid', { unit: 'day', times: 2 }).fact, [1]],
  [shop.sequence(['paid', 'refunded']).fact, [0, 1, 2]],
  [shop.sequence(['paid', 'refunded'], { within: { days: 1 } }).fact, [1]],
  [shop.ratio(shop.count('refunded'), shop.count('paid')).fact, ['0', '1/2', '1']],
]

const scopes = [{}, { within: { days: 1 } }, { within: { this: 'day' } }, { since: 'refunded' }] as const
const web = { where: { channel: 'web' } } as const
const app = { where: { channel: 'app' } } as const
const ofChannels: readonly Asked[] = [
  ...scopes.flatMap((scope): Asked[] => [
    [shop.count('paid', scope).fact, [0, 1, 2, 3]],
    [shop.count('paid', { ...scope, ...web }).fact, [1, 2]],
    [shop.count('paid', { ...scope, ...app }).fact, [1, 2]],
    [shop.count('paid', { ...scope, where: { channel: { not: 'web' } } }).fact, [1]],
    [shop.count('paid', { ...scope, per: 'channel' }).fact, [1, 2]],
    [shop.distinct('paid', 'channel', scope).fact, [0, 1, 2]],
    [shop.first('paid', 'channel', scope).fact, ['web', 'app']],
    [shop.last('paid', 'channel', scope).fact, ['web', 'app']],
  ]),
  [shop.timeSince('paid').fact, days],
  [shop.timeSince('paid', web).fact, days],
  [shop.ratio(shop.count('paid', web), shop.count('paid')).fact, ['0', '1/2', '1']],
]

const large = { where: { amount: { gte: 1 } } } as const
const ofAmounts: readonly Asked[] = [
  ...scopes.flatMap((scope): Asked[] => [
    [shop.count('paid', scope).fact, [1, 2]],
    [shop.count('paid', { ...scope, ...large }).fact, [1, 2]],
    [shop.sum('paid', 'amount', scope).fact, [0]],
    [shop.sum('paid', 'amount', { ...scope, ...large }).fact, [0, 1]],
    [shop.min('paid', 'amount', scope).fact, [1]],
    [shop.max('paid', 'amount', scope).fact, [1]],
    [shop.first('paid', 'amount', scope).fact, [1]],
    [shop.last('paid', 'amount', scope).fact, [1]],
  ]),
]

const noted = { where: { note: 'x' } } as const
const ofNotes: readonly Asked[] = [
  ...scopes.flatMap((scope): Asked[] => [
    [shop.count('paid', scope).fact, [1, 2]],
    [shop.count('paid', { ...scope, ...noted }).fact, [1, 2]],
    [shop.count('paid', { ...scope, where: { note: { not: 'x' } } }).fact, [1]],
    [shop.distinct('paid', 'note', scope).fact, [1, 2]],
    [shop.first('paid', 'note', scope).fact, ['x', 'y']],
    [shop.last('paid', 'note', scope).fact, ['x', 'y']],
  ]),
]

const ofProfiles: readonly Asked[] = [
  [shop.attribute('level').fact, ['gold', 'silver']],
  [shop.attribute('level', { previous: true }).fact, ['gold', 'silver']],
  [shop.attribute('level', { ago: { days: 1 } }).fact, ['gold', 'silver']],
  ...ofPaying.slice(0, 4),
]

const set = (level: string) => ({ type: 'attribute-set', data: { level } })
const small = {
  events,
  calendar: { zone: 'UTC' },
  start: utc('2024-03-05 09:00'),
  steps: [0, 20 * HOUR, 30 * HOUR],
  waits: [0, 10 * HOUR, 24 * HOUR, 50 * HOUR],
}
/** Around the night in which clocks go back, with an hour that comes twice. */
const autumn = { calendar: { zone: 'Europe/Berlin' }, start: utc('2024-10-26 00:30') }

const worlds: readonly World[] = [
  { ...small, name: 'paying', happenings: [paid({}), refunded], facts: ofPaying },
  { ...small, ...autumn, name: 'paying in autumn', happenings: [paid({}), refunded], facts: ofPaying },
  {
    ...small,
    name: 'channels',
    happenings: [paid({}), paid({ channel: 'app' }), refunded],
    facts: ofChannels,
  },
  {
    ...small,
    name: 'amounts',
    happenings: [paid({ amount: 2 }), paid({ amount: -1 }), refunded],
    facts: ofAmounts,
  },
  {
    ...small,
    name: 'notes',
    happenings: [paid({ note: 'x' }), paid({ note: 'y' }), paid({}), refunded],
    steps: [0, 30 * HOUR],
    facts: ofNotes,
  },
  {
    ...small,
    name: 'profiles',
    happenings: [paid({}), set('gold'), set('silver')],
    facts: ofProfiles,
  },
]

/** Conditions of some comparisons. */
function conditionsOf(leaves: readonly Comparison[]): fc.Arbitrary<Condition> {
  const leaf = fc.constantFrom(...leaves)
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      leaf,
      fc.record({ condition: fc.constant('not' as const), of: tie('tree') }),
      fc.record({
        condition: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
      }),
      fc
        .array(tie('tree'), { minLength: 2, maxLength: 3 })
        .chain((of) =>
          fc.integer({ min: 1, max: of.length }).map((k) => ({ condition: 'some-of' as const, k, of })),
        ),
    ),
  }))
  return tree
}

const shares = { never: [0, 0], always: [0, 0] } as Record<'never' | 'always', [found: number, all: number]>

describe('lint agrees with brute force', () => {
  test.each(worlds)(
    'on $name',
    (world) => {
      const context = { events, calendar: world.calendar, kinds: factKinds }
      const tally = { histories: 0, ways: 0, conditions: 0, findings: 0, never: [0, 0], always: [0, 0] }
      const missed = new Map<string, number>()
      fc.assert(
        fc.property(
          fc.shuffledSubarray(comparisonsOf(world) as Comparison[], { minLength: 28, maxLength: 28 }),
          fc.infiniteStream(fc.integer()),
          (leaves, seeds) => {
            const place = new Map<Condition, number>(leaves.map((leaf, i) => [leaf, i]))
            const { ways, looked } = waysOf(world, leaves, 5)
            tally.histories += looked
            tally.ways += ways.size
            const all = [...ways.keys()]
            const never = (...conditions: readonly Condition[]) =>
              !all.some((way) => conditions.every((one) => holdsIn(one, way, place)))
            const not = (of: Condition): Condition => ({ condition: 'not', of })
            // The second evaluator says the same of the histories that were kept.
            for (const [way, { history, asOf }] of [...ways].slice(0, 20)) {
              const past = { events: history, subject: 'u1', scope: context }
              for (const leaf of leaves)
                expect(oracleCondition(leaf, past, asOf)).toBe(holdsIn(leaf, way, place))
            }
            const seed = seeds.next().value
            for (const condition of fc.sample(conditionsOf(leaves), { seed, numRuns: runs(150, 400) })) {
              const findings = lintCondition(condition, context)
              tally.conditions += 1
              tally.findings += findings.length
              for (const finding of findings) {
                const wrong = () => JSON.stringify({ finding, condition })
                const at = partAt(condition, finding.path.slice(1))
                const related =
                  'related' in finding ? finding.related.map((path) => partAt(condition, path.slice(1))) : []
                switch (finding.code) {
                  case 'never-true':
                    expect(never(at), wrong()).toBe(true)
                    break
                  case 'always-true':
                    expect(never(not(at)), wrong()).toBe(true)
                    break
                  case 'contradiction':
                    expect(never(at, ...related), wrong()).toBe(true)
                    break
                  case 'duplicate':
                    expect(never(at, not(related[0]!)) && never(not(at), related[0]!), wrong()).toBe(true)
                    break
                  case 'implied': {
                    const parent = partAt(condition, finding.path.slice(1).replace(/\.of\[\d+\]$/, ''))
                    const [stronger, weaker] =
                      parent.condition === 'all' ? [related[0]!, at] : [at, related[0]!]
                    expect(never(stronger, not(weaker)), wrong()).toBe(true)
                    break
                  }
                  default:
                    throw new Error(`not expected: ${finding.code} ${JSON.stringify(condition)}`)
                }
              }
              for (const [code, kind, seen] of [
                ['never-true', 'never', never(condition)],
                ['always-true', 'always', never(not(condition))],
              ] as const) {
                if (!seen) continue
                const found = findings.some((finding) => finding.code === code && finding.path === '$')
                for (const counts of [tally[kind], shares[kind]]) {
                  counts[0]! += found ? 1 : 0
                  counts[1]! += 1
                }
                if (!found) missed.set(JSON.stringify(condition), JSON.stringify(condition).length)
              }
            }
            // Of alternatives, the first that holds is taken.
            for (const [one, other] of fc.sample(fc.tuple(conditionsOf(leaves), conditionsOf(leaves)), {
              seed,
              numRuns: runs(40, 100),
            }) as [Condition, Condition][]) {
              const rules = lintRules(
                [
                  { when: one, to: 'a' },
                  { when: other, to: 'b' },
                ],
                context,
              )
              const shadowed = rules.some(({ code }) => code === 'shadowed')
              if (shadowed) expect(never(other, not(one))).toBe(true)
              const dead = rules.some(
                ({ code, path }) => code === 'never-true' && /^\$\[\d\]\.when$/.test(path),
              )
              if (!shadowed && !dead && !rules.some(({ code }) => code === 'overlapping'))
                expect(never(one, other), JSON.stringify([one, other])).toBe(true)
            }
          },
        ),
        { numRuns: runs(1, 12), ...(process.env['LINT_SEED'] && { seed: Number(process.env['LINT_SEED']) }) },
      )
      const share = ([found, all]: readonly number[]) => `${found} of ${all}`
      console.log(
        `${world.name}: ${tally.histories} histories × moments, ${tally.ways} ways, ${tally.conditions} conditions, ` +
          `${tally.findings} findings; never ${share(tally.never)}, always ${share(tally.always)}`,
      )
      if (process.env['LINT_MISSED'])
        console.log(
          [...missed]
            .sort((a, b) => a[1] - b[1])
            .slice(0, 12)
            .map(([text]) => text)
            .join('\n'),
        )
    },
    600_000,
  )

  test('and finds most of what brute force never, or always, sees', () => {
    for (const [kind, [found, all]] of Object.entries(shares)) {
      console.log(`${kind}: ${found} of ${all} found, ${((100 * found) / all).toFixed(1)} %`)
      expect(found / all).toBeGreaterThan(0.8)
    }
  })
})
