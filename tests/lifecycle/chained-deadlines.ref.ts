import { readFileSync } from 'node:fs'
import { defineEvents, defineLifecycle } from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

interface Variant {
  readonly events: readonly { readonly day: number; readonly type: 'visit' }[]
  readonly expectStageOnDay: { readonly [day: string]: string }
  readonly expectMoves?: readonly (readonly [from: string, to: string, day: number])[]
}
const { variants, ...first } = JSON.parse(
  readFileSync(new URL('../fixtures/chained-deadlines/cases.json', import.meta.url), 'utf8'),
) as Variant & { readonly variants: readonly Variant[] }

const user = defineLifecycle({
  id: 'user',
  version: 1,
  calendar: { zone: 'Europe/Berlin' },
  events: defineEvents({ visit: {} }),
  activity: ['visit'],
  stages: ['active', 'dormant', 'churned'],
  initial: 'active',
  rules: {
    active: [{ to: 'dormant', inactiveFor: { hours: 30 * 24 } }],
    dormant: [
      { to: 'active', on: 'visit' },
      { to: 'churned', inStageFor: { hours: 150 * 24 } },
    ],
    churned: [{ to: 'active', on: 'visit' }],
  },
})
const DAY = 86_400_000
const entry = utc('2024-01-01 09:00')
const instantOf = (day: number) => entry + Math.round(day * DAY)

test.each(
  [first, ...variants].map(
    (variant) => [variant.events.map(({ day }) => day).join(' and '), variant] as const,
  ),
)('visits on day %s', (_, { events, expectStageOnDay, expectMoves }) => {
  const event = teller()
  const visits = events.map(({ day, type }) => event(instantOf(day), type, {}))
  for (const [text, stage] of Object.entries(expectStageOnDay)) {
    const at = instantOf(Number(text))
    const { state } = tell(
      user,
      visits.filter(({ occurredAt }) => occurredAt <= at),
    )
    expect(user.view(state, at).stage, `day ${text}`).toBe(stage)
  }
  if (expectMoves === undefined) return
  const last = Math.max(...expectMoves.map(([, , day]) => day))
  const { state, log } = tell(user, visits)
  const moves = [...log, ...user.advance(state, Math.max(instantOf(last), state.at!)).events].flatMap(
    (event) =>
      event.type === 'user/stage-changed'
        ? [[event.data.from, event.data.to, (event.occurredAt - entry) / DAY] as const]
        : [],
  )
  expect(moves).toEqual(expectMoves)
})

test('a jump of years makes every move at its own instant, and so does the same jump in small steps', () => {
  const event = teller()
  const { state } = tell(user, [event(entry, 'visit', {})])
  const whole = user.advance(state, instantOf(4000))
  expect(whole.events.map(({ occurredAt }) => (occurredAt - entry) / DAY)).toEqual([30, 180])
  let stepwise = state
  for (let day = 0; day <= 4000; day += 7) stepwise = user.advance(stepwise, instantOf(day)).state
  expect(user.advance(stepwise, instantOf(4000)).state).toEqual(whole.state)
})
