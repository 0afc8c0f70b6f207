// What has to be the same to the last bit on every runtime, section by section, through the public API.

const hour = 3_600_000
const start = Date.UTC(1990, 0, 1)
const zones = [
  'UTC',
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Pacific/Apia',
  'Australia/Lord_Howe',
]

const parts = {
  'elementary functions': { needs: ['ln', 'exp'], answers: elementaryFunctions },
  'random sequences': { needs: ['random', 'restoreRandom'], answers: randomSequences },
  calendars: { needs: ['calendarOf', 'formatInstant'], answers: calendars },
  'a program through time': { needs: ['defineProgram', 'preview', 'replay'], answers: programThroughTime },
  'shares of money': { needs: ['allocate'], answers: sharesOfMoney },
}

/**
 * The answers of the library, by the name of the part that gives them. A part that is not exported says so.
 * @returns {readonly (readonly [name: string, answers: unknown])[]}
 */
export function sections(library) {
  const answered = Object.entries(parts).map(([name, { needs, answers }]) => {
    const missing = needs.filter((need) => library[need] === undefined)
    return missing.length === 0 ? [name, answers(library)] : [`${name}: no ${missing.join(', ')}`, missing]
  })
  return [['public names', Object.keys(library).sort()], ...answered]
}

/** Whole numbers below a limit, from a generator of our own: the inputs are not what is in question. */
function chanceFrom(seed) {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

function elementaryFunctions({ ln, exp }) {
  const chance = chanceFrom(1)
  return range(2000).map(() => {
    const x = (chance(1e9) - 5e8) / 7e5
    return [exp(x), ln(Math.abs(x)), exp(x / 1e6), ln(1 + x / 1e6)]
  })
}

function randomSequences({ random, restoreRandom }) {
  return ['spring', 7, '用户'].map((seed) => {
    const chance = random(seed)
    const numbers = range(500).map(() => [chance.next(), chance.integer(1, 6)])
    return [numbers, restoreRandom(chance.state()).next(), chance.fork('subject').next()]
  })
}

function calendars({ calendarOf, formatInstant }) {
  return zones.map((zone) => {
    const calendar = calendarOf({ zone })
    const chance = chanceFrom(zone.length)
    return range(2000).map(() => {
      const at = start + chance(30 * 365 * 24) * hour
      return [
        formatInstant(calendar.add(at, { days: 1 })),
        formatInstant(calendar.add(at, { months: 1 })),
        formatInstant(calendar.startOf('week', at)),
        calendar.localDate(at),
      ]
    })
  })
}

function sharesOfMoney({ allocate }) {
  const chance = chanceFrom(2)
  return range(200).map(() => {
    const whole = { amount: `${chance(1e9)}.${10 + chance(90)}`, currency: 'CNY' }
    const ratios = range(7).map(() => 1 + chance(100))
    return allocate(whole, ratios)
  })
}

/** Customers with orders, refunds and redemptions over three years: every event, every view, a late fact each. */
function programThroughTime(library) {
  const {
    defineEvents,
    defineLifecycle,
    definePoints,
    defineProgram,
    money,
    text,
    stageEvents,
    preview,
    replay,
    canonical,
  } = library
  const stages = ['lead', 'active', 'loyal', 'lapsed']
  const shop = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY') },
    'order-refunded': { orderId: text(), amount: money('CNY') },
    ...stageEvents('customer', stages),
  })
  const shared = { version: 1, calendar: { zone: 'America/New_York' }, events: shop }
  const spent = shop.sum('order-paid', 'amount', { within: { days: 90 } })
  const customer = defineLifecycle({
    ...shared,
    id: 'customer',
    activity: ['order-paid'],
    stages,
    initial: 'lead',
    rules: {
      lead: [{ to: 'active', on: 'order-paid' }],
      active: [
        { to: 'loyal', when: spent.gte('500') },
        { to: 'lapsed', inactiveFor: { days: 45 } },
      ],
      loyal: [
        { to: 'active', when: spent.lt('400') },
        { to: 'lapsed', inactiveFor: { months: 2, end: true } },
      ],
      lapsed: [{ to: 'active', on: 'order-paid' }],
    },
  })
  const points = definePoints({
    ...shared,
    id: 'points',
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: 1, per: '0.70', of: 'amount' },
        origin: 'orderId',
        multiply: [{ by: '4/3', when: shop.last('customer/stage-changed', 'to').is('loyal') }],
      },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    pending: { days: 7 },
    expires: { months: 6, end: true },
  })
  const program = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points] })
  return range(200).map((customerNumber) => {
    const chance = chanceFrom(1000 + customerNumber)
    const subject = `c-${customerNumber}`
    let state = program.start(subject)
    let at = Date.UTC(2021, 0, 1)
    const log = []
    for (const i of range(40)) {
      at += chance(40 * 24) * hour
      const kind = chance(10)
      const type = kind < 7 ? 'order-paid' : kind < 9 ? 'order-refunded' : 'points/redeem'
      const amount = `${chance(400)}.${10 + chance(90)}`
      const data =
        type === 'points/redeem'
          ? { points: 1 + chance(50) }
          : { orderId: `o-${i - (kind < 7 ? 0 : 1)}`, amount }
      const input = { id: `i-${i}`, type, subject, occurredAt: at, data }
      const outcome = preview(program, state, input)
      if (outcome.outcome !== 'accepted') continue
      state = outcome.state
      log.push(...outcome.events)
    }
    const late = {
      id: 'late',
      type: 'order-paid',
      subject,
      occurredAt: Date.UTC(2021, 5, 1),
      data: { orderId: 'late', amount: '99.99' },
    }
    const replayed = replay(program, { checkpoint: program.start(subject), tail: log }, { add: [late] })
    return canonical([log, state, program.view(replayed.state, replayed.state.at), replayed.asserted])
  })
}

/** @param {number} length */
const range = (length) => Array.from({ length }, (_, index) => index)
