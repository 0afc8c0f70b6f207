// Stages in order that nothing but a person sets back, as a CRM has them.
import { readFileSync } from 'node:fs'
import { defineEvents, defineLifecycle, text } from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const stages = ['subscriber', 'lead', 'mql', 'sql', 'opportunity', 'customer', 'evangelist'] as const
type Stage = (typeof stages)[number]
const { steps, stages: order } = JSON.parse(
  readFileSync(new URL('../fixtures/lifecycle-reference/hubspot-forward-only.json', import.meta.url), 'utf8'),
) as {
  readonly stages: readonly string[]
  readonly steps: readonly {
    readonly at: string
    readonly set?: Stage
    readonly reset?: Stage
    readonly expect: Stage
  }[]
}

test('the order is the one of the source', () => expect(stages).toEqual(order))

test('updates step forward, over stages too, never back; a reset by hand goes back', () => {
  const crm = defineLifecycle({
    id: 'contact',
    version: 1,
    calendar: { zone: 'UTC' },
    events: defineEvents({ 'stage-proposed': { stage: text(...stages) } }),
    activity: [],
    stages,
    initial: 'subscriber',
    forwardOnly: true,
    rules: { subscriber: [], lead: [], mql: [], sql: [], opportunity: [], customer: [], evangelist: [] },
    everywhere: stages.map(
      (stage) => ({ to: stage, on: { event: 'stage-proposed', where: { stage } } }) as const,
    ),
  })
  const event = teller()
  let state = crm.start('u1')
  const seen = steps.map(({ at, set, reset }) => {
    const input =
      reset === undefined
        ? event(at, 'stage-proposed', { stage: set! })
        : event(at, 'contact/move-set', { to: reset, reason: 'entered by mistake' } as const)
    state = tell(crm, [input], state).state
    return crm.view(state, utc(at)).stage
  })
  expect(seen).toEqual(steps.map((step) => step.expect))
})
