import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

interface Command {
  readonly key: string
  readonly earn?: number
  readonly burn?: number
}
const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/points-idempotency/cases.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly {
    readonly id: string
    readonly input: readonly Command[]
    readonly expected: { readonly balance: number }
  }[]
}
const found = (id: string) => cases.find((one) => one.id === id)!

const engine = pointsWith()
const { give, redeem, refund } = account()
const at = utc('2024-03-01')

/** What becomes of each command, and what is left. */
function run(commands: readonly object[]) {
  let state = engine.start('u1')
  const outcomes = commands.map((command) => {
    const outcome = engine.decide(state, command as never)
    if (outcome.outcome === 'accepted') state = outcome.state
    return outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome
  })
  return { outcomes, balance: engine.view(state, at).balance, version: state.version }
}
const commandsOf = (id: string) =>
  found(id).input.map(({ key, earn, burn }) =>
    earn === undefined ? redeem(at, burn!, key) : give(at, earn, key),
  )

test('same key, same body: the first outcome again', () => {
  expect(run(commandsOf('same-key-same-body'))).toEqual({
    outcomes: ['accepted', 'repeated'],
    balance: found('same-key-same-body').expected.balance,
    version: 1,
  })
})

test('same key, other body: a conflict', () => {
  expect(run(commandsOf('same-key-other-body'))).toEqual({
    outcomes: ['accepted', 'id-conflict'],
    balance: found('same-key-other-body').expected.balance,
    version: 1,
  })
})

test('failed, then retried: a refusal is not remembered, so the third succeeds', () => {
  expect(run(commandsOf('failed-then-retry'))).toEqual({
    outcomes: ['insufficient-points', 'accepted', 'accepted'],
    balance: 0,
    version: 2,
  })
})

test('a storm of reordered duplicates: every order in which the commands can first succeed, each delivered 1 to 5 times', () => {
  const [e1, e2, e3] = [give(at, 100, 'e1'), redeem(at, 30, 'e2'), refund(at, 'e2')]
  // e2 needs the points of e1, e3 needs e2: the first successes are always in this order, and everything between them
  // (early tries, repeats) is in any.
  let storms = 0
  for (const a of [1, 2, 3, 4, 5])
    for (const b of [1, 2, 3, 4, 5])
      for (const c of [1, 2, 3, 4, 5])
        for (const order of ['in turns', 'in blocks', 'early and late']) {
          const times = (command: object, n: number) => Array<object>(n).fill(command)
          const all = [times(e1, a), times(e2, b), times(e3, c)]
          const storm =
            order === 'in blocks'
              ? all.flat()
              : order === 'in turns'
                ? [0, 1, 2, 3, 4].flatMap((i) => all.flatMap((some) => some.slice(i, i + 1)))
                : [
                    ...times(e3, c - 1),
                    ...times(e2, b - 1),
                    e1,
                    e2,
                    e3,
                    ...times(e2, b - 1),
                    ...times(e1, a - 1),
                    ...times(e3, c - 1),
                  ]
          const { balance, version } = run(storm)
          expect({ balance, version }).toEqual({
            balance: found('reorder-duplicate-storm').expected.balance,
            version: 3,
          })
          storms += 1
        }
  expect(storms).toBe(375)
})
