// What verbs over a lifecycle know of its stages, and what must not compile.
import { dueMoves, nextMove, timeline, whyNot } from 'liuliang'
import { expectTypeOf, test } from 'vitest'
import { customer } from './support/customer.js'

type Stage = 'lead' | 'new' | 'active' | 'loyal' | 'dormant' | 'lapsed' | 'gone'

test('answers name the stages of the lifecycle', () => {
  const state = customer.start('ann')
  const next = nextMove(customer, state, 0)
  if (next.code === 'coming-move') expectTypeOf(next.to).toEqualTypeOf<Stage>()
  else expectTypeOf(next.stage).toEqualTypeOf<Stage>()
  expectTypeOf(timeline(customer, 'ann', [], { asOf: 0 }).stays[0]!.stage).toEqualTypeOf<Stage>()
  for (const move of dueMoves(customer, [state], { from: 0, until: 1 }))
    expectTypeOf(move.from).toEqualTypeOf<Stage>()
  whyNot(customer, state, 0, 'loyal')
  // @ts-expect-error a misspelt stage
  whyNot(customer, state, 0, 'loyl')
  // @ts-expect-error a state of something else
  nextMove(customer, { ...state, of: { balance: 3 } }, 0)
})
