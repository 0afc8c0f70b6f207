import { minorDigits } from '../currency.js'
import { fault } from '../errors.js'
import {
  type Fact,
  type FactContext,
  type FactKind,
  kindOfChecked,
  kindOfFact,
  type Measure,
  type Tally,
  type Track,
} from '../fact.js'
import type { EventSpecs, Field } from '../field.js'
import { fieldOf, INTEGER } from './scope.js'

type RatioFact = Extract<Fact, { readonly fact: 'ratio' }>

const amountOf = (tally: Tally, events: EventSpecs): Field =>
  tally.fact === 'sum' ? fieldOf(events, tally.event, tally.field) : INTEGER

/** A share of two of a kind; of money and a number, an amount for each. */
const measure = ({ of, to }: RatioFact, events: EventSpecs): Measure => {
  const above = amountOf(of, events)
  const below = amountOf(to, events)
  return above.type === 'money' && below.type !== 'money'
    ? { type: 'ratio', currency: above.currency }
    : { type: 'ratio' }
}

/** One tally divided by another, compared exactly. */
export const ratioKind: FactKind<RatioFact> = {
  keys: ['of', 'to'],
  hears: (fact) => [...new Set([fact.of, fact.to].flatMap(hearsOf))],
  measure,
  check(fact, context, path) {
    for (const side of ['of', 'to'] as const) {
      const tally = fact[side]
      if (tally?.fact !== 'count' && tally?.fact !== 'sum')
        throw fault('wrong-type', `${path}.${side}`, tally, 'a count or a sum')
      kindOfChecked(tally, context.kinds, `${path}.${side}`).check(tally, context, `${path}.${side}`)
    }
    const below = amountOf(fact.to, context.events)
    const above = amountOf(fact.of, context.events)
    if (below.type === 'money' && !(above.type === 'money' && above.currency === below.currency))
      throw fault('currency-mismatch', `${path}.to`, fact.to, 'a count, or a sum of what is divided')
  },
  compile(fact, context) {
    const of = part(fact.of, context)
    const to = part(fact.to, context)
    const heard = [hearsOf(fact.of), hearsOf(fact.to)] as const
    const unit = measure(fact, context.events) as { readonly currency?: string }
    const digits = unit.currency === undefined ? 0 : minorDigits(unit.currency)
    const scale = Number(`1e${digits}`)
    const parts = (track: Track, asOf: number): readonly [number, number, number] | null => {
      const [above, below] = track as readonly [Track, Track]
      const dividend = of.value(above, asOf)
      const divisor = to.value(below, asOf)
      return dividend === null || divisor === null || divisor === 0
        ? null
        : [dividend as number, divisor as number, scale]
    }
    return {
      fact,
      measure: unit as Measure,
      start: [of.start, to.start],
      note(track, event, subject) {
        const [above, below] = track as readonly [Track, Track]
        const noted: readonly [Track, Track] = [
          of.note(above, event, subject),
          to.note(below, event, subject),
        ]
        return noted[0] === above && noted[1] === below ? track : noted
      },
      parts,
      value(track, asOf) {
        const both = parts(track, asOf)
        return both === null ? null : both[0] / (both[1] * both[2]) + 0
      },
      nextStep(track, asOf) {
        const [above, below] = track as readonly [Track, Track]
        const one = of.nextStep(above, asOf)
        const other = to.nextStep(below, asOf)
        return one === undefined || (other !== undefined && other < one) ? other : one
      },
      shadow(track, gap, event) {
        const [above, below] = track as readonly [Track, Track]
        const one = heard[0].includes(event) ? of.shadow(above, gap, event) : undefined
        const other = heard[1].includes(event) ? to.shadow(below, gap, event) : undefined
        if (one === undefined || other === undefined) return one ?? other
        return [Math.min(one[0], other[0]), Math.max(one[1], other[1])]
      },
      forget(track, rename) {
        const [above, below] = track as readonly [Track, Track]
        return [of.forget?.(above, rename) ?? above, to.forget?.(below, rename) ?? below]
      },
    }
  },
}

const part = (tally: Tally, context: FactContext) =>
  kindOfFact(tally, context.kinds).compile(tally as never, context)

const hearsOf = ({ event, since }: Tally) => (since === undefined ? [event] : [event, since])
