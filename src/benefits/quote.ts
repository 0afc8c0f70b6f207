import { fault, reading } from '../kernel/errors.js'
import {
  calendarOf,
  type Engine,
  type EventSpecs,
  FactSet,
  formatMinor,
  type Instant,
  type Journal,
  minorDigits,
} from '../kernel/index.js'
import type { BenefitsKinds } from './benefits.js'
import { type Cart, type Combined, combine, readCart } from './cart.js'
import { inOrder, unfitTogether } from './commands.js'
import type { AgreedBenefits } from './definition.js'
import type { BenefitsRefusal } from './events.js'
import { type BenefitsState, type HeldBenefit, heldInOrder } from './held.js'
import { compileBenefits } from './terms.js'

/** The best that somebody's benefits do for a cart. Amounts are decimal text. */
export interface BenefitsQuote {
  readonly discount: string
  /** The discount, and what gifts are worth to who pays for them: what is made as large as it can be. */
  readonly worth: string
  readonly payable: string
  readonly lines: readonly string[]
  readonly shipping: string
  /** What `use` takes: of equals those that end first. */
  readonly issues: readonly string[]
  readonly benefits: readonly {
    readonly issue: string
    readonly benefit: string
    readonly discount: string
    readonly shares: readonly string[]
  }[]
  /** The usable issues that are not in it: what each would take off alone, or why it would not. */
  readonly others: readonly {
    readonly issue: string
    readonly benefit: string
    readonly alone: string | null
    readonly because?: BenefitsRefusal
  }[]
  /** Combinations that were tried, and whether they are all there are. */
  readonly tried: number
  readonly exhaustive: boolean
}

/** Combinations of so many issues are all tried. */
const BOUND = 12

/**
 * The best admissible combination of a subject's benefits for a cart, and why the others are not in it. Nothing is used by asking.
 *
 * All combinations are tried of up to 12 issues; of one benefit no more than an order may hold, those that end first. Where there are more
 * than 12, those that are worth most alone are combined and `exhaustive` is false. Services are used without a cart and left out.
 *
 * @throws DefinitionError `invalid-instant` and `as-of-before-state` for the moment; as `view` does for the state.
 * @example
 * quoteBenefits(benefits, state, { lines: [{ amount: '320.00' }] }, { asOf })
 */
export function quoteBenefits<Id extends string, E extends EventSpecs, B extends string>(
  engine: Engine<BenefitsKinds<Id, E, B>>,
  state: Journal<BenefitsState>,
  cart: Cart,
  options: { readonly asOf: Instant },
): { readonly quote: BenefitsQuote } | { readonly refusal: BenefitsRefusal } {
  if (typeof engine?.advance !== 'function')
    throw fault('wrong-type', '$.engine', engine, 'an engine of benefits')
  if (typeof options !== 'object' || options === null)
    throw fault('wrong-type', '$.options', options, '{ asOf }')
  const { of } = engine.advance(state, options.asOf).state
  const agreed = engine.definition as unknown as AgreedBenefits
  const read = readCart(cart, agreed.currency)
  if (read === undefined) return { refusal: { code: 'malformed-cart' } }
  return reading('wrong-type', '$.engine', engine, 'an engine of benefits', () => ({
    quote: best(agreed, of, read),
  }))
}

function best(
  agreed: AgreedBenefits,
  state: BenefitsState,
  cart: NonNullable<ReturnType<typeof readCart>>,
): BenefitsQuote {
  const none = { events: {}, calendar: agreed.calendar, kinds: {} }
  const bare = agreed.benefits.map(({ issue: _, ...rest }) => rest)
  const terms = compileBenefits(
    { ...agreed, benefits: bare },
    calendarOf(agreed.calendar),
    new FactSet([], none),
    none,
  )
  const kindOf = (held: HeldBenefit) => terms.benefits.get(held.benefit)!
  const said = (minor: number) => formatMinor(minor, minorDigits(agreed.currency))
  const worthOf = ({ applied }: Combined) => applied.reduce((sum, { cost }) => sum + cost, 0)
  const together = (issues: readonly HeldBenefit[]) => {
    const sorted = inOrder(issues, kindOf)
    if (unfitTogether(sorted.map(kindOf), terms) !== undefined) return undefined
    const combined = combine(
      cart,
      sorted.map((held) => kindOf(held).agreed.gives),
      agreed,
    )
    return 'code' in combined ? undefined : { sorted, combined, worth: worthOf(combined) }
  }

  const usable = heldInOrder(state)
    .filter((held) => held.stage === 'usable' && kindOf(held).agreed.gives.kind !== 'right')
    .sort((a, b) => endOf(a) - endOf(b) || a.n - b.n)
  const some = usable.filter((held, i) => {
    const before = usable.slice(0, i).filter(({ benefit }) => benefit === held.benefit).length
    return before < (kindOf(held).agreed.perOrder ?? 1) && together([held]) !== undefined
  })
  const exhaustive = some.length <= BOUND
  const candidates = exhaustive
    ? some
    : some
        .map((held) => ({ held, worth: together([held])!.worth }))
        .sort((a, b) => b.worth - a.worth || endOf(a.held) - endOf(b.held) || a.held.n - b.held.n)
        .slice(0, BOUND)
        .map(({ held }) => held)

  // In company nothing is worth more than alone, and discounts together no more than there is to pay.
  const alone = candidates.map((held) => ({
    worth: together([held])!.worth,
    isGift: kindOf(held).agreed.gives.kind === 'gift',
  }))
  const open = cart.lines.reduce((sum, { amount }) => sum + amount, cart.shipping)
  const sets = Array.from({ length: (1 << candidates.length) - 1 }, (_, i) => {
    let [gifts, discounts, size] = [0, 0, 0]
    for (const [k, { worth, isGift }] of alone.entries()) {
      if (!(((i + 1) >> k) & 1)) continue
      size += 1
      if (isGift) gifts += worth
      else discounts += worth
    }
    return { set: i + 1, size, most: gifts + Math.min(discounts, open) }
  })
  const tried = sets.length
  // Of equal worth the fewest, of those the first; so nothing changes by looking at what promises most first.
  sets.sort((a, b) => b.most - a.most || a.size - b.size || a.set - b.set)
  let found: NonNullable<ReturnType<typeof together>> | undefined
  let first = 0
  for (const { set, size, most } of sets) {
    if (found !== undefined) {
      if (most < found.worth) break
      if (
        most === found.worth &&
        (size > found.sorted.length || (size === found.sorted.length && set > first))
      )
        continue
    }
    const one = together(candidates.filter((_, i) => (set >> i) & 1))
    if (one === undefined) continue
    const isFirst =
      found === undefined || size < found.sorted.length || (size === found.sorted.length && set < first)
    if (found !== undefined && !(one.worth > found.worth || (one.worth === found.worth && isFirst))) continue
    found = one
    first = set
  }
  const issues = new Set(found?.sorted.map(({ issue }) => issue))
  const combined = found?.combined
  return {
    discount: said(combined?.discount ?? 0),
    worth: said(found?.worth ?? 0),
    payable: said(combined?.payable ?? cart.lines.reduce((sum, { amount }) => sum + amount, cart.shipping)),
    lines: (combined?.lines ?? cart.lines.map(({ amount }) => amount)).map(said),
    shipping: said(combined?.shipping ?? cart.shipping),
    issues: [...issues],
    benefits: (found?.sorted ?? []).map(({ issue, benefit }, i) => {
      const { discount, shares } = combined!.applied[i]!
      return { issue, benefit, discount: said(discount), shares: shares.map(said) }
    }),
    others: usable
      .filter(({ issue }) => !issues.has(issue))
      .map((held) => {
        const { issue, benefit } = held
        const alone = combine(cart, [kindOf(held).agreed.gives], agreed)
        if (!('code' in alone)) return { issue, benefit, alone: said(alone.discount) }
        const { code, base, from } = alone
        const because: BenefitsRefusal =
          code === 'no-effect'
            ? { code, benefit }
            : { code, benefit, from: said(from), base: said(base), currency: agreed.currency }
        return { issue, benefit, alone: null, because }
      }),
    tried,
    exhaustive,
  }
}

const endOf = ({ ends }: HeldBenefit): number => ends ?? Number.MAX_SAFE_INTEGER
