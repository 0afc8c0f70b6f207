// What lint is certain of, against random lifecycles and histories: a stage that it calls unreachable is never reached by a
// rule, and a rule that it says never fires never does.
import fc from 'fast-check'
import type { AnyEvent, Engine, Journal } from 'liuliang/kernel'
import { lintLifecycle } from 'liuliang/lifecycle'
import { expect, test } from 'vitest'
import type { Loose } from '../oracle/support/definitions.js'
import { anyLifecycle, engineOf } from '../oracle/support/lifecycles.js'
import { inputsOf, night, passages } from '../oracle/support/shop.js'
import { runs } from '../support/size.js'

test('what is said never to happen never does', { timeout: 1_200_000 }, () => {
  const tally = { runs: 0, unreachable: 0, idle: 0, moves: 0 }
  const lives = night.chain(({ zone, start }) =>
    fc.record({
      definition: anyLifecycle(zone),
      histories: fc.array(
        passages([], 14).map((steps) => inputsOf(start, steps)),
        { minLength: 3, maxLength: 3 },
      ),
    }),
  )
  fc.assert(
    fc.property(lives, ({ definition, histories }) => {
      const engine = engineOf(definition) as unknown as Engine<Loose>
      const findings = lintLifecycle(engine as never, { effort: 3000 })
      const unreachable = findings.flatMap((one) => (one.code === 'unreachable-stage' ? [one.stage] : []))
      // Shadowed rules may fire where the earlier one is not observed.
      const idle = findings.flatMap(({ code, path, stage }) =>
        code === 'never-wins'
          ? [`${stage} ${path}`]
          : code === 'never-true'
            ? [path.replace(/\.when$/, '')]
            : [],
      )
      tally.runs += 1
      tally.unreachable += unreachable.length
      tally.idle += idle.length
      for (const inputs of histories) {
        let state: Journal<unknown> = engine.start('u')
        const log: AnyEvent[] = []
        for (const input of inputs) {
          const outcome = engine.decide(state, input)
          if (outcome.outcome !== 'accepted') continue
          state = outcome.state
          log.push(...(outcome.events as readonly AnyEvent[]))
        }
        log.push(...(engine.advance(state, (state.at ?? 0) + 800 * 86_400_000).events as readonly AnyEvent[]))
        for (const { type, data } of log) {
          if (type !== 'any/stage-changed') continue
          const { from, to, rule } = data as {
            readonly from: string
            readonly to: string
            readonly rule: number
          }
          tally.moves += 1
          const own = definition.rules[from]!.length
          const path = rule < own ? `$.rules.${from}[${rule}]` : `$.everywhere[${rule - own}]`
          expect({ to, unreachable, inputs }).not.toEqual({
            to: unreachable.find((one) => one === to),
            unreachable,
            inputs,
          })
          expect(idle).not.toContain(path)
          expect(idle).not.toContain(`${from} ${path}`)
        }
      }
    }),
    { numRuns: runs(60, 20_000) },
  )
  console.log(
    Object.entries(tally)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  )
  expect(Math.min(tally.unreachable, tally.idle, tally.moves)).toBeGreaterThan(0)
})
