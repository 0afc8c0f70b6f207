import { minorDigits } from '../currency.js'
import type { Scalar } from '../fact.js'
import { type Field, type Fields, isNumberLike } from '../field.js'
import { type Filter, valuesOf, type Where } from '../filter.js'
import { firstInstant, lastInstant } from '../instant.js'
import { parseMinor } from '../money.js'
import { isRecord } from '../plain.js'
import { isEmpty, MOST, meet, orNothing, others, points, type Values, values, within } from './values.js'

/** Numbers for words, so that what a field may hold is a set of numbers; words that nobody named are all the others. */
export class Numbering {
  private readonly words = new Map<string, number>()

  /** The number that stands for a value of a field: minor units for money. */
  of(field: { readonly type: string; readonly currency?: string }, value: Scalar): number {
    if (field.type === 'money') return parseMinor(value as string, minorDigits(field.currency!))!
    if (typeof value !== 'string') return Number(value)
    const known = this.words.get(value)
    if (known !== undefined) return known
    this.words.set(value, this.words.size)
    return this.words.size - 1
  }

  /** What a field can hold. */
  valuesOf(field: Field): Values {
    const held = this.held(field)
    return field.required === false ? orNothing(held) : held
  }

  private held(field: Field): Values {
    switch (field.type) {
      case 'boolean':
        return values([0, 1])
      case 'instant':
        return values([firstInstant, lastInstant])
      case 'integer':
      case 'money':
        return values([-MOST, MOST])
      case 'text':
        return field.oneOf ? points(field.oneOf.map((word) => this.of(field, word))) : values([0, Infinity])
      default:
        return values([0, Infinity])
    }
  }

  /** By filter and event, what was asked before. */
  private readonly known = new WeakMap<Where, WeakMap<Fields, Map<string, Values>>>()

  /** What a field can hold in an event that passes. */
  passing(fields: Fields, name: string, where: Where): Values {
    const ofEvents = this.known.get(where) ?? new WeakMap<Fields, Map<string, Values>>()
    this.known.set(where, ofEvents)
    const known = ofEvents.get(fields) ?? new Map<string, Values>()
    ofEvents.set(fields, known)
    const held = known.get(name) ?? this.heldIn(fields, name, where)
    known.set(name, held)
    return held
  }

  private heldIn(fields: Fields, name: string, where: Where): Values {
    const field = fields[name]!
    const held = this.valuesOf(field)
    return Object.hasOwn(where, name) ? meet(held, this.allowed(field, where[name]!)) : held
  }

  private allowed(field: Field, filter: Filter): Values {
    const number = (value: Scalar) => this.of(field, value)
    if (!isRecord(filter)) return points(valuesOf(filter).map(number))
    if ('not' in filter) return others(points(valuesOf(filter).map(number)))
    const {
      gte = -Infinity,
      gt = -Infinity,
      lte = Infinity,
      lt = Infinity,
    } = filter as {
      readonly [sign: string]: Scalar
    }
    const bound = (value: Scalar | number) =>
      value === Infinity || value === -Infinity ? value : number(value as Scalar)
    const low = Math.max(bound(gte), bound(gt) + 1)
    const high = Math.min(bound(lte), bound(lt) - 1)
    return isNumberLike(field) && low <= high ? values([low, high]) : values()
  }

  /** Whether no event passes. */
  lettingNone(fields: Fields, where: Where): boolean {
    return Object.keys(where).some((name) => isEmpty(this.passing(fields, name, where)))
  }

  /** Whether every event that passes the first also passes the second. */
  implies(fields: Fields, where: Where, weaker: Where): boolean {
    if (this.lettingNone(fields, where)) return true
    return Object.keys(weaker).every((name) =>
      within(this.passing(fields, name, where), this.passing(fields, name, weaker)),
    )
  }

  /** Whether no event passes both. */
  exclude(fields: Fields, where: Where, other: Where): boolean {
    return Object.keys(where).some(
      (name) =>
        Object.hasOwn(other, name) &&
        isEmpty(meet(this.passing(fields, name, where), this.passing(fields, name, other))),
    )
  }
}
