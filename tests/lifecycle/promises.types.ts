// What must not compile in promises.
import { defineEvents, defineLifecycle, lifecycleFrom, type PromiseView, text } from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const desk = defineEvents({ opened: { priority: text('normal', 'urgent') }, answered: {} })
const base = {
  id: 'case',
  version: 1,
  calendar: { zone: 'UTC' },
  events: desk,
  activity: [],
  stages: ['new', 'waiting', 'done'],
  initial: 'new',
} as const
const rules = { new: [{ to: 'done', on: 'answered' }], waiting: [], done: [] } as const
const reply = { promise: 'reply', from: 'opened', within: { hours: 8 }, keptBy: 'answered' } as const

test('promises name stages and events that exist, and rules name promises', () => {
  const engine = defineLifecycle({
    ...base,
    promises: [
      { ...reply, pausedIn: ['waiting'] },
      {
        promise: 'solution',
        from: { event: 'opened', where: { priority: 'urgent' } },
        within: { days: 2 },
        keptIn: ['done'],
      },
    ],
    rules: { ...rules, waiting: [{ to: 'done', broken: 'solution' }] },
    everywhere: [{ to: 'waiting', broken: 'reply' }],
    words: { zh: { reply: '首次响应', new: '新建' } },
  })
  const { promises } = engine.view(engine.start('u'), 0)
  expectTypeOf(promises).toEqualTypeOf<{ readonly [N in 'reply' | 'solution']: PromiseView | null }>()
  expectTypeOf(engine.publishes['case/promise-broken'].promise.oneOf).toEqualTypeOf<
    readonly ('reply' | 'solution')[]
  >()
  defineLifecycle({
    ...base,
    promises: [reply],
    // @ts-expect-error a misspelt promise in a rule
    rules: { ...rules, waiting: [{ to: 'done', broken: 'rply' }] },
  })
  // @ts-expect-error a misspelt promise everywhere
  defineLifecycle({ ...base, promises: [reply], rules, everywhere: [{ to: 'done', broken: 'rply' }] })
  // @ts-expect-error a rule on a promise where there are none
  defineLifecycle({ ...base, rules: { ...rules, waiting: [{ to: 'done', broken: 'reply' }] } })
  defineLifecycle({
    ...base,
    promises: [reply],
    // @ts-expect-error a misspelt target of such a rule
    rules: { ...rules, waiting: [{ to: 'don', broken: 'reply' }] },
  })
  // @ts-expect-error a misspelt event
  defineLifecycle({ ...base, rules, promises: [{ ...reply, from: 'opned' }] })
  defineLifecycle({
    ...base,
    rules,
    // @ts-expect-error a misspelt field
    promises: [{ ...reply, from: { event: 'opened', where: { prority: 'urgent' } } }],
  })
  defineLifecycle({
    ...base,
    rules,
    // @ts-expect-error a value that the field never has
    promises: [{ ...reply, keptBy: { event: 'opened', where: { priority: 'high' } } }],
  })
  // @ts-expect-error a misspelt stage that keeps
  defineLifecycle({ ...base, rules, promises: [{ ...reply, keptIn: ['don'] }] })
  // @ts-expect-error a misspelt stage that pauses
  defineLifecycle({ ...base, rules, promises: [{ ...reply, pausedIn: ['wating'] }] })
  // @ts-expect-error a span of two units
  defineLifecycle({ ...base, rules, promises: [{ ...reply, within: { hours: 1, minutes: 30 } }] })
  // @ts-expect-error words of a promise that does not exist
  defineLifecycle({ ...base, rules, promises: [reply], words: { zh: { rply: '首次响应' } } })
})

test('without promises nothing shows them; read from JSON, there may be some', () => {
  const plain = defineLifecycle({ ...base, rules })
  expectTypeOf(plain.view(plain.start('u'), 0)).not.toHaveProperty('promises')
  expectTypeOf(plain.publishes).not.toHaveProperty('case/promise-broken')
  const read = lifecycleFrom(plain.definition)
  expectTypeOf(read.view(read.start('u'), 0).promises).toEqualTypeOf<
    { readonly [name: string]: PromiseView | null } | undefined
  >()
})
