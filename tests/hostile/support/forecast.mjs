// The boundaries of chains, of queues and of forecasts of stages: matrices, panels, models that were stored, options.

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const never = () => false
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value) => Number.isSafeInteger(value) && value >= 0
/** An answer that exists, or a reason and what to do. */
const isAnswer = (answer) =>
  isRecord(answer) &&
  typeof answer.kind === 'string' &&
  (answer.kind !== 'undefined' ||
    (typeof answer.reason === 'string' &&
      (answer.next === undefined || (answer.next.en !== '' && answer.next.zh !== ''))))

const P = [
  [0.5, 0.5, 0],
  [0.25, 0.5, 0.25],
  [0, 0, 1],
]
const panel = {
  states: ['new·0', 'active·0', 'active·1'],
  stageOf: ['new', 'active', 'active'],
  unit: 'month',
  periods: [
    {
      period: '2024-01',
      moves: [
        [0, 6, 4],
        [0, 20, 10],
        [0, 5, 15],
      ],
      arrivals: [8, 0, 0],
    },
    {
      period: '2024-02',
      moves: [
        [0, 5, 3],
        [0, 21, 10],
        [0, 9, 20],
      ],
      arrivals: [7, 0, 0],
      triples: [[0, 1, 1, 3]],
    },
  ],
}
const call = {
  id: 'call',
  stages: ['active·1'],
  changes: [{ from: 'active·1', to: 'active·0', plus: 0.1, takenFrom: 'active·1' }],
  costPerContact: 2,
  from: 1,
  until: 2,
  limits: { contactsPerPeriod: 5, agents: { count: 2, contactsEach: 3 }, budget: 30 },
}

/**
 * @param {import('./boundaries.mjs').everyPart} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfForecast(library, everyPart) {
  const seeded = library.random(1)
  const model = library.fitTransitions(panel, { prior: 'jeffreys' })
  const draws = { level: 0.8, draws: 100 }
  const terms = { margins: { active: 3, new·0: -1 }, discountRate: 0.1, horizon: 3, cash: 'start' }
  const forecast = { periods: 2, opening: [3, 4, 5], arrivals: [1, 0, 2], ...draws }
  const setting = {
    periods: 2,
    opening: [3, 4, 5],
    arrivals: [
      [1, 0, 2],
      [0, 0, 0],
    ],
    value: { margins: { active: 3 }, discountRate: 0.1, cash: 'end' },
    rates: 'mean',
    runs: 20,
    level: 0.8,
  }
  const { rates: _, ...byRates } = setting
  const plan = { interventions: [call], limits: { budget: 40, perSubject: { contacts: 1, periods: 2 } } }
  const random = seeded

  /** Every part of the first argument replaced, one after another. */
  const parts = (name, given, take, more = {}) => ({
    name: `${name}, every part replaced`,
    takes: junk,
    definition: true,
    limit: 10_000,
    call: (value) => everyPart(given, value, take, library.isTyped, undefined, 6).map(([, answer]) => answer),
    right: (_, answers) => answers.every(isAnswer),
    ...more,
  })
  const whole = (name, call_, right = never) => ({
    name,
    takes: junk,
    definition: true,
    limit: 1000,
    call: call_,
    right,
  })
  const listed = (_, answers) => answers.every((answer) => Array.isArray(answer))

  return [
    // Chains and queues.
    ...[
      ['chainClasses', { P }, (given) => library.chainClasses(given), listed],
      ['steadyState', { P }, (given) => library.steadyState(given)],
      ['chainPower', [P, 5], ([matrix, power]) => library.chainPower(matrix, power), listed],
      [
        'projectChain',
        { P, start: [1, 2, 3], steps: 3, arrivals: [1, 0, 0] },
        (given) => library.projectChain(given),
        listed,
      ],
      ['absorbingChain', { P, absorbing: [2] }, (given) => library.absorbingChain(given)],
      [
        'absorbingChain of parts',
        {
          Q: [
            [0.5, 0.25],
            [0, 0.5],
          ],
          R: [[0.25], [0.5]],
        },
        (given) => library.absorbingChain(given),
      ],
      [
        'chainValue',
        { P, rewards: [3, -1, 0], discountRate: 0.1, horizon: 4, cash: 'start' },
        (given) => library.chainValue(given),
      ],
      [
        'chainValue for ever',
        { P, rewards: [3, -1, 0], discountRate: 0 },
        (given) => library.chainValue(given),
      ],
      [
        'erlangC',
        { arrivalsPerHour: 60, meanHandlingSeconds: 60, agents: 2, withinSeconds: 20 },
        (given) => library.erlangC(given),
      ],
      [
        'agentsNeeded',
        {
          arrivalsPerHour: 60,
          meanHandlingSeconds: 60,
          target: { serviceLevel: 0.8, withinSeconds: 20, maxOccupancy: 0.9 },
          shrinkage: 0.3,
        },
        (given) => library.agentsNeeded(given),
      ],
      [
        'agentsByInterval',
        {
          intervals: [{ interval: '09:00', arrivals: 30, lengthSeconds: 1800, meanHandlingSeconds: 60 }],
          target: { serviceLevel: 0.8, withinSeconds: 20 },
          shrinkage: 0.3,
        },
        (given) => library.agentsByInterval(given),
        listed,
      ],
    ].flatMap(([name, given, take, right]) => [
      parts(name, given, take, right && { right }),
      whole(name, (value) => take(name === 'chainPower' ? [value, 2] : value)),
    ]),

    // Panels and models.
    ...[
      [
        'checkStagePanel',
        (given) => ({ kind: 'panel', periods: library.checkStagePanel(given).periods.length }),
      ],
      ['panelByStage', (given) => ({ kind: 'panel', periods: library.panelByStage(given).periods.length })],
      ['testMarkov', (given) => library.testMarkov(given)],
      ['fitTransitions', (given) => library.fitTransitions(given, { prior: 'uniform' })],
      [
        'backTestStages',
        (given) => library.backTestStages(given, { holdOut: 1, prior: 'uniform', random, draws: 100 }),
      ],
    ].flatMap(([name, take]) => [parts(name, panel, take), whole(name, take)]),
    parts('testMarkov options', { level: 0.9 }, (given) => library.testMarkov(panel, given)),
    parts(
      'fitTransitions options',
      {
        prior: { alpha: 1 },
        possible: panel.states.flatMap((from) => panel.states.map((to) => [from, to])),
        final: [],
        unseen: 'prior',
        level: 0.9,
        since: '2024-01',
        until: '2024-02',
        last: 2,
      },
      (given) => library.fitTransitions(panel, given),
    ),
    whole('fitTransitions options', (value) => library.fitTransitions(panel, value)),
    parts(
      'backTestStages options',
      {
        holdOut: 1,
        arrivals: 'known',
        prior: 'uniform',
        possible: 'all',
        final: [],
        unseen: 'prior',
        last: 1,
        ...draws,
      },
      (given) => library.backTestStages(panel, { random, ...given }),
    ),
    parts(
      'assumeTransitions',
      {
        states: ['a', 'b', 'c'],
        stageOf: ['x', 'y', 'y'],
        unit: 'month',
        rates: P,
        after: '2024-01',
        closing: [1, 2, 3],
        arrivals: [1, 0, 0],
      },
      (given) => library.assumeTransitions(given),
    ),
    whole('assumeTransitions', (value) => library.assumeTransitions(value)),
    parts('changeRates model', model, (given) => library.changeRates(given, []), { floats: true }),
    ...[
      ['changeRates', (value) => library.changeRates(value, [])],
      ['forecastStages', (value) => library.forecastStages(value, { ...forecast, random })],
      ['stageValues', (value) => library.stageValues(value, terms, { ...draws, random })],
      [
        'stageAbsorption',
        (value) => library.stageAbsorption(value, { absorbing: ['new'], ...draws, random }),
      ],
      ['rateElasticities', (value) => library.rateElasticities(value, { steadyShare: 'active' })],
      ['simulateStages', (value) => library.simulateStages(value, plan, { ...setting, random })],
      [
        'whatIf',
        (value) => library.whatIf(value, { by: 'rates', changes: call.changes }, { ...byRates, random }),
      ],
    ].map(([name, take]) => whole(`${name} model`, take)),
    parts(
      'forecastStages model',
      { ...model, rows: [], markov: { verdict: 'markov' }, meanArrivals: [] },
      (given) => library.forecastStages(given, { periods: 1, draws: 100, random }),
    ),

    // Options.
    ...[
      ['changeRates changes', call.changes, (given) => library.changeRates(model, given)],
      ['forecastStages options', forecast, (given) => library.forecastStages(model, { random, ...given })],
      ['stageValues terms', terms, (given) => library.stageValues(model, given, { ...draws, random })],
      ['stageValues options', draws, (given) => library.stageValues(model, terms, { random, ...given })],
      [
        'stageAbsorption options',
        { absorbing: ['new'], ...draws },
        (given) => library.stageAbsorption(model, { random, ...given }),
      ],
      [
        'rateElasticities of a share',
        { share: 'active', periods: 2, opening: [1, 2, 3], arrivals: 'as-seen' },
        (given) => library.rateElasticities(model, given),
      ],
      [
        'rateElasticities of a long run',
        { steadyShare: 'active' },
        (given) => library.rateElasticities(model, given),
      ],
      [
        'rateElasticities of a value',
        { value: terms, opening: [1, 2, 3] },
        (given) => library.rateElasticities(model, given),
      ],
      ['simulateStages plan', plan, (given) => library.simulateStages(model, given, { ...setting, random })],
      [
        'simulateStages setting',
        setting,
        (given) => library.simulateStages(model, plan, { random, ...given }),
      ],
      [
        'whatIf by rates',
        { by: 'rates', changes: call.changes },
        (given) => library.whatIf(model, given, { ...byRates, runs: 100, random }),
      ],
      [
        'whatIf by simulation',
        { by: 'simulation', against: {}, ...plan },
        (given) => library.whatIf(model, given, { ...setting, random }),
      ],
    ].map(([name, given, take]) => parts(name, given, take)),
    ...[
      ['forecastStages', (value) => library.forecastStages(model, { ...forecast, random: value })],
      ['stageValues', (value) => library.stageValues(model, terms, { ...draws, random: value })],
      ['stageAbsorption', (value) => library.stageAbsorption(model, { absorbing: ['new'], random: value })],
      ['simulateStages', (value) => library.simulateStages(model, plan, { ...setting, random: value })],
      [
        'whatIf',
        (value) =>
          library.whatIf(model, { by: 'rates', changes: call.changes }, { ...byRates, random: value }),
      ],
    ].map(([name, take]) => whole(`${name} random`, take)),
    {
      name: 'erlangC agents',
      takes: junk,
      call: (agents) => library.erlangC({ arrivalsPerHour: 60, meanHandlingSeconds: 60, agents }),
      right: (agents, { kind }) =>
        isCount(agents) && agents >= 1 && agents <= 1e6 && kind === (agents > 1 ? 'estimate' : 'undefined'),
    },
    {
      name: 'projectChain one count',
      takes: junk,
      call: (count) => library.projectChain({ P, start: [count, 0, 0], steps: 1 }),
      right: (count, [, after]) => count >= 0 && Number.isFinite(count) && after[2] === 0,
    },
  ]
}
