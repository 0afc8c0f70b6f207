// The boundaries of continuity: histories of sends, fits that were stored, plans, prices, events of sends.
import { day, noon } from './program.mjs'
import { isMoment, isRecord, never } from './shapes.mjs'

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']
const isFit = ({ kind, reason, next }) =>
  kind === 'fit' || (typeof reason === 'string' && next.en !== '' && next.zh !== '')

const week = { hours: 168 }
/** Ten weeks at a quarter, a pause to a twentieth, six weeks back up. */
const opened = [251, 249, 252, 250, 248, 250, 253, 247, 250, 250, 50, 80, 112, 140, 160, 178]
const sends = opened.map((count, i) => ({
  at: noon + (i < 10 ? 7 * i : 100 + 7 * i) * day,
  delivered: 1000,
  opened: count,
}))

/**
 * @param {import('./boundaries.mjs').everyPart} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfContinuity(library, everyPart) {
  const options = { pauseAfter: week, profile: false }
  const history = { sends }
  const fit = library.fitDecay(history, options)
  const asOf = noon + 300 * day
  const until = asOf + 70 * day
  const plan = { publications: [asOf, asOf + 30 * day], until }
  const pause = {
    asOf,
    every: week,
    pause: { from: asOf, until: asOf + 40 * day },
    horizon: { hours: 2000 },
    audience: 100,
  }
  const price = { amount: '0.50', currency: 'CNY' }
  const compared = {
    asOf,
    until,
    audience: 100,
    plans: [
      { name: 'all', publications: [asOf, asOf + 7 * day] },
      { name: 'some', publications: [asOf] },
    ],
  }
  const letters = library.defineOpenRates({
    id: 'letters',
    version: 1,
    delivered: 'message-delivered',
    opened: 'message-opened',
    send: 'campaign',
    within: { hours: 72 },
  })
  const delivered = (replaced = {}) => ({
    id: 'm-1',
    type: 'message-delivered',
    subject: 'u1',
    occurredAt: noon,
    data: { campaign: 'may' },
    ...replaced,
  })

  /** A call with one option replaced after another; what is taken is answered. */
  const each = (name, given, call, right, more = {}) =>
    Object.keys(given).map((key) => ({
      name: `${name} ${key}`,
      takes: junk,
      definition: true,
      limit: 1000,
      call: (value) => call({ ...given, [key]: value }),
      right: (value, answer) => right(key, value, answer),
      ...more,
    }))
  const answered = (_, __, { kind }) => typeof kind === 'string'
  const stored = [
    ['forecastOpenRate', (one) => library.forecastOpenRate(one, plan, { asOf })],
    ['attentionSpans', (one) => library.attentionSpans(one, { asOf, every: week })],
    ['priceOfPause', (one) => library.priceOfPause(one, pause)],
    ['comparePlans', (one) => library.comparePlans(one, compared)],
  ].flatMap(([name, call]) => [
    { name: `${name} fit`, takes: junk, definition: true, call, right: never },
    {
      name: `${name} fit, every part replaced`,
      takes: junk,
      definition: true,
      limit: 10_000,
      call: (value) => everyPart(fit, value, call, library.isTyped, undefined, 4).map(([, answer]) => answer),
      right: (_, answers) => answers.every((answer) => isRecord(answer)),
    },
  ])

  return [
    ...[
      ['fitDecay', library.fitDecay],
      ['fitDecaySteps', (one, how) => library.fitDecaySteps(one, how).next().value],
      ['compareDecays', (one, how) => library.compareDecays(one, how)[0].fit],
    ].flatMap(([name, call]) => [
      { name: `${name} history`, takes: junk, call: (value) => call(value, options), right: never },
      {
        name: `${name} options`,
        takes: junk,
        definition: true,
        call: (value) => call(history, value),
        right: never,
      },
    ]),
    {
      name: 'fitDecay sends',
      takes: junk,
      call: (value) => library.fitDecay({ sends: value }, options),
      right: (value, answer) => Array.isArray(value) && answer.reason === 'no-sends',
    },
    {
      name: 'fitDecay one send',
      takes: junk,
      call: (value) => library.fitDecay({ sends: [...sends, value] }, options),
      right: never,
    },
    ...['at', 'delivered', 'opened'].map((key) => ({
      name: `fitDecay send.${key}`,
      takes: moments,
      limit: 1000,
      call: (value) => library.fitDecay({ sends: [...sends, { ...sends[3], [key]: value }] }, options),
      right: (value, answer) =>
        isFit(answer) &&
        (key === 'at'
          ? isMoment(value)
          : Number.isSafeInteger(value) && (key === 'opened' ? value <= 1000 : value >= 250)),
    })),
    {
      name: 'fitDecay publications',
      takes: junk,
      call: (publications) => library.fitDecay({ sends, publications }, options),
      right: (value, answer) =>
        (value === undefined || (Array.isArray(value) && value.length === 0)) && isFit(answer),
    },
    {
      name: 'fitDecay one publication',
      takes: moments,
      limit: 1000,
      call: (at) => library.fitDecay({ sends, publications: [at, noon] }, options),
      right: (at, answer) => isMoment(at) && isFit(answer),
    },
    ...each(
      'fitDecay options',
      {
        ...options,
        scale: 'logit',
        floor: 'none',
        start: 'ceiling',
        noise: 'binomial',
        level: 0.9,
        signal: undefined,
      },
      (given) => library.fitDecay(history, given),
      (key, value, answer) =>
        isFit(answer) &&
        (value === undefined || typeof value === 'boolean' || key === 'level' || key === 'signal'),
    ),
    ...each(
      'backtestDecay options',
      { ...options, holdOut: 3, smoothing: 0.3 },
      (given) => library.backtestDecay(history, given),
      answered,
    ),
    {
      name: 'backtestDecay history',
      takes: junk,
      call: (value) => library.backtestDecay(value, { ...options, holdOut: 2 }),
      right: never,
    },

    ...stored,
    {
      name: 'forecastOpenRate plan',
      takes: junk,
      call: (value) => library.forecastOpenRate(fit, value, { asOf }),
      right: never,
    },
    ...each(
      'forecastOpenRate plan',
      plan,
      (given) => library.forecastOpenRate(fit, given, { asOf }),
      answered,
    ),
    {
      name: 'forecastOpenRate one publication',
      takes: moments,
      limit: 500,
      call: (at) => library.forecastOpenRate(fit, { publications: [at], until }, { asOf }),
      right: (at, { kind }) => isMoment(at) && at >= asOf && kind === 'forecast',
    },
    ...each(
      'forecastOpenRate options',
      { asOf, at: [], level: 0.9, random: undefined, draws: 100 },
      (given) => library.forecastOpenRate(fit, plan, given),
      answered,
    ),
    ...each(
      'attentionSpans options',
      { asOf, every: week, recoverTo: 0.9, level: 0.9 },
      (given) => library.attentionSpans(fit, given),
      (_, __, { halfLife }) => halfLife.kind === 'estimate',
    ),
    ...each(
      'publicationsEvery',
      { every: week, from: noon, until: noon + 70 * day, pause: { from: noon, until: noon + day } },
      (given) => library.publicationsEvery(given),
      (_, __, list) => list.every(isMoment),
    ),
    { name: 'publicationsEvery as a whole', takes: junk, call: library.publicationsEvery, right: never },
    ...each(
      'priceOfPause options',
      { ...pause, recoverTo: 0.9, valuePerOpen: price, costPerPublication: price, level: 0.9 },
      (given) => library.priceOfPause(fit, given),
      answered,
    ),
    ...['amount', 'currency'].map((key) => ({
      name: `priceOfPause valuePerOpen.${key}`,
      takes: ['amounts', ...junk],
      definition: true,
      limit: 1000,
      call: (value) => library.priceOfPause(fit, { ...pause, valuePerOpen: { ...price, [key]: value } }),
      right: (value, { kind }) => typeof value === 'string' && kind === 'price',
    })),
    ...each('comparePlans options', compared, (given) => library.comparePlans(fit, given), answered),
    ...each(
      'comparePlans plan',
      compared.plans[0],
      (given) => library.comparePlans(fit, { ...compared, plans: [given, compared.plans[1]] }),
      answered,
    ),

    // Events of sends.
    ...['add', 'retract'].flatMap((verb) => [
      {
        name: `open rates ${verb} event`,
        takes: junk,
        call: (event) => letters[verb](letters.empty(), event),
        right: (value) => isRecord(value),
      },
      {
        name: `open rates ${verb} partial`,
        takes: junk,
        call: (partial) => letters[verb](partial, delivered()),
        right: never,
      },
    ]),
    ...['subject', 'occurredAt', 'data'].map((key) => ({
      name: `open rates event.${key}`,
      takes: moments,
      call: (value) => letters.add(letters.empty(), delivered({ [key]: value })),
      right: (value, { people }) =>
        key === 'subject'
          ? typeof value === 'string' && Object.hasOwn(people, `3:may${value}`)
          : isMoment(value) && people['3:mayu1'][0][0] === value,
    })),
    {
      name: 'open rates event.data.campaign',
      takes: moments,
      call: (campaign) =>
        letters.result(letters.add(letters.empty(), delivered({ data: { campaign } })), { asOf: noon }),
      right: (value, answer) => typeof value === 'string' && answer.sends[0].send === value,
    },
    {
      name: 'open rates merge partial',
      takes: junk,
      call: (partial) => letters.merge(partial, letters.empty()),
      right: never,
    },
    ...['result', 'merge'].map((verb) => ({
      name: `open rates ${verb} one person`,
      takes: junk,
      call: (lists) => {
        const partial = { ...letters.empty(), people: { '3:mayu1': lists } }
        return verb === 'result'
          ? letters.result(partial, { asOf: noon })
          : letters.merge(partial, letters.empty())
      },
      right: never,
    })),
    {
      name: 'open rates asOf',
      takes: moments,
      call: (at) => letters.result(letters.add(letters.empty(), delivered()), { asOf: at }).sends.length,
      right: (at, count) => isMoment(at) && count === (at >= noon ? 1 : 0),
    },
    {
      name: 'open rates options',
      takes: junk,
      call: (value) => letters.result(letters.empty(), value),
      right: never,
    },
  ]
}
