import type { CheckedPlan } from './interventions.js'

/** Why subjects in the stages of an intervention were not contacted, once for every period. */
export interface ContactsLeftOut {
  contactedByOther: number
  contactCap: number
  contactsPerPeriod: number
  budget: number
}

/** Who is contacted in one run, period by period, within limits. */
export interface Contacts {
  /** How many were contacted, by intervention. */
  readonly counts: readonly number[]
  readonly spent: readonly number[]
  readonly leftOut: readonly ContactsLeftOut[]
  /**
   * Which intervention contacts each subject in a period, or -1; periods in order. Of more than limits allow the lowest lots are taken.
   */
  choose(period: number, states: Int32Array, lotOf: (subject: number) => number): Int32Array
}

/** Contacts of a run that begins. */
export function contactsWithin({ interventions, limits }: CheckedPlan): Contacts {
  const counts = interventions.map(() => 0)
  const spent = interventions.map(() => 0)
  const leftOut = interventions.map(
    (): ContactsLeftOut => ({ contactedByOther: 0, contactCap: 0, contactsPerPeriod: 0, budget: 0 }),
  )
  /** The periods in which a subject was contacted, where there is a cap. */
  const remembered: (readonly number[])[] = []
  const capped = Number.isFinite(limits.contacts)
  const recently = (subject: number, period: number) =>
    (remembered[subject] ?? []).filter((at) => at > period - limits.within)

  return {
    counts,
    spent,
    leftOut,
    choose(period, states, lotOf) {
      const by = new Int32Array(states.length).fill(-1)
      let room = limits.perPeriod
      for (const [k, one] of interventions.entries()) {
        if (period < one.from || period > one.until) continue
        const left = leftOut[k]!
        const open: number[] = []
        for (let subject = 0; subject < states.length; subject += 1) {
          if (!one.reaches[states[subject]!]) continue
          if (by[subject]! >= 0) left.contactedByOther += 1
          else if (capped && recently(subject, period).length >= limits.contacts) left.contactCap += 1
          else open.push(subject)
        }
        const together = spent.reduce((sum, amount) => sum + amount, 0)
        const funds = Math.min(
          affordable(one.budget - spent[k]!, one.cost),
          affordable(limits.budget - together, one.cost),
        )
        const places = Math.min(one.perPeriod, room)
        const count = Math.min(open.length, places, funds)
        if (count < open.length) {
          // Lots decide only where they have to.
          open.sort((a, b) => lotOf(a) - lotOf(b) || a - b)
          left[funds < places ? 'budget' : 'contactsPerPeriod'] += open.length - count
        }
        for (const subject of open.slice(0, count)) {
          by[subject] = k
          if (capped) remembered[subject] = [...recently(subject, period), period]
        }
        counts[k]! += count
        spent[k]! += count * one.cost
        room -= count
      }
      return by
    },
  }
}

/** How many contacts some money buys; a rounding below a whole one is one. */
function affordable(money: number, cost: number): number {
  return cost === 0 ? Infinity : Math.max(0, Math.floor(money / cost + 1e-9))
}
