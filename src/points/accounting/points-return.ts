import { checkKeys, fault, type Sentence, unknownName } from '../../kernel/errors.js'
import { minorDigits, parseMinor } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { checkLevel } from '../../measures/proportions.js'
import { studentQuantile } from '../../measures/student.js'
import { amountIn, currencyOf, minorIn, perPointOf, rounded } from './exact-shares.js'
import { checkCount, plus } from './rows.js'

/** What points cost in a span of time. */
export interface PointsCost {
  /** Points redeemed, less those that came back. */
  readonly redeemed: number
  /** What a redeemed point costs the program, of the currency: `'0.008'`, or `'1/120'`. */
  readonly costPerPoint: string
  /** Points that are owed and expected to be redeemed, before and after. */
  readonly liability: { readonly start: number; readonly end: number }
  /** What else the program costs, decimal text; nothing unless told. */
  readonly other?: string
}

/** Customers of one side of a comparison, and the margin that each brought in that time, cost of points not taken off. */
export interface MarginGroup {
  readonly customers: number
  /** Of the currency, per customer. */
  readonly mean: number
  /** Of the sample, squared units of the currency. */
  readonly variance: number
}

/** Margin that there would not be without the program. */
export type RetainedMargin =
  /** Known from elsewhere, decimal text in the currency, with its interval where it has one. */
  | { readonly from: 'given'; readonly amount: string; readonly low?: string; readonly high?: string }
  /** Members against customers who were kept out of the program by chance. */
  | {
      readonly from: 'control'
      readonly members: MarginGroup
      readonly control: MarginGroup
      /** Confidence; 0.95 unless told. */
      readonly level?: number
    }

/** Cost and margin of a program over the same span of time. */
export interface PointsReturnInput {
  /** ISO 4217. */
  readonly currency: string
  readonly cost: PointsCost
  readonly margin: RetainedMargin
}

/** An amount of the currency with what it may plausibly be. An estimate, never money. */
export interface ReturnEstimate {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

/** Why there is no number. */
export type NoReturn = 'no-members' | 'no-control' | 'no-cost' | 'cost-below-zero'

/** The reasons in words. */
export const returnReasons: Readonly<Record<NoReturn, Sentence>> = {
  'no-members': { en: 'nobody was in the program', zh: '没有会员' },
  'no-control': { en: 'nobody was kept out of the program to compare with', zh: '没有可比较的对照组' },
  'no-cost': {
    en: 'points cost nothing in this time, so there is no return on it',
    zh: '该期间积分没有成本，回报率不存在',
  },
  'cost-below-zero': {
    en: 'less was owed at the end than points were redeemed: the cost is below zero, so there is no return on it',
    zh: '期末应付减少超过兑换成本，成本为负，回报率不存在',
  },
}

/** A number that may not exist. */
type Perhaps =
  | ({ readonly kind: 'estimate' } & ReturnEstimate)
  | { readonly kind: 'undefined'; readonly reason: NoReturn }

/** What a program of points brought and cost. */
export interface PointsReturn {
  readonly currency: string
  /** Exact, decimal text; `total = redeemed + liability + other`. */
  readonly cost: {
    readonly redeemed: string
    /** Change of what is owed at cost; below zero where less is owed than before. */
    readonly liability: string
    readonly other: string
    readonly total: string
  }
  /** Margin that there would not be without the program. */
  readonly margin: Perhaps
  /** Margin less cost. */
  readonly net: Perhaps
  /** Net by cost: 0.5 is half as much again as was spent. */
  readonly ratio: Perhaps
  /** What one has to believe. */
  readonly assumptions: readonly Sentence[]
}

/**
 * What points cost against the margin they retained. Cost is that of points redeemed and of the change in what is owed, both
 * at the cost of a point, so that points given now and spent later cost now.
 *
 * Against a control group the margin is the difference of means times the members, with Welch's interval; with fewer than two
 * customers on a side there is none. Without members, without a control group, or without a cost above zero the numbers that
 * rest on it are `undefined`.
 *
 * @throws DefinitionError with its path for counts, amounts, ratios and groups that do not hold.
 * @see Welch (1947), "The generalization of Student's problem when several different population variances are involved".
 * @example
 * pointsReturn({ currency: 'CNY', cost: { redeemed: 100_000, costPerPoint: '0.008', liability: { start: 0, end: 25_000 } },
 *   margin: { from: 'given', amount: '1500.00' } }).ratio // => { kind: 'estimate', value: 0.5, low: null, high: null }
 */
export function pointsReturn(input: PointsReturnInput): PointsReturn {
  if (!isRecord(input as unknown)) throw fault('wrong-type', '$', input, '{ currency, cost, margin }')
  checkKeys(input, ['currency', 'cost', 'margin'], '$')
  const currency = currencyOf(input.currency)
  const digits = minorDigits(currency)
  const cost = costOf(input.cost, currency)
  const { margin, assumptions } = marginOf(input.margin, currency)
  const unit = Number(`1${'0'.repeat(digits)}`)
  const spent = cost.total / unit
  const net = mapped(margin, (amount) => amount - spent)
  const ratio: Perhaps =
    net.kind === 'undefined'
      ? net
      : cost.total === 0
        ? { kind: 'undefined', reason: 'no-cost' }
        : cost.total < 0
          ? { kind: 'undefined', reason: 'cost-below-zero' }
          : mapped(net, (amount) => amount / spent)
  const text = (minor: number) => amountIn(minor, currency)
  return {
    currency,
    cost: {
      redeemed: text(cost.redeemed),
      liability: text(cost.liability),
      other: text(cost.other),
      total: text(cost.total),
    },
    margin,
    net,
    ratio,
    assumptions: [
      {
        en: 'a point that is still owed will cost what a redeemed one does',
        zh: '尚未兑换的积分，其成本与已兑换的相同',
      },
      { en: 'cost and margin are of the same span of time', zh: '成本与毛利取自同一期间' },
      ...assumptions,
    ],
  }
}

function mapped(given: Perhaps, change: (amount: number) => number): Perhaps {
  if (given.kind === 'undefined') return given
  const end = (amount: number | null) => (amount === null ? null : change(amount) + 0)
  return { kind: 'estimate', value: change(given.value) + 0, low: end(given.low), high: end(given.high) }
}

/** Exact, in smallest units. */
function costOf(cost: PointsCost, currency: string) {
  if (!isRecord(cost as unknown))
    throw fault('wrong-type', '$.cost', cost, '{ redeemed, costPerPoint, liability }')
  checkKeys(cost, ['redeemed', 'costPerPoint', 'liability', 'other'], '$.cost')
  checkCount(cost.redeemed, '$.cost.redeemed')
  const perPoint = perPointOf(cost.costPerPoint, currency, '$.cost.costPerPoint')
  if (!isRecord(cost.liability as unknown))
    throw fault('wrong-type', '$.cost.liability', cost.liability, '{ start, end }')
  checkKeys(cost.liability, ['start', 'end'], '$.cost.liability')
  const { start, end } = cost.liability
  checkCount(start, '$.cost.liability.start')
  checkCount(end, '$.cost.liability.end')
  const minor = (points: number) => {
    const exact = Number(rounded(BigInt(points) * perPoint.numerator, perPoint.denominator, 'half-up'))
    return plus(exact, 0, '$.cost')
  }
  const redeemed = minor(cost.redeemed)
  // Each end is rounded as what is owed is, so that changes over a row of spans add up.
  const liability = minor(end) - minor(start)
  const other = cost.other === undefined ? 0 : minorIn(cost.other, currency, '$.cost.other')
  return { redeemed, liability, other, total: plus(plus(redeemed, liability, '$.cost'), other, '$.cost') }
}

function marginOf(
  margin: RetainedMargin,
  currency: string,
): { readonly margin: Perhaps; readonly assumptions: readonly Sentence[] } {
  if (!isRecord(margin as unknown)) throw fault('wrong-type', '$.margin', margin, "{ from: 'given', amount }")
  if (margin.from === 'given') {
    checkKeys(margin, ['from', 'amount', 'low', 'high'], '$.margin')
    const value = givenAmount(margin.amount, currency, '$.margin.amount')
    const low = margin.low === undefined ? null : givenAmount(margin.low, currency, '$.margin.low')
    const high = margin.high === undefined ? null : givenAmount(margin.high, currency, '$.margin.high')
    if (low !== null && low > value)
      throw fault('out-of-range', '$.margin.low', margin.low, 'at most the amount')
    if (high !== null && high < value)
      throw fault('out-of-range', '$.margin.high', margin.high, 'at least the amount')
    return {
      margin: { kind: 'estimate', value, low, high },
      assumptions: [
        {
          en: 'the margin that was given would not be there without the program',
          zh: '所给毛利在没有积分计划时不会存在',
        },
      ],
    }
  }
  if (margin.from !== 'control')
    throw unknownName('$.margin.from', (margin as RetainedMargin).from, ['given', 'control'])
  checkKeys(margin, ['from', 'members', 'control', 'level'], '$.margin')
  const { level = 0.95, members, control } = margin
  checkLevel(level)
  checkGroup(members, '$.margin.members')
  checkGroup(control, '$.margin.control')
  return {
    margin: againstControl(members, control, level),
    assumptions: [
      {
        en: 'the control group was drawn by chance from the same customers and was kept out of the program',
        zh: '对照组从同一批客户中随机抽取，且未参加积分计划',
      },
      { en: 'members did not change what the control group bought', zh: '会员的行为不影响对照组的购买' },
    ],
  }
}

function againstControl(members: MarginGroup, control: MarginGroup, level: number): Perhaps {
  if (members.customers === 0) return { kind: 'undefined', reason: 'no-members' }
  if (control.customers === 0) return { kind: 'undefined', reason: 'no-control' }
  const many = members.customers
  const value = finite((members.mean - control.mean) * many)
  if (members.customers < 2 || control.customers < 2)
    return { kind: 'estimate', value, low: null, high: null }
  const [a, b] = [members.variance / members.customers, control.variance / control.customers]
  if (a + b === 0) return { kind: 'estimate', value, low: value, high: value }
  // Shares of the variance: squares of large ones would leave the range.
  const [p, q] = [a / (a + b), b / (a + b)]
  const df = 1 / ((p * p) / (members.customers - 1) + (q * q) / (control.customers - 1))
  const reach = studentQuantile((1 + level) / 2, df) * Math.sqrt(a + b) * many
  return { kind: 'estimate', value, low: finite(value - reach), high: finite(value + reach) }
}

function finite(amount: number): number {
  if (!Number.isFinite(amount))
    throw fault('too-large', '$.margin', amount, 'means and variances of a sane size')
  return amount + 0
}

function checkGroup(group: MarginGroup, path: string): void {
  if (!isRecord(group as unknown)) throw fault('wrong-type', path, group, '{ customers, mean, variance }')
  checkKeys(group, ['customers', 'mean', 'variance'], path)
  checkCount(group.customers, `${path}.customers`)
  if (!Number.isFinite(group.mean)) throw fault('out-of-range', `${path}.mean`, group.mean, 'a finite number')
  if (!(Number.isFinite(group.variance) && group.variance >= 0))
    throw fault('out-of-range', `${path}.variance`, group.variance, 'a finite number, 0 or more')
}

/** Decimal text of either sign, as a float: what rests on it is an estimate. */
function givenAmount(value: unknown, currency: string, path: string): number {
  const digits = minorDigits(currency)
  const minor = typeof value === 'string' ? parseMinor(value, digits) : undefined
  if (minor === undefined)
    throw fault('invalid-amount', path, value, `decimal text with at most ${digits} digits behind the point`)
  return minor / Number(`1${'0'.repeat(digits)}`)
}
