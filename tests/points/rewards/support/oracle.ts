// What becomes of claims, found by going through everything that was ever told from the beginning, at every question. It
// shares nothing with the engine: no trees, no events, no running numbers.

const DAY = 86_400_000

export interface OracleReward {
  readonly reward: string
  /** Points and cents of one piece, by option. */
  readonly prices: readonly { readonly option?: string; readonly points: number; readonly cents: number }[]
  readonly quantity: number
  readonly limits: readonly {
    readonly limit: string
    readonly most: number
    readonly within?: { readonly days: number } | 'month'
  }[]
  readonly waits?: number
  readonly unpaid: boolean
  readonly returned: boolean
  readonly keep: number
  readonly from?: number
  readonly until?: number
  /** Points that have to have been given before, ever. */
  readonly given?: number
}

export type OracleInput = { readonly id: string; readonly at: number } & (
  | { readonly do: 'give'; readonly points: number }
  | { readonly do: 'redeem'; readonly points: number }
  | {
      readonly do: 'claim'
      readonly reward: string
      readonly option?: string
      readonly quantity: number
      readonly until?: number
    }
  | { readonly do: 'pay'; readonly claim: string; readonly cents: number; readonly currency: string }
  | { readonly do: 'cancel'; readonly claim: string }
  | { readonly do: 'return'; readonly claim: string; readonly quantity?: number }
)

interface Made {
  readonly input: Extract<OracleInput, { readonly do: 'claim' }>
  readonly terms: OracleReward
  readonly points: number
  readonly cents: number
  readonly until: number | undefined
  /** What was accepted about it since. */
  readonly since: Extract<OracleInput, { readonly claim: string }>[]
}

/** The first instant of the next month of UTC. */
const nextMonth = (at: number) => {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

export function oracleOf(rewards: readonly OracleReward[], lasts: number, grace: number) {
  const told: OracleInput[] = []

  /** All claims that were accepted, each with what happened to it. */
  const claims = (): Made[] => {
    const made: Made[] = []
    for (const input of told) {
      if (input.do === 'claim') {
        const terms = rewards.find(({ reward }) => reward === input.reward)!
        const { points, cents } =
          terms.prices.find(({ option }) => option === input.option) ?? terms.prices[0]!
        const until = cents === 0 ? undefined : Math.min(input.until ?? Infinity, input.at + terms.waits!)
        made.push({ input, terms, points, cents, until, since: [] })
      } else if ('claim' in input) made.find((one) => one.input.id === input.claim)!.since.push(input)
    }
    return made
  }

  /** How a claim stands at an instant: whether it is open, completed or over, and since when. */
  const standing = ({ input, until, since }: Made, at: number) => {
    const left =
      input.quantity - since.reduce((sum, one) => (one.do === 'return' ? sum + (one.quantity ?? 0) : sum), 0)
    const cancelled = since.find((one) => one.do === 'cancel')
    const paid = since.find((one) => one.do === 'pay')
    if (cancelled) return { is: 'over', since: cancelled.at, left: 0, unpaid: true } as const
    if (until !== undefined && !paid)
      return until <= at
        ? ({ is: 'over', since: until, left: 0, unpaid: true } as const)
        : ({ is: 'open', since: input.at, left: input.quantity, unpaid: false } as const)
    const done = paid?.at ?? input.at
    if (left === 0) return { is: 'over', since: since.at(-1)!.at, left, unpaid: false, done } as const
    return { is: 'completed', since: done, left, unpaid: false, done } as const
  }

  const remembered = (one: Made, at: number) => {
    const stands = standing(one, at)
    if (stands.is === 'open') return true
    return ('done' in stands ? stands.done! : stands.since) + one.terms.keep > at
  }

  const used = (terms: OracleReward, within: OracleReward['limits'][number]['within'], at: number) =>
    claims()
      .filter((one) => one.terms === terms)
      .filter(({ input }) => {
        if (within === undefined) return true
        return (within === 'month' ? nextMonth(input.at) : input.at + within.days * DAY) > at
      })
      .reduce((sum, one) => {
        const stands = standing(one, at)
        if (stands.unpaid) return sum + (terms.unpaid ? 0 : one.input.quantity)
        return sum + (terms.returned ? stands.left : one.input.quantity)
      }, 0)

  /** Points by the instant at which they expire: what is spendable, gone through from the first gift to now. */
  const wallet = (now: number) => {
    const made = claims()
    const lots: { expires: number; left: number }[] = []
    const spent = new Map<string, { lot: { expires: number; left: number }; points: number }[]>()
    const take = (id: string, points: number) => {
      const parts: { lot: { expires: number; left: number }; points: number }[] = []
      let open = points
      for (const lot of [...lots].sort((a, b) => a.expires - b.expires)) {
        const part = Math.min(open, lot.left)
        if (part === 0) continue
        lot.left -= part
        open -= part
        parts.push({ lot, points: part })
      }
      if (open > 0) throw new Error('the oracle spends what is not there')
      spent.set(id, parts)
    }
    const giveBack = (id: string, points: number, graced: number | undefined) => {
      let open = points
      const parts = spent.get(id)!
      for (const part of [...parts].reverse()) {
        const back = Math.min(open, part.points)
        if (back === 0) continue
        part.points -= back
        open -= back
        // What expired in the meantime gets a grace when it was spent, and none when it was only held.
        if (graced !== undefined && part.lot.expires <= graced)
          lots.push({ expires: graced + grace, left: back })
        else part.lot.left += back
      }
    }
    const happened = [
      ...told.map((input) => ({ at: input.at, order: 1, input, lapsed: undefined })),
      ...made
        .filter((one) => one.until !== undefined && one.until <= now)
        .filter((one) => standing(one, now).unpaid && !one.since.some((input) => input.do === 'cancel'))
        .map((one) => ({ at: one.until!, order: 0, input: undefined, lapsed: one })),
    ].sort((a, b) => a.at - b.at || a.order - b.order)
    for (const { at, input, lapsed } of happened) {
      if (lapsed !== undefined) giveBack(lapsed.input.id, lapsed.points * lapsed.input.quantity, undefined)
      // What has expired is gone at its own instant, held points excepted: they are in no lot.
      for (const lot of lots) if (lot.expires <= at) lot.left = 0
      if (input === undefined) continue
      if (input.do === 'give') lots.push({ expires: at + lasts, left: input.points })
      else if (input.do === 'redeem') take(input.id, input.points)
      else if (input.do === 'claim') {
        const { points } = made.find((one) => one.input === input)!
        take(input.id, points * input.quantity)
      } else {
        const one = made.find((other) => other.input.id === input.claim)!
        if (input.do === 'cancel') giveBack(input.claim, one.points * one.input.quantity, undefined)
        if (input.do === 'return') giveBack(input.claim, one.points * input.quantity!, at)
      }
      for (const lot of lots) if (lot.expires <= at) lot.left = 0
    }
    return lots.reduce((sum, { expires, left }) => (expires > now ? sum + left : sum), 0)
  }

  /** Whether an input has to be accepted; the code of its refusal where it has not. */
  const answer = (input: OracleInput): string => {
    const { at } = input
    if (input.do === 'give') return 'accepted'
    if (input.do === 'redeem') return wallet(at) >= input.points ? 'accepted' : 'insufficient-points'
    if (input.do === 'claim') {
      const terms = rewards.find(({ reward }) => reward === input.reward)
      if (terms === undefined) return 'unknown-reward'
      if (terms.until !== undefined && at >= terms.until) return 'offer-over'
      if (terms.from !== undefined && at < terms.from) return 'offer-begins'
      const given = told.reduce((sum, one) => (one.do === 'give' ? sum + one.points : sum), 0)
      if (given < (terms.given ?? 0)) return 'not-eligible'
      if (input.quantity < 1 || input.quantity > terms.quantity) return 'quantity-out-of-range'
      for (const { within, most } of terms.limits)
        if (used(terms, within, at) + input.quantity > most) return 'reward-limit'
      const price =
        input.option === undefined
          ? terms.prices[0]
          : terms.prices.find(({ option }) => option === input.option)
      if (price === undefined) return 'unknown-price'
      if (price.cents > 0 && input.until !== undefined && input.until <= at) return 'ends-before-it-begins'
      return wallet(at) >= price.points * input.quantity ? 'accepted' : 'insufficient-points'
    }
    const one = claims().find((other) => other.input.id === input.claim)
    if (one === undefined || !remembered(one, at)) return 'unknown-claim'
    const { is, left } = standing(one, at)
    if (is === 'open' && input.do === 'return') return 'claim-open'
    if (is === 'completed' && input.do !== 'return') return 'claim-completed'
    if (is === 'over') return 'claim-over'
    if (input.do === 'pay') {
      if (input.currency !== 'CNY') return 'payment-unreadable'
      return input.cents === one.cents * one.input.quantity ? 'accepted' : 'payment-differs'
    }
    if (input.do === 'cancel') return 'accepted'
    const wanted = input.quantity ?? left
    return wanted >= 1 && wanted <= left ? 'accepted' : 'quantity-out-of-range'
  }

  return {
    answer,
    /** Takes what was accepted; of a return that does not say how many, as many as were left. */
    take(input: OracleInput) {
      if (input.do !== 'return' || input.quantity !== undefined) told.push(input)
      else {
        const one = claims().find((other) => other.input.id === input.claim)!
        told.push({ ...input, quantity: standing(one, input.at).left })
      }
    },
    view: (at: number) => ({
      balance: wallet(at),
      reserved: claims().reduce(
        (sum, one) => (standing(one, at).is === 'open' ? sum + one.points * one.input.quantity : sum),
        0,
      ),
      open: claims()
        .filter((one) => standing(one, at).is === 'open')
        .map((one) => ({ claim: one.input.id, until: one.until!, cents: one.cents * one.input.quantity }))
        .sort((a, b) => a.until - b.until || (a.claim < b.claim ? -1 : 1)),
      used: rewards.flatMap((terms) => terms.limits.map(({ within }) => used(terms, within, at))),
    }),
  }
}
