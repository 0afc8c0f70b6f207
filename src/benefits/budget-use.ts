import { checkRecord, fault, reading } from '../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  type Engine,
  type EventSpecs,
  formatMinor,
  minorDigits,
  parseMinor,
  SumOutOfRange,
} from '../kernel/index.js'
import type { BenefitsKinds } from './benefits.js'
import type { AgreedBenefits } from './definition.js'
import type { IssueData, IssuedData, ReturnedData, UsedData } from './events.js'

/** What is summed up, by engine of benefits. */
export interface BudgetUseDefinition {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  readonly benefits: Engine<BenefitsKinds<string, EventSpecs>>
}

/** What is remembered: sums by benefit, in the order of `NAMES`; amounts in the smallest unit. Plain JSON. */
export interface BudgetUsePartial {
  /** Hash of the engine whose events were summed. */
  readonly of: string
  readonly sums: Record<string, number[]>
}

/** Issues of one benefit and what they cost. Amounts are decimal text. */
export interface BudgetUseRow {
  readonly benefit: string
  readonly owner: string
  /** `null` for what is unfunded. */
  readonly budget: string | null
  readonly requested: number
  readonly denied: number
  readonly issued: number
  readonly claimed: number
  readonly used: number
  readonly returned: number
  readonly expired: number
  readonly revoked: number
  /** Reserved for all that was issued. */
  readonly reserved: string
  /** What uses cost, less what came back. */
  readonly cost: string
  /** What budgets need no longer keep. */
  readonly released: string
  /** `reserved - cost - released`: what is kept for open issues, less what uses cost beyond it. */
  readonly kept: string
}

/** What became of the benefits of everybody. */
export interface BudgetUse {
  readonly definition: { readonly id: string; readonly version: number; readonly of: string }
  readonly currency: string
  /** In the order of the definition. */
  readonly rows: readonly BudgetUseRow[]
  /** By budget, in the order in which the definition names them. */
  readonly budgets: readonly {
    readonly budget: string
    readonly reserved: string
    readonly cost: string
    readonly released: string
    readonly kept: string
  }[]
}

const NAMES = [
  ...['requested', 'denied', 'issued', 'claimed', 'used', 'returned', 'expired', 'revoked'],
  ...['reserved', 'cost', 'released'],
] as const
const [REQUESTED, DENIED, ISSUED, CLAIMED, USED, RETURNED, EXPIRED, REVOKED, RESERVED, COST, RELEASED] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
] as const

/**
 * Issued, used, expired and what it costs, by benefit and by budget, from the events of all subjects. Events may be split anyhow and taken
 * out again; what is not of the engine is passed over.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range` for a definition that is none; from `add` and `retract` `wrong-type` for an event of
 * these types that no engine has made; `other-definition` for partials of another engine.
 * @example
 * const use = defineBudgetUse({ id: 'coupons', version: 1, benefits })
 * use.result(collect(use, events), undefined).budgets
 */
export function defineBudgetUse(definition: BudgetUseDefinition): Aggregate<
  AnyEvent,
  BudgetUsePartial,
  BudgetUse
> & {
  retract(partial: BudgetUsePartial, event: AnyEvent): BudgetUsePartial
} {
  checkRecord(definition, '$')
  const { id, version, benefits } = definition
  if (typeof id !== 'string' || id === '') throw fault('wrong-type', '$.id', id, 'a name')
  if (!(Number.isSafeInteger(version) && version > 0))
    throw fault('out-of-range', '$.version', version, '1 or more')
  const agreed = benefits?.definition as unknown as AgreedBenefits | undefined
  if ((agreed as { readonly model?: unknown } | undefined)?.model !== 'benefits')
    throw fault('wrong-type', '$.benefits', benefits, 'an engine of benefits')
  const { currency } = agreed!
  const digits = minorDigits(currency)
  const said = (minor: number) => formatMinor(minor, digits)
  const of = benefits.hash
  const names = new Set(agreed!.benefits.map(({ benefit }) => benefit))

  const changed = (partial: BudgetUsePartial, event: AnyEvent, sign: 1 | -1): BudgetUsePartial => {
    const kind = Object.hasOwn(benefits.publishes, event?.type)
      ? event.type.slice(benefits.id.length + 1)
      : ''
    if (kind === '') return partial
    return reading('wrong-type', '$.event.data', event, 'what benefits record', () => {
      const changes = changesOf(kind, event.data, digits)
      for (const [benefit, , by] of changes)
        if (!names.has(benefit) || !Number.isSafeInteger(by))
          throw fault('wrong-type', '$.event.data', event, 'what benefits record')
      for (const [benefit, place, by] of changes) {
        const sums = partial.sums[benefit] ?? NAMES.map(() => 0)
        const sum = sums[place]! + sign * by
        if (!Number.isSafeInteger(sum)) throw new SumOutOfRange('sums of benefits')
        sums[place] = sum
        partial.sums[benefit] = sums
        // A partial of nothing has no rows, however it became one.
        if (sums.every((one) => one === 0)) delete partial.sums[benefit]
      }
      return partial
    })
  }

  const own = (partial: BudgetUsePartial) => {
    if (partial?.of !== of) throw fault('other-definition', '$.partial.of', partial?.of, of)
    return partial
  }

  return {
    definition: { id, version, benefits: of },
    shard: 'event',
    empty: () => ({ of, sums: {} }),
    add: (partial, event) => changed(own(partial), event, 1),
    retract: (partial, event) => changed(own(partial), event, -1),
    merge(a, b) {
      own(a)
      own(b)
      const sums: Record<string, number[]> = {}
      for (const benefit of names) {
        const [one, other] = [a.sums[benefit], b.sums[benefit]]
        if (one === undefined && other === undefined) continue
        const both = NAMES.map((_, i) => (one?.[i] ?? 0) + (other?.[i] ?? 0))
        if (!both.every(Number.isSafeInteger)) throw new SumOutOfRange('sums of benefits')
        if (both.some((sum) => sum !== 0)) sums[benefit] = both
      }
      return { of, sums }
    },
    result(partial) {
      own(partial)
      const sumsOf = (benefit: string) => partial.sums[benefit] ?? NAMES.map(() => 0)
      const money = (sums: readonly number[]) => ({
        reserved: said(sums[RESERVED]!),
        cost: said(sums[COST]!),
        released: said(sums[RELEASED]!),
        kept: said(sums[RESERVED]! - sums[COST]! - sums[RELEASED]!),
      })
      const budgets = new Map<string, number[]>()
      const rows = agreed!.benefits.map(({ benefit, owner, funding }): BudgetUseRow => {
        const sums = sumsOf(benefit)
        const budget = 'budget' in funding ? funding.budget : null
        if (budget !== null)
          budgets.set(
            budget,
            sums.map((sum, i) => sum + (budgets.get(budget)?.[i] ?? 0)),
          )
        return {
          benefit,
          owner,
          budget,
          requested: sums[REQUESTED]!,
          denied: sums[DENIED]!,
          issued: sums[ISSUED]!,
          claimed: sums[CLAIMED]!,
          used: sums[USED]!,
          returned: sums[RETURNED]!,
          expired: sums[EXPIRED]!,
          revoked: sums[REVOKED]!,
          ...money(sums),
        }
      })
      return {
        definition: { id, version, of },
        currency,
        rows,
        budgets: [...budgets].map(([budget, sums]) => ({ budget, ...money(sums) })),
      }
    },
  }
}

type Change = readonly [benefit: string, place: number, by: number]

/** What one event adds. */
function changesOf(kind: string, data: object, digits: number): readonly Change[] {
  const minor = (text: string) => parseMinor(text, digits) ?? Number.NaN
  if (kind === 'used')
    return (data as UsedData).benefits.flatMap(({ benefit, cost, releases }): readonly Change[] => [
      [benefit, USED, 1],
      [benefit, COST, minor(cost)],
      [benefit, RELEASED, minor(releases)],
    ])
  if (kind === 'returned')
    return (data as ReturnedData).benefits.flatMap(({ benefit, restores }): readonly Change[] => [
      [benefit, RETURNED, 1],
      [benefit, COST, -minor(restores)],
    ])
  if (kind === 'requested') return [[(data as IssuedData).benefit, REQUESTED, 1]]
  if (kind === 'issued') {
    const { benefit, reserves } = data as IssuedData
    return [
      [benefit, ISSUED, 1],
      [benefit, RESERVED, minor(reserves)],
    ]
  }
  const { benefit, releases } = data as IssueData
  if (kind === 'denied') return [[benefit, DENIED, 1]]
  if (kind === 'claimed') return [[benefit, CLAIMED, 1]]
  if (kind !== 'expired' && kind !== 'revoked') return []
  return [
    [benefit, kind === 'expired' ? EXPIRED : REVOKED, 1],
    [benefit, RELEASED, minor(releases)],
  ]
}
