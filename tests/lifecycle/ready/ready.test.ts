// What holds of every ready lifecycle: nothing strange in its rules, the same engine from JSON, words for everything in both tongues.
import {
  type Alternative,
  type Condition,
  caseLifecycle,
  customerLifecycle,
  defineLifecycle,
  type EventSpecs,
  type LifecycleDefinition,
  lifecycleFrom,
  lintRules,
  maternityLifecycle,
  membershipLifecycle,
  referralLifecycle,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const calendar = { zone: 'Asia/Shanghai', business: { hours: [{ from: '09:00', to: '18:00' }] } } as const
const definitions = [
  customerLifecycle({ calendar }),
  maternityLifecycle({ calendar }),
  caseLifecycle({ calendar }),
  referralLifecycle({ calendar }),
  membershipLifecycle({ calendar }),
] as unknown as readonly LifecycleDefinition<string, string, EventSpecs>[]

interface Written {
  readonly to?: string
  readonly on?: string | { readonly event: string; readonly where?: object }
  readonly when?: Condition
}

describe.each(definitions.map((one) => [one.id, one] as const))('%s', (_, definition) => {
  const engine = defineLifecycle(definition)
  const { events, kinds, words } = definition.events
  const rules = definition.rules as Readonly<Record<string, readonly Written[]>>
  const everywhere = (definition.everywhere ?? []) as readonly Written[]

  test.each(definition.stages)('lint finds nothing in the rules of %s', (stage) => {
    const led = [...rules[stage]!, ...everywhere].filter(
      ({ on, when, to }) => to !== stage && (on !== undefined || when !== undefined),
    )
    // What is heard with a field: lint tells events apart by name alone.
    const alternatives: readonly Alternative[] = led.flatMap(({ on, when, to }) =>
      typeof on === 'object'
        ? []
        : [
            {
              ...(on !== undefined && { on }),
              ...(when !== undefined && { when }),
              ...(to !== undefined && { to }),
            },
          ],
    )
    // An event may come at the very instant at which time moves on: then the order decides, and is meant to.
    const on = (path: string) => alternatives[Number(path.slice(2, -1))]?.on
    const findings = lintRules(alternatives, { events, kinds, calendar })
    const strange = findings.filter(
      (one) =>
        one.code !== 'overlapping' || [one.path, ...one.related].every((path) => on(path) === undefined),
    )
    expect(strange).toEqual([])
  })

  test('comes back from JSON with the same hash', () => {
    expect(lifecycleFrom(JSON.parse(JSON.stringify(engine.definition))).hash).toBe(engine.hash)
  })

  test('everything has a word in Chinese, and in English where its name is none', () => {
    const zh: Readonly<Record<string, string | undefined>> = { ...words.zh, ...definition.words?.zh }
    const en: Readonly<Record<string, string | undefined>> = { ...words.en, ...definition.words?.en }
    const promises = (definition.promises ?? []).map(({ promise }) => promise)
    const named = [...definition.stages, ...promises, ...Object.keys(events)].filter(
      (name) => name !== 'attribute-set',
    )
    expect(named.filter((name) => zh[name] === undefined)).toEqual([])
    expect(named.filter((name) => name.includes('-') && en[name] === undefined)).toEqual([])
    expect(new Set(definition.stages.map((stage) => zh[stage])).size).toBe(definition.stages.length)
  })

  test('every stage can be reached, and every one that is not final can be left', () => {
    const reached = new Set([
      definition.initial,
      ...[...Object.values(rules).flat(), ...everywhere].map(({ to }) => to),
    ])
    expect(definition.stages.filter((stage) => !reached.has(stage))).toEqual([])
    const final: readonly string[] = definition.final ?? []
    const stuck = definition.stages.filter((stage) => rules[stage]!.length + everywhere.length === 0)
    expect(stuck.filter((stage) => !final.includes(stage))).toEqual([])
  })
})
