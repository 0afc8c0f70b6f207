import { checkCurrency } from '../../kernel/currency.js'
import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import {
  formatMinor,
  minorDigits,
  mulDiv,
  parseMinor,
  parseRatio,
  SumOutOfRange,
} from '../../kernel/index.js'
import {
  charging,
  type LotPart,
  type Move,
  type OutsideAccount,
  planClawback,
  remainingOf,
} from '../../ledger/index.js'
import { type PointsState, total } from '../account.js'
import { currenciesOf } from '../currency.js'
import type { Agreed } from '../definition.js'
import { wordsOf } from '../tiers/definition.js'

/** How far points that have to be taken back are taken when they have been spent. */
export interface NegativeTerms {
  /**
   * `pending-only`: what is still pending of the same origin. `within-balance`: that, then anything that can be spent.
   * `deficit`: that, and the rest is owed in points, repaid by the next ones. `money-due`: as `within-balance`, and the
   * rest is owed in money. A deficit unless told.
   */
  readonly clawback?: 'pending-only' | 'within-balance' | 'deficit' | 'money-due'
  /** The most that may be owed in points, with `deficit`; without limit unless told. */
  readonly atMost?: number
  /** What becomes of what cannot be taken: noted and let go, or owed in money. Let go unless told. */
  readonly beyond?: 'uncollected' | 'money-due'
}

/** The same for one currency, with what a point is worth where it is owed in money. */
export interface CurrencyNegativeTerms extends NegativeTerms {
  /** `{ currency: 'CNY', ratio: '1/100' }`: a hundredth of a yuan for a point. Fractions add up, rounded in the holder's favour. */
  readonly perPoint?: { readonly currency: string; readonly ratio: string }
}

/** What becomes of points that have to be taken back and are spent. What a tier says wins over its currency, which wins over the rest. */
export interface NegativePolicy<
  C extends string = string,
  Track extends string = string,
  Tier extends string = string,
> extends CurrencyNegativeTerms {
  readonly byCurrency?: { readonly [N in C]?: CurrencyNegativeTerms }
  /** By the tier that the holder has on a track. */
  readonly byTier?: {
    readonly track: Track
    /** `none`, or the base of the track, is for those below the first tier. */
    readonly tiers: { readonly [T in Tier | 'none']?: NegativeTerms }
  }
}

/** Owed in money for points that could not be taken. */
export interface MoneyDue {
  readonly points: number
  /** Decimal text. */
  readonly amount: string
  readonly currency: string
}

const CLAWBACKS = ['pending-only', 'within-balance', 'deficit', 'money-due'] as const
const TERMS = ['clawback', 'atMost', 'beyond']

/** What a type or a schema cannot know of it. */
export function checkNegative(agreed: Agreed): void {
  const { negative } = agreed
  if (negative === undefined) return
  checkRecord(negative, '$.negative')
  checkKeys(negative, [...TERMS, 'perPoint', 'byCurrency', 'byTier'], '$.negative')
  const { byCurrency = {}, byTier, ...base } = negative
  checkTerms(base, base.perPoint, '$.negative')
  const names = currenciesOf(agreed).map(({ currency }) => currency)
  for (const [name, terms] of Object.entries(byCurrency)) {
    const path = `$.negative.byCurrency.${name}`
    checkName(names, name, path)
    if (terms === undefined) continue
    checkRecord(terms, path)
    checkKeys(terms, [...TERMS, 'perPoint'], path)
    checkTerms({ ...base, ...terms }, terms.perPoint ?? base.perPoint, path)
  }
  if (byTier === undefined) return
  checkRecord(byTier, '$.negative.byTier')
  checkKeys(byTier, ['track', 'tiers'], '$.negative.byTier')
  const tracks = agreed.tiers ?? []
  checkName(
    tracks.map(({ track }) => track),
    byTier.track,
    '$.negative.byTier.track',
  )
  const words = wordsOf(tracks.find(({ track }) => track === byTier.track)!)
  checkRecord(byTier.tiers, '$.negative.byTier.tiers')
  for (const [tier, terms] of Object.entries(byTier.tiers)) {
    const path = `$.negative.byTier.tiers.${tier}`
    checkName(words, tier, path)
    if (terms === undefined) continue
    checkRecord(terms, path)
    checkKeys(terms, TERMS, path)
    for (const name of names) {
      const own = byCurrency[name]
      checkTerms({ ...base, ...own, ...terms }, own?.perPoint ?? base.perPoint, path)
    }
  }
}

function checkTerms(terms: NegativeTerms, perPoint: CurrencyNegativeTerms['perPoint'], path: string): void {
  const { clawback = 'deficit', atMost, beyond = 'uncollected' } = terms
  checkName(CLAWBACKS, clawback, `${path}.clawback`)
  checkName(['uncollected', 'money-due'], beyond, `${path}.beyond`)
  if (atMost !== undefined && !(Number.isSafeInteger(atMost) && atMost >= 0))
    throw fault('out-of-range', `${path}.atMost`, atMost, 'a whole number of points, 0 or more')
  if (perPoint !== undefined) worthOf(perPoint, `${path}.perPoint`)
  else if (clawback === 'money-due' || beyond === 'money-due')
    throw fault('missing', `${path}.perPoint`, undefined, 'what a point is worth in money')
}

/** What a point is worth, in minor units, as a fraction. */
interface Worth {
  readonly currency: string
  readonly numerator: number
  readonly denominator: number
}

function worthOf(perPoint: NonNullable<CurrencyNegativeTerms['perPoint']>, path: string): Worth {
  checkRecord(perPoint, path)
  checkKeys(perPoint, ['currency', 'ratio'], path)
  checkCurrency(perPoint.currency, `${path}.currency`)
  const { numerator, denominator } = parseRatio(perPoint.ratio, `${path}.ratio`)
  if (numerator <= 0) throw fault('out-of-range', `${path}.ratio`, perPoint.ratio, 'above 0')
  let units = numerator
  for (let digits = minorDigits(perPoint.currency); digits > 0; digits--) units *= 10
  if (!Number.isSafeInteger(units))
    throw fault('out-of-range', `${path}.ratio`, perPoint.ratio, 'a smaller fraction')
  return { currency: perPoint.currency, numerator: units, denominator }
}

/** What holds for one account and currency, as it stands. */
export interface Collecting {
  readonly clawback: 'pending-only' | 'within-balance' | 'deficit'
  readonly atMost: number
  readonly inMoney: boolean
  readonly worth: Worth | undefined
}

/** Reads the policy that holds for an account. */
export type NegativeOf = (state: PointsState, currency: string) => Collecting

const DEFICIT: Collecting = { clawback: 'deficit', atMost: Infinity, inMoney: false, worth: undefined }

/** Compiles the policy; one object for all accounts where it does not look at tiers. */
export function compileNegative(agreed: Agreed): NegativeOf {
  const { negative } = agreed
  if (negative === undefined) return () => DEFICIT
  const { byCurrency = {}, byTier, ...terms } = negative
  const tracks = agreed.tiers ?? []
  const place = tracks.findIndex(({ track }) => track === byTier?.track)
  const [base = ''] = place < 0 ? [] : wordsOf(tracks[place]!)
  const compiled = new Map(
    currenciesOf(agreed).map(({ currency }) => {
      const own = { ...terms, ...byCurrency[currency] }
      const tiers = Object.entries(byTier?.tiers ?? {}).map(
        ([tier, ofTier]) => [tier, collectingOf({ ...own, ...ofTier })] as const,
      )
      return [currency, { plain: collectingOf(own), tiers: new Map(tiers) }] as const
    }),
  )
  return (state, currency) => {
    const { plain, tiers } = compiled.get(currency)!
    return (byTier && tiers.get(state.tiers[place]?.tier ?? base)) || plain
  }
}

function collectingOf({
  clawback = 'deficit',
  atMost = Infinity,
  beyond,
  perPoint,
}: CurrencyNegativeTerms): Collecting {
  return {
    clawback: clawback === 'money-due' ? 'within-balance' : clawback,
    atMost,
    inMoney: clawback === 'money-due' || beyond === 'money-due',
    worth: perPoint && worthOf(perPoint, '$.negative.perPoint'),
  }
}

/** What is taken of an amount that is wanted back, and what becomes of the rest. */
export interface Collected {
  /** In points: from lots, and what is owed from now on. */
  readonly points: number
  /** How much of it was not there and is owed. */
  readonly deficit: number
  readonly moves: readonly Move[]
  /** Let go. */
  readonly uncollected: number
  /** Owed in money instead. */
  readonly due: MoneyDue | undefined
}

/**
 * Takes points back as the policy has it: what is left of the lots they came in, then any that can be spent, then by debt.
 */
export function collect(
  state: PointsState,
  currency: string,
  { clawback, atMost, inMoney, worth }: Collecting,
  own: readonly LotPart[],
  wanted: number,
  to: OutsideAccount,
  /** What is taken next of what can be spent, before anything else. */
  next: readonly LotPart[] = [],
): Collected {
  const { lots } = state.books[currency]!
  const parts =
    clawback === 'pending-only'
      ? firstOf(
          remainingOf(lots, own).filter(({ confirmsAt }) => confirmsAt !== undefined),
          wanted,
        )
      : planClawback(lots, next.length === 0 ? own : [...own, ...next], wanted)
  const taken = total(parts)
  const open = wanted - taken
  const deficit = clawback === 'deficit' ? Math.max(0, Math.min(open, atMost - lots.deficit)) : 0
  const rest = open - deficit
  const due = rest > 0 && inMoney && worth !== undefined ? dueFor(state, currency, worth, rest) : undefined
  return {
    points: taken + deficit,
    deficit,
    moves: charging(to, parts, taken + deficit),
    uncollected: due === undefined ? rest : 0,
    due,
  }
}

/** How many points could be taken without anything left uncollected; without end where the rest is owed. */
export const collectable = (
  { books }: PointsState,
  currency: string,
  { clawback, atMost, inMoney }: Collecting,
): number => {
  const { spendable, deficit } = books[currency]!.lots
  if (inMoney) return Infinity
  return (spendable?.sum ?? 0) + (clawback === 'deficit' ? Math.max(0, atMost - deficit) : 0)
}

/** The first so many of some parts. */
function firstOf(parts: readonly LotPart[], amount: number): readonly LotPart[] {
  const taken: LotPart[] = []
  let open = amount
  for (const part of parts) {
    if (open === 0) break
    const first = Math.min(open, part.amount)
    open -= first
    taken.push(first === part.amount ? part : { ...part, amount: first })
  }
  return taken
}

/**
 * What more points make due in money, or fewer where they are below zero. The floor of the cumulative exact amount: however
 * many parts it comes in, it adds up to what one would be.
 */
function dueFor(state: PointsState, currency: string, worth: Worth, points: number): MoneyDue {
  const before = state.holder?.due[currency]?.points ?? 0
  const minor = minorFor(worth, before + points) - minorFor(worth, before)
  return { points, amount: formatMinor(minor, minorDigits(worth.currency)), currency: worth.currency }
}

function minorFor({ numerator, denominator }: Worth, points: number): number {
  const exact = mulDiv(points, numerator, denominator)
  if (exact === undefined) throw new SumOutOfRange('money due for points')
  return exact.quotient
}

/** What is no longer due after points of an account come back after all. */
export const dueLess = (state: PointsState, currency: string, { worth }: Collecting, points: number) =>
  worth === undefined || points === 0 ? undefined : dueFor(state, currency, worth, -points)

/** Two amounts of money due, of the same currency. */
export function dueAfter(known: MoneyDue | undefined, more: MoneyDue): MoneyDue {
  const digits = minorDigits(more.currency)
  const minor =
    (known === undefined ? 0 : parseMinor(known.amount, digits)!) + parseMinor(more.amount, digits)!
  if (!Number.isSafeInteger(minor)) throw new SumOutOfRange('money due for points')
  return {
    points: (known?.points ?? 0) + more.points,
    amount: formatMinor(minor, digits),
    currency: more.currency,
  }
}
