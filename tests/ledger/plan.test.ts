// Plans by example: what is next, in order and back; what is late; what is stuck, and what people are told.
import {
  carryOut,
  DefinitionError,
  defineStock,
  explainPlan,
  type InputOf,
  type PlanNext,
  planOf,
  reportOf,
  type StepReport,
  stepId,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { utc } from '../support/story.js'

const at = utc('2024-03-01')
const later = utc('2024-03-02')
const steps = [
  {
    engine: 'gift',
    subject: 'mug',
    command: { type: 'gift/reserve', data: { amount: 1, holder: 'ann' } },
    undo: (id: string) => ({ type: 'gift/release', data: { reservation: id } }),
  },
  {
    engine: 'points',
    subject: 'ann',
    command: { type: 'points/redeem', data: { points: 5 }, expectedVersion: 3 },
    undo: { type: 'points/refund', data: { redemption: 'order#1' } },
  },
  {
    engine: 'gift',
    subject: 'mug',
    command: { type: 'gift/commit', data: { reservation: stepId('order', 0) } },
  },
] as const
const plan = planOf('order', at, steps)
const report = (
  step: number,
  part: 'do' | 'undo',
  outcome: StepReport['outcome'],
  code?: string,
): StepReport => ({
  step,
  part,
  outcome,
  at: later,
  ...(code !== undefined && { refusal: { code } }),
})
const did = (...list: readonly number[]) => list.map((step) => report(step, 'do', 'accepted'))
const refused = (step: number, part: 'do' | 'undo' = 'do') => report(step, part, 'refused', 'no')
const brief = (next: PlanNext) =>
  next.next === 'do' || next.next === 'undo'
    ? `${next.next} ${next.command.id.replace('#undo', '')}`
    : next.next === 'stuck'
      ? `${next.code} ${next.step} [${next.standing}]`
      : next.next

test('ids follow from the plan and the place', () => {
  expect(plan.steps.map(({ command, undo }) => [command.id, undo?.id])).toEqual([
    ['order#0', 'order#0#undo'],
    ['order#1', 'order#1#undo'],
    ['order#2', undefined],
  ])
  expect(plan.steps[0]!.undo!.data).toEqual({ reservation: 'order#0' })
  expect(plan.steps[1]!.command.expectedVersion).toBe(3)
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
})

test.each<[string, readonly StepReport[], string]>([
  ['at first', [], 'do order#0'],
  ['after a step', did(0), 'do order#1'],
  ['after one that was done twice', [...did(0), report(0, 'do', 'repeated')], 'do order#1'],
  ['at the end', did(0, 1, 2), 'done'],
  ['when the first is refused', [refused(0)], 'failed'],
  ['when the second is refused', [...did(0), refused(1)], 'undo order#0'],
  ['when that is taken back', [...did(0), refused(1), report(0, 'undo', 'accepted')], 'failed'],
  [
    'told again that it was done',
    [...did(0), refused(1), report(0, 'undo', 'accepted'), ...did(0)],
    'failed',
  ],
  ['when the last is refused', [...did(0, 1), refused(2)], 'undo order#1'],
  ['the last first', [...did(0, 1), refused(2), report(1, 'undo', 'repeated')], 'undo order#0'],
  ['when what was refused is done after all', [...did(0), refused(1), ...did(1)], 'undo order#1'],
  ['when an undo is refused', [...did(0), refused(1), refused(0, 'undo')], 'undo-refused 0 [0]'],
  ['of two', [...did(0, 1), refused(2), refused(1, 'undo')], 'undo-refused 1 [0,1]'],
  ['seen to', [...did(0, 1), refused(2), refused(1, 'undo'), report(1, 'undo', 'settled')], 'undo order#0'],
  ['accepted later', [...did(0), refused(1), refused(0, 'undo'), report(0, 'undo', 'accepted')], 'failed'],
  ['refused when it was done', [...did(0), refused(0)], 'do order#1'],
])('what is next %s', (_, reports, expected) => {
  expect(brief(carryOut(plan, reports))).toBe(expected)
})

describe('a step that cannot be taken back', () => {
  const first = planOf('p', at, [steps[2], steps[0], steps[1]])
  test.each<[string, readonly StepReport[], string]>([
    ['can only be followed', [...did(0), refused(1)], 'cannot-undo 1 [0]'],
    ['by what a person does', [...did(0), refused(1), report(1, 'do', 'settled')], 'do p#2'],
    ['to the end', [...did(0), refused(1), ...did(1, 2)], 'done'],
    ['and may be stuck again', [...did(0), refused(1), ...did(1), refused(2)], 'cannot-undo 2 [0,1]'],
    ['or refused itself', [refused(0)], 'failed'],
  ])('%s', (_, reports, expected) => {
    expect(brief(carryOut(first, reports))).toBe(expected)
  })
})

test('what is late is tried again, dated at the last instant of its subject', () => {
  const late = (lastAt: number, part: 'do' | 'undo' = 'do'): StepReport => ({
    ...report(0, part, 'refused'),
    refusal: { code: 'late', replayFrom: at, lastAt } as { code: string },
  })
  const dated = (reports: readonly StepReport[]) => {
    const next = carryOut(plan, reports)
    return 'command' in next ? [next.next, next.command.occurredAt] : next.next
  }
  expect(dated([])).toEqual(['do', at])
  expect(dated([late(at + 5)])).toEqual(['do', at + 5])
  expect(dated([late(at + 5), late(at + 9), late(at + 5)])).toEqual(['do', at + 9])
  // What is taken back is dated when it became known that it has to be.
  expect(dated([...did(0), refused(1)])).toEqual(['undo', later])
  expect(dated([...did(0), refused(1), late(later + 7, 'undo')])).toEqual(['undo', later + 7])
})

describe('a step that was tried again too late to know whether it stands', () => {
  const unsure = (step: number, part: 'do' | 'undo' = 'do') =>
    report(step, part, 'refused', 'outside-idempotency-window')
  const asks = (next: PlanNext) =>
    next.next === 'unknown' ? `${next.part} ${next.step} ${next.input}` : brief(next)
  test.each<[string, readonly StepReport[], string]>([
    ['is looked up', [unsure(0)], 'do 0 order#0'],
    ['and nothing is taken back meanwhile', [...did(0), unsure(1)], 'do 1 order#1'],
    ['not even where another was refused', [...did(0), unsure(1), refused(2)], 'do 1 order#1'],
    ['it is there', [...did(0), unsure(1), report(1, 'do', 'settled')], 'do order#2'],
    ['it is there after all', [...did(0), unsure(1), ...did(1)], 'do order#2'],
    ['it is not', [...did(0), unsure(1), refused(1)], 'undo order#0'],
    [
      'it is not, and is tried again',
      [
        ...did(0),
        unsure(1),
        { ...report(1, 'do', 'refused'), refusal: { code: 'late', lastAt: later } as { code: string } },
      ],
      'do order#1',
    ],
    ['nor is there anything else', [unsure(0), refused(0)], 'failed'],
    ['it was known before', [...did(0), unsure(0)], 'do order#1'],
    ['whether it was taken back', [...did(0), refused(1), unsure(0, 'undo')], 'undo 0 order#0#undo'],
    ['it was', [...did(0), refused(1), unsure(0, 'undo'), report(0, 'undo', 'settled')], 'failed'],
    ['it was not', [...did(0), refused(1), unsure(0, 'undo'), refused(0, 'undo')], 'undo-refused 0 [0]'],
    [
      'it was taken back before',
      [...did(0), refused(1), report(0, 'undo', 'accepted'), unsure(0, 'undo')],
      'failed',
    ],
  ])('%s', (_, reports, expected) => {
    expect(asks(carryOut(plan, reports))).toBe(expected)
    const next = carryOut(plan, reports)
    for (const lang of ['en', 'zh'] as const) expect(explainPlan(next, lang)).not.toMatch(/[{}]|undefined/)
  })

  test('is what an engine answers that has forgotten the id', () => {
    const gift = defineStock({
      id: 'gift',
      version: 1,
      calendar: { zone: 'UTC' },
      unit: 'pieces',
      idempotencyWindow: { hours: 24 },
    })
    const one = planOf('p', at, [steps[0]])
    const next = carryOut(one, [])
    if (next.next !== 'do') throw new Error(next.next)
    let state = gift.start('mug')
    const tell = (input: object) => {
      const outcome = gift.decide(state, input as InputOf<typeof gift>)
      if (outcome.outcome === 'accepted') state = outcome.state
      return outcome
    }
    const restock = (id: string, occurredAt: number) =>
      tell({ id, type: 'gift/restock', subject: 'mug', occurredAt, data: { amount: 9, reason: 'first' } })
    restock('r1', at)
    expect(tell(next.command).outcome).toBe('accepted')
    restock('r2', at + 40 * 86_400_000)
    const again = reportOf(next, tell(next.command), at + 40 * 86_400_000)
    expect(carryOut(one, [again])).toMatchObject({ next: 'unknown', input: 'p#0', subject: 'mug' })
  })
})

test('people are told in both tongues', () => {
  const said = (reports: readonly StepReport[]) =>
    (['en', 'zh'] as const).map((lang) => explainPlan(carryOut(plan, reports), lang, () => 'sold out'))
  expect(said([])).toEqual(['next: step 1 (gift/reserve)', '下一步：第1步（gift/reserve）'])
  expect(said(did(0, 1, 2))).toEqual(['all steps are done', '所有步骤均已完成'])
  expect(said([refused(0)])).toEqual([
    'step 1 was refused (sold out); nothing is left of the others',
    '第1步被拒绝（sold out）；其余步骤均已撤回',
  ])
  expect(said([...did(0), refused(1)])[1]).toBe('下一步：撤回第1步（gift/release）')
  expect(said([...did(0), refused(1), refused(0, 'undo')])[0]).toBe(
    'step 2 was refused (sold out), and step 1 of mug cannot be taken back (sold out): take it back by hand and report it settled. Still standing: 1',
  )
  const fixed = carryOut(planOf('p', at, [steps[2], steps[0]]), [...did(0), refused(1)])
  expect(explainPlan(fixed, 'zh')).toContain('请人工完成该步')
})

test('a report says what became of an attempt', () => {
  const attempt = carryOut(plan, [])
  expect(reportOf(attempt, { outcome: 'accepted' }, later)).toEqual(report(0, 'do', 'accepted'))
  const refusal = { code: 'sold-out', requested: 1 }
  expect(reportOf(attempt, { outcome: 'refused', refusal }, later)).toEqual({
    ...report(0, 'do', 'refused'),
    refusal,
  })
})

test.each<[string, () => unknown, string, string]>([
  ['no steps', () => planOf('p', at, []), 'missing', '$.steps'],
  ['no id', () => planOf('', at, steps), 'wrong-type', '$.id'],
  ['no instant', () => planOf('p', 0.5, steps), 'invalid-instant', '$.occurredAt'],
  ['a key', () => planOf('p', at, [{ ...steps[0], redo: {} } as never]), 'unknown-key', '$.steps[0].redo'],
  ['no subject', () => planOf('p', at, [{ ...steps[0], subject: '' }]), 'wrong-type', '$.steps[0].subject'],
  [
    'an undo that throws',
    () =>
      planOf('p', at, [
        {
          ...steps[0],
          undo: () => {
            throw new Error('no')
          },
        },
      ]),
    'wrong-type',
    '$.steps[0].undo',
  ],
  ['a step that is none', () => carryOut(plan, did(3)), 'out-of-range', '$.reports[0].step'],
  [
    'a refusal without one',
    () => carryOut(plan, [report(0, 'do', 'refused')]),
    'wrong-type',
    '$.reports[0].refusal',
  ],
  [
    'no attempt',
    () => reportOf({ next: 'done' }, { outcome: 'accepted' }, at),
    'wrong-type',
    '$.attempt.next',
  ],
])('%s is refused', (_, call, code, path) => {
  expect(call).toThrow(DefinitionError)
  expect(call).toThrow(expect.objectContaining({ code, path }))
})

test('what is moot is done: of a step, and of its undo', () => {
  const [reserve, redeem] = steps
  const release = { engine: 'gift', subject: 'mug', command: { type: 'gift/release', data: {} } }
  const moot = ['reservation-over']
  const taken = planOf('p', at, [{ ...reserve, moot }, redeem])
  expect(taken.steps.map((step) => step.moot)).toEqual([moot, undefined])
  const turned = [report(0, 'do', 'accepted'), refused(1)]
  expect(carryOut(taken, turned)).toMatchObject({ next: 'undo', step: 0 })
  const undone = report(0, 'undo', 'refused', 'reservation-over')
  expect(carryOut(taken, [...turned, undone])).toMatchObject({ next: 'failed', because: { step: 1 } })
  expect(carryOut(planOf('p', at, [reserve, redeem]), [...turned, undone])).toMatchObject({ next: 'stuck' })
  const given = planOf('p', at, [redeem, { ...release, moot }])
  const did = [report(0, 'do', 'accepted'), report(1, 'do', 'refused', 'reservation-over')]
  expect(carryOut(given, did)).toEqual({ next: 'done' })
  expect(() => planOf('p', at, [{ ...release, moot: [1] as never }])).toThrow('$.steps[0].moot[0]')
})
