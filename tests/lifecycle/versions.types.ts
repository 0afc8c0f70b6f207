// What must not compile between two definitions of a lifecycle.
import { defineEvents, defineLifecycle, diffLifecycles, migrateLifecycle } from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const shop = defineEvents({ visited: {} })
const base = { id: 'customer', calendar: { zone: 'UTC' }, events: shop, activity: ['visited'] } as const
const first = defineLifecycle({
  ...base,
  version: 1,
  stages: ['lead', 'active', 'sleeping', 'lost'],
  initial: 'lead',
  rules: { lead: [], active: [], sleeping: [], lost: [] },
})
const second = defineLifecycle({
  ...base,
  version: 2,
  stages: ['lead', 'active', 'dormant'],
  initial: 'lead',
  rules: { lead: [], active: [], dormant: [] },
})

test('every stage that is gone has a place in the new definition', () => {
  const migrate = migrateLifecycle(first, second, { stages: { sleeping: 'dormant', lost: 'dormant' } })
  const { state } = migrate(first.start('ann'), 0)
  expectTypeOf(state.of.stage).toEqualTypeOf<'lead' | 'active' | 'dormant'>()
  // A stage that both have may lead elsewhere.
  migrateLifecycle(first, second, { stages: { sleeping: 'dormant', lost: 'dormant', active: 'lead' } })
  migrateLifecycle(second, second, { stages: {} })
  // @ts-expect-error a stage without a place
  migrateLifecycle(first, second, { stages: { sleeping: 'dormant' } })
  // @ts-expect-error a misspelt target
  migrateLifecycle(first, second, { stages: { sleeping: 'dormnt', lost: 'dormant' } })
  // @ts-expect-error a target of the old definition
  migrateLifecycle(first, second, { stages: { sleeping: 'sleeping', lost: 'dormant' } })
  // @ts-expect-error a stage that never was
  migrateLifecycle(first, second, { stages: { sleeping: 'dormant', lost: 'dormant', gone: 'lead' } })
  // @ts-expect-error a state of the new definition
  migrate(second.start('ann'), 0)
  // @ts-expect-error the comparison wants a place for each as well
  diffLifecycles(first, second, [], { asOf: 0, stages: { sleeping: 'dormant' } })
})
