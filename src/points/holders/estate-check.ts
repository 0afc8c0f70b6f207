import { isInstant } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { total } from '../account.js'
import type { Agreed } from '../definition.js'
import type { Earning } from '../earning/earning.js'
import { isRewardsHeld } from '../rewards/joining.js'
import type { Agreement } from '../section.js'
import { wordsOf } from '../tiers/definition.js'
import type { Estate, EstateBook } from './merging.js'
import { count, isPart } from './transfers.js'

const text = (value: unknown): value is string => typeof value === 'string'
const instantOrNull = (value: unknown) => value === null || isInstant(value)
const listOf = (value: unknown, fits: (one: Readonly<Record<string, unknown>>) => boolean): boolean =>
  Array.isArray(value) && value.every((one) => isRecord(one) && fits(one))
const shares = ['base', 'refunded', 'earned', 'clawedBack', 'expired', 'excused']

/** Whether a value is what an account of this engine would hand over. */
export function isEstate(value: unknown, { currencies, rules, agreed }: Agreement): value is Estate {
  if (!isRecord(value)) return false
  const names = currencies.map(({ currency }) => currency)
  const known = (one: Readonly<Record<string, unknown>>) => names.includes(one['currency'] as string)
  const parts = (list: unknown) => listOf(list, isPart)
  const { books, origins, redemptions, byHand, carried, lapsed, firstAt, limits, tiers, rewards } = value
  return (
    listOf(
      books,
      (one) =>
        known(one) &&
        count(one['issued']) &&
        count(one['deficit']) &&
        count(one['uncollected']) &&
        (one['due'] === null || isRecord(one['due'])) &&
        parts(one['lots']) &&
        listOf(
          one['reserved'],
          (held) => text(held['id']) && instantOrNull(held['until']) && parts(held['parts']),
        ),
    ) &&
    (books as readonly EstateBook[]).every(
      ({ lots, reserved, issued }, i, all) =>
        all.findIndex(({ currency }) => currency === all[i]!.currency) === i &&
        Number.isSafeInteger(total(lots)) &&
        [...lots, ...reserved.flatMap((one) => one.parts)].every(({ lot }) => lot < issued),
    ) &&
    listOf(
      origins,
      (one) =>
        known(one) &&
        text(one['rule']) &&
        text(one['origin']) &&
        isInstant(one['at']) &&
        isRecord(one['share']) &&
        shares.every((name) => count((one['share'] as Readonly<Record<string, unknown>>)[name])) &&
        parts(one['lots']),
    ) &&
    listOf(
      redemptions,
      (one) =>
        known(one) &&
        text(one['id']) &&
        isInstant(one['at']) &&
        count(one['points']) &&
        count(one['refunded']) &&
        (one['refunded'] as number) <= (one['points'] as number) &&
        parts(one['lots']) &&
        (one['paid'] === undefined || isPaid(one['paid'])),
    ) &&
    listOf(
      byHand,
      (one) =>
        known(one) &&
        text(one['id']) &&
        Number.isSafeInteger(one['points']) &&
        count(one['owed']) &&
        count(one['due']) &&
        typeof one['reversed'] === 'boolean' &&
        instantOrNull(one['until']) &&
        text(one['kind']) &&
        parts(one['lots']),
    ) &&
    listOf(carried, (one) => text(one['rule']) && count(one['carries'])) &&
    listOf(
      lapsed,
      (one) =>
        known(one) && listOf(one['lots'], (lot) => isPart(lot) && isInstant((lot as { at?: unknown }).at)),
    ) &&
    instantOrNull(firstAt) &&
    isLimits(limits, rules) &&
    isTiers(tiers, agreed) &&
    isRewardsHeld(rewards, agreed)
  )
}

function isPaid(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { currency, digits, total, refunded, lines } = value
  const line = (one: unknown) => Array.isArray(one) && text(one[0]) && count(one[1]) && count(one[2])
  return (
    text(currency) &&
    count(digits) &&
    count(total) &&
    count(refunded) &&
    (lines === undefined || (Array.isArray(lines) && lines.every(line)))
  )
}

function isLimits(value: unknown, rules: readonly Earning[]): boolean {
  if (!isRecord(value)) return false
  const { used, waiting, rests } = value
  const ofRule = (one: Readonly<Record<string, unknown>>) => rules.some(({ rule }) => rule === one['rule'])
  return (
    listOf(used, (one) => text(one['cap']) && count(one['until']) && count(one['points'])) &&
    listOf(waiting, (one) => ofRule(one) && text(one['origin'])) &&
    listOf(rests, (one) => ofRule(one) && isInstant(one['until']))
  )
}

const INSTANTS = ['since', 'begins', 'until', 'grace', 'gained', 'enrolled', 'decidedAt']
const TIERS = ['tier', 'landing', 'barred']

const isBasis = ({ at, start, sum, kept }: Readonly<Record<string, unknown>>) =>
  isInstant(at) && instantOrNull(start) && Number.isSafeInteger(sum) && typeof kept === 'boolean'

function isTiers(value: unknown, { tiers: tracks = [] }: Agreed): boolean {
  return (
    Array.isArray(value) &&
    value.length === tracks.length &&
    value.every((one: unknown, i) => {
      if (!isRecord(one)) return false
      const words = wordsOf(tracks[i]!)
      const { basis } = one
      return (
        INSTANTS.every((name) => instantOrNull(one[name])) &&
        TIERS.every((name) => one[name] === null || words.includes(one[name] as string)) &&
        typeof one['byHand'] === 'boolean' &&
        count(one['nth']) &&
        (basis === null ||
          (isRecord(basis) &&
            isBasis(basis) &&
            (basis['besides'] === undefined ||
              listOf(
                basis['besides'],
                (term) =>
                  isBasis(term) &&
                  words.includes(term['tier'] as string) &&
                  instantOrNull(term['begins']) &&
                  instantOrNull(term['until']),
              )))) &&
        listOf(one['sums'], (sum) => isInstant(sum['start']) && Number.isSafeInteger(sum['sum'])) &&
        listOf(
          one['entries'],
          (entry) => isInstant(entry['leavesAt']) && Number.isSafeInteger(entry['amount']),
        )
      )
    })
  )
}
