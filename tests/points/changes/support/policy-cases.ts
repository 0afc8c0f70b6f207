// Changes of what is agreed about an account as a whole, of ends of every kind, and of rewards; and how each is judged.
import type { programWith } from './program.js'

type Terms = Parameters<typeof programWith>[1]
type Case = readonly [name: string, before: Terms, after: Terms, changes: readonly string[]]

const terms = (of: object) => of as Terms
const points = { currency: 'points', kind: 'spendable' } as const
const status = { currency: 'status', kind: 'status' } as const
const rules = (of: object) =>
  terms({
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: 1, per: '3', of: 'amount' },
        origin: 'orderId',
        ...of,
      },
      {
        rule: 'spend',
        on: 'order-paid',
        in: 'status',
        earns: { points: 1, per: '1', of: 'amount' },
        origin: 'orderId',
      },
    ],
  })

const ends = (expires: unknown) => terms({ expires })
const idle = { inactive: { months: 6 }, activity: ['order-paid'] }
const longer = 'lasts-longer better to-be-earned'
const shorter = 'lasts-shorter worse to-be-earned'
const otherwise = 'lasts-otherwise unknown to-be-earned'

export const expiryCases: readonly Case[] = [
  ['never is for ever', ends(undefined), ends('never'), ['$.expires lasts-otherwise neither to-be-earned']],
  ['an end after never', ends('never'), ends({ on: '2028-12-31' }), [`$.expires ${shorter}`]],
  ['never after an end', ends({ every: '12-31' }), ends('never'), [`$.expires ${longer}`]],
  ['a later date', ends({ on: '2027-12-31' }), ends({ on: '2028-06-30' }), [`$.expires ${longer}`]],
  ['an earlier date', ends({ on: '2028-06-30' }), ends({ on: '2027-12-31' }), [`$.expires ${shorter}`]],
  ['a date for a length', {}, ends({ on: '2028-06-30' }), [`$.expires ${otherwise}`]],
  [
    'a longer least life',
    ends({ every: '12-31' }),
    ends({ every: '12-31', atLeast: { months: 6 } }),
    [`$.expires ${longer}`],
  ],
  ['another day of the year', ends({ every: '12-31' }), ends({ every: '06-30' }), [`$.expires ${otherwise}`]],
  [
    'a shorter least life up to an anniversary',
    ends({ anniversary: 'enrolment', atLeast: { days: 30 } }),
    ends({ anniversary: 'enrolment', atLeast: { days: 20 } }),
    [`$.expires ${shorter}`],
  ],
  // What was earned never ends, and goes on never to.
  ['an end by inactivity after never', ends('never'), ends(idle), [`$.expires ${shorter}`]],
  ['an end by inactivity for a shorter length', ends({ months: 5 }), ends(idle), [`$.expires ${longer}`]],
  ['an end by inactivity for a longer length', ends({ months: 7 }), ends(idle), [`$.expires ${otherwise}`]],
  [
    'a shorter time of inactivity',
    ends(idle),
    ends({ ...idle, inactive: { months: 5 } }),
    ['$.expires lasts-shorter worse earned'],
  ],
  [
    'a longer time of inactivity',
    ends(idle),
    ends({ ...idle, inactive: { months: 7 } }),
    ['$.expires lasts-longer better earned'],
  ],
  [
    'another first term',
    ends({ ...idle, first: { months: 3 } }),
    ends({ ...idle, first: { months: 2 } }),
    [`$.expires ${shorter}`],
  ],
  [
    'less that is activity',
    ends({ ...idle, activity: ['order-paid', 'order-received'] }),
    ends(idle),
    ['$.expires lasts-shorter worse earned'],
  ],
  [
    'activity that has to earn',
    ends(idle),
    ends({ ...idle, countsZeroPoints: false }),
    ['$.expires lasts-shorter worse earned'],
  ],
  [
    'more activity, and for less long',
    ends(idle),
    ends({ inactive: { months: 5 }, activity: ['order-paid', 'points/redeemed'] }),
    ['$.expires lasts-otherwise unknown earned'],
  ],
  [
    'no end by inactivity: activity puts nothing off any more',
    ends(idle),
    ends({ months: 24 }),
    ['$.expires lasts-otherwise unknown earned'],
  ],
  [
    'a shorter life of what comes back as fresh lots',
    terms({ refunds: { to: 'fresh-lots' } }),
    terms({ refunds: { to: 'fresh-lots' }, expires: { months: 6 } }),
    ['$.expires lasts-shorter worse earned'],
  ],
]

const paidBack = (clawback: string, more: object = {}) => terms({ negative: { clawback, ...more } })
const enrols = (more: object = {}) => terms({ enrolment: { ...more } })

export const policyCases: readonly Case[] = [
  [
    'fresh lots for what comes back',
    {},
    terms({ refunds: { to: 'fresh-lots' } }),
    ['$.refunds.to refunds-changed unknown earned'],
  ],
  [
    'a bound to reinstating',
    {},
    terms({ reinstateWithin: { days: 30 } }),
    ['$.reinstateWithin reinstates-shorter worse earned'],
  ],
  [
    'a longer bound to reinstating',
    terms({ reinstateWithin: { days: 30 } }),
    terms({ reinstateWithin: { days: 40 } }),
    ['$.reinstateWithin reinstates-longer better earned'],
  ],
  [
    'another bound to reinstating',
    terms({ reinstateWithin: { days: 30 } }),
    terms({ reinstateWithin: { months: 1 } }),
    ['$.reinstateWithin reinstates-otherwise unknown earned'],
  ],
  [
    'what is forgotten in time',
    {},
    terms({ keepOrigins: { days: 90 } }),
    ['$.reinstateWithin reinstates-shorter worse earned', '$.keepOrigins known-shorter worse earned'],
  ],
  [
    'what is known for longer, and may be taken back for longer',
    terms({ keepOrigins: { days: 90 }, reinstateWithin: { days: 9 } }),
    terms({ keepOrigins: { days: 99 }, reinstateWithin: { days: 9 } }),
    ['$.keepOrigins known-longer unknown earned'],
  ],
  [
    'what is known for longer, where nothing is taken back',
    terms({ clawback: [], keepOrigins: { days: 90 }, reinstateWithin: { days: 9 } }),
    terms({ clawback: [], reinstateWithin: { days: 9 } }),
    ['$.keepOrigins known-longer better earned'],
  ],
  [
    'what is known for another time',
    terms({ keepOrigins: { days: 30 }, reinstateWithin: { days: 9 } }),
    terms({ keepOrigins: { months: 1 }, reinstateWithin: { days: 9 } }),
    ['$.keepOrigins known-otherwise unknown earned'],
  ],
  [
    'a bound to reversals',
    {},
    terms({ reversible: { days: 30 } }),
    ['$.reversible reversals-changed worse to-be-earned'],
  ],
  [
    'no bound to reversals',
    terms({ reversible: { days: 30 } }),
    {},
    ['$.reversible reversals-changed unknown to-be-earned'],
  ],
  [
    'another order of spending',
    {},
    terms({ spend: 'oldest' }),
    ['$.spend spending-order-changed worse earned'],
  ],
  [
    'what ends first is spent first',
    terms({ currencies: [{ ...points, spend: 'cheapest' }, status] }),
    {},
    ['$.currencies[0].spend spending-order-changed better earned'],
  ],
  ['a cost', {}, rules({ cost: '1/2' }), ['$.earning[0].cost cost-changed neither to-be-earned']],
  [
    'a cost that decides on the order of spending',
    terms({ spend: 'cheapest' }),
    { ...terms({ spend: 'cheapest' }), ...rules({ cost: '1/2' }) } as Terms,
    ['$.earning[0].cost cost-changed unknown to-be-earned'],
  ],
  ['who has to enrol', {}, enrols(), ['$.enrolment enrolment-required worse earned']],
  [
    'who enrols with what happens',
    terms({ tiers: [] }),
    terms({ tiers: [], enrolment: 'at-once' }),
    ['$.enrolment enrolment-changed neither to-be-earned'],
  ],
  [
    'who enrols with what would have counted towards a tier',
    {},
    terms({ enrolment: 'at-once' }),
    ['$.enrolment enrolment-changed unknown earned'],
  ],
  ['who has to enrol no more', enrols(), {}, ['$.enrolment enrolment-not-required better earned']],
  [
    'who has to enrol no more, and has something waiting for it',
    enrols({ before: 'earned-at-enrolment' }),
    {},
    ['$.enrolment enrolment-not-required unknown earned'],
  ],
  [
    'another enrolment',
    enrols({ on: 'order-paid', before: 'earned-at-enrolment' }),
    enrols({ on: 'order-received', again: 'refused' }),
    [
      '$.enrolment.on enrolment-changed unknown earned',
      '$.enrolment.before enrolment-changed worse earned',
      '$.enrolment.again enrolment-changed worse earned',
    ],
  ],
  [
    'nothing taken but what is left',
    {},
    paidBack('within-balance'),
    ['$.negative negative-softer better earned'],
  ],
  [
    'a deficit with a bound',
    {},
    paidBack('deficit', { atMost: 9 }),
    ['$.negative negative-softer better earned'],
  ],
  [
    'money for what is spent',
    paidBack('within-balance'),
    paidBack('money-due', { perPoint: { currency: 'CNY', ratio: '1/100' } }),
    ['$.negative negative-stricter worse earned'],
  ],
  [
    'money instead of a deficit',
    {},
    paidBack('money-due', { perPoint: { currency: 'CNY', ratio: '1/100' } }),
    ['$.negative negative-changed unknown earned'],
  ],
  [
    'more taken of one currency',
    paidBack('pending-only'),
    paidBack('pending-only', { byCurrency: { status: { clawback: 'within-balance' } } }),
    ['$.negative negative-stricter worse earned'],
  ],
  [
    'less taken of who has a tier',
    {},
    terms({ negative: { byTier: { track: 'level', tiers: { gold: { clawback: 'pending-only' } } } } }),
    ['$.negative negative-changed unknown earned'],
  ],
  [
    'a limit to gifts',
    {},
    terms({ transfers: { limit: { points: 100, within: { days: 30 } } } }),
    ['$.transfers.limit transfers-narrower worse earned'],
  ],
  [
    'a limit of more points, over a longer time',
    terms({ transfers: { limit: { points: 100, within: { days: 30 } } } }),
    terms({ transfers: { limit: { points: 101, within: { days: 31 } } } }),
    [
      '$.transfers.limit.points transfers-wider better earned',
      '$.transfers.limit.within transfers-narrower worse earned',
    ],
  ],
  [
    'no currency to give, and another end',
    {},
    terms({ transfers: { currencies: [], expiry: 'reset' } }),
    [
      '$.transfers.expiry transfers-changed unknown earned',
      '$.transfers.currencies transfers-narrower worse earned',
    ],
  ],
  [
    'a pool that hears its members',
    { ...rules({ as: 'friend' }), ...terms({ pools: {} }) } as Terms,
    { ...rules({ as: 'friend' }), ...terms({ pools: { earnAs: 'friend' } }) } as Terms,
    ['$.pools.earnAs pools-changed unknown to-be-earned'],
  ],
  ['a pool', {}, terms({ pools: {} }), ['$.pools pools-added neither to-be-earned']],
  ['no pool', terms({ pools: {} }), {}, ['$.pools pools-removed worse earned']],
]

const mug = { reward: 'mug', price: { points: 100 } }
const lamp = {
  reward: 'lamp',
  price: { points: 50, money: { amount: '9.00', currency: 'CNY' } },
  reserveFor: { days: 3 },
}
const rewards = (...of: readonly object[]) => terms({ rewards: of })
const cny = (amount: string) => ({ amount, currency: 'CNY' })
const place = '$.rewards[0]'

export const rewardCases: readonly Case[] = [
  ['a reward', {}, rewards(mug), [`${place} reward-added better to-be-earned`]],
  ['a reward less', rewards(mug, lamp), rewards(lamp), [`${place} reward-removed worse to-be-earned`]],
  // What waits for its money is still paid for, and cannot come back.
  [
    'a reward less that waits for money',
    rewards(lamp, mug),
    rewards(mug),
    [`${place} reward-removed worse earned`],
  ],
  ['no rewards', rewards(mug), {}, ['$.rewards rewards-ended worse earned']],
  [
    'a higher price',
    rewards(mug),
    rewards({ ...mug, price: { points: 101 } }),
    [`${place}.price reward-dearer worse to-be-earned`],
  ],
  [
    'another price to choose',
    rewards({ ...mug, price: [{ option: 'full', points: 100 }] }),
    rewards({
      ...mug,
      price: [
        { option: 'full', points: 100 },
        { option: 'more', points: 200 },
      ],
    }),
    [`${place}.price reward-cheaper better to-be-earned`],
  ],
  [
    'more points, less money',
    rewards(lamp),
    rewards({ ...lamp, price: { points: 60, money: cny('8.00') } }),
    [`${place}.price reward-price-changed unknown to-be-earned`],
  ],
  [
    'limits',
    rewards({
      ...mug,
      limits: [
        { limit: 'each', most: 5 },
        { limit: 'monthly', most: 2, within: { this: 'month' } },
        { limit: 'rolling', most: 3, within: { days: 30 } },
        { limit: 'once', most: 1 },
      ],
    }),
    rewards({
      ...mug,
      limits: [
        { limit: 'each', most: 4 },
        { limit: 'monthly', most: 2, within: { this: 'week' } },
        { limit: 'rolling', most: 4, within: { days: 40 } },
        { limit: 'new', most: 9 },
      ],
    }),
    [
      `${place}.limits[0].most reward-limit-lowered worse to-be-earned`,
      `${place}.limits[1].within reward-limit-changed unknown to-be-earned`,
      `${place}.limits[2].most reward-limit-raised better to-be-earned`,
      `${place}.limits[2].within reward-limit-lowered worse to-be-earned`,
      `${place}.limits[3] reward-limit-lowered worse to-be-earned`,
      `${place}.limits[3] reward-limit-raised better to-be-earned`,
    ],
  ],
  [
    'terms of claims to come',
    rewards(lamp),
    rewards({
      ...lamp,
      quantity: 3,
      reserveFor: { days: 2 },
      during: { from: '2026-01-01T00:00', until: '2027-01-01T00:00' },
    }),
    [
      `${place}.quantity reward-terms-better better to-be-earned`,
      `${place}.during reward-terms-changed unknown to-be-earned`,
      `${place}.reserveFor reward-terms-worse worse to-be-earned`,
    ],
  ],
  [
    'terms of claims that there are',
    rewards(lamp),
    rewards({ ...lamp, unpaid: 'uses-limits', returned: 'uses-limits', keep: { days: 80 } }),
    [
      `${place}.unpaid reward-terms-worse worse earned`,
      `${place}.returned reward-terms-worse worse earned`,
      `${place}.keep reward-terms-worse worse earned`,
    ],
  ],
]
