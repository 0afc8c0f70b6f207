import {
  type Duration,
  defineLifecycle,
  type LintLifecycleOptions,
  lintLifecycle,
  not,
  type Rule,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'
import { customer, orders90, shop } from './support/customer.js'

type Stage = 'a' | 'b' | 'c' | 'd'
type Own = Rule<Stage, typeof shop.events>
interface Given {
  readonly a?: readonly Own[]
  readonly b?: readonly Own[]
  readonly c?: readonly Own[]
  readonly d?: readonly Own[]
  readonly everywhere?: readonly Own[]
  readonly final?: readonly Stage[]
  readonly forwardOnly?: boolean
  readonly activity?: readonly ('order-paid' | 'visited')[]
  readonly words?: object
}

const lifecycle = ({ a = [], b = [], c = [], d = [], final = ['d'], ...rest }: Given) =>
  defineLifecycle({
    id: 'odd',
    version: 1,
    calendar: { zone: 'Europe/Berlin' },
    events: shop,
    activity: ['order-paid'],
    stages: ['a', 'b', 'c', 'd'],
    initial: 'a',
    rules: { a, b, c, d },
    final,
    ...rest,
  } as never)

/** What is found, but for notes unless they are asked for. */
const found = (given: Given, options: LintLifecycleOptions = {}, notes = false) =>
  lintLifecycle(lifecycle(given), options).flatMap(({ code, path, level }) =>
    notes || level !== 'note' ? [`${code} ${path}`] : [],
  )

/** Leads through all stages, and nothing is odd about it. */
const plain: Given = {
  a: [{ to: 'b', on: 'order-paid' }],
  b: [{ to: 'c', inactiveFor: { days: 30 } }],
  c: [
    { to: 'b', on: 'order-paid' },
    { to: 'd', inStageFor: { days: 365 } },
  ],
}

test('nothing is odd about what is plain, nor about the customer of these tests', () => {
  expect(found(plain)).toEqual([])
  expect(lintLifecycle(customer).filter(({ level }) => level !== 'note')).toEqual([])
})

describe('stages', () => {
  test('unreachable: no chain of rules leads there', () => {
    expect(found({ ...plain, c: [{ to: 'b', on: 'order-paid' }] })).toEqual(['unreachable-stage $.stages[3]'])
    // Nor where the only way has a condition that never holds, or an event that nobody sends.
    const never = [{ to: 'd' as const, when: orders90.lt(0) }]
    expect(found({ ...plain, c: [...plain.c!.slice(0, 1), ...never] })).toContain(
      'unreachable-stage $.stages[3]',
    )
    expect(found({ ...plain, c: [{ to: 'd', on: 'visited' }] }, { observed: ['order-paid'] })).toContain(
      'unreachable-stage $.stages[3]',
    )
    expect(
      found({ ...plain, c: [{ to: 'd', on: 'visited' }] }, { observed: ['order-paid', 'visited'] }),
    ).toEqual([])
  })

  test('dead end: nothing leads on, and it is not final', () => {
    expect(found({ ...plain, final: [] })).toEqual(['dead-end $.stages[3]'])
    expect(found(plain)).toEqual([])
  })

  test('no inactivity rule: the silent stay for ever', () => {
    const busy: Given = {
      ...plain,
      b: [{ to: 'c', on: 'visited' }],
      c: [plain.c![0]!, { to: 'd', inactiveFor: { days: 365 } }],
    }
    expect(found(busy)).toEqual(['no-inactivity-rule $.stages[1]'])
    // A condition that silence fulfils will do as well, and so will a time in the stage.
    const lapses: Own = { to: 'c', when: orders90.is(0) }
    expect(found({ ...busy, b: [...busy.b!, lapses] })).toEqual([])
    const waits: Own = { to: 'c', when: shop.timeSince('order-paid').gte({ days: 30 }) }
    expect(found({ ...busy, b: [...busy.b!, waits] })).toEqual([])
    const falls: Own = { to: 'c', when: not(orders90.gte(1)) }
    expect(found({ ...busy, b: [...busy.b!, falls] })).toEqual([])
    // Where people do not come by activity, and where silence matters nowhere, it is a note.
    const brought: Given = {
      ...busy,
      a: [{ to: 'b', on: 'opted-out' }],
      c: [{ to: 'd', inactiveFor: { days: 9 } }],
    }
    expect(found(brought, {}, true)).toContain('no-inactivity-rule $.stages[1]')
    expect(found(brought)).toEqual([])
    expect(found({ ...busy, c: [{ to: 'd', inStageFor: { days: 9 } }] })).toEqual([])
    const rises: Own = { to: 'c', when: orders90.gte(9) }
    expect(found({ ...busy, b: [...busy.b!, rises] })).toEqual(['no-inactivity-rule $.stages[1]'])
  })

  test('no inactivity rule is a note for the first stage, and nothing for those that only time leads to', () => {
    expect(found(plain, {}, true)).toEqual(['no-inactivity-rule $.stages[0]'])
    const resting: Given = {
      ...plain,
      c: [{ to: 'b', on: 'order-paid' }],
      b: [...plain.b!, { to: 'd', on: 'visited' }],
    }
    expect(found(resting)).toEqual([])
  })

  test('without words in one of the languages', () => {
    const words = { zh: { a: '甲', b: '乙', c: '丙' }, en: { a: 'first' } }
    expect(found({ ...plain, words }, {}, true)).toContain('stage-without-words $.stages[3]')
    // A name that is a word needs none.
    expect(
      found({ ...plain, words: { zh: { ...words.zh, d: '丁' }, en: words.en } }, {}, true),
    ).not.toContain('stage-without-words $.stages[3]')
  })
})

describe('rules', () => {
  test('shadowed: earlier rules always come before it', () => {
    const b: readonly Own[] = [
      { to: 'c', when: orders90.gte(1) },
      { to: 'd', when: orders90.gte(3) },
      ...plain.b!,
    ]
    expect(found({ ...plain, b })).toEqual(['shadowed $.rules.b[1]'])
    expect(found({ ...plain, b: [b[1]!, b[0]!, ...plain.b!] })).toEqual([])
  })

  test('shadowed by an event without fields, not by one with others', () => {
    const on = (to: Stage, where?: object): Own =>
      (where ? { to, on: { event: 'order-paid', where } } : { to, on: 'order-paid' }) as Own
    const dear = { amount: { gte: '500' } }
    expect(found({ ...plain, a: [on('b'), on('c', dear)] })).toEqual(['shadowed $.rules.a[1]'])
    expect(found({ ...plain, a: [on('b', dear), on('c')] })).toEqual([])
    expect(found({ ...plain, a: [on('b', dear), on('c', dear)] })).toEqual(['shadowed $.rules.a[1]'])
  })

  test('overlapping: a note, and not said where events are told apart by a field', () => {
    const on = (to: Stage, amount: object): Own =>
      ({ to, on: { event: 'order-paid', where: { amount } } }) as Own
    const overlaps = (...a: readonly Own[]) =>
      found({ ...plain, a }, {}, true).filter((one) => one.startsWith('overlapping'))
    expect(overlaps(on('b', { gte: '500' }), on('c', { gte: '100' }))).toEqual(['overlapping $.rules.a[0]'])
    expect(overlaps(on('b', { gte: '500' }), on('c', { lt: '500' }))).toEqual([])
    expect(overlaps({ to: 'b', when: orders90.gte(1) }, { to: 'c', when: orders90.lt(1) })).toEqual([])
  })

  test('facts that begin anew do not hang together with others: nothing is claimed of them', () => {
    const orders30 = shop.count('order-paid', { within: { days: 30 } })
    const odd: Own = { to: 'd', when: orders30.gte(3).and(orders90.lt(3)) }
    const b = [odd, ...plain.b!]
    expect(found({ ...plain, b })).toContain('never-true $.rules.b[0].when')
    const anew: Own = { to: 'b', on: 'order-paid', reset: [orders90] }
    expect(found({ ...plain, a: [anew], b })).toEqual([])
    // And it does come true.
    const event = teller()
    const paid = (day: string) => event(`2024-01-${day}`, 'order-paid', { amount: '1' })
    const back: Own = { to: 'b', on: 'order-paid', reset: [orders90] }
    const engine = lifecycle({ ...plain, a: [{ to: 'c', when: orders30.gte(3) }], c: [back], b })
    const { state } = tell(engine, [paid('01'), paid('02'), paid('03'), paid('04')] as never)
    expect(engine.view(state, utc('2024-01-04')).stage).toBe('d')
  })

  test('what the kernel finds in a condition stands at its place', () => {
    const b: readonly Own[] = [{ to: 'd', on: 'visited', when: orders90.lt(0) }, ...plain.b!]
    expect(found({ ...plain, b })).toEqual(['never-true $.rules.b[0].when'])
    const visits = shop.count('visited').gte(1)
    expect(
      found({ ...plain, b: [{ to: 'd', when: visits }, ...plain.b!] }, { observed: ['order-paid'] }),
    ).toContain('unsent-event $.rules.b[0].when.fact')
  })

  test('everywhere without effect: a note for some stages, a warning where it has none at all', () => {
    const shared: Own = { to: 'd', on: 'opted-out' }
    const idle = { ...plain, everywhere: [shared], b: [{ to: 'c', on: 'opted-out' } as Own, ...plain.b!] }
    const notes = lintLifecycle(lifecycle(idle)).filter(({ code }) => code === 'idle-everywhere')
    expect(notes).toMatchObject([
      { path: '$.everywhere[0]', stages: ['b'], related: ['$.rules.b[0]'], level: 'note' },
    ])
    const all = {
      ...idle,
      a: [...plain.a!, idle.b[0]!],
      c: [{ to: 'b', on: 'opted-out' } as Own, ...plain.c!],
    }
    expect(found(all)).toEqual(['idle-everywhere $.everywhere[0]'])
    expect(found({ ...plain, everywhere: [shared] }, {}, true)).not.toContain(
      'idle-everywhere $.everywhere[0]',
    )
  })
})

describe('time', () => {
  test('never wins: a shorter deadline always comes before it', () => {
    const of = (...b: readonly Own[]) => found({ ...plain, b })
    const stay = (to: Stage, days: number): Own => ({ to, inStageFor: { days } })
    const silent = (to: Stage, days: number): Own => ({ to, inactiveFor: { days } })
    expect(of(stay('c', 30), stay('d', 60))).toEqual(['never-wins $.rules.b[1]'])
    expect(of(stay('d', 60), stay('c', 30))).toEqual(['never-wins $.rules.b[0]'])
    expect(of(silent('c', 30), silent('d', 60))).toEqual(['never-wins $.rules.b[1]'])
    // Who comes in after a silence of 60 days is taken by the first of the two.
    expect(of(silent('d', 60), silent('c', 30))).toEqual([])
    // The stage is entered by orders, which are activity: nobody was silent before.
    expect(of(stay('c', 30), silent('d', 60))).toEqual(['never-wins $.rules.b[1]'])
    expect(of(silent('c', 30), stay('d', 60))).toEqual([])
    const others = { ...plain, a: [{ to: 'b', on: 'visited' } as Own], b: [stay('c', 30), silent('d', 60)] }
    expect(found(others)).toEqual([])
    // In a zone whose clocks change, 720 hours are not 30 days.
    expect(of({ to: 'c', inStageFor: { hours: 720 } }, stay('d', 30))).toEqual([])
  })

  test('shorter than the contact rhythm, overall or by stage', () => {
    const of = (contactEvery: LintLifecycleOptions['contactEvery']) =>
      found(plain, contactEvery === undefined ? {} : { contactEvery })
    expect(of({ days: 45 })).toEqual(['shorter-than-contact $.rules.b[0]'])
    expect(of({ days: 30 })).toEqual([])
    expect(of({ b: { days: 45 } })).toEqual(['shorter-than-contact $.rules.b[0]'])
    expect(of({ c: { days: 45 } })).toEqual([])
    // A month may have 30 days.
    expect(of({ months: 1 } satisfies Duration)).toEqual([])
  })

  test('a loop that takes no time: silence and age are still there after the move', () => {
    const round = (b: Own, c: Own) => found({ ...plain, b: [b], c: [c, ...plain.c!] })
    const silent = (to: Stage, days: number): Own => ({ to, inactiveFor: { days } })
    expect(round(silent('c', 30), silent('b', 60))).toEqual(['zero-length-loop $.rules.b[0]'])
    const loop = 'zero-length-loop $.rules.b[0]'
    expect(round(silent('c', 30), { to: 'b', inStageFor: { days: 60 } })).not.toContain(loop)
    expect(round(silent('c', 30), { to: 'b', inStageFor: { hours: 0 } })).toContain(loop)
    const old = (to: Stage, years: number): Own => ({ to, since: 'birthday', reaches: { years } })
    expect(round(old('c', 1), old('b', 2))).toEqual(['zero-length-loop $.rules.b[0]'])
    // And it is so.
    const event = teller()
    const engine = lifecycle({ ...plain, b: [silent('c', 30)], c: [silent('b', 60)] })
    const { state } = tell(engine, [event('2024-01-01', 'order-paid', { amount: '1' })] as never)
    expect(() => engine.view(state, utc('2024-06-01'))).toThrow(
      expect.objectContaining({ code: 'never-settles' }),
    )
  })

  test('conditions that may hold together may never settle; those that exclude each other do', () => {
    const round = (b: Own, c: Own) =>
      found({ ...plain, b: [b, { to: 'd', inStageFor: { days: 365 } }], c: [c, plain.c![1]!] })
    const often: Own = { to: 'c', when: orders90.gte(3) }
    expect(round(often, { to: 'b', when: orders90.gte(1) })).toEqual(['may-never-settle $.rules.b[0]'])
    expect(round(often, { to: 'b', when: orders90.lt(3) })).toEqual([])
    // A fact that begins anew ends it.
    expect(round({ ...often, reset: [orders90] } as Own, { to: 'b', when: orders90.gte(1) })).toEqual([])
    // Who orders has not been silent.
    const week = shop.count('order-paid', { within: { days: 7 } })
    expect(round({ to: 'c', inactiveFor: { days: 30 } }, { to: 'b', when: week.gte(1) })).not.toContain(
      'may-never-settle $.rules.b[0]',
    )
    expect(found({ ...plain, a: [{ to: 'a', when: orders90.gte(1) }, ...plain.a!] })).toContain(
      'may-never-settle $.rules.a[0]',
    )
  })

  test('activity that nobody sends', () => {
    const activity = ['order-paid', 'visited'] as const
    const observed = ['order-paid']
    expect(found({ ...plain, activity }, { observed })).toEqual(['unsent-event $.activity[1]'])
    expect(found(plain, { observed })).toEqual([])
  })
})

describe('findings', () => {
  test('say it in both languages', () => {
    const finding = lintLifecycle(lifecycle({ ...plain, final: [] })).find(({ code }) => code === 'dead-end')!
    expect(finding).toEqual({
      code: 'dead-end',
      level: 'warning',
      path: '$.stages[3]',
      stage: 'd',
      said: {
        en: '$.stages[3]: nothing leads on from d, and it is not declared final',
        zh: '$.stages[3]：d无路可出，且未声明为终点',
      },
    })
  })

  test('are the same for a stored definition, but for words', () => {
    const engine = lifecycle({ ...plain, final: [] })
    expect(lintLifecycle(engine.definition)).toEqual(lintLifecycle(engine))
    expect(() => lintLifecycle({ model: 'points' })).toThrow(expect.objectContaining({ code: 'wrong-type' }))
  })
})
