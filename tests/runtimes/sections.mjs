// What has to be the same to the last bit on every runtime, section by section, through the public API. Each section hands
// its answers on one by one, in an order that is its own.

const hour = 3_600_000
const day = 24 * hour
/** The last instant that the runtime's own zones are asked about lies before 2025, whatever is added to these. */
const first = Date.UTC(1971, 0, 1)
const lastDay = Math.floor((Date.UTC(2022, 0, 1) - first) / day)

/** Functions of numbers, each a section of its own: what they are asked, from whole numbers below a limit. */
const functions = {
  ln: (chance) => [Math.abs(around(chance))],
  exp: (chance) => [around(chance)],
  log1p: (chance) => [Math.abs(around(chance)) / 1e3],
  expm1: (chance) => [around(chance) / 1e3],
  pow: (chance) => [Math.abs(around(chance)), around(chance) / 100],
  lnGamma: (chance) => [positive(chance)],
  digamma: (chance) => [positive(chance)],
  trigamma: (chance) => [positive(chance)],
  lnBeta: (chance) => [positive(chance), positive(chance)],
  betaRegularized: (chance) => [share(chance), positive(chance), positive(chance)],
  lnBetaRegularized: (chance) => [share(chance), positive(chance), positive(chance)],
  betaQuantile: (chance) => [share(chance), positive(chance), positive(chance)],
  gammaP: (chance) => [positive(chance), positive(chance)],
  gammaQ: (chance) => [positive(chance), positive(chance)],
  gammaPInverse: (chance) => [positive(chance), share(chance)],
  erf: (chance) => [around(chance) / 100],
  erfc: (chance) => [around(chance) / 100],
  logDiffExp: (chance) => [around(chance) + 1000, around(chance)],
  hypergeometric2F1: (chance) => [positive(chance), positive(chance), positive(chance), share(chance)],
  tricomiU: (chance) => [positive(chance), positive(chance), positive(chance)],
  normalQuantile: (chance) => [share(chance)],
  normalCdf: (chance) => [around(chance) / 50],
  studentCdf: (chance) => [around(chance) / 50, positive(chance)],
  studentQuantile: (chance) => [share(chance), positive(chance)],
}
/** Those that iterate are asked less often. */
const slow = new Set([
  'betaQuantile',
  'gammaPInverse',
  'hypergeometric2F1',
  'tricomiU',
  'studentQuantile',
  'lnBetaRegularized',
])

const around = (chance) => (chance(1e9) - 5e8) / 7e5
const positive = (chance) => (1 + chance(1e6)) / 1e4
const share = (chance) => (1 + chance(1e9 - 1)) / 1e9

/** Sections of everything else: what they need of the library, and whether a zone is in them. */
const parts = {
  'public names': { needs: [], answer: (library) => (note) => note(Object.keys(library).sort()) },
  'random sequences': { needs: ['random', 'restoreRandom'], answer: randomSequences },
  'shares of units': { needs: ['allocate', 'allocateUnits'], answer: sharesOfUnits },
  'sums and products of money': { needs: ['sumMoney', 'multiplyMoney', 'roundToMoney'], answer: sumsOfMoney },
  'exact ratios': { needs: ['mulDiv', 'shareOf', 'stepsIn', 'parseRatio'], answer: exactRatios },
  'intervals of proportions': { needs: ['wilson'], answer: intervalsOfProportions },
  'canonical text': { needs: ['canonical', 'digest', 'digestName', 'subjectOf'], answer: canonicalText },
  calendars: { needs: ['calendarOf', 'formatInstant'], answer: calendars, zoned: true },
  'rules through time': {
    needs: ['defineLifecycle', 'verdicts', 'explain'],
    answer: rulesThroughTime,
    zoned: true,
  },
  'a program through time': {
    needs: ['defineProgram', 'preview', 'replay'],
    answer: programThroughTime,
    zoned: true,
  },
  'retention of cohorts': { needs: ['defineRetention', 'collect'], answer: retentionOfCohorts, zoned: true },
}

/**
 * Every section by name, with what gives its answers. A part that is not exported says so.
 * @param {Record<string, any>} library
 * @param {{ readonly kind: 'tables' | 'zones', readonly place: (zone: string) => object, readonly zones: readonly string[] }} where
 * @returns {readonly (readonly [name: string, answer: (note: (answer: unknown) => void) => void])[]}
 */
export function sections(library, where) {
  const asked = where.kind === 'tables' ? functionSections(library) : []
  const others = Object.entries(parts)
    .filter(([, { zoned }]) => where.kind === 'tables' || zoned)
    .map(([name, { needs, answer }]) => {
      const missing = needs.filter((need) => library[need] === undefined)
      return missing.length === 0
        ? [name, answer(library, where)]
        : [`${name}: no ${missing.join(', ')}`, nothing]
    })
  return [...asked, ...others]
}

const nothing = () => {}

/** What a function says to many numbers, or the code with which it refuses them. */
function functionSections(library) {
  return Object.entries(functions).map(([name, draw]) => {
    const ask = library[name]
    if (ask === undefined) return [`${name}: not exported`, nothing]
    const times = slow.has(name) ? 4000 : 60_000
    return [
      name,
      (note) => {
        const chance = chanceFrom(name.length)
        for (let i = 0; i < times; i += 1) {
          const numbers = draw(chance)
          try {
            note(ask(...numbers))
          } catch (error) {
            note(error.code ?? String(error))
          }
        }
      },
    ]
  })
}

/** Whole numbers below a limit, from a generator of our own: the inputs are not what is in question. */
function chanceFrom(seed) {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

function randomSequences({ random, restoreRandom }) {
  return (note) => {
    for (const seed of ['spring', 7, '用户']) {
      const chance = random(seed)
      for (let i = 0; i < 30_000; i += 1) {
        note(chance.next())
        note(chance.integer(1, 6 + i))
      }
      note(restoreRandom(chance.state()).next())
      for (const label of range(2000)) note(chance.fork(label).next())
    }
  }
}

const amount = (chance) => `${chance(1e9)}.${10 + chance(90)}`
const cny = (chance) => ({ amount: amount(chance), currency: 'CNY' })

function sharesOfUnits({ allocate, allocateUnits }) {
  return (note) => {
    const chance = chanceFrom(2)
    for (const i of range(8000)) {
      const ratios = range(7).map(() => 1 + chance(100))
      for (const part of allocate(cny(chance), ratios)) note(part.amount)
      note(allocateUnits(chance(1e9), ratios, i % 2 === 0 ? 'first-slot' : 'largest-remainder'))
    }
  }
}

function sumsOfMoney({ sumMoney, subtractMoney, multiplyMoney, roundToMoney, compareMoney }) {
  const modes = ['down', 'up', 'half-even', 'half-up', 'floor', 'ceiling']
  return (note) => {
    const chance = chanceFrom(3)
    for (const i of range(12_000)) {
      const [a, b, c] = [cny(chance), cny(chance), cny(chance)]
      note(sumMoney([a, b, c]).amount)
      note(subtractMoney(a, b).amount)
      note(compareMoney(a, b))
      note(multiplyMoney(c, `${chance(3)}.${chance(1e6)}`, modes[i % 6]).amount)
      note(roundToMoney(around(chance), { currency: 'EUR', rounding: modes[i % 6] }).amount)
    }
  }
}

function exactRatios({ mulDiv, shareOf, stepsIn, parseRatio }) {
  return (note) => {
    const chance = chanceFrom(4)
    for (let i = 0; i < 30_000; i += 1) {
      note(mulDiv(chance(2 ** 52), 1 + chance(1e6), 1 + chance(1e6)) ?? null)
      note(shareOf(chance(1e9), chance(1000), 1000))
      note(stepsIn(chance(1e9) - 5e8, 1 + chance(1e4), i % 2 === 0 ? 'floor' : 'truncate'))
      note(parseRatio(`${chance(1e6)}/${1 + chance(1e6)}`))
    }
  }
}

function intervalsOfProportions({ wilson }) {
  return (note) => {
    const chance = chanceFrom(5)
    for (let i = 0; i < 20_000; i += 1) {
      const trials = chance(2 ** (1 + (i % 30)))
      note(wilson({ successes: chance(trials + 1), trials, level: share(chance) }))
    }
  }
}

function canonicalText({ canonical, digest, digestName, subjectOf }) {
  return (note) => {
    const chance = chanceFrom(6)
    for (let i = 0; i < 8000; i += 1) {
      const text = canonical({ b: around(chance), a: [chance(1e9), `${chance(1e9)}~/用户`], i, 10: 1, 9: 2 })
      note(text)
      note(digest(text, i))
      note(digestName(text, i))
      note(subjectOf(`a/${chance(9)}`, `~${chance(9)}`))
    }
  }
}

function calendars({ calendarOf, formatInstant }, { place, zones }) {
  const durations = [
    { days: 1 },
    { months: 1 },
    { hours: 25 },
    { weeks: 1, at: '02:30' },
    { months: 1, end: 'quarter' },
    { next: { weekday: 3 } },
  ]
  return (note) => {
    for (const zone of zones) {
      const calendar = calendarOf(place(zone))
      const chance = chanceFrom(zone.length)
      for (let i = 0; i < 6000; i += 1) {
        const at = first + chance(lastDay * 48) * (hour / 2)
        for (const duration of durations) note(calendar.add(at, duration))
        note(calendar.startOf('week', at))
        note(calendar.startOfNext('month', at))
        note(calendar.localDate(at))
        note(calendar.offsetAt(at))
        if (i % 10 === 0) note(formatInstant(calendar.startOf('day', at)))
      }
    }
  }
}

/** Facts in windows, read at many instants: whether a rule holds, what was observed, and how it is said. */
function rulesThroughTime(library, { place }) {
  const {
    all,
    any,
    attributes,
    defineEvents,
    defineLifecycle,
    explain,
    integer,
    moment,
    money,
    not,
    text,
    verdicts,
  } = library
  const shop = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY'), items: integer(), channel: text('web', 'app') },
    visited: {},
    ...attributes({ birthday: moment(), city: text() }),
  })
  const spent = shop.sum('order-paid', 'amount', { within: { days: 90 }, where: { channel: 'web' } })
  const engine = defineLifecycle({
    id: 'rules',
    version: 1,
    calendar: place('Australia/Lord_Howe'),
    events: shop,
    activity: ['order-paid'],
    stages: ['a', 'b', 'c', 'd'],
    initial: 'a',
    rules: {
      a: [
        {
          to: 'b',
          when: all(spent.gte('900'), shop.count('visited', { within: { months: 1 } }).between(2, 4)),
        },
        {
          to: 'b',
          when: any(shop.last('order-paid', 'channel').is('app'), not(spent.lt('100'))).and(
            shop.attribute('city').is('Bern'),
          ),
        },
      ],
      b: [
        { to: 'c', inactiveFor: { days: 30, end: true } },
        { to: 'c', when: shop.timeSince('visited', { orSince: 'order-paid' }).gte({ weeks: 6 }) },
      ],
      c: [
        { to: 'd', since: 'birthday', reaches: { years: 18 } },
        { to: 'a', on: 'order-paid' },
      ],
      d: [{ to: 'a', on: 'visited', when: shop.count('visited').gt(2) }],
    },
  })
  return (note) => {
    for (const subject of range(60)) {
      const chance = chanceFrom(5000 + subject)
      let state = engine.start(`s-${subject}`)
      let at = Date.UTC(2018, 0, 1)
      for (const i of range(60)) {
        at += chance(20 * 24) * hour
        const kind = chance(10)
        const [type, data] =
          kind < 5
            ? [
                'order-paid',
                {
                  orderId: `o-${i}`,
                  amount: `${chance(400)}.${10 + chance(90)}`,
                  items: chance(5),
                  channel: kind < 3 ? 'web' : 'app',
                },
              ]
            : kind < 9
              ? ['visited', {}]
              : [
                  'attribute-set',
                  { city: kind % 2 === 0 ? 'Bern' : 'Zug', birthday: at - chance(20 * 365) * day },
                ]
        const outcome = engine.decide(state, {
          id: `i-${i}`,
          type,
          subject: state.subject,
          occurredAt: at,
          data,
        })
        state = outcome.state
        note(outcome.events)
        const asOf = at + chance(40) * day
        note(engine.view(state, asOf))
        note(engine.nextChange(state, at)?.at ?? null)
        const pending = verdicts(engine, state, asOf)
        note(pending)
        for (const rule of pending) for (const lang of ['en', 'zh']) note(explain(engine, rule, lang))
      }
    }
  }
}

/** Customers with orders, refunds and redemptions over three years: every event, every view, a late fact each. */
function programThroughTime(library, { place }) {
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
  } = library
  const stages = ['lead', 'active', 'loyal', 'lapsed']
  const shop = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY') },
    'order-refunded': { orderId: text(), amount: money('CNY') },
    ...stageEvents('customer', stages),
  })
  const shared = { version: 1, calendar: place('America/New_York'), events: shop }
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
  return (note) => {
    for (const customerNumber of range(80)) {
      const chance = chanceFrom(1000 + customerNumber)
      const subject = `c-${customerNumber}`
      let state = program.start(subject)
      let at = Date.UTC(2019, 0, 1)
      const log = []
      for (const i of range(40)) {
        at += chance(40 * 24) * hour
        const kind = chance(10)
        const type = kind < 7 ? 'order-paid' : kind < 9 ? 'order-refunded' : 'points/redeem'
        const data =
          type === 'points/redeem'
            ? { points: 1 + chance(50) }
            : { orderId: `o-${i - (kind < 7 ? 0 : 1)}`, amount: `${chance(400)}.${10 + chance(90)}` }
        const outcome = preview(program, state, { id: `i-${i}`, type, subject, occurredAt: at, data })
        note(outcome.outcome)
        note(outcome.changed)
        if (outcome.outcome !== 'accepted') continue
        state = outcome.state
        for (const event of outcome.events) {
          note(event)
          log.push(event)
        }
      }
      const late = {
        id: 'late',
        type: 'order-paid',
        subject,
        occurredAt: Date.UTC(2019, 5, 1),
        data: { orderId: 'late', amount: '99.99' },
      }
      const replayed = replay(program, { checkpoint: program.start(subject), tail: log }, { add: [late] })
      note(replayed.asserted)
      note(replayed.retracted)
      note(program.view(replayed.state, replayed.state.at))
    }
  }
}

function retentionOfCohorts(library, { place, zones }) {
  const { collect, defineRetention, retentionRows } = library
  return (note) => {
    for (const zone of zones) {
      const retention = defineRetention({
        id: 'buyers',
        version: 1,
        calendar: place(zone),
        entry: 'order-paid',
        activity: ['order-paid', 'visited'],
        period: 'month',
      })
      const chance = chanceFrom(7000 + zone.length)
      const events = range(6000).map((i) => ({
        id: `e-${i}`,
        type: chance(3) === 0 ? 'order-paid' : 'visited',
        subject: `s-${chance(700)}`,
        occurredAt: Date.UTC(2019, 0, 1) + chance(3 * 365 * 48) * (hour / 2),
        data: {},
      }))
      const asOf = Date.UTC(2022, 1, 14)
      const measured = retention.result(collect(retention, events), { asOf, level: 0.9 })
      for (const row of retentionRows(measured)) note(row)
      note(measured.averages)
    }
  }
}

/** @param {number} length */
const range = (length) => Array.from({ length }, (_, index) => index)
