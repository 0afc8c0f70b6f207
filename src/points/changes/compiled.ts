import { checkRecord, fault, kindOf, reading } from '../../kernel/errors.js'
import {
  type Calendar,
  calendarOf,
  type Engine,
  type EventSpecs,
  type FactContext,
  type FactSet,
  factKinds,
  type Kinds,
} from '../../kernel/index.js'
import type { PointsState } from '../account.js'
import { type CompiledCurrency, compileCurrencies } from '../currency.js'
import type { Agreed } from '../definition.js'
import { compileEarning, type Earning } from '../earning/earning.js'
import { type Ladder, ladderOf } from '../tiers/ladder.js'

/** The types of an engine that keeps accounts of points. */
export type AccountKinds = Kinds & { state: PointsState }

/** What was agreed, as an engine of points carries it. */
export type StoredAgreed = Agreed & { readonly events: EventSpecs }

/** An engine of points, taken apart again. */
export interface Program {
  readonly agreed: StoredAgreed
  readonly zone: Calendar
  readonly context: FactContext
  readonly facts: FactSet
  readonly currencies: readonly CompiledCurrency[]
  readonly rules: ReadonlyMap<string, Earning>
  readonly ladders: readonly Ladder[]
}

/** @throws DefinitionError `wrong-type` for what is no engine of points. */
function agreedOf(engine: unknown, path: string): StoredAgreed {
  checkRecord(engine, path)
  const { definition } = engine as { readonly definition?: unknown }
  const { model } = (definition ?? {}) as { readonly model?: unknown }
  if (model !== 'points') throw fault('wrong-type', path, kindOf(definition), 'an engine of points')
  return definition as StoredAgreed
}

/** Compiles what an engine is made of, once more. */
export function programOf<K extends AccountKinds>(engine: Engine<K>, path: string): Program {
  const agreed = agreedOf(engine, path)
  return reading('wrong-type', path, engine, 'an engine of points', () => compiled(engine, agreed))
}

function compiled<K extends AccountKinds>(engine: Engine<K>, agreed: StoredAgreed): Program {
  const zone = calendarOf(agreed.calendar)
  const { events } = agreed
  const context = { events, calendar: agreed.calendar, kinds: engine.vocabulary.kinds ?? factKinds }
  const facts = engine.model.facts!
  const currencies = compileCurrencies(agreed, { zone, facts })
  const rules = agreed.earning.map((rule, i) =>
    compileEarning(rule, i, { ...context, agreed, currencies, zone, facts }),
  )
  return {
    agreed,
    zone,
    context,
    facts,
    currencies,
    rules: new Map(rules.map((rule) => [rule.rule, rule])),
    ladders: (agreed.tiers ?? []).map((track) => ladderOf(track, zone)),
  }
}
