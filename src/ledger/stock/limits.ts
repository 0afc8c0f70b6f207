import type { Calendar, Instant } from '../../kernel/index.js'
import { endOfUnit } from '../../kernel/window.js'
import { type AgreedStock, mostOf, type StockLimit } from './definition.js'
import type { StockRefusal } from './events.js'
import { availableAt, availableIn, type StockState } from './holdings.js'
import type { StockTerms } from './terms.js'
import { ALL, freeAt, usedBy, usedInAll } from './uses.js'

/** A limit made ready: amounts in the smallest unit, and when what counts now stops. */
export interface CompiledLimit {
  readonly limit: string
  readonly code: 'holder-limit' | 'period-limit' | 'total-limit'
  readonly most: number
  leavesAt(at: Instant): Instant | null
}

const codeOf = ({ per, within }: StockLimit): CompiledLimit['code'] =>
  per === 'holder' ? 'holder-limit' : within === undefined ? 'total-limit' : 'period-limit'
const precedence: readonly CompiledLimit['code'][] = ['holder-limit', 'period-limit', 'total-limit']

/** The limits of a definition in the order in which they refuse. */
export const compileLimits = (
  { unit, limits = [] }: AgreedStock,
  calendar: Calendar,
): readonly CompiledLimit[] =>
  limits
    .map((one): CompiledLimit => {
      const { limit, most } = one
      return { limit, code: codeOf(one), most: mostOf(unit, most)!, leavesAt: leaving(one, calendar) }
    })
    .sort((a, b) => precedence.indexOf(a.code) - precedence.indexOf(b.code))

/** When what counts for a limit stops counting. Units of the calendar are asked for once each. */
function leaving({ within }: StockLimit, calendar: Calendar): CompiledLimit['leavesAt'] {
  if (within === undefined) return () => null
  if (!('this' in within)) return calendar.adder(within)
  let [from, to] = [Infinity, -Infinity]
  return (at) => {
    if (at >= from && at < to) return to
    from = at
    to = endOfUnit(calendar, within.this, at)
    return to
  }
}

/** The first thing that there is not enough of, and when there is enough of everything. */
export function shortage(
  { limits, shown, money }: StockTerms,
  state: StockState,
  holder: string,
  amount: number,
  at: Instant,
): StockRefusal | undefined {
  let found: { readonly by: CompiledLimit | undefined; readonly available: number } | undefined
  let againAt: Instant | null = at
  const later = (when: Instant | null) => {
    againAt = againAt === null || when === null ? null : Math.max(againAt, when)
  }
  for (const by of limits) {
    const uses = state.uses[by.limit]!
    const who = by.code === 'holder-limit' ? holder : ALL
    const used = usedBy(uses, who, at)
    if (used + amount <= by.most) continue
    found ??= { by, available: Math.max(0, by.most - used) }
    later(freeAt(uses, who, at, used + amount - by.most))
  }
  const available = availableIn(state)
  if (amount > available) {
    found ??= { by: undefined, available }
    later(availableAt(state, amount - available))
  }
  if (found === undefined) return undefined
  const again = againAt === null ? null : ({ code: 'again-at', at: againAt } as const)
  const lacking = { requested: shown(amount), available: shown(found.available), ...money, again }
  const { by } = found
  return by === undefined
    ? { code: 'sold-out', ...lacking }
    : { code: by.code, limit: by.limit, most: shown(by.most), ...lacking }
}

/** Why so much more cannot be counted, if it cannot: sums stay exact. */
export const unsummable = (
  { limits }: StockTerms,
  state: StockState,
  amount: number,
): StockRefusal | undefined =>
  limits.every(({ limit }) => Number.isSafeInteger(usedInAll(state.uses[limit]!) + amount))
    ? undefined
    : { code: 'stock-out-of-range' }

/** By limit, when what is set aside at an instant stops counting. */
export const leavesOf = ({ limits }: StockTerms, at: Instant): { readonly [limit: string]: Instant | null } =>
  Object.fromEntries(limits.map(({ limit, leavesAt }) => [limit, leavesAt(at)]))
