import {
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  offersFor,
  partState,
  stageEvents,
} from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ visited: {}, ...stageEvents('customer', ['lead', 'member']) })
const shared = { version: 1, calendar: { zone: 'UTC' }, events: shop }
const customer = defineLifecycle({
  ...shared,
  id: 'customer',
  activity: [],
  stages: ['lead', 'member'],
  initial: 'lead',
  rules: { lead: [{ to: 'member', when: shop.timeSince('visited').gte({ days: 3 }) }], member: [] },
})
const points = definePoints({
  ...shared,
  id: 'points',
  earning: [
    { rule: 'welcome', on: 'customer/stage-changed', earns: { points: 40 } },
    { rule: 'visit', on: 'visited', earns: { points: 2 } },
  ],
  rewards: [{ reward: 'mug', price: { points: 41 } }],
})
const program = defineProgram({ id: 'shop', version: 1, parts: [customer, points] })
const event = teller()
const { state } = tell(program, [event('2024-03-01', 'visited', {})])

test('a part is as the whole program has it by then', () => {
  const [early, late] = [utc('2024-03-03'), utc('2024-03-05')]
  expect(offersFor(points, partState(program, points, state, early), early)[0]).toMatchObject({
    claimable: false,
    why: [{ code: 'points-missing', missing: 39 }],
  })
  // By the 4th the customer is a member, of which points alone know nothing.
  const part = partState(program, points, state, late)
  expect(offersFor(points, part, late)[0]).toMatchObject({ claimable: true, most: 1 })
  expect(points.view(part, late)).toEqual(program.view(state, late).points)
  expect(part).toMatchObject({ definition: points.hash, subject: state.subject, version: state.version })
})

test('a part of a part is reached in two steps', () => {
  const whole = defineProgram({ id: 'whole', version: 1, parts: [program] })
  const told = tell(whole, [event('2024-03-01', 'visited', {})])
  const at = utc('2024-03-05')
  const inner = partState(whole, program, told.state, at)
  expect(points.view(partState(program, points, inner, at), at)).toEqual(program.view(state, at).points)
})

test('what is no part, or no state, is told', () => {
  const other = definePoints({
    ...shared,
    id: 'points',
    version: 2,
    earning: [],
  })
  expect(() => partState(program, other as never, state, utc('2024-03-05'))).toThrow('unknown-name at $.part')
  expect(() => partState(points as never, points, state as never, utc('2024-03-05'))).toThrow('unknown-name')
  expect(() => partState(null as never, points, state as never, 0)).toThrow('wrong-type at $.program')
  expect(() => partState(program, {} as never, state, 0)).toThrow('wrong-type at $.part')
  expect(() => partState(program, points, state, utc('2024-02-01'))).toThrow('as-of-before-state')
})
