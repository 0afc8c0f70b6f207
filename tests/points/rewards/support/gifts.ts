import {
  defineEvents,
  definePoints,
  instant,
  money,
  pointsEvents,
  type RewardDefinition,
  text,
} from 'liuliang'

export const gifts = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  ...pointsEvents('points', { tiers: { level: ['none', 'gold'] }, rewards: true }),
})

const rewards = [
  {
    reward: 'mug',
    price: { points: 500 },
    quantity: 3,
    limits: [
      { limit: 'monthly', most: 3, within: { this: 'month' } },
      { limit: 'ever', most: 5 },
    ],
    keep: { days: 30 },
  },
  {
    reward: 'tote',
    price: [
      { option: 'points', points: 800 },
      { option: 'mixed', points: 300, money: { amount: '9.90', currency: 'CNY' } },
      { option: 'cash', money: { amount: '29', currency: 'CNY' } },
    ],
    quantity: 2,
    limits: [{ limit: 'rolling', most: 2, within: { days: 10 } }],
    reserveFor: { hours: 2 },
  },
  {
    reward: 'lounge',
    price: { points: 100 },
    when: gifts.says('points', 'level').is('gold'),
  },
  { reward: 'feast', price: { points: 10 }, during: { from: '2024-06-01T00:00', until: '2024-07-01T00:00' } },
  { reward: 'market', price: { points: 0 }, during: { days: 'market-days', until: '2024-12-01T00:00' } },
  {
    reward: 'watch',
    price: { points: 50, money: { amount: '1200', currency: 'JPY' } },
    stock: [
      { engine: 'goods', subject: 'watch' },
      { engine: 'budget', subject: 'spring', each: '4.50' },
    ],
    reserveFor: { hours: 1 },
  },
  { reward: 'cap', price: { points: 20 }, quantity: 2, stock: [{ engine: 'goods', subject: 'cap' }] },
] as const satisfies readonly RewardDefinition[]

/** Rewards of every kind, in UTC. */
export const club = definePoints({
  id: 'points',
  version: 1,
  calendar: {
    zone: 'UTC',
    named: {
      'market-days': [
        { from: '2024-03-09', to: '2024-03-10' },
        { from: '2024-12-24', to: '2024-12-25' },
      ],
    },
  },
  events: gifts,
  earning: [
    { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
  ],
  clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
  tiers: [{ track: 'level', measure: { earned: 'points' }, levels: [{ tier: 'gold', from: 3000 }] }],
  expires: { days: 60 },
  refunds: { grace: { days: 5 } },
  rewards,
})

/** `2024-03-05` or `2024-03-05 09:00`, in UTC. */
export const at = (when: string) =>
  instant(`${when.includes(' ') ? when.replace(' ', 'T') : `${when}T00:00`}Z`)

/** A member whom things are told of, one after the other. */
export function member(subject = 'ann') {
  let state = club.start(subject)
  const log: object[] = []
  let count = 0
  const decide = (when: string | number, type: string, data: object, id?: string) => {
    count += 1
    const occurredAt = typeof when === 'string' ? at(when) : when
    return club.decide(state, { id: id ?? `c${count}`, type, subject, occurredAt, data } as never)
  }
  return {
    state: () => state,
    log,
    decide,
    /** Tells it, and gives what was recorded. */
    tell(when: string | number, type: string, data: object, id?: string) {
      const outcome = decide(when, type, data, id)
      if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
      state = outcome.state
      log.push(...outcome.events)
      return outcome.events
    },
    /** The refusal of what is told. */
    refused(when: string | number, type: string, data: object, id?: string) {
      const outcome = decide(when, type, data, id)
      if (outcome.outcome !== 'refused') throw new Error(`was ${outcome.outcome}`)
      return outcome.refusal
    },
    view: (when: string) => club.view(state, at(when)),
  }
}

/** One with so many points of 1 March 2024. */
export function rich(points: number, subject = 'ann') {
  const one = member(subject)
  one.tell('2024-03-01', 'points/earn', { points, reason: 'a present' }, 'start')
  return one
}
