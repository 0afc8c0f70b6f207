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
  lnHypergeometric2F1: (chance) => [positive(chance), positive(chance), positive(chance), share(chance)],
  tricomiU: (chance) => [positive(chance), positive(chance), positive(chance)],
  lnTricomiU: (chance) => [positive(chance), positive(chance), positive(chance)],
  betaRegularizedUpper: (chance) => [share(chance), positive(chance), positive(chance)],
  lnBetaRegularizedUpper: (chance) => [share(chance), positive(chance), positive(chance)],
  betaQuantileUpper: (chance) => [share(chance), positive(chance), positive(chance)],
  gammaQInverse: (chance) => [positive(chance), share(chance)],
  lnGammaP: (chance) => [positive(chance), positive(chance)],
  lnGammaQ: (chance) => [positive(chance), positive(chance)],
  normalQuantile: (chance) => [share(chance)],
  normalCdf: (chance) => [around(chance) / 50],
  studentCdf: (chance) => [around(chance) / 50, positive(chance)],
  studentQuantile: (chance) => [share(chance), positive(chance)],
}
/** Those that iterate are asked less often. */
const slow = new Set([
  'betaQuantile',
  'gammaPInverse',
  'betaQuantileUpper',
  'gammaQInverse',
  'lnBetaRegularizedUpper',
  'hypergeometric2F1',
  'lnHypergeometric2F1',
  'tricomiU',
  'lnTricomiU',
  'studentQuantile',
  'lnBetaRegularized',
])

const around = (chance) => (chance(1e9) - 5e8) / 7e5
const positive = (chance) => (1 + chance(1e6)) / 1e4
const share = (chance) => (1 + chance(1e9 - 1)) / 1e9

/** Sections of everything else: what they need of the library, and whether a zone is in them. */
const parts = {
  'public names': { needs: [], answer: (library) => (note) => note(Object.keys(library).sort()) },
  'lifecycles drawn': {
    needs: [
      ...['lifecycleFrom', 'random', 'stageSankey', 'stagesOverTime'],
      ...['toDot', 'toMermaid', 'toScxml', 'toXState'],
    ],
    answer: lifecyclesDrawn,
    zoned: true,
  },
  'random sequences': { needs: ['random', 'restoreRandom'], answer: randomSequences },
  'shares of units': { needs: ['allocate', 'allocateUnits'], answer: sharesOfUnits },
  'sums and products of money': { needs: ['sumMoney', 'multiplyMoney', 'roundToMoney'], answer: sumsOfMoney },
  'exact ratios': { needs: ['mulDiv', 'shareOf', 'stepsIn', 'parseRatio'], answer: exactRatios },
  'intervals of proportions': { needs: ['wilson'], answer: intervalsOfProportions },
  quadrature: { needs: ['gaussLegendre', 'gaussJacobi', 'integrate', 'exp'], answer: quadrature },
  'sums, moments and quantiles': {
    needs: [
      'logSumExp',
      'exactSum',
      'compensatedSum',
      'moments',
      'defineQuantileSketch',
      'quantile',
      'collect',
    ],
    answer: sumsAndQuantiles,
  },
  'minima of three objectives': { needs: ['minimize', 'exp', 'ln'], answer: minima },
  'proportions by every method': {
    needs: ['proportion', 'proportionDifference', 'proportionTest'],
    answer: proportions,
  },
  'survival curves and their tests': {
    needs: [
      'defineSurvival',
      'survivalAt',
      'survivalQuantile',
      'restrictedMean',
      'logRank',
      'adjustedP',
      'collect',
    ],
    answer: survivalCurves,
  },
  'business days, work hours, fiscal and ISO weeks': {
    needs: ['calendarOf'],
    answer: businessCalendars,
    zoned: true,
  },
  'Chinese dates and anniversaries': {
    needs: ['chineseDateOf', 'dayOfChineseDate', 'anniversariesOf'],
    answer: chineseDates,
  },
  'facts of all kinds, said, read and linted': {
    needs: ['compileRules', 'printCondition', 'parseCondition', 'lintCondition', 'lintRules', 'missing'],
    answer: factsOfAllKinds,
    zoned: true,
  },
  'canonical text': { needs: ['canonical', 'digest', 'digestName', 'subjectOf'], answer: canonicalText },
  calendars: { needs: ['calendarOf', 'formatInstant'], answer: calendars, zoned: true },
  'rules through time': {
    needs: ['defineLifecycle', 'verdicts', 'explain'],
    answer: rulesThroughTime,
    zoned: true,
  },
  'ready lifecycles, and promises whose clocks pause': {
    needs: [
      'caseLifecycle',
      'customerLifecycle',
      'maternityLifecycle',
      'membershipLifecycle',
      'membershipTerm',
      'pregnancyDates',
      'promiseEvents',
      'referralGuard',
      'referralLifecycle',
    ],
    answer: readyLifecycles,
    zoned: true,
  },
  'verbs over stages': {
    needs: [
      'timeline',
      'nextMoves',
      'whyNot',
      'dueList',
      'lintLifecycle',
      'migrateLifecycle',
      'diffLifecycles',
    ],
    answer: verbsOverStages,
    zoned: true,
  },
  'a program through time': {
    needs: ['defineProgram', 'partState', 'preview', 'replay'],
    answer: programThroughTime,
    zoned: true,
  },
  'earning by line, under caps': {
    needs: ['definePoints', 'lines', 'replay'],
    answer: earningUnderCaps,
    zoned: true,
  },
  'retention of cohorts': { needs: ['defineRetention', 'collect'], answer: retentionOfCohorts, zoned: true },
  'one activity, many readings': {
    needs: ['columnsOf', 'defineGrowth', 'defineRetention', 'defineStickiness', 'periodsOf'],
    answer: manyReadings,
    zoned: true,
  },
  'labels of other products, translated': {
    needs: [
      'amplitudeLifecycle',
      'defineDailyStates',
      'defineIntervalLabels',
      'stageStandings',
      'translateLabels',
    ],
    answer: labelsTranslated,
    zoned: true,
  },
  'Cox regressions and their refusals': {
    needs: ['fitCox', 'coxSurvival', 'testProportionalHazards', 'concordance'],
    answer: coxRegressions,
  },
  'churn models and their fits': {
    needs: [
      'churnLogLikelihood',
      'churnRetention',
      'churnSurvival',
      'fitChurnModel',
      'lnBetaRatio',
      'random',
      'simulateChurn',
    ],
    answer: churnModels,
  },
  'buying and leaving at own rates': {
    needs: [
      'correlatedParetoNbd',
      'historyTable',
      'paretoNbd',
      'random',
      'rateCorrelation',
      'withRateCorrelation',
    ],
    answer: buyingAndLeaving,
  },
  'buying at opportunities, with a growing hazard, and without end': {
    needs: ['bgBb', 'ggompertzNbd', 'nbd', 'random'],
    answer: discreteBuying,
  },
  'buying until leaving': {
    needs: ['bgNbd', 'mbgNbd', 'bgCnbd', 'mbgCnbd', 'historyTable', 'random'],
    answer: buyingUntilLeaving,
  },
  'contract models': {
    needs: [
      'bdw',
      'contractOutlook',
      'contractTable',
      'exponentialGamma',
      'random',
      'sbg',
      'weibullGamma',
      'weibullGammaValues',
    ],
    answer: contractModels,
  },
  'simple lifetime values': {
    needs: [
      'acquisitionCost',
      'churnAwarePayback',
      'churnValue',
      'extraPeriodsThatPay',
      'historicValue',
      'referralsThatPay',
      'retentionGainThatPays',
      'retentionValue',
      'simplePayback',
      'valueSensitivity',
      'valueToCost',
    ],
    answer: simpleValues,
  },
  'fits of models': {
    needs: [
      ...['bootstrap', 'bootstrapInterval', 'changeUnit', 'chooseModel', 'compareModels', 'fitFor', 'nbd'],
      ...['fitModel', 'fitSteps', 'fittedFrom', 'historyTable', 'holdoutOf', 'likelihoodRatio', 'penalties'],
      ...['predictionInterval', 'random', 'valuesFor'],
    ],
    answer: fits,
  },
  'spend and lifetime values': {
    needs: [
      'belongings',
      'estimateLifetimeValue',
      'expectedSpend',
      'expm1',
      'gammaGamma',
      'gammaGammaAnyQ',
      'contractOutlook',
      'lifetimeValuesOf',
      'lifetimeVariance',
      'ln',
      'lnGamma',
      'predictor',
      'random',
      'spendCorrelation',
      'retentionGainThatPays',
      'sbg',
      'spendTable',
      'valueBy',
      'withPurchase',
    ],
    answer: lifetimeValues,
  },
  'validation of models of buying': {
    needs: [
      ...['validate', 'validationRows', 'validationSentences', 'aliveOverTime', 'historyGrid', 'capturedBy'],
      ...['chanceCalibration', 'conditionalMeans', 'frequencyFit', 'liftTable', 'predictionErrors'],
      ...['trackPurchases', 'summarizeHistories', 'lnBetaRegularized', 'purchaseTracking', 'meansByGroup'],
      ...['aliveCurve', 'chanceCurve', 'contractSurvival', 'frequencyBars', 'historyHeatmap', 'liftCurves'],
    ],
    answer: validationOfBuying,
  },
  'validation of spend and of contracts': {
    needs: [
      ...[
        'contractSentences',
        'contractSurvival',
        'gammaGamma',
        'parameters',
        'random',
        'sbg',
        'spendByGroup',
      ],
      ...['spendHistogram', 'spendSentences', 'validateContracts', 'validateSpend'],
    ],
    answer: validationOfSpend,
  },
  'tiers through time': {
    needs: ['definePoints', 'tierProgress', 'explain', 'replay'],
    answer: tiersThroughTime,
    zoned: true,
  },
  'stored value and benefits': {
    needs: [
      ...['defineBenefits', 'defineBudgetUse', 'defineStoredValue', 'quoteBenefits', 'audit', 'replay'],
      ...['defineStock', 'fundingPlan', 'denialPlan', 'settlementPlan', 'stockReservation'],
    ],
    answer: storedValueAndBenefits,
    zoned: true,
  },
  'rewards through time': {
    needs: ['definePoints', 'offersFor', 'rewardPlan', 'explain'],
    answer: rewardsThroughTime,
    zoned: true,
  },
  'projections of retention': {
    needs: ['describeRetentionCurve', 'projectRetention', 'random', 'simulateChurn', 'survivorCounts'],
    answer: projections,
  },
  'revenue through time': {
    needs: ['defineRevenueRetention', 'defineCohortRevenue', 'cacPayback', 'revenueRates', 'collect'],
    answer: revenueThroughTime,
    zoned: true,
  },
  'ends of points': {
    needs: [
      ...['definePoints', 'defineEvents', 'expiries', 'expiriesByMonth', 'expiringBy', 'calendarOf'],
      ...['ledgerRows', 'outstandingLots'],
    ],
    answer: endsOfPoints,
    zoned: true,
  },
  'accounts of points': {
    needs: [
      'definePointsLiability',
      'forecastLiability',
      'definePointsDevelopment',
      'estimateRedemptionCurve',
      'allocateRevenue',
      'openDeferral',
      'moveDeferral',
      'journalEntries',
      'journalRows',
      'pointsReturn',
      'breakageReasons',
      'journalSentences',
      'returnReasons',
      'collect',
    ],
    answer: accountsOfPoints,
    zoned: true,
  },
  'rights under new terms': {
    needs: ['definePoints', 'definitionChanges', 'defineRightsReview', 'migratePoints', 'collect'],
    answer: rightsUnderNewTerms,
    zoned: true,
  },
  'chains and queues': {
    needs: [
      'absorbingChain',
      'agentsNeeded',
      'chainClasses',
      'chainPower',
      'chainValue',
      'erlangC',
      'projectChain',
      'steadyState',
    ],
    answer: chainsAndQueues,
  },
  'forecasts of stages': {
    needs: [
      'assumeTransitions',
      'backTestStages',
      'changeRates',
      'fitTransitions',
      'forecastStages',
      'panelByStage',
      'rateElasticities',
      'simulateStages',
      'stageAbsorption',
      'stageValues',
      'testMarkov',
      'whatIf',
    ],
    answer: forecastsOfStages,
  },
  'decay of attention': {
    needs: [
      'fitDecay',
      'forecastOpenRate',
      'priceOfPause',
      'comparePlans',
      'backtestDecay',
      'defineOpenRates',
    ],
    answer: decayOfAttention,
  },
  'lifecycles over everybody': {
    needs: ['columnsOf', 'defineStageFlows', 'defineStagePanel', 'sortColumns'],
    answer: lifecyclesOverEverybody,
    zoned: true,
  },
  'vitality of groups': {
    needs: ['defineVitality', 'assessVitality', 'backtestWarning', 'groupDeaths', 'groupSurvival'],
    answer: vitalityOfGroups,
    zoned: true,
  },
  'campaign truth and tenure': {
    needs: ['measureCampaign', 'defineTenure', 'defineRetention', 'collect'],
    answer: campaignTruth,
    zoned: true,
  },
  'retention from columns and in steps': {
    needs: ['defineRetention', 'collectSteps', 'columnsOf'],
    answer: retentionFromColumns,
    zoned: true,
  },
  'lives of people, and cohorts compared': {
    needs: [
      'defineActivitySurvival',
      'compareCohorts',
      'compareCurves',
      'comparisonRows',
      'comparisonSentence',
      'curvePairRows',
      'curveSentence',
    ],
    answer: livesCompared,
    zoned: true,
  },
  'histories of customers': {
    needs: ['summarizeHistories', 'historyTable', 'countedHistories', 'orderColumns', 'estimateRegularity'],
    answer: customerHistories,
    zoned: true,
  },
  'charts of results': {
    needs: [
      'defineGrowth',
      'growthBars',
      'kaplanMeier',
      'retentionHeatmap',
      'revenueCurves',
      'survivalCurves',
    ],
    answer: chartsOfResults,
    zoned: true,
  },
  'differences of retention': {
    needs: ['explainRetentionDifference', 'retentionPreset', 'describeRetention'],
    answer: differencesOfRetention,
    zoned: true,
  },
  'stage plans': {
    needs: [
      ...['defineStagePlan', 'stagePlanFrom', 'planBudget', 'stagePlanRows', 'lintStagePlan'],
      ...['expectedStages', 'gapToGoal', 'flowNeeded', 'cheapestMoves', 'compareStagePlan', 'explain'],
    ],
    answer: stagePlans,
  },
  'shared stocks, and plans over them': {
    needs: ['defineStock', 'stockLeft', 'planOf', 'stepId', 'carryOut', 'reportOf', 'explain', 'explainPlan'],
    answer: sharedStocks,
    zoned: true,
  },
  'holders of points, and plans between them': {
    needs: [
      ...['defineEvents', 'definePoints', 'money', 'text', 'transferPlan', 'joinPoolPlan', 'leavePoolPlan'],
      ...['mergePlan', 'carryOut', 'reportOf', 'explain'],
    ],
    answer: holdersOfPoints,
    zoned: true,
  },
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

function quadrature({ gaussLegendre, gaussJacobi, integrate, exp }) {
  return (note) => {
    const chance = chanceFrom(11)
    for (const i of range(60)) note(gaussLegendre(i + 1))
    for (const i of range(60)) note(gaussJacobi(1 + (i % 20), { a: positive(chance), b: positive(chance) }))
    for (const _ of range(100)) {
      const rate = positive(chance)
      note(integrate((x) => exp(-rate * x * x), 0, 1 + share(chance)))
    }
  }
}

function sumsAndQuantiles(library) {
  const {
    logSumExp,
    exactSum,
    compensatedSum,
    moments,
    exactTotal,
    quantile,
    collect,
    defineQuantileSketch,
  } = library
  const sketch = defineQuantileSketch({ id: 'sizes', version: 1, accuracy: 0.01 })
  return (note) => {
    const chance = chanceFrom(12)
    for (const _ of range(200)) {
      const shards = range(4).map(() => range(50).map(() => around(chance) * (1 + around(chance))))
      const values = shards.flat()
      note(logSumExp(values.map((value) => value / 1000)))
      note([exactSum(values), compensatedSum(values)])
      for (const type of ['nearest-rank', 'type-7']) note(quantile(values, share(chance), { type }))
      for (const aggregate of [exactTotal, moments, sketch]) {
        const partials = shards.map((shard) => collect(aggregate, shard))
        const merged = partials.reduce((a, b) => aggregate.merge(a, b))
        note(merged)
        note(aggregate.result(merged, { p: [0, 0.1, 0.5, 0.99, 1] }))
      }
    }
  }
}

function minima({ minimize, exp, ln }) {
  const rosenbrock = ([x, y]) => (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
  const poisson = (counts) => ({
    value: ([a, b]) => counts.reduce((sum, count, i) => sum + exp(a + b * i) - count * (a + b * i), 0),
    gradient: ([a, b]) =>
      counts.reduce(
        ([p, q], count, i) => [p + exp(a + b * i) - count, q + i * (exp(a + b * i) - count)],
        [0, 0],
      ),
  })
  const shape = (share_) => ({
    value: ([x]) => ln(1 + exp(x)) - share_ * x,
    gradient: ([x]) => [1 / (1 + exp(-x)) - share_],
    hessian: ([x]) => [[1 / (2 + exp(x) + exp(-x))]],
  })
  return (note) => {
    const chance = chanceFrom(13)
    for (const _ of range(20)) {
      note(minimize({ value: rosenbrock }, [around(chance) / 500, around(chance) / 500]))
      note(minimize(poisson(range(8).map(() => chance(9))), [0, 0]))
      note(minimize(shape(share(chance)), [0]))
    }
  }
}

function proportions({ proportion, proportionDifference, proportionTest }) {
  return (note) => {
    const chance = chanceFrom(14)
    const counts = () => {
      const trials = chance(2 ** (1 + chance(20)))
      return { successes: chance(trials + 1), trials }
    }
    for (const _ of range(1500)) {
      const [a, b, level] = [counts(), counts(), share(chance)]
      for (const method of ['wilson', 'clopper-pearson', 'jeffreys', 'agresti-coull', 'wald'])
        note(proportion({ ...a, level, method }))
      for (const method of ['newcombe', 'agresti-caffo', 'wald'])
        note(proportionDifference({ a, b, level, method }))
      note(proportionTest({ a, b }))
    }
  }
}

function survivalCurves(library) {
  const { defineSurvival, survivalAt, survivalQuantile, restrictedMean, logRank, adjustedP, collect } =
    library
  const survival = defineSurvival({ id: 'leaving', version: 1, unit: 'day' })
  return (note) => {
    const chance = chanceFrom(16)
    const records = (count) =>
      range(count).map(() => {
        const time = 1 + chance(400) / 4
        return chance(3) === 0
          ? { time, event: chance(3) > 0, entry: chance(4) / 5 }
          : { time, event: chance(3) > 0 }
      })
    for (const i of range(12)) {
      const samples = range(4).map((k) => ({
        group: `g${k % 3}`,
        stratum: `s${k % 2}`,
        counted: collect(survival, records(20 + 9 * i)),
      }))
      const merged = samples.map(({ counted }) => counted).reduce((a, b) => survival.merge(a, b))
      note(merged)
      for (const transform of ['plain', 'log', 'log-log', 'logit', 'arcsin']) {
        const curve = survival.result(merged, { transform, level: 0.9 })
        for (const row of curve.rows) note(row)
        note(survivalAt(curve, 30))
        for (const p of [0.1, 0.5, 0.9]) note(survivalQuantile(curve, p))
        note(restrictedMean(curve, { upTo: 60 }))
      }
      for (const rho of [0, 0.5, 1]) {
        const found = logRank(samples, { rho })
        note(found)
        if (found.kind === 'estimate')
          for (const method of [
            'bonferroni',
            'holm',
            'hochberg',
            'benjamini-hochberg',
            'benjamini-yekutieli',
          ])
            note(adjustedP([found.p, share(chance), share(chance)], { method }))
      }
    }
  }
}

function businessCalendars({ calendarOf }, { place, zones }) {
  const business = {
    closed: ['2020-01-24', '2020-01-27'],
    opened: ['2020-01-19'],
    hours: [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ],
  }
  const fiscal = { pattern: '4-5-4', ends: { rule: 'nearest', weekday: 6, month: 1 }, named: 'start' }
  return (note) => {
    for (const zone of zones) {
      const calendar = calendarOf({ ...place(zone), business, fiscal, dayStart: '04:00', weekStart: 7 })
      const chance = chanceFrom(15 + zone.length)
      for (const _ of range(400)) {
        const at = first + chance(lastDay * 48) * (hour / 2)
        for (const unit of ['businessDays', 'workHours', 'workMinutes'])
          note(calendar.add(at, { [unit]: chance(40) }))
        note([calendar.isoWeek(at), calendar.weekOf(at), calendar.fiscalPeriod(at)])
        note([calendar.isOpen(at), calendar.isBusinessDay(calendar.localDay(at))])
        note(calendar.workedBetween(at, at + chance(30) * day))
        note(calendar.startOf('fiscal-quarter', at))
      }
    }
  }
}

function chineseDates({ chineseDateOf, dayOfChineseDate, anniversariesOf }) {
  return (note) => {
    for (const i of range(18_000)) {
      const date = chineseDateOf(-25_000 + 4 * i)
      note(date ?? null)
      if (date !== undefined) note(dayOfChineseDate({ ...date, year: date.year + 1 }) ?? null)
    }
    for (const i of range(300)) {
      const rule = { calendar: 'chinese', born: 31 * i, leapMonth: 'both', shortMonth: 'next' }
      note(anniversariesOf(rule).nth(20))
    }
  }
}

function factsOfAllKinds(library, { place }) {
  const {
    compileRules,
    defineEvents,
    explain,
    lintCondition,
    lintRules,
    missing,
    parseCondition,
    printCondition,
  } = library
  const { attributes, integer, moment, money, text } = library
  const shop = defineEvents({
    visited: {},
    ordered: { amount: money('CNY'), items: integer(), channel: text('web', 'app') },
    ...attributes({ birthday: moment(), city: text() }),
  })
  const tally = { event: 'ordered', within: { days: 60 } }
  const gte = (fact, value) => ({ condition: 'gte', fact, value })
  const conditions = [
    gte({ fact: 'count', ...tally, where: { items: { gte: 2 } } }, 3),
    gte({ fact: 'sum', ...tally, field: 'amount' }, '300'),
    gte({ fact: 'min', ...tally, field: 'amount' }, '50'),
    gte({ fact: 'max', ...tally, field: 'items' }, 4),
    gte({ fact: 'distinct', ...tally, field: 'channel' }, 2),
    { condition: 'is', fact: { fact: 'first', ...tally, field: 'channel' }, value: 'web' },
    { condition: 'in', fact: { fact: 'last', event: 'ordered', field: 'channel' }, values: ['app'] },
    gte({ fact: 'time-since', event: 'ordered', orSince: 'visited' }, { weeks: 2 }),
    gte({ fact: 'sessions', event: 'visited', gap: { hours: 30 } }, 3),
    gte({ fact: 'session-time', event: 'visited', gap: { hours: 30 } }, { hours: 2 }),
    gte({ fact: 'time-between', event: 'visited', until: 'ordered' }, { hours: 50 }),
    gte({ fact: 'streak', event: 'visited', unit: 'week', freezes: 1 }, 3),
    gte({ fact: 'sequence', steps: [{ event: 'visited' }, { event: 'ordered' }], inside: { days: 9 } }, 2),
    gte(
      {
        fact: 'ratio',
        of: { fact: 'sum', event: 'ordered', field: 'amount' },
        to: { fact: 'count', event: 'ordered' },
      },
      '150',
    ),
    { condition: 'is', fact: { fact: 'attribute', attribute: 'city' }, value: 'Bern' },
    { condition: 'is', fact: { fact: 'anniversary', attribute: 'birthday', daysBefore: 9 }, value: true },
    gte({ fact: 'age', attribute: 'birthday', unit: 'years' }, 18),
  ]
  const some = { condition: 'some-of', k: 4, of: conditions }
  const context = { ...shop, calendar: place('America/New_York') }
  return (note) => {
    for (const condition of [...conditions, some]) {
      for (const lang of ['en', 'zh']) {
        const said = printCondition(shop, condition, lang)
        note(said)
        note(parseCondition(shop, said, lang))
        note(parseCondition(shop, said.slice(0, -1), lang))
      }
      note(lintCondition({ condition: 'all', of: [condition, some] }, context))
    }
    note(
      lintRules(
        conditions.map((when, i) => ({ when, to: `s${i % 3}` })),
        context,
      ),
    )
    const rules = compileRules([...conditions, some], context)
    for (const subject of range(20)) {
      const chance = chanceFrom(900 + subject)
      let tracks = rules.facts.start
      let at = Date.UTC(2018, 0, 1)
      for (const i of range(40)) {
        at += chance(15 * 24) * hour
        const kind = chance(9)
        const [type, data] =
          kind < 4
            ? [
                'ordered',
                { amount: `${chance(400)}.50`, items: chance(6), channel: kind < 2 ? 'web' : 'app' },
              ]
            : kind < 8
              ? ['visited', {}]
              : ['attribute-set', { city: 'Bern', birthday: at - chance(25 * 365) * day }]
        tracks = rules.facts.note(tracks, { id: `i${i}`, type, subject: 's', occurredAt: at, data }, 's')
        const asOf = at + chance(30) * day
        note([...rules.holds(tracks, asOf)])
        const verdict = rules.verdicts(tracks, asOf).at(-1)
        note(verdict)
        note(missing(verdict) ?? null)
        note(explain(shop, verdict, i % 2 === 0 ? 'en' : 'zh'))
      }
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
function verbsOverStages(library, { place }) {
  const { checkMigration, defineEvents, defineLifecycle, diffLifecycles, dueList, explainWhyNot } = library
  const { lintLifecycle, migrateLifecycle, money, nextMoves, restore, timeline, timelineRows, whyNot } =
    library
  const shop = defineEvents({ 'order-paid': { amount: money('CNY') }, visited: {}, 'opted-out': {} })
  const orders = shop.count('order-paid', { within: { days: 90 } })
  const versionOf = (version, days, dormant) =>
    defineLifecycle({
      id: 'verbs',
      version,
      calendar: place('America/New_York'),
      events: shop,
      activity: ['order-paid', 'visited'],
      stages: ['lead', 'active', 'loyal', dormant, 'gone'],
      initial: 'lead',
      rules: {
        lead: [{ to: 'active', on: 'order-paid' }],
        active: [
          { to: 'loyal', when: orders.gte(3) },
          { to: dormant, inactiveFor: { days } },
        ],
        loyal: [
          { to: 'active', when: orders.lt(2) },
          { to: dormant, inactiveFor: { months: 2, end: true } },
        ],
        [dormant]: [{ to: 'active', on: 'order-paid', reset: [orders] }],
        gone: [],
      },
      everywhere: [{ to: 'gone', on: 'opted-out' }],
      final: ['gone'],
      words: { zh: { lead: '潜客', active: '活跃用户' } },
    })
  const [first, second] = [versionOf(1, 30, 'sleeping'), versionOf(2, 21, 'dormant')]
  const types = ['order-paid', 'order-paid', 'visited', 'visited', 'visited']
  const histories = range(40).map((n) => {
    const chance = chanceFrom(9100 + n)
    const subject = `s-${n}`
    const events = range(4 + chance(12)).map((i) => {
      const type = chance(60) === 0 ? 'opted-out' : types[chance(5)]
      const occurredAt = Date.UTC(2020, 0, 1) + chance(400 * 48) * (hour / 2)
      const data = type === 'order-paid' ? { amount: `${chance(90)}.${10 + chance(90)}` } : {}
      return { id: `e-${i}`, type, subject, occurredAt, data }
    })
    return { subject, events }
  })
  const asOf = Date.UTC(2021, 1, 10)
  const until = Date.UTC(2021, 4, 1)
  const stages = { sleeping: 'dormant' }
  return (note) => {
    const migrate = migrateLifecycle(first, second, { stages })
    const states = []
    for (const { subject, events } of histories) {
      const line = timeline(first, subject, events, { asOf })
      note(line)
      note(timelineRows(first, line))
      const state = restore(
        first,
        subject,
        [...events].sort((a, b) => a.occurredAt - b.occurredAt),
      )
      states.push(state)
      note(nextMoves(first, state, asOf, { until }))
      const why = whyNot(first, state, asOf)
      note(why)
      note(explainWhyNot(first, why, 'zh'))
      note(migrate(state, asOf))
    }
    note(dueList(first, states, { from: asOf, until }))
    note(diffLifecycles(first, second, histories, { asOf, stages }))
    note(checkMigration(migrate, histories, { at: asOf }))
    note(migrate.plan)
    note(lintLifecycle(first, { contactEvery: { days: 45 } }))
  }
}

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

/** Every ready lifecycle through histories of its own events: what follows, what is seen, promised and said. */
function readyLifecycles(library, { place }) {
  const { defineLifecycle, explain, verdicts } = library
  const hours = [
    { from: '09:00', to: '12:30' },
    { from: '13:30', to: '18:00' },
  ]
  const calendar = { ...place('America/New_York'), business: { closed: ['2010-07-05'], hours } }
  const engines = [
    library.customerLifecycle({ calendar }),
    library.maternityLifecycle({ calendar }),
    library.caseLifecycle({ calendar }),
    library.referralLifecycle({ calendar }),
    library.membershipLifecycle({ calendar }),
  ].map((definition) => defineLifecycle(definition))
  const said = {
    'order-paid': (chance) => ({ amount: `${chance(300)}.50` }),
    'invitee-joined': (chance) => {
      const invitee = `p-${chance(3)}`
      return { inviter: 'p-0', invitee, guard: library.referralGuard({ inviter: 'p-0', invitee }) }
    },
    'attribute-set': (chance, at, id) => {
      const date = at + (chance(400) - 200) * day
      if (id === 'membership') return library.membershipTerm(date, { calendar, notice: chance(40) })
      return chance(3) > 0 ? library.pregnancyDates(date + 200 * day, calendar) : { born: date }
    },
  }
  return (note) => {
    note(library.promiseEvents('desk', ['reply']))
    for (const engine of engines) {
      note(engine.hash)
      const types = Object.keys(engine.accepts).filter((type) => !type.includes('/'))
      for (const subject of range(40)) {
        const chance = chanceFrom(9000 + subject)
        let state = engine.start(`s-${subject}`)
        let at = Date.UTC(2010, 0, 1)
        for (const i of range(25)) {
          at += chance(240) * (hour / 4) + chance(3) * chance(20) * day
          const type = types[chance(types.length)]
          const data = said[type]?.(chance, at, engine.id) ?? {}
          const input = { id: `i-${i}`, type, subject: state.subject, occurredAt: at, data }
          const outcome = engine.decide(state, input)
          note(outcome.events ?? outcome.refusal)
          if (outcome.outcome === 'accepted') state = outcome.state
          note(engine.view(state, at + chance(40) * day))
          note(engine.nextChange(state, at)?.at ?? null)
          for (const rule of verdicts(engine, state, at))
            for (const lang of ['en', 'zh']) note(explain(engine, rule, lang))
        }
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
    partState,
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
      note(partState(program, points, replayed.state, replayed.state.at + 90 * 24 * hour))
    }
  }
}

function earningUnderCaps(library, { place }) {
  const { defineEvents, definePoints, lines, money, replay, text } = library
  const items = lines({ sku: text(), amount: money('CNY'), category: text('food', 'books').optional() })
  const market = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY'), discount: money('CNY').optional(), items },
    'order-returned': { orderId: text(), items },
  })
  const order = { on: 'order-paid', origin: 'orderId' }
  const points = definePoints({
    id: 'points',
    version: 1,
    calendar: place('America/New_York'),
    events: market,
    earning: [
      {
        ...order,
        rule: 'goods',
        each: 'items',
        line: 'sku',
        where: { category: { not: 'books' } },
        earns: { points: 3, per: '0.70', of: 'amount' },
        multiply: [
          { by: '4/3', during: { from: '2019-02-01T00:00', until: '2019-06-01T00:00' } },
          { by: '1.5', when: market.count('order-paid', { within: { days: 9 } }).gte(2) },
        ],
        multiplying: 'product',
      },
      { ...order, rule: 'net', earns: { points: 1, per: '0.33', of: 'amount', less: ['discount'] } },
      {
        ...order,
        rule: 'gift',
        earns: { points: 70, of: 'amount' },
        cooldown: { days: 3 },
        rounding: 'each',
      },
    ],
    clawback: [{ on: 'order-returned', origin: 'orderId', each: 'items', line: 'sku', of: 'amount' }],
    stacking: [{ rules: ['gift', 'net'], policy: 'best' }],
    caps: [
      { cap: 'daily', rules: ['goods'], atMost: 150, per: { this: 'day' }, overflow: 'carry', returns: true },
      { cap: 'rolling', atMost: 900, per: { days: 5 }, overflow: 'truncate' },
    ],
    currencies: [{ currency: 'points', kind: 'spendable', atMost: 5000 }],
  })
  return (note) => {
    for (const n of range(40)) {
      const chance = chanceFrom(4700 + n)
      const subject = `c-${n}`
      let state = points.start(subject)
      let at = Date.UTC(2019, 0, 1)
      const log = []
      for (const i of range(30)) {
        at += chance(60) * hour
        const bought = range(1 + chance(3)).map((k) => ({
          sku: `sku-${k}`,
          amount: `${chance(90)}.${10 + chance(90)}`,
          ...(chance(3) === 0 && { category: chance(2) === 0 ? 'food' : 'books' }),
        }))
        const paid = {
          orderId: `o-${i}`,
          amount: `${chance(400)}.50`,
          discount: `${chance(50)}.25`,
          items: bought,
        }
        const [type, data] =
          chance(4) > 0 ? ['order-paid', paid] : ['order-returned', { orderId: `o-${i - 1}`, items: bought }]
        const outcome = points.decide(state, { id: `i-${i}`, type, subject, occurredAt: at, data })
        note(outcome.outcome)
        if (outcome.outcome !== 'accepted') continue
        state = outcome.state
        for (const event of outcome.events) {
          note(event)
          log.push(event)
        }
      }
      const items = [{ sku: 'sku-0', amount: '70.00' }]
      const data = { orderId: 'late', amount: '99.99', items }
      const late = { id: 'late', type: 'order-paid', subject, occurredAt: Date.UTC(2019, 0, 20), data }
      const replayed = replay(points, { checkpoint: points.start(subject), tail: log }, { add: [late] })
      note(replayed.asserted)
      note(points.view(points.advance(replayed.state, at + 2000 * hour).state, at + 2000 * hour))
    }
  }
}

function manyReadings(library, { place, zones }) {
  const { calendarOf, columnsOf, defineGrowth, defineRetention, defineStickiness, periodsOf } = library
  return (note) => {
    for (const zone of zones) {
      const calendar = place(zone)
      const chance = chanceFrom(7100 + zone.length)
      const events = range(2000).map((i) => ({
        id: `e-${i}`,
        type: chance(3) === 0 ? 'order-paid' : 'visited',
        subject: `s-${chance(300)}`,
        occurredAt: Date.UTC(2019, 0, 1) + chance(365 * 48) * (hour / 2),
        data: {},
      }))
      const columns = columnsOf(events)
      const shared = { id: 'readers', version: 1, calendar, activity: 'visited' }
      const retained = { ...shared, entry: 'order-paid' }
      const asOf = Date.UTC(2020, 0, 14)
      const aggregates = [
        ...['on', 'on-or-after', 'on-or-before', 'consecutive', { atLeast: 2 }, { brackets: [1, 2, 3] }].map(
          (measure) => defineRetention({ ...retained, period: 'month', measure }),
        ),
        ...[undefined, 'hour', 'day'].map((truncate) =>
          defineRetention({
            ...retained,
            period: 'month',
            clock: { elapsed: { hours: 720 }, ...(truncate && { truncate }) },
          }),
        ),
        defineRetention({ ...retained, period: 'week', entryRule: 'recurring', minimum: 2 }),
        defineGrowth({ ...shared, period: 'week', resurrected: 'counted' }),
        defineStickiness({
          ...shared,
          period: 'day',
          windows: { week: 7, month: 28 },
          windowIncludes: 'the-period',
        }),
      ]
      for (const aggregate of aggregates) {
        const partial = aggregate.addColumns(aggregate.empty(), columns)
        note(aggregate.toJson(partial))
        note(aggregate.result(partial, { asOf }))
      }
      for (const unit of ['hour', 'day', 'week', 'month', 'quarter', 'year']) {
        const periods = periodsOf(calendarOf(calendar), unit)
        const index = periods.indexOf(asOf)
        note([
          index,
          periods.nameOf(index),
          periods.startOf(index),
          periods.endOf(index),
          periods.latestBy(asOf),
        ])
      }
    }
  }
}

function labelsTranslated(library, { place, zones }) {
  const { amplitudeLifecycle, columnsOf, dailyStateRows, defineDailyStates, defineIntervalLabels } = library
  const { intervalLabelRows, stageStandings, translateLabels, translationRows } = library
  return (note) => {
    for (const zone of zones) {
      const calendar = place(zone)
      const chance = chanceFrom(5300 + zone.length)
      const events = range(1500).map((i) => ({
        id: `e-${i}`,
        type: chance(3) === 0 ? 'joined' : 'visited',
        subject: `s-${chance(200)}`,
        occurredAt: Date.UTC(2019, 0, 1) + chance(300 * 48) * (hour / 2),
        data: { org: `o-${chance(9)}` },
      }))
      const columns = columnsOf(events)
      const head = { version: 1, calendar, activity: 'visited', keep: 'instants' }
      const asOf = Date.UTC(2019, 10, 14)
      const read = (aggregate, options = {}) => {
        const partial = aggregate.addColumns(aggregate.empty(), columns)
        note(aggregate.toJson(partial))
        note(aggregate.result(partial, { asOf, ...options }))
        return aggregate.standings(partial, { asOf, ...options })
      }
      const interval = (id, period, firstSeen, more) =>
        defineIntervalLabels({ ...head, id, period, firstSeen, dormantAs: 'negative', ...more })
      const all = [
        read(interval('months', 'month', { event: 'joined' })),
        read(interval('weeks', 'week', { lookBack: 3 }), { since: Date.UTC(2019, 8, 1) }),
        read(interval('orgs', 'day', 'first-activity', { by: 'org' })),
        read(interval('given', 'quarter', 'given-instants'), { firstSeenAt: { 's-1': 0, 's-2': asOf } }),
        read(
          defineIntervalLabels(
            amplitudeLifecycle({ ...head, id: 'preset', period: 'week', calendar: { ...calendar } }),
          ),
        ),
        ...['days-before', 'today'].map((windowIncludes) =>
          read(
            defineDailyStates({
              ...head,
              id: 'days',
              period: 'day',
              windows: { week: 7, month: 30 },
              windowIncludes,
            }),
            { since: Date.UTC(2019, 9, 20) },
          ),
        ),
        stageStandings({
          name: { en: 'ours', zh: '我方' },
          asOf,
          stages: Object.fromEntries(range(150).map((i) => [`s-${i}`, i % 3 === 0 ? 'lapsed' : 'active'])),
          kinds: { active: 'stayed', lapsed: 'away' },
          calendar,
          lastActiveAt: { 's-3': asOf - 40 * 24 * hour },
        }),
      ]
      note(all)
      for (const from of all) for (const to of all) note(translationRows(translateLabels({ from, to })))
      note([intervalLabelRows, dailyStateRows].map((rows) => rows({ intervals: [], days: [] })))
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

function coxRegressions({ fitCox, coxSurvival, testProportionalHazards, concordance }) {
  return (note) => {
    const chance = chanceFrom(15)
    for (const _ of range(30)) {
      const [strata, late] = [chance(2) === 0, chance(2) === 0]
      const records = range(5 + chance(60)).map(() => {
        const time = 1 + chance(20)
        return {
          time,
          event: chance(3) > 0,
          covariates: { a: chance(2), b: around(chance), c: chance(5) },
          ...(late && { entry: chance(time) }),
          ...(strata && { stratum: `s${chance(3)}` }),
        }
      })
      for (const ties of ['efron', 'breslow']) {
        const fit = fitCox(records, { ties, level: 0.9 })
        note(fit)
        note(testProportionalHazards(records, { ties }))
        if (fit.kind === 'estimate') {
          const { stratum } = records[0]
          note(coxSurvival(fit, { covariates: { a: 1, b: 0.5, c: 2 }, ...(strata && { stratum }) }))
        }
      }
      note(concordance(records.map(({ covariates, ...one }) => ({ ...one, score: covariates.b }))))
    }
  }
}

function churnModels(library) {
  const { churnLogLikelihood, churnRetention, churnSurvival, fitChurnModel, lnBetaRatio } = library
  return (note) => {
    const chance = chanceFrom(15)
    for (const _ of range(3000)) note(lnBetaRatio(positive(chance), positive(chance), 50 * positive(chance)))
    for (const parameters of churning) {
      for (const period of [1, 2, 3, 10, 100, 1000])
        note([churnSurvival(parameters, period), churnRetention(parameters, period)])
      for (const seed of range(6)) {
        const cohorts = library.simulateChurn({ parameters, cohorts: ages, random: library.random(seed) })
        note(cohorts)
        note(churnLogLikelihood(parameters, cohorts))
        for (const { model } of churning) note(fitChurnModel({ model, cohorts }))
      }
    }
  }
}

function buyingAndLeaving(library) {
  const { correlatedParetoNbd, historyTable, paretoNbd, random, rateCorrelation, withRateCorrelation } =
    library
  const histories = [
    [0, 0, 39],
    [1, 1.71, 38.86],
    [7, 29.43, 38.86],
    [500, 300.5, 365],
  ].map(([repeatCount, lastPurchaseAge, age]) => ({ unit: 'week', repeatCount, lastPurchaseAge, age }))
  const table = historyTable(histories)
  return (note) => {
    for (const values of [
      { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 },
      { r: 5, alpha: 1000, s: 1, beta: 0.001 },
      { r: 3, alpha: 0.5, s: 1e-4, beta: 400 },
    ]) {
      const slopes = new Float64Array(4)
      note(paretoNbd.likelihood(table).slopes(Object.values(values), slopes))
      note([...slopes, ...paretoNbd.expectedOf(values, table, 52)])
      const { possible } = rateCorrelation({ ...values, m: 0 })
      const correlated = withRateCorrelation(values, 0.7 * possible[1])
      const five = new Float64Array(5)
      note([correlatedParetoNbd.likelihood(table).slopes(Object.values(correlated), five), ...five])
      for (const [model, given] of [
        [paretoNbd, values],
        [correlatedParetoNbd, correlated],
      ]) {
        for (const history of histories) {
          const { lnAlive, rates, ...buying } = model.after(given, history)
          note([lnAlive, { ...rates }, buying.lnAliveAfter(7), buying.expected(52)])
          note([buying.discounted(Number.POSITIVE_INFINITY, 0.01), buying.discounted(20, 0.01)])
          note([buying.lnChanceOf(0, 2, 10), buying.lnChanceOf(3, 0, 10), buying.lnChanceOfAtLeast(9, 0, 9)])
        }
        const seeded = random(model.name)
        for (const _ of range(20)) note(model.draw(given, 30, seeded))
      }
    }
  }
}

function discreteBuying({ bgBb, ggompertzNbd, nbd, random }) {
  const histories = [
    [0, 0, 6],
    [1, 1, 6],
    [3, 5, 6],
    [20, 31, 40],
  ]
  const models = [
    [nbd, { r: 0.385, alpha: 12.07 }, 'week'],
    [bgBb, { alpha: 1.204, beta: 0.75, gamma: 0.657, delta: 2.783 }, 'opportunity'],
    [bgBb, { alpha: 0.3, beta: 200, gamma: 1, delta: 0.01 }, 'opportunity'],
    [ggompertzNbd, { r: 0.553, alpha: 10.57, b: 0.02, s: 0.6, beta: 0.3 }, 'week'],
    [ggompertzNbd, { r: 2, alpha: 1, b: 3, s: 20, beta: 5000 }, 'week'],
  ]
  return (note) => {
    for (const [model, values, unit] of models) {
      for (const [repeatCount, lastPurchaseAge, age] of histories) {
        const history = { unit, repeatCount, lastPurchaseAge, age }
        const slopes = new Float64Array(model.parameters.length)
        note(model.historyLikelihood(history).slopes(Object.values(values), slopes))
        note([...slopes])
        const after = model.after(values, history)
        note([after.lnAlive, after.lnAliveAfter(7), after.rates])
        for (const time of [1, 5, 52]) note([after.expected(time), after.discounted(time, 0.01)])
        note(after.discounted(Number.POSITIVE_INFINITY, 0.01))
        for (const n of [0, 1, 2, 9]) note([after.lnChanceOf(n, 2, 40), after.lnChanceOfAtLeast(n, 0, 9)])
      }
      const seeded = random(model.name)
      for (const _ of range(20)) note(model.draw(values, 30, seeded))
    }
  }
}

function projections({ describeRetentionCurve, projectRetention, random, simulateChurn, survivorCounts }) {
  return (note) => {
    for (const parameters of churning) {
      const cohorts = simulateChurn({ parameters, cohorts: ages, random: random(parameters.model) })
      note(projectRetention({ cohorts, horizon: 4, level: 0.9 }))
      note(
        projectRetention({
          cohorts,
          horizon: 2,
          model: 'shifted-beta-geometric',
          intervals: { random: random(3), replicates: 100 },
        }),
      )
      const { survivors } = cohorts[0]
      const points = survivors.slice(1).map((n, i) => ({ period: i + 1, rate: n / survivors[0] }))
      for (const shape of ['power-law', 'exponential', 'asymptote'])
        note(describeRetentionCurve({ shape, points }))
      const cells = survivors.map((retained, offset) => ({
        offset,
        eligible: survivors[0],
        retained,
        state: 'complete',
      }))
      note(survivorCounts({ cohorts: [{ cohort: 'a', cells }] }, { leaveOut: 1 }))
    }
  }
}

const churning = [
  { model: 'geometric', churn: 0.2 },
  { model: 'shifted-beta-geometric', alpha: 0.7, beta: 2.5 },
  { model: 'beta-discrete-weibull', alpha: 0.3, beta: 1.7, shape: 1.5 },
]
const ages = [
  { cohort: 'old', survivors: [600, 0, 0, 0, 0, 0, 0, 0, 0] },
  { cohort: 'younger', survivors: [800, 0, 0, 0, 0, 0, 0] },
  { cohort: 'young', survivors: [1000, 0, 0, 0] },
]

function revenueThroughTime(library, { place, zones }) {
  const { cacPayback, cohortRevenueRows, collect, defineCohortRevenue, defineRevenueRetention } = library
  const { paybackRows, revenueBetween, revenueRates, revenueRetentionRows } = library
  const asOf = Date.UTC(2022, 1, 14)
  const rules = ['own', 'new', 'expansion']
  return (note) => {
    for (const reactivation of rules) {
      note(
        revenueRates(
          { start: 7, new: 3, expansion: 1, contraction: 2, churn: 4, reactivation: 5 },
          { reactivation },
        ),
      )
      note(
        revenueBetween({
          start: { a: '3.10', b: '7' },
          end: { b: '9.99', c: '1' },
          currency: 'CNY',
          reactivation,
        }),
      )
    }
    for (const zone of zones) {
      const chance = chanceFrom(9000 + zone.length)
      const events = range(3000).map((i) => ({
        id: `e-${i}`,
        type: ['order-paid', 'order-paid', 'order-refunded', 'visited'][chance(4)],
        subject: `s-${chance(300)}`,
        occurredAt: Date.UTC(2019, 0, 1) + chance(3 * 365 * 48) * (hour / 2),
        data: {
          amount: `${chance(500)}.${10 + chance(90)}`,
          margin: `${chance(90)}.5`,
          order: `o-${chance(40)}`,
        },
      }))
      const terms = { version: 1, calendar: place(zone), currency: 'CNY' }
      for (const movements of ['end-to-end', 'per-event']) {
        const recurring = defineRevenueRetention({
          ...terms,
          id: 'recurring',
          period: movements === 'per-event' ? 'week' : 'quarter',
          revenue: { event: 'order-paid', amount: 'amount' },
          ended: 'order-refunded',
          reactivation: rules[chance(3)],
          movements,
        })
        const measured = recurring.result(collect(recurring, events), { asOf, level: 0.9 })
        for (const row of revenueRetentionRows(measured)) note(row)
      }
      const values = { revenue: 'amount', margin: 'margin' }
      const revenue = defineCohortRevenue({
        ...terms,
        id: 'revenue',
        period: 'month',
        entry: ['order-paid', 'visited'],
        earned: { event: 'order-paid', values, order: 'order' },
        refunded: {
          event: 'order-refunded',
          values,
          dated: chance(2) === 0 ? 'order' : 'refund',
          order: 'order',
        },
      })
      const measured = revenue.result(collect(revenue, events), { asOf, level: 0.8 })
      for (const row of cohortRevenueRows(measured)) note(row)
      note(measured.outside)
      const costs = Object.fromEntries(measured.cohorts.map(({ cohort }, i) => [cohort, `${300 * i}.00`]))
      const hazard = range(40).map((i) => 1 / (i + 3))
      const projection = { curve: { hazard }, horizon: 40, perActive: 'mean' }
      const payback = cacPayback(measured, { value: 'margin', costs, within: 'linear', projection })
      for (const row of paybackRows(payback)) note(row)
      note(payback.cohorts.map(({ points }) => points.length))
    }
  }
}

function decayOfAttention(library) {
  const { attentionSpans, backtestDecay, collect, compareDecays, comparePlans, defineOpenRates } = library
  const { fitDecay, forecastOpenRate, openRateRows, priceOfPause, publicationsEvery, random } = library
  const week = { hours: 168 }
  const letters = defineOpenRates({
    id: 'letters',
    version: 1,
    delivered: 'message-delivered',
    opened: 'message-opened',
    send: 'campaign',
    within: { hours: 72 },
  })
  return (note) => {
    const chance = chanceFrom(14)
    for (const round of range(4)) {
      // Weeks without the pauses, and how far each is above what a pause leaves.
      const weeks = range(60).filter((i) => i < 20 || (i >= 27 && i < 40) || i >= 44)
      const shares = weeks.map((i) => (i < 20 ? 300 : i < 40 ? 300 - 20 * (38 - i) : 300 - 12 * (58 - i)))
      const events = weeks.flatMap((i, n) =>
        range(40).flatMap((reader) => {
          const event = { subject: `s-${reader}`, data: { campaign: `week ${i}` } }
          const at = Date.UTC(2022, 0, 3) + 7 * i * day
          const sent = { ...event, id: `d-${i}-${reader}`, type: 'message-delivered', occurredAt: at }
          const read = { ...event, id: `o-${i}-${reader}`, type: 'message-opened', occurredAt: at + hour }
          return chance(1000) < Math.max(40, shares[n]) ? [sent, read] : [sent]
        }),
      )
      const asOf = Date.UTC(2024, 0, 1)
      const rates = letters.result(collect(letters, events), { asOf })
      note(rates)
      const history = { sends: rates.observations }
      for (const scale of ['logit', 'log', 'share']) {
        const fit = fitDecay(history, { pauseAfter: week, scale })
        note(fit)
        if (fit.kind !== 'fit' || fit.recovery.kind !== 'estimate') continue
        const until = asOf + 300 * day
        const every = { every: week, from: asOf, until }
        const publications = publicationsEvery({ ...every, pause: { from: asOf, until: asOf + 90 * day } })
        const draws = { random: random(round), draws: 100 }
        for (const row of openRateRows(forecastOpenRate(fit, { publications, until }, { asOf }))) note(row)
        note(openRateRows(forecastOpenRate(fit, { publications, until }, { asOf, ...draws })))
        note(attentionSpans(fit, { asOf, every: { hours: 200 } }))
        note(
          priceOfPause(fit, {
            asOf,
            every: week,
            pause: { from: asOf + 10 * day, until: asOf + 80 * day },
            horizon: { hours: 4000 },
            audience: 5000,
            valuePerOpen: { amount: '0.30', currency: 'CNY' },
            costPerPublication: { amount: '400', currency: 'CNY' },
          }),
        )
        const plans = [
          { name: 'weekly', publications: publicationsEvery(every) },
          { name: 'with a pause', publications },
        ]
        note(comparePlans(fit, { asOf, until, audience: 5000, plans }))
      }
      note(fitDecay(history, { pauseAfter: week, noise: 'beta-binomial', start: 'fitted', profile: false }))
      note(backtestDecay(history, { pauseAfter: week, holdOut: 8, profile: false }))
      note(
        compareDecays(history, { pauseAfter: week }).map(({ scale, floor, behind }) => [
          scale,
          floor,
          behind,
        ]),
      )
    }
  }
}

/** A row of chances, some of them 0 and some next to it; to stay is what is left. */
function rowOf(chance, n, i) {
  const parts = range(n).map(() => (chance(3) === 0 ? 0 : share(chance) / (chance(2) === 0 ? 1 : 1e9)))
  const sum = parts.reduce((a, part, j) => (j === i ? a : a + part), 0)
  const moves = parts.map((part) => (sum > 0.9 ? (0.9 * part) / sum : part))
  return moves.map((part, j) =>
    j === i ? 1 - moves.reduce((a, one, k) => (k === i ? a : a + one), 0) : part,
  )
}

function chainsAndQueues(library) {
  const {
    absorbingChain,
    agentsNeeded,
    chainClasses,
    chainPower,
    chainValue,
    erlangC,
    projectChain,
    steadyState,
  } = library
  return (note) => {
    const chance = chanceFrom(8101)
    for (const round of range(120)) {
      const n = 1 + chance(9)
      const P = range(n).map((i) => rowOf(chance, n, i))
      const start = range(n).map(() => chance(1000))
      note(chainClasses({ P }))
      note(steadyState({ P }))
      note(absorbingChain({ P, absorbing: [chance(n)] }))
      note(chainPower(P, round))
      note(projectChain({ P, start, steps: 12, arrivals: start }))
      const rewards = range(n).map(() => around(chance))
      for (const horizon of [undefined, 24])
        note(
          chainValue({ P, rewards, discountRate: share(chance), cash: 'end', ...(horizon && { horizon }) }),
        )
    }
    for (const _ of range(300)) {
      const load = { arrivalsPerHour: positive(chance) * 30, meanHandlingSeconds: positive(chance) * 9 }
      note(erlangC({ ...load, agents: 1 + chance(900), withinSeconds: chance(100) }))
      note(agentsNeeded({ ...load, target: { serviceLevel: share(chance), withinSeconds: chance(100) } }))
    }
  }
}

function forecastsOfStages(library) {
  const { assumeTransitions, changeRates, fitTransitions, random } = library
  const states = ['active·0', 'active·1', 'dormant·2']
  const stageOf = ['active', 'active', 'dormant']
  return (note) => {
    for (const seed of range(4)) {
      const chance = chanceFrom(8200 + seed)
      let counts = [300 + chance(200), 200, 100 + chance(100)]
      const periods = range(9).map((t) => {
        const moves = counts.map((count, i) => {
          const back = Math.floor((count * (6 - 2 * i)) / 10) - chance(10)
          return states.map((_, j) => (j === 0 ? back : j === Math.min(2, i + 1) ? count - back : 0))
        })
        const arrivals = [20 + chance(30), 0, 0]
        counts = arrivals.map((one, j) => moves.reduce((sum, row) => sum + row[j], one))
        const triples = t === 0 ? [] : moves.map((row, i) => [Math.max(0, i - 1), i, 0, chance(row[0])])
        return { period: `2024-0${t + 1}`, moves, arrivals, triples: triples.slice(1) }
      })
      const panel = { states, stageOf, unit: 'month', periods }
      for (const one of [panel, library.panelByStage(panel)]) {
        note(library.testMarkov(one))
        note(library.backTestStages(one, { holdOut: 3, prior: 'jeffreys', random: random(seed), draws: 200 }))
      }
      const fitted = fitTransitions(panel, { prior: 'jeffreys' })
      note(fitted)
      const changes = [{ from: 'dormant', to: 'active·0', times: 1.2 }]
      const assumed = assumeTransitions({
        ...{ states, stageOf, unit: 'month', after: '2024-09' },
        rates: fitted.rates,
        closing: fitted.closing,
      })
      const value = { margins: { active: 10, dormant: -1 }, discountRate: 0.01 }
      const draws = { random: random(seed), draws: 200 }
      const call = {
        id: 'call',
        stages: ['dormant'],
        changes,
        costPerContact: 2,
        limits: { contactsPerPeriod: 20 },
      }
      for (const model of [fitted, assumed, changeRates(fitted, changes)]) {
        note(library.forecastStages(model, { periods: 6, arrivals: 'as-seen', ...draws }))
        note(library.stageValues(model, value, draws))
        note(library.stageAbsorption(model, { absorbing: ['dormant'], ...draws }))
        for (const target of [{ share: 'active', periods: 6 }, { steadyShare: 'active' }, { value }])
          note(library.rateElasticities(model, target))
        const setting = { periods: 5, arrivals: 'as-seen', random: random(seed), runs: 100, value }
        note(library.whatIf(model, { by: 'rates', changes }, setting))
        note(
          library.whatIf(
            model,
            { by: 'simulation', interventions: [call], limits: { perSubject: { contacts: 1, periods: 3 } } },
            { ...setting, runs: 20 },
          ),
        )
        note(library.simulateStages(model, { interventions: [call] }, { ...setting, runs: 20 }))
      }
    }
  }
}

/** Plans of four stages over three years: money, people, goals, moves, and what is said of them. */
function stagePlans(library) {
  const stages = ['lead', 'new', 'active', 'lapsed']
  const years = [2026, 2027, 2028]
  return (note) => {
    const chance = chanceFrom(9001)
    const byStage = (draw) => Object.fromEntries(stages.map((stage, i) => [stage, draw(i)]))
    for (const i of range(40)) {
      const leaving = (to) => ({ share: `${chance(250) / 10}%`, to })
      const plan = library.defineStagePlan({
        ...{ id: 'any', version: 1, currency: ['CNY', 'JPY', 'KWD'][i % 3], stages, years },
        pace: i % 2 === 0 ? 'one-move-a-year' : 'several-moves-a-year',
        lines: ['segmentation', 'content'],
        owners: byStage((at) => (at < 2 ? 'growth' : 'members')),
        goals: {
          new: { 2026: { measure: 'rate', to: 'active', atLeast: chance(1000) / 1000 } },
          active: {
            2028: {
              ...{ measure: 'share', atLeast: `${chance(50)}%` },
              guards: [{ stage: 'lapsed', measure: 'share', atMost: '1/3' }],
            },
          },
          lapsed: { 2027: { measure: 'count', atMost: chance(9000) } },
        },
        budget: Object.fromEntries(
          years.map((year) => [
            year,
            {
              whole: String(chance(1e9)),
              lines: { segmentation: '40%', content: 'remaining' },
              stages: byStage(() => 1 + chance(9)),
            },
          ]),
        ),
        flows: [
          { from: null, to: 'lead', count: chance(20_000), cost: '3' },
          { from: 'lead', ...leaving('new'), cost: '8' },
          { from: 'new', ...leaving('active'), cost: '12' },
          { from: 'new', ...leaving('lapsed') },
          { from: 'active', ...leaving('lapsed'), cost: '1' },
          { from: 'active', to: 'new', count: chance(50) },
          { from: 'lapsed', ...leaving('active'), cost: '45' },
          { from: 'lapsed', ...leaving(null) },
        ],
      })
      const opening = byStage(() => chance(50_000))
      note(library.stagePlanFrom(plan.definition).hash)
      for (const ask of [library.planBudget, library.stagePlanRows, library.lintStagePlan]) note(ask(plan))
      note(library.expectedStages(plan, { opening }))
      note(library.cheapestMoves(plan, { stage: 'active', year: 2028, spentIn: 2027, opening }))
      for (const year of years) {
        note(library.gapToGoal(plan, { year, counts: opening }))
        const actual = { counts: byStage(() => chance(50_000)), spent: { lead: String(chance(1e6)) } }
        note(library.compareStagePlan(plan, { year, opening, actual }))
        for (const needed of library.flowNeeded(plan, { year, opening })) {
          note(needed)
          for (const lang of ['en', 'zh'])
            for (const finding of needed.because) note(library.explain(plan, finding, lang))
        }
      }
    }
  }
}

function vitalityOfGroups(library, { place, zones }) {
  const { assessVitality, backtestWarning, collect, defineVitality, groupDeaths, groupSurvival } = library
  const usual = { weeks: 8, skipWeeks: 1, leastWeeks: 2 }
  const warnings = [
    library.vitalityWarning,
    { kind: 'cusum', fallsTo: 0.4, threshold: 5, ...usual },
    { kind: 'share', below: 0.6, forDays: 4, recovered: 0.9, ...usual },
  ]
  return (note) => {
    for (const zone of zones) {
      const definition = {
        ...{ id: 'groups', version: 1, period: 'day', group: 'group', kind: 'kind' },
        calendar: place(zone),
        ...{ joins: 'joined', leaves: 'left', messages: 'said' },
        kinds: { member: 'member', operator: 'operator', advertisement: 'push' },
        answers: 'answers',
      }
      const chance = chanceFrom(8000 + zone.length)
      const events = range(5000).map((i) => {
        const group = chance(4)
        // Later groups fall silent earlier.
        const days = 40 + 40 * (3 - group)
        const roll = chance(100)
        const push = roll < 10 * group
        // Most of what is said is said early: the products of two draws.
        const when = push ? chance(160 * 48) : Math.floor((days * 48 * chance(1000) * chance(1000)) / 1e6)
        return {
          id: `e-${i}`,
          type: roll > 96 ? 'left' : roll > 90 ? 'joined' : 'said',
          subject: `s-${chance(30)}`,
          occurredAt: Date.UTC(2019, 0, 1) + when * (hour / 2),
          data: { group: `g-${group}`, kind: push ? 'push' : 'member', answers: chance(5) === 0 },
        }
      })
      const asOf = Date.UTC(2019, 6, 1)
      for (const period of ['day', 'week']) {
        const vitality = defineVitality({ ...definition, period })
        const result = vitality.result(collect(vitality, events), { asOf, level: 0.9, people: 'named' })
        for (const row of library.vitalityRows(result)) note(row)
        if (period === 'week') continue
        const deaths = groupDeaths(result.groups)
        note(deaths)
        for (const warning of warnings) {
          note(assessVitality(result, { asOf: Date.UTC(2019, 3, 1), warning }))
          note(backtestWarning(result.groups, deaths, { warning }))
        }
        note(groupSurvival(result.groups, { pushes: { withinDays: 14, bands: [0.5, 1] } }))
      }
    }
  }
}

function differencesOfRetention(library, { place, zones }) {
  const { describeRetention, describeRetentionDifference, explainRetentionDifference, retentionPreset } =
    library
  const names = [
    'posthog',
    'posthog-24-hour',
    'amplitude',
    'amplitude-calendar',
    'mixpanel',
    'mixpanel-calendar',
  ]
  return (note) => {
    for (const zone of zones) {
      const ours = {
        ...{ id: 'ours', version: 1, calendar: place(zone), period: 'day' },
        ...{ entry: 'order-paid', activity: ['order-paid', 'visited'], measure: 'on-or-after' },
      }
      const chance = chanceFrom(8000 + zone.length)
      const events = range(1500).map((i) => ({
        id: `e-${i}`,
        type: chance(3) === 0 ? 'order-paid' : 'visited',
        subject: `s-${chance(200)}`,
        occurredAt: Date.UTC(2019, 9, 20) + chance(30 * 48) * (hour / 2),
        data: {},
      }))
      const options = { asOf: Date.UTC(2019, 10, 19), since: Date.UTC(2019, 9, 22), offset: 1, decimals: 3 }
      for (const name of names) {
        const theirs = retentionPreset(name, {
          ...{ id: name, version: 1, calendar: place('UTC'), period: 'day' },
          ...{ entry: 'order-paid', activity: 'order-paid' },
        })
        const difference = explainRetentionDifference(ours, theirs, events, options)
        note(difference)
        for (const lang of ['en', 'zh'])
          note([describeRetention(theirs, lang), describeRetentionDifference(difference, lang)])
      }
    }
  }
}

function lifecyclesDrawn(library, { place, zones }) {
  const { calendarOf, lifecycleFrom, random, stageSankey, stagesOverTime } = library
  const { toDot, toMermaid, toScxml, toXState } = library
  const stages = ['lead', 'new', 'active', '流失 "x" --> y']
  const word = (chance) => chance.pick(stages)
  return (note) => {
    for (const [i, zone] of zones.slice(0, 6).entries()) {
      const chance = random(`drawn ${i}`)
      const calendar = place(zone)
      const spans = [{ days: 30 }, { hours: 720 }, { months: 2 }, { days: 7, end: true }]
      const lifecycle = lifecycleFrom({
        model: 'lifecycle',
        id: 'customer',
        version: 1,
        calendar,
        events: { bought: { amount: { type: 'money', currency: 'CNY' } }, visited: {} },
        activity: ['visited', { event: 'bought', where: { amount: { gte: '10' } } }],
        stages,
        initial: 'lead',
        rules: Object.fromEntries(
          stages.map((stage) => {
            const when = {
              condition: 'gte',
              fact: { fact: 'count', event: 'bought', within: chance.pick(spans) },
              value: chance.integer(1, 5),
            }
            const others = stages.filter((other) => other !== stage)
            const to = chance.pick(others)
            return [
              stage,
              [
                { to: chance.pick(others), on: 'bought', when },
                { to, inactiveFor: chance.pick(spans) },
                { to: chance.pick(others), inStageFor: chance.pick(spans) },
              ],
            ]
          }),
        ),
      })
      const moves = stages.map(() => stages.map(() => chance.integer(0, 900)))
      for (const lang of ['en', 'zh']) {
        const options = { lang, counts: { stages, moves } }
        note(toMermaid(lifecycle, options))
        note(toDot(lifecycle, options))
        note(stageSankey({ stages, moves }, { lang, least: 200 }))
        const periods = [{ period: '2024-01', moves, arrivals: moves[0] }]
        note(stagesOverTime({ states: stages, unit: 'month', periods }, { lang }))
      }
      note(toScxml(lifecycle))
      const { config, implementations, notes } = toXState(lifecycle, { subject: 'ann', lang: 'zh' })
      note(config)
      note(notes)
      let { context } = config
      for (let day = 0; day < 40; day += 1) {
        const occurredAt = Date.UTC(2019, 2, 1) + day * 3 * 86_400_000 + chance.integer(0, 86_400_000)
        const data = day % 3 === 0 ? {} : { amount: `${chance.integer(1, 30)}.00` }
        const event = {
          id: `${day}`,
          type: day % 3 === 0 ? 'visited' : 'bought',
          subject: 'ann',
          occurredAt,
          data,
        }
        context = implementations.actions.note({ context, event })
        for (const delay of Object.values(implementations.delays)) note(delay({ context, event }))
        if (day % 7 === 0)
          context = implementations.actions.move({ context, event }, { from: word(chance), to: word(chance) })
      }
      note(context)
      note(calendarOf(calendar).localDate(context.now))
    }
  }
}

function chartsOfResults(library, { place, zones }) {
  const { cacPayback, collect, defineCohortRevenue, defineGrowth, defineRetention, kaplanMeier } = library
  const { growthBars, retentionCurves, retentionHeatmap, revenueCurves, survivalCurves } = library
  return (note) => {
    const asOf = Date.UTC(2021, 1, 14)
    for (const [i, zone] of zones.slice(0, 4).entries()) {
      const lang = i % 2 === 0 ? 'en' : 'zh'
      const chance = chanceFrom(8100 + i)
      const events = range(900).map((i) => ({
        id: `e-${i}`,
        type: 'order-paid',
        subject: `s-${chance(200)}`,
        occurredAt: Date.UTC(2019, 6, 1) + chance(600 * 48) * (hour / 2),
        data: { amount: `${chance(900)}.${10 + chance(90)}` },
      }))
      const head = { id: 'buyers', version: 1, calendar: place(zone), period: 'month' }
      const buyers = defineRetention({ ...head, entry: 'order-paid', activity: 'order-paid' })
      const retention = buyers.result(collect(buyers, events), { asOf })
      note(retentionHeatmap(retention, { lang }))
      note(retentionCurves(retention, { lang, show: 'cohorts' }))
      const growth = defineGrowth({ ...head, activity: 'order-paid', resurrected: 'counted' })
      note(growthBars(growth.result(collect(growth, events), { asOf }), { lang }))
      const value = defineCohortRevenue({
        ...head,
        currency: 'CNY',
        entry: 'order-paid',
        earned: { event: 'order-paid', values: { revenue: 'amount' } },
      })
      const revenue = value.result(collect(value, events), { asOf })
      const costs = Object.fromEntries(revenue.cohorts.map(({ cohort }) => [cohort, `${1 + chance(9999)}`]))
      const payback = cacPayback(revenue, { value: 'revenue', costs, within: 'period-end' })
      note(revenueCurves(revenue, { lang, value: 'revenue', show: 'cohorts', payback }))
      const records = range(120).map(() => ({ time: chance(90) / 7, event: chance(3) > 0 }))
      const curve = kaplanMeier(records, { unit: 'day', transform: 'log-log' })
      note(survivalCurves([{ name: 'all', curve }], { lang }))
    }
  }
}

function livesCompared(library, { place, zones }) {
  const { collect, compareCohorts, compareCurves, comparisonRows, comparisonSentence } = library
  const { curvePairRows, curveSentence, defineActivitySurvival, defineRetention } = library
  return (note) => {
    for (const [i, zone] of zones.entries()) {
      const shared = {
        version: 1,
        calendar: place(zone),
        entry: 'order-paid',
        activity: ['order-paid', 'visited'],
        period: 'month',
        keep: 'instants',
      }
      const retention = defineRetention({ ...shared, id: 'buyers' })
      const chance = chanceFrom(9000 + zone.length)
      const events = range(1500).map((n) => ({
        id: `e-${n}`,
        type: chance(3) === 0 ? 'order-paid' : 'visited',
        subject: `s-${chance(300)}`,
        occurredAt: Date.UTC(2019, 0, 1) + chance(365 * 48) * (hour / 2),
        data: {},
      }))
      const partial = collect(retention, events)
      const asOf = Date.UTC(2020, 0, 14)
      for (const returning of ['first-lapse', 'last-activity']) {
        const gap = i % 2 === 0 ? { periods: 2 } : undefined
        const staying = defineActivitySurvival({
          ...shared,
          id: 'staying',
          gap: gap ?? { hours: 1000 },
          returning,
        })
        const survival = staying.result(partial, { asOf, transform: 'log-log' })
        note(survival)
        note(staying.lives(partial, { asOf }).length)
        for (const test of ['log-rank', 'peto-peto']) {
          const curves = compareCurves(survival, {
            between: 'cohorts',
            test,
            against: 'all-pairs',
            adjust: 'holm',
          })
          note(curves.overall)
          note(curvePairRows(curves))
          note(curveSentence(curves, 0))
        }
      }
      const measured = retention.result(partial, { asOf })
      for (const adjust of ['holm', 'benjamini-hochberg']) {
        const asked = {
          offset: 2,
          between: 'cohorts',
          against: 'all-pairs',
          adjust,
          intervals: 'simultaneous',
        }
        const compared = compareCohorts(measured, asked)
        note(comparisonRows(compared))
        note(comparisonSentence(compared, 0))
      }
    }
  }
}

function retentionFromColumns(library, { place, zones }) {
  const { collectSteps, columnsOf, defineRetention, retentionRows } = library
  return (note) => {
    for (const zone of zones) {
      const chance = chanceFrom(9000 + zone.length)
      const occurredAt = Float64Array.from(
        range(4000),
        () => Date.UTC(2019, 0, 1) + chance(90 * 48) * (hour / 2),
      )
      const subject = Uint32Array.from(occurredAt, () => chance(300))
      for (const period of ['day', 'week', 'month']) {
        const retention = defineRetention({
          ...{ id: 'seen', version: 1, calendar: place(zone), entry: 'seen', activity: 'seen', period },
        })
        const reading = { asOf: Date.UTC(2019, 3, 14), upTo: 9 }
        const whole = retention.addColumns(retention.empty(), { subject, occurredAt, type: 'seen' })
        for (const row of retentionRows(retention.result(whole, reading))) note(row)
        const events = Array.from(occurredAt, (at, row) => ({
          ...{ id: '', type: 'seen', subject: `${subject[row]}`, occurredAt: at, data: {} },
        }))
        const coded = retention.addColumns(retention.empty(), columnsOf(events))
        note(retention.result(coded, reading).averages)
        const steps = collectSteps(retention, events, { every: 1500 })
        let step = steps.next()
        for (; !step.done; step = steps.next()) note(step.value)
        note(step.value.kind)
        note(retention.result(step.value.partial, reading).averages)
      }
    }
  }
}

function customerHistories(library, { place, zones }) {
  const { countedHistories, estimateRegularity, historyTable, orderColumns, summarizeHistories } = library
  return (note) => {
    for (const zone of zones) {
      const chance = chanceFrom(14_000 + zone.length)
      const rows = range(1200).map((i) => ({
        customer: `s-${chance(80)}`,
        at: Date.UTC(2020, 0, 1) + chance(700 * 48) * (hour / 2),
        amount: `${chance(90)}.${10 + chance(90)}`,
        order: `o-${i - chance(3)}`,
        refund: chance(12) === 0,
      }))
      const merges = ['none', { per: 'day' }, { within: { hours: 30 }, since: 'last' }, { per: 'month' }]
      for (const [i, merge] of merges.entries()) {
        const buyers = summarizeHistories({
          id: 'buyers',
          version: 1,
          calendar: place(zone),
          unit: ['hour', 'week', 'month', 'opportunity'][i],
          orders: 'order',
          order: { field: 'order', again: i % 2 === 0 ? 'add-up' : 'once' },
          spend: { currency: 'CNY', amount: 'amount', firstOrder: 'out', zero: 'drop', negative: 'drop' },
          refunds: { event: 'refund', amount: 'amount', order: 'order', does: 'remove' },
          merge,
          cohort: 'month',
        })
        const options = {
          until: Date.UTC(2021, 3, 14),
          holdout: { until: Date.UTC(2021, 9, 2) },
          purchaseAges: true,
        }
        const found = buyers.result(buyers.addColumns(buyers.empty(), orderColumns(rows)), options)
        // Fingerprints tell releases of tzdata apart.
        note({ ...found, fingerprint: undefined })
        const { count, sumLnGaps } = historyTable(found.customers)
        note([...count, ...sumLnGaps])
        for (const method of ['wheat', 'likelihood', 'mle', 'mle-minka', 'cv'])
          note(estimateRegularity(found.customers, { method }))
      }
    }
    const rows = range(40).map((x) => ({
      unit: 'opportunity',
      repeatCount: x % 5,
      lastPurchaseAge: x % 5 === 0 ? 0 : 5,
      age: 6,
      customers: x,
    }))
    note([...countedHistories(rows).count])
  }
}

function campaignTruth(library, { place, zones }) {
  const { collect, defineEvents, defineRetention, defineTenure, explainCampaign, measureCampaign } = library
  const sources = ['tea', 'holdout', 'walk-in']
  const shop = defineEvents({
    joined: { source: library.text() },
    'order-paid': { margin: library.money('CNY') },
  })
  const asOf = Date.UTC(2022, 1, 14)
  return (note) => {
    for (const zone of zones) {
      const chance = chanceFrom(11_000 + zone.length)
      const events = range(5000).map((i) => {
        const joins = chance(4) === 0
        return {
          id: `e-${i}`,
          type: joins ? 'joined' : 'order-paid',
          subject: `s-${chance(900)}`,
          occurredAt: Date.UTC(2021, 0, 1) + chance(400 * 48) * (hour / 2),
          data: joins ? { source: sources[chance(3)] } : { margin: `${chance(30)}.${10 + chance(90)}` },
        }
      })
      const terms = {
        version: 1,
        calendar: place(zone),
        period: 'month',
        entry: 'joined',
        activity: 'order-paid',
      }
      const retention = defineRetention({
        ...terms,
        id: 'tea',
        events: shop,
        breakdown: { field: 'source', of: 'entry' },
        sum: 'margin',
      })
      const measured = retention.result(collect(retention, events), { asOf })
      for (const standardise of [undefined, { over: 'cohorts' }]) {
        for (const kind of ['randomised', 'observational']) {
          const truth = measureCampaign(measured, {
            campaign: ['tea'],
            comparison: { kind, groups: ['holdout'] },
            costs: { currency: 'CNY', fixed: '1234.57', perPerson: '1.80' },
            offsets: [0, 1, 3, 6],
            value: 'total',
            level: 0.9,
            ...(standardise && { standardise }),
          })
          note(truth)
          note(explainCampaign(truth, 'en'))
          note(explainCampaign(truth, 'zh'))
        }
      }
      for (const present of ['everybody', { within: 2 }]) {
        const tenure = defineTenure({
          ...terms,
          id: 'tenure',
          currency: 'CNY',
          earned: { event: 'order-paid', amount: 'margin' },
          bands: [3, 6],
          present,
        })
        const { definition, ...answer } = tenure.result(collect(tenure, events), { asOf })
        note(definition.version)
        note(answer)
      }
    }
  }
}

/** A lifecycle that tables hold and one that only states do, from columns in any order. */
function lifecyclesOverEverybody(library, { place, zones }) {
  const {
    columnsOf,
    defineEvents,
    defineLifecycle,
    defineStageFlows,
    defineStagePanel,
    integer,
    sortColumns,
  } = library
  const shop = defineEvents({ visit: {}, order: { items: integer() } })
  return (note) => {
    for (const zone of zones)
      for (const within of [undefined, { within: { days: 30 } }]) {
        const orders = shop.count('order', within)
        const lifecycle = defineLifecycle({
          id: 'customer',
          version: 1,
          calendar: place(zone),
          events: shop,
          activity: ['visit', 'order'],
          stages: ['lead', 'active', 'loyal', 'lapsed'],
          initial: 'lead',
          rules: {
            lead: [{ to: 'active', on: 'order' }],
            active: [
              { to: 'loyal', on: 'order', when: orders.gte(4) },
              { to: 'lapsed', inactiveFor: { days: 30 } },
            ],
            loyal: [
              { to: 'lapsed', inactiveFor: { months: 2, end: true } },
              { to: 'active', inStageFor: { days: 200 } },
            ],
            lapsed: [{ to: 'active', on: { event: 'order', where: { items: { gte: 2 } } }, reset: [orders] }],
          },
        })
        const chance = chanceFrom(9100 + zone.length)
        const events = range(4000).map((i) => ({
          id: `e-${i}`,
          type: chance(3) === 0 ? 'order' : 'visit',
          subject: `s-${chance(400)}`,
          occurredAt: Date.UTC(2019, 0, 1) + chance(3 * 365 * 48) * (hour / 2),
          data: { items: chance(4) },
        }))
        const columns = sortColumns(columnsOf(events), { by: chance(2) === 0 ? 'subject' : 'time' })
        const asOf = Date.UTC(2022, 1, 14)
        const flows = defineStageFlows({ id: 'flows', version: 1, lifecycle })
        const partial = flows.addColumns(flows.empty(), columns)
        // The zone's data are no part of the answers: definitions hold them.
        const { definition: _, fingerprint: __, stays, ...answer } = flows.result(partial, { asOf })
        note(answer)
        for (const { times, events: left, censored } of stays.byStage) note([times, left, censored])
        for (const row of flows.due(partial, { from: asOf, until: asOf + 60 * day }).rows()) note(row)
        const panel = defineStagePanel({ id: 'panel', version: 1, lifecycle, period: 'month', by: 'recency' })
        note(panel.result(panel.addColumns(panel.empty(), columns), { asOf }))
      }
  }
}

function buyingUntilLeaving({ bgNbd, mbgNbd, bgCnbd, mbgCnbd, historyTable, random }) {
  const histories = [
    [0, 0, 39],
    [1, 1.71, 38.86],
    [7, 29.43, 38.86],
    [500, 300.5, 365],
  ].map(([repeatCount, lastPurchaseAge, age]) => ({ unit: 'week', repeatCount, lastPurchaseAge, age }))
  const table = historyTable(histories)
  return (note) => {
    for (const model of [bgNbd, mbgNbd, bgCnbd(2), mbgCnbd(4)]) {
      for (const values of [
        { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
        { r: 5, alpha: 1000, a: 1, b: 0.001 },
        { r: 3000, alpha: 0.5, a: 0.0001, b: 40 },
      ]) {
        const slopes = new Float64Array(4)
        note(model.likelihood(table).slopes(Object.values(values), slopes))
        note([...slopes])
        note([...model.expectedOf(values, table, 52)])
        for (const history of histories) {
          const { lnAlive, rates, ...buying } = model.after(values, history)
          note([lnAlive, rates, buying.lnAliveAfter(7), buying.discounted(Number.POSITIVE_INFINITY, 0.01)])
          note([buying.lnChanceOf(3, 0, 10), buying.lnChanceOfAtLeast(9, 0, 9)])
          if (values.r < 10) note([buying.lnChanceOf(2, 2, 10), buying.discounted(20, 0.01)])
        }
        const seeded = random(model.name)
        if (values.r < 10) for (const _ of range(20)) note(model.draw(values, 30, seeded))
      }
    }
  }
}

function contractModels(library) {
  const { bdw, contractOutlook, contractTable, exponentialGamma, sbg } = library
  const { random, weibullGamma, weibullGammaValues } = library
  return (note) => {
    const chance = chanceFrom(23)
    const draw = random('contracts')
    const cohorts = [{ cohort: 'a', survivors: [900, 640, 520, 455, 410, 380], readings: [0, 1, 2, 3, 4, 5] }]
    for (const _ of range(12)) {
      const [alpha, beta, c] = [positive(chance), positive(chance), 0.4 + 2 * share(chance)]
      for (const [model, values] of [
        [sbg, { alpha, beta }],
        [bdw, { alpha, beta, c }],
        [exponentialGamma, { r: alpha, alpha: beta }],
        [weibullGamma, weibullGammaValues({ r: alpha, alpha: beta, c })],
      ]) {
        const given = { kind: 'given', model: model.name, unit: 'month', values, source: 'chance' }
        const outlook = contractOutlook(model, given, { tenure: { months: chance(30) } })
        const discount = { rate: 0.001 + share(chance), per: 'year' }
        note([
          outlook.survival({ years: 1 }),
          outlook.survivalCurve({ months: 300 }),
          outlook.hazard({ months: 3 }),
          outlook.retention({ months: 7 }),
        ])
        note([outlook.expectedTenure(), outlook.leaving, outlook.remainingQuantile(share(chance))])
        for (const payments of ['signing', 'about-to-renew', 'just-renewed']) {
          note(outlook.discountedPayments({ payments, discount }))
          note(outlook.discountedPayments({ payments, horizon: { months: 40 } }))
          note(outlook.retentionElasticity({ payments, discount }))
        }
        const customers = range(20).map(() => outlook.draw({ months: 30 }, draw))
        const table = contractTable({ unit: 'month', cohorts, customers })
        const at = Object.values(values)
        const slopes = new Float64Array(at.length)
        note([customers, model.likelihood(table).slopes(at, slopes), [...slopes], model.starts(table)])
      }
    }
  }
}

function simpleValues(library) {
  return (note) => {
    const chance = chanceFrom(24)
    for (const _ of range(300)) {
      const margin = { arpa: positive(chance), margin: share(chance) }
      const stream = { retention: share(chance), discountPerPeriod: share(chance), firstPayment: 'now' }
      const cost = positive(chance)
      note(library.churnValue({ ...margin, churn: share(chance) }))
      note(library.retentionValue({ ...margin, ...stream }))
      note(library.retentionValue({ ...margin, ...stream, periods: chance(99) }))
      note(library.simplePayback({ ...margin, cost }))
      note(library.churnAwarePayback({ ...margin, cost, curve: { ...stream, firstPayment: 'later' } }))
      const service = {
        ...margin,
        cost,
        retention: stream.retention,
        discountPerPeriod: stream.discountPerPeriod,
      }
      note(library.retentionGainThatPays(service))
      note(library.extraPeriodsThatPay(service))
      note(library.referralsThatPay(service))
      note(library.valueToCost({ value: margin.arpa, cost }))
      note(library.valueSensitivity({ ...margin, ...stream }, { retention: [0.5, 0.75], arpa: [1, 3] }))
    }
    const cohorts = [{ cohort: 'a', customers: 7, margins: ['3.10', '-2.05', '7.77'] }]
    note(library.historicValue({ currency: 'CNY', cohorts }))
    note(library.acquisitionCost({ spend: [{ amount: '700.50', currency: 'EUR' }], customers: 9 }))
  }
}

function fits(library) {
  const model = library.nbd
  return (note) => {
    const seeded = library.random('fits')
    const histories = range(600).map((i) => {
      const age = 20 + seeded.integer(0, 19)
      const times = model.draw({ r: 0.8, alpha: 9 }, age, seeded)
      const history = { unit: 'week', repeatCount: times.length, lastPurchaseAge: times.at(-1) ?? 0, age }
      return { ...history, covariates: { channel: i % 2 } }
    })
    const table = library.historyTable(histories)
    const fit = library.fitModel(model, table)
    note(fit)
    for (const step of library.fitSteps(model, table)) note(step)
    const priors = library.penalties(model, { coefficient: 0.01, against: 'mean', size: 600, longest: 39 })
    note(library.fitModel(model, table, { priors }))
    note(
      library.fitModel(model, table, {
        priors: {
          r: { kind: 'gamma', shape: 2, mean: 1 },
          alpha: { kind: 'log-normal', median: 9, sigma: 0.5 },
        },
      }),
    )
    const moved = library.fitModel(model, table, { covariates: { buying: ['channel'] } })
    note(moved)
    note(library.valuesFor(moved, { channel: 1 }))
    note(library.fitFor(model, moved, { channel: 1 }))
    note(library.likelihoodRatio(fit, moved))
    note(library.predictionInterval(model, fit, ({ r, alpha }) => r / alpha))
    const drawn = library.bootstrap(model, fit, table, { random: library.random(7), runs: 12 })
    note(drawn)
    note(library.bootstrapInterval(drawn, ({ r, alpha }) => r / alpha, { level: 0.5 }))
    note(library.changeUnit(model, fit, 'month'))
    note(library.fittedFrom(model, JSON.parse(JSON.stringify(fit))))
    const holdout = { histories, purchases: histories.map((_, i) => i % 3), span: { weeks: 10 } }
    note(library.compareModels([{ model, fit }], { holdout }))
    const read = histories.map((history, i) => ({ ...history, acquiredAt: 0, holdout: { purchases: i % 3 } }))
    const later = { until: 1, length: 10 }
    note(library.holdoutOf({ unit: 'week', until: 0, customers: read, holdout: later }).purchases)
    note(library.chooseModel(table, [model], { holdout }).why)
  }
}

/** Over customers who buy at rates of their own and never leave: what is built on the models, not the models. */
function lifetimeValues(library) {
  const { belongings, estimateLifetimeValue, expectedSpend, gammaGamma, gammaGammaAnyQ } = library
  const { lifetimeValuesOf, lifetimeVariance, predictor, random, spendCorrelation, spendTable, valueBy } =
    library
  const { ln, expm1, lnGamma } = library
  const buying = ({ r, alpha }, { repeatCount, age }) => {
    const [shape, rate] = [r + repeatCount, alpha + age]
    const lnChanceOf = (n, from, to) =>
      lnGamma(shape + n) -
      lnGamma(shape) -
      lnGamma(n + 1) +
      shape * ln(rate / (rate + to - from)) +
      n * ln((to - from) / (rate + to - from))
    return {
      lnAlive: 0,
      lnAliveAfter: () => 0,
      expected: (time) => (shape / rate) * time,
      discounted: (time, d) => (shape / rate) * (-expm1(-d * time) / d),
      lnChanceOf,
      // Good enough to be summed: the same on every runtime is what is asked.
      lnChanceOfAtLeast: (n, from, to) => (n === 0 ? 0 : lnChanceOf(n, from, to)),
      rates: {},
    }
  }
  const model = {
    name: 'nbd',
    parameters: ['r', 'alpha'],
    ranges: { r: 'positive', alpha: 'positive' },
    time: 'continuous',
    after: buying,
    newcomer: (values) => buying(values, { repeatCount: 0, age: 0 }),
  }
  const parameters = {
    kind: 'given',
    model: 'nbd',
    unit: 'week',
    values: { r: 1.3, alpha: 9 },
    source: 'none',
  }
  return (note) => {
    const outlook = predictor(model, parameters)
    for (const values of [
      { p: 6.25, q: 3.74, v: 15.44 },
      { p: 0.01, q: 1.5, v: 3000 },
      { p: 400, q: 900, v: 0.2 },
    ]) {
      const chance = random(`spend ${values.p}`)
      const rows = range(60).map((i) => {
        const purchases = i % 9
        const all = gammaGamma.draw(values, purchases, chance)
        return {
          purchases,
          mean: purchases === 0 ? null : all.reduce((sum, one) => sum + one, 0) / purchases,
        }
      })
      note(rows)
      const table = spendTable(rows)
      note([spendCorrelation(table), ...gammaGamma.starts(table).flatMap(({ p, q, v }) => [p, q, v])])
      const slopes = new Float64Array(3)
      note([gammaGamma.likelihood(table).slopes([values.p, values.q, values.v], slopes), ...slopes])
      const spending = { kind: 'given', model: 'gamma-gamma', unit: 'opportunity', values, source: 'none' }
      const terms = {
        model,
        parameters,
        spend: { model: gammaGamma, parameters: spending },
        margin: 0.3,
        discount: { rate: 0.1, per: 'year' },
      }
      const valued = rows.map((spend, i) => {
        const history = {
          unit: 'week',
          repeatCount: i % 5,
          lastPurchaseAge: i % 5 === 0 ? 0 : 3 + i / 7,
          age: 20 + i / 3,
          spend,
        }
        note([expectedSpend(gammaGamma, spending, spend), gammaGammaAnyQ.after(values, spend).quantile(0.9)])
        note([outlook.chanceOf(history, 3, { weeks: 8 }), outlook.nextPurchase(history, [0.5, 0.1])])
        return {
          customer: `c-${i}`,
          value: estimateLifetimeValue(terms, history, { horizon: { months: 24 } }),
          variance: Math.min(1e12, lifetimeVariance(terms, history, { weeks: 4 })),
        }
      })
      const owners = belongings(
        valued.flatMap(({ customer }, i) => [
          { customer, to: `o-${i % 7}`, share: 1 / 3, from: 0 },
          { customer, to: 'shop', share: 2 / 3, from: 0 },
        ]),
      )
      note(valueBy(valued, ({ customer }) => owners.of(customer, 5)))
      const columns = {
        unit: 'week',
        repeatCount: Float64Array.of(0, 3),
        lastPurchaseAge: Float64Array.of(0, 11),
        age: Float64Array.of(4, 30),
      }
      const found = lifetimeValuesOf(terms, columns, { horizon: { months: 24 } })
      note([...found.value, ...found.spend, found.purchases[1]])
      const history = {
        unit: 'week',
        repeatCount: 3,
        lastPurchaseAge: 11,
        age: 30,
        sumLnGaps: 2,
        spend: rows[4],
      }
      note(library.withPurchase(history, { at: { days: 5 }, spend: 30 }))
    }
    for (const alpha of [0.3, 2, 40]) {
      const monthly = {
        kind: 'given',
        model: 'sbg',
        unit: 'month',
        values: { alpha, beta: 7 },
        source: 'none',
      }
      const discount = { rate: 0.1, per: 'year' }
      const contract = { model: library.sbg, parameters: monthly, payments: 'about-to-renew' }
      const terms = { ...contract, spend: { perPayment: 20 }, margin: 0.4, discount }
      note(estimateLifetimeValue(terms, { tenure: { months: 3 } }, { horizon: 'infinite' }))
      note(lifetimeVariance(terms, 'newcomer', { years: 2 }))
      const service = { cost: 12, perPayment: 20, margin: 0.4, discount, payments: 'signing' }
      const told = library.contractOutlook(library.sbg, monthly)
      note(library.retentionGainThatPays({ ...service, outlook: told }))
    }
  }
}

/** Amounts drawn from a model and held against it, contracts against another, with charts and sentences. */
function validationOfSpend(library) {
  return (note) => {
    const { gammaGamma, sbg } = library
    const chance = library.random('spend')
    const values = { p: 4, q: 3.5, v: 120 }
    const given = library.parameters(gammaGamma, values, { unit: 'week', source: 'made up' })
    const meanOf = (amounts) => amounts.reduce((sum, one) => sum + one, 0) / amounts.length
    const customers = range(300).map((i) => {
      const [before, later] = [1 + (i % 4), i % 3]
      const amounts = gammaGamma.draw(values, before + later, chance)
      return {
        spend: { purchases: before, mean: meanOf(amounts.slice(0, before)) },
        holdout: { purchases: later, spend: { mean: later === 0 ? null : meanOf(amounts.slice(before)) } },
      }
    })
    const spend = library.validateSpend(gammaGamma, given, customers)
    note(spend)
    note(library.spendSentences(spend))
    const renewed = library.parameters(sbg, { alpha: 0.7, beta: 1.2 }, { unit: 'year', source: 'made up' })
    const contracts = library.validateContracts(sbg, renewed, {
      unit: 'year',
      cohorts: [
        { cohort: 'a', survivors: [1000, 631, 468, 382, 326], known: 2 },
        { cohort: 'b', survivors: [1000, 869, 743], known: 1 },
      ],
    })
    note(contracts)
    note(library.contractSentences(contracts))
    for (const lang of ['en', 'zh']) {
      note(library.spendHistogram(spend.fit, { lang, currency: 'CNY' }))
      note(library.spendByGroup(spend.byMeanSpend, { lang }))
      note(library.contractSurvival(contracts, { lang }))
    }
  }
}

/** When points end, under every kind of end, and what activity, extensions and reinstatements make of it. */
function endsOfPoints(library, { place }) {
  const { calendarOf, definePoints, defineEvents, expiries, expiriesByMonth, expiringBy, integer, text } =
    library
  const calendar = place('America/New_York')
  const events = defineEvents({ deed: { worth: integer(), deal: text() } })
  const ends = [
    'never',
    { months: 1, end: 'quarter' },
    { on: '2020-03-08' },
    { every: '02-29', atLeast: { months: 2 } },
    { anniversary: 'enrolment', atLeast: { days: 9 } },
    { inactive: { days: 40 }, first: { days: 12 }, activity: ['deed', 'points/redeemed'] },
  ]
  return (note) => {
    for (const [i, expires] of ends.entries()) {
      const engine = definePoints({
        id: 'points',
        version: 1,
        calendar,
        events,
        earning: [
          {
            rule: 'deed',
            on: 'deed',
            earns: { points: 1, per: 1, of: 'worth' },
            origin: 'deal',
            cost: '1/3',
          },
        ],
        expires,
        spend: ['soonest-expiry', 'oldest', 'cheapest'][i % 3],
        refunds: i % 2 === 0 ? { to: 'fresh-lots' } : { grace: { days: 3 } },
        keepOrigins: { days: 60 },
      })
      const chance = chanceFrom(47_000 + i)
      let state = engine.start('u')
      const log = []
      let at = Date.UTC(2019, 9, 1)
      for (const n of range(60)) {
        at += chance(12 * 24) * hour
        const type = [
          'deed',
          'deed',
          'deed',
          'points/redeem',
          'points/refund',
          'points/extend',
          'points/reinstate',
        ][chance(7)]
        const reason = 'a mishap'
        const data = {
          deed: { worth: chance(50), deal: `d${n}` },
          'points/redeem': { points: 1 + chance(30), for: { amount: '9.99', currency: 'USD' } },
          'points/refund': { redemption: `i${n - 1}`, amount: '3.33' },
          'points/extend': { until: at + chance(90) * 24 * hour, reason },
          'points/reinstate': { until: at + chance(90) * 24 * hour, reason },
        }[type]
        const outcome = engine.decide(state, { id: `i${n}`, type, subject: 'u', occurredAt: at, data })
        note(outcome)
        if (outcome.outcome !== 'accepted') continue
        state = outcome.state
        log.push(...outcome.events)
        note(expiries(state.of, at, at + 4000 * 24 * hour))
        note(expiringBy(state.of, 'points', at + 90 * 24 * hour))
      }
      note(expiriesByMonth(state.of, calendarOf(calendar), at, at + 400 * 24 * hour))
      note([library.ledgerRows(engine, log), library.outstandingLots(engine, state.of, log)])
    }
  }
}

/** What differs between two definitions, accounts taken from one to the other, and who loses what. */
function rightsUnderNewTerms(library, { place }) {
  const { collect, defineEvents, definePoints, defineRightsReview, definitionChanges, migratePoints } =
    library
  const shop = defineEvents({ 'order-paid': { orderId: library.text(), amount: library.money('CNY') } })
  const track = { track: 'level', measure: { earned: 'points' }, hold: { months: 6, end: 'month' } }
  const defined = (version, terms) =>
    definePoints({
      id: 'points',
      version,
      calendar: place('Europe/Paris'),
      events: shop,
      changes: { notice: { days: 30 } },
      pending: { days: 3 },
      ...terms,
    })
  const purchase = { rule: 'purchase', on: 'order-paid', origin: 'orderId' }
  const levels = [
    { tier: 'silver', from: 100 },
    { tier: 'gold', from: 900 },
  ]
  const before = defined(1, {
    earning: [
      { ...purchase, earns: { points: 1, per: '7', of: 'amount' } },
      {
        rule: 'bonus',
        on: 'order-paid',
        earns: { points: 9 },
        origin: 'orderId',
        pending: 'until-confirmed',
      },
    ],
    expires: { months: 5, end: 'month' },
    tiers: [{ ...track, levels }],
  })
  const after = defined(2, {
    earning: [{ ...purchase, earns: { points: 2, per: '9', of: 'amount' } }],
    expires: { months: 9 },
    tiers: [{ ...track, levels: [{ tier: 'silver', from: 250 }] }],
    currencies: [{ currency: 'points', kind: 'spendable', atMost: 400 }],
  })
  const announcedAt = Date.UTC(2021, 2, 14, 9)
  return (note) => {
    const chance = chanceFrom(52_000)
    note(definitionChanges(before, after))
    for (const improve of ['at-once', 'new-earnings-only']) {
      const migrate = migratePoints(before, after, { announcedAt, improve })
      note(migrate.plan)
      const review = defineRightsReview({
        id: 'rights',
        version: 1,
        before,
        after,
        asOf: announcedAt,
        announcedAt,
        improve,
        values: { points: { currency: 'CNY', perPoint: '7/300', rounding: 'half-even' } },
      })
      const accounts = range(30).map((i) => {
        let state = before.start(`s${i}`)
        for (const n of range(1 + chance(6))) {
          const occurredAt = announcedAt - (300 - 50 * n - chance(49)) * day
          const data = { orderId: `o${n}`, amount: `${1 + chance(2000)}.${10 + chance(90)}` }
          const input = { id: `e${n}`, type: 'order-paid', subject: `s${i}`, occurredAt, data }
          const outcome = before.decide(state, input)
          if (outcome.outcome === 'accepted') state = outcome.state
        }
        return state
      })
      note(review.result(collect(review, accounts), { most: 20 }))
      for (const state of accounts.slice(0, 9)) note(migrate(state, migrate.plan.holdsFrom))
    }
  }
}

/** What is owed, the curve behind its forecast, revenue as points are redeemed, and what goes into the journal. */
function accountsOfPoints(library, { place }) {
  const { collect, moveDeferral, journalEntries } = library
  const head = { id: 'accounts', version: 1, calendar: place('America/New_York') }
  const asOf = Date.UTC(2021, 3, 14, 9)
  const owed = library.definePointsLiability({
    ...head,
    asOf,
    currencies: {
      points: { currency: 'CNY', perPoint: '7/300', rounding: 'half-even' },
      status: 'not-owed',
    },
    horizons: [{ days: 30 }, { months: 6, end: 'month' }],
  })
  const development = library.definePointsDevelopment({ ...head, currencies: ['points'] })
  const chart = { cash: '1', goods: '2', redemption: '3', breakage: '4', liability: '5' }
  return (note) => {
    const chance = chanceFrom(31_000)
    note([library.breakageReasons, library.journalSentences, library.returnReasons])
    for (const _ of range(8)) {
      const rows = range(24).flatMap((month) => {
        const earnedAt = Date.UTC(2019, 3 + month, 1 + chance(28), chance(24))
        const row = { currency: 'points', earnedAt }
        const later = () => earnedAt + chance(300) * day
        return [
          { ...row, at: earnedAt, kind: 'earned', points: 9000 + chance(1000) },
          ...range(8).map(() => ({ ...row, at: later(), kind: 'redeemed', points: chance(900) })),
          { ...row, at: later(), kind: 'returned', points: chance(200) },
          { ...row, at: earnedAt + 365 * day, kind: 'expired', points: chance(2000) },
        ]
      })
      const triangle = development.result(collect(development, rows), { asOf }).currencies.points
      note(triangle)
      const estimate = library.estimateRedemptionCurve(triangle, { tail: share(chance) })
      note(estimate)
      const lots = range(60).map(() => ({
        currency: chance(4) === 0 ? 'status' : 'points',
        points: chance(5000),
        earnedAt: asOf - chance(500) * day,
        expiresAt: chance(3) === 0 ? null : asOf + chance(400) * day,
        ...(chance(4) === 0 && { confirmsAt: chance(2) === 0 ? null : asOf + chance(9) * day }),
      }))
      const liability = owed.result(collect(owed, lots))
      note(liability)
      note(library.forecastLiability(liability, { currency: 'points', curve: estimate.curve, months: 12 }))
      const granted = 1000 + chance(9000)
      const allocation = library.allocateRevenue(
        {
          currency: 'CNY',
          price: `${100 + chance(900)}.${10 + chance(90)}`,
          goods: ['60.00', '40.50'],
          points: { granted, expected: granted - chance(500), perPoint: '1/70' },
        },
        { rounding: chance(2) === 0 ? { at: 'allocation' } : { at: 'ratio', digits: 3 } },
      )
      note(allocation)
      let step = library.openDeferral(allocation)
      const bookings = [{ id: 'sale', at: asOf, movement: step.movement }]
      const changes = [
        { kind: 'redeemed', points: 150 },
        { kind: 'estimate', expected: granted - 100 },
        { kind: 'refund', amount: '33.33', points: 99 },
        { kind: 'returned', points: 7 },
        { kind: 'expired', points: 300 },
      ]
      for (const [i, change] of changes.entries()) {
        step = moveDeferral(step.deferral, change)
        bookings.push({ id: `e-${i}`, at: asOf + i * day, movement: step.movement })
      }
      note(step)
      for (const row of library.journalRows(journalEntries(chart, bookings))) note(row)
      const group = () => ({
        customers: 2 + chance(500),
        mean: around(chance) / 50,
        variance: positive(chance),
      })
      note(
        library.pointsReturn({
          currency: 'CNY',
          cost: {
            redeemed: chance(9000),
            costPerPoint: '1/130',
            liability: { start: chance(900), end: chance(2000) },
          },
          margin: { from: 'control', members: group(), control: group() },
        }),
      )
    }
  }
}

/** Customers who buy at exponential rates, held against what they did; every part, and its charts. */
function validationOfBuying(library) {
  // ln x, by what the library answers: a runtime's own would be compared with itself.
  const ln = (x) => library.lnBetaRegularized(x, 1, 1)
  const buyingAt = (alpha) => ({
    lnAlive: ln(alpha / (alpha + 9)),
    lnAliveAfter: () => -1,
    expected: (time) => time / alpha,
    discounted: () => 0,
    lnChanceOf: (n, from, to) => {
      const t = to - from
      const bought = n === 0 ? 0 : t === 0 ? -Infinity : n * ln(t / (alpha + t))
      return bought + ln(alpha / (alpha + t))
    },
    lnChanceOfAtLeast: (n, from, to) =>
      n === 0 ? 0 : to === from ? -Infinity : n * ln((to - from) / (alpha + to - from)),
    rates: {},
  })
  const model = {
    name: 'geometric',
    parameters: ['alpha'],
    ranges: { alpha: 'positive' },
    time: 'continuous',
    newcomer: ({ alpha }) => buyingAt(alpha),
    after: ({ alpha }, { age, repeatCount }) => buyingAt((alpha + age) / (1 + repeatCount)),
  }
  const given = { kind: 'given', model: 'geometric', unit: 'day', values: { alpha: 31 }, source: 'made up' }
  return (note) => {
    const chance = chanceFrom(15_000)
    const rows = range(500).map((i) => ({
      customer: `s-${chance(90)}`,
      at: Date.UTC(2020, 0, 1) + chance(300 * 24) * hour,
      order: `o-${i}`,
    }))
    const buyers = library.summarizeHistories({
      id: 'buyers',
      version: 1,
      calendar: { zone: 'UTC' },
      unit: 'day',
      orders: 'order',
      merge: 'none',
    })
    const log = buyers.addColumns(buyers.empty(), library.orderColumns(rows))
    const [until, end] = [Date.UTC(2020, 6, 1), Date.UTC(2020, 9, 1)]
    const calibration = buyers.result(log, { until, holdout: { until: end } })
    const holdout = buyers.result(log, { until: end, purchaseAges: true })
    const validation = library.validate(model, given, { calibration, holdout }, { period: { weeks: 1 } })
    note(validation)
    note(library.validationRows(validation))
    note(library.validationSentences(validation))
    const path = library.aliveOverTime(model, given, [3, 40], { until: { days: 90 }, step: { days: 7 } })
    const grid = library.historyGrid(model, given, { age: { days: 90 }, horizon: { weeks: 13 } })
    note(path)
    note(grid)
    for (const lang of ['en', 'zh']) {
      note(library.purchaseTracking(validation.tracking, { lang, show: 'per-period' }))
      note(library.frequencyBars(validation.frequency, { lang }))
      note(library.meansByGroup(validation.bySilence, { lang }))
      note(library.chanceCurve(validation.buying, { lang, show: 'buying' }))
      note(library.liftCurves(validation.lift, { lang, show: 'gain' }))
      note(library.historyHeatmap(grid, { lang, show: 'alive' }))
      note(library.aliveCurve(path, { lang }))
      const lines = [
        { name: 'a', observed: [{ time: 1, survival: 0.7 }], projected: [{ time: 2, survival: 0.6 }] },
      ]
      note(library.contractSurvival({ unit: 'year', lines }, { lang }))
    }
  }
}

/** Reservations over months, in pieces and in money, until all is refused; and a plan that takes from both. */
function sharedStocks(library, { place }) {
  const { defineStock, stockLeft, planOf, stepId, carryOut, reportOf, explain, explainPlan } = library
  const shared = {
    version: 1,
    calendar: place('America/New_York'),
    holdFor: { hours: 30 },
    keep: { days: 20 },
  }
  const limits = (few, many) => [
    { limit: 'each', per: 'holder', most: few, within: { days: 3 } },
    { limit: 'weekly', per: 'all', most: many, within: { this: 'week' } },
  ]
  const gift = defineStock({ ...shared, id: 'gift', unit: 'pieces', limits: limits(3, 20) })
  const budget = defineStock({ ...shared, id: 'budget', unit: 'CNY', limits: limits('40', '900.5') })
  const kinds = [
    'restock',
    'reserve',
    'reserve',
    'reserve',
    'take',
    'commit',
    'release',
    'give-back',
    'withdraw',
  ]
  return (note) => {
    const states = {}
    for (const engine of [gift, budget]) {
      const chance = chanceFrom(engine.id.length)
      const amount = (most) =>
        engine === gift ? 1 + chance(most) : `${1 + chance(most * 10)}.${10 + chance(90)}`
      let state = engine.start('shared')
      let at = Date.UTC(2019, 1, 1)
      for (const i of range(1500)) {
        at += chance(7) * hour
        const kind = kinds[chance(kinds.length)]
        const data = ['restock', 'withdraw'].includes(kind)
          ? { amount: amount(kind === 'restock' ? 9 : 3), reason: 'r' }
          : kind === 'reserve' || kind === 'take'
            ? { amount: amount(2), holder: `h-${chance(9)}` }
            : { reservation: `i-${i - 1 - chance(6)}` }
        const input = { id: `i-${i}`, type: `${engine.id}/${kind}`, subject: 'shared', occurredAt: at, data }
        const outcome = engine.decide(state, input)
        note(outcome.events ?? outcome.refusal ?? null)
        if (outcome.outcome === 'accepted') state = outcome.state
        else if (outcome.outcome === 'refused')
          for (const lang of ['en', 'zh']) note(explain(engine, outcome.refusal, lang))
        note(engine.view(state, at))
        note(stockLeft(engine, state, `h-${chance(9)}`, at + chance(90) * hour))
      }
      states[engine.id] = state
    }
    const engines = { gift, budget }
    for (const n of range(40)) {
      const id = `plan-${n}`
      const step = (engine, amount, place) => ({
        engine,
        subject: 'shared',
        command: { type: `${engine}/take`, data: { amount, holder: `p-${n}` } },
        undo: { type: `${engine}/give-back`, data: { reservation: stepId(id, place) } },
      })
      const plan = planOf(id, Date.UTC(2021, 0, 1) + n * hour, [
        step('gift', 1 + (n % 3), 0),
        step('budget', '90.00', 1),
      ])
      const reports = []
      for (let next = carryOut(plan, []); ; next = carryOut(plan, reports)) {
        note(next)
        for (const lang of ['en', 'zh']) note(explainPlan(next, lang))
        if (next.next !== 'do' && next.next !== 'undo') break
        const outcome = engines[next.engine].decide(states[next.engine], next.command)
        if (outcome.outcome === 'accepted') states[next.engine] = outcome.state
        reports.push(reportOf(next, outcome, plan.occurredAt))
      }
    }
  }
}

function tiersThroughTime(library, { place }) {
  const { defineEvents, definePoints, explain, money, replay, text, tierProgress } = library
  const shop = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY') },
    'order-refunded': { orderId: text(), amount: money('CNY') },
  })
  const levels = [
    { tier: 'silver', from: 300, keep: 200 },
    { tier: 'gold', from: 900 },
  ]
  const earned = { measure: { earned: 'points' }, levels }
  const points = definePoints({
    id: 'points',
    version: 1,
    calendar: place('America/New_York'),
    events: shop,
    earning: [
      { rule: 'paid', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    expires: { months: 6, end: true },
    tiers: [
      {
        ...earned,
        track: 'rolling',
        window: { rolling: { days: 90 } },
        grace: { length: { days: 9, end: true }, from: 'drop' },
      },
      {
        ...earned,
        track: 'year',
        window: { this: 'year' },
        hold: { untilEndOf: 'year', after: 1 },
        downgrade: 'one-level',
        reversal: 're-evaluate',
      },
      {
        ...earned,
        track: 'jubilee',
        window: { years: 1, from: 'enrolment' },
        hold: { months: 7, end: 'month' },
      },
      { ...earned, track: 'term', window: 'term', hold: { days: 120 }, renews: 'always' },
      { track: 'balance', measure: { balance: 'points' }, levels, hold: { days: 30, end: true } },
      { track: 'tenure', measure: { tenure: 'months' }, levels: [{ tier: 'friend', from: 5 }] },
    ],
  })
  return (note) => {
    for (const customer of range(30)) {
      const chance = chanceFrom(2300 + customer)
      const subject = `c-${customer}`
      let state = points.start(subject)
      let at = Date.UTC(2019, 0, 1)
      const log = []
      for (const i of range(30)) {
        at += chance(60 * 24) * hour
        const kind = chance(10)
        const type = kind < 7 ? 'order-paid' : kind < 9 ? 'order-refunded' : 'points/redeem'
        const data =
          type === 'points/redeem'
            ? { points: 1 + chance(50) }
            : { orderId: `o-${i - (kind < 7 ? 0 : 1)}`, amount: `${chance(400)}.00` }
        const outcome = points.decide(state, { id: `i-${i}`, type, subject, occurredAt: at, data })
        note(outcome.outcome)
        if (outcome.outcome !== 'accepted') continue
        state = outcome.state
        log.push(...outcome.events)
        const { tiers } = points.view(state, at)
        note(tiers)
        for (const one of Object.values(tiers))
          for (const what of tierProgress(one))
            note([explain(points, what, 'en'), explain(points, what, 'zh')])
      }
      note(log)
      const data = { orderId: 'late', amount: '350.00' }
      const late = { id: 'late', type: 'order-paid', subject, occurredAt: Date.UTC(2019, 5, 1), data }
      const replayed = replay(points, { checkpoint: points.start(subject), tail: log }, { add: [late] })
      note(replayed.asserted)
      note(points.view(replayed.state, replayed.state.at + 400 * 24 * hour))
    }
  }
}

/** Money and coupons of many people: what is brought, spent, given back, repaid, quoted, and what budgets pay. */
function storedValueAndBenefits(library, { place }) {
  const { defineBenefits, defineBudgetUse, defineEvents, defineStoredValue, explain, quoteBenefits, text } =
    library
  const { audit, replay, defineStock, fundingPlan, denialPlan, settlementPlan, stockReservation } = library
  const events = defineEvents({ visited: { page: text() } })
  const shared = { version: 1, calendar: place('America/New_York'), events, currency: 'CNY' }
  const wallet = defineStoredValue({
    ...shared,
    id: 'wallet',
    bonus: [
      { rule: 'each', from: '100', bonus: '7.77', repeats: true },
      { rule: 'share', from: '30', percent: '12.345', when: events.count('visited').gte(2) },
    ],
    expires: { months: 3, end: true },
    spend: 'proportional',
    bonusOnWithdrawal: 'pro-rata',
    spentBonus: 'deducted',
    holdFor: { days: 9 },
    refundGrace: { days: 5 },
  })
  const owner = { owner: 'crm', funding: { budget: 'budget', costPerIssue: '5' } }
  const benefits = defineBenefits({
    ...shared,
    id: 'benefits',
    perOrder: 3,
    base: 'remaining',
    benefits: [
      {
        ...{ ...owner, benefit: 'rate', gives: { kind: 'percent-off', percent: '12.345', upTo: '40' } },
        ...{ valid: { months: 1, end: true }, return: 'always' },
      },
      { ...owner, benefit: 'off', gives: { kind: 'amount-off', off: '9.99', from: '50' }, perOrder: 2 },
      {
        ...{ benefit: 'pack', owner: 'crm', funding: { unfunded: 'paid' }, gives: { kind: 'free-shipping' } },
        ...{
          issue: [{ each: 'month', when: events.timeSince('visited').gte({ days: 9 }) }],
          valid: { days: 20 },
        },
      },
    ],
  })
  const use = defineBudgetUse({ id: 'use', version: 1, benefits })
  const budgets = defineStock({
    ...{ id: 'budgets', version: 1, calendar: place('America/New_York'), unit: 'CNY' },
    partialCommit: 'keep-rest',
  })
  return (note) => {
    let paid = use.empty()
    for (const person of range(30)) {
      const chance = chanceFrom(8800 + person)
      const subject = `p-${person}`
      const states = { wallet: wallet.start(subject), benefits: benefits.start(subject) }
      const names = []
      const logs = { wallet: [], benefits: [] }
      let at = Date.UTC(2019, 0, 1)
      for (const i of range(40)) {
        at += chance(20 * 24) * hour
        const name = names[chance(Math.max(1, names.length))] ?? 'none'
        const amount = `${chance(300)}.${10 + chance(90)}`
        const cart = { lines: [{ amount }, { amount: '33.33' }, { amount: '66.67' }], shipping: '12' }
        const quote = quoteBenefits(benefits, states.benefits, cart, { asOf: at })
        note(quote)
        const [type, data] = [
          ['wallet/top-up', { amount, payment: `t-${i}` }],
          ['wallet/pay', { amount }],
          ['wallet/reserve', { amount: '20.01' }],
          ['wallet/capture', { reservation: name, amount: '3.33' }],
          ['wallet/refund', { purchase: name, amount: '3.33' }],
          ['wallet/withdraw', { amount: '11.11' }],
          ['visited', { page: name }],
          ['benefits/issue', { benefit: chance(2) === 0 ? 'rate' : 'off', reservation: 'r' }],
          ['benefits/use', { order: `o-${i}`, cart, issues: quote.quote.issues }],
          ['benefits/return', { order: name, refunded: 'whole' }],
        ][chance(10)]
        names.push(type === 'benefits/use' ? `o-${i}` : `i-${i}`)
        for (const engine of [wallet, benefits]) {
          if (!Object.hasOwn(engine.accepts, type)) continue
          const input = { id: `i-${i}`, type, subject, occurredAt: at, data }
          const outcome = engine.decide(states[engine.id], input)
          note(outcome.outcome)
          if (outcome.outcome === 'refused') {
            for (const lang of ['en', 'zh']) note(explain(engine, outcome.refusal, lang))
            continue
          }
          states[engine.id] = outcome.state
          for (const event of outcome.events) {
            note(event)
            logs[engine.id].push(event)
            paid = use.add(paid, event)
          }
          note(engine.view(outcome.state, at))
        }
      }
      for (const engine of [wallet, benefits]) note(audit(engine, states[engine.id], logs[engine.id]))
      const late = {
        id: 'late',
        type: 'visited',
        subject,
        occurredAt: Date.UTC(2019, 5, 1),
        data: { page: 'p' },
      }
      const corrected = replay(
        benefits,
        { checkpoint: benefits.start(subject), tail: logs.benefits },
        { add: [late] },
      )
      note(corrected.asserted)
      const options = {
        budgets,
        occurredAt: at,
        stateOf: (budget) => budgets.start(budget),
        because: { code: 'no' },
      }
      const input = { id: 'asked', type: 'benefits/issue', subject, occurredAt: at, data: { benefit: 'off' } }
      const requested = benefits.decide(states.benefits, input).events.at(-1)
      note([fundingPlan(benefits, requested, options), denialPlan(benefits, requested, options)])
      const used = logs.benefits.filter(({ type }) => type === 'benefits/used')
      for (const event of used) note(settlementPlan(benefits, event, options) ?? null)
      note(stockReservation(budgets, budgets.start('budget'), 'r', at) ?? null)
    }
    note(use.result(paid, undefined))
  }
}

/** Accounts that buy, return, spend, adjust, give, share and merge, under three policies for what is spent and taken back. */
function holdersOfPoints(library, { place }) {
  const { defineEvents, definePoints, money, text, explain, carryOut, reportOf } = library
  const { transferPlan, joinPoolPlan, leavePoolPlan, mergePlan } = library
  const events = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY') },
    'order-refunded': { orderId: text(), amount: money('CNY') },
  })
  const policies = [
    { atMost: 40, beyond: 'money-due', perPoint: { currency: 'CNY', ratio: '1/7' } },
    { clawback: 'within-balance' },
    { clawback: 'pending-only' },
  ]
  return (note) => {
    for (const [n, negative] of policies.entries()) {
      const chance = chanceFrom(n + 3)
      const engine = definePoints({
        id: 'points',
        version: 1,
        calendar: place('America/New_York'),
        events,
        earning: [
          { rule: 'paid', on: 'order-paid', earns: { points: 2, per: '3', of: 'amount' }, origin: 'orderId' },
        ],
        clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
        pending: { days: 1 },
        expires: { days: 20 },
        negative,
        transfers: { expiry: 'reset', limit: { points: 60, within: { days: 3 } } },
        pools: {},
      })
      const people = ['ann', 'bob', 'cid', 'home']
      const states = Object.fromEntries(people.map((who) => [who, engine.start(who)]))
      let at = Date.UTC(2019, 1, 1)
      const decide = (input) => {
        const outcome = engine.decide(states[input.subject], input)
        note(outcome.events ?? outcome.refusal ?? null)
        if (outcome.outcome === 'accepted') states[input.subject] = outcome.state
        else if (outcome.outcome === 'refused')
          for (const lang of ['en', 'zh']) note(explain(engine, outcome.refusal, lang))
        return outcome
      }
      for (const i of range(400)) {
        at += (1 + chance(9)) * hour
        const subject = people[chance(4)]
        const amount = `${1 + chance(90)}.${10 + chance(90)}`
        const orderId = `o-${chance(30)}`
        const points = 1 + chance(40)
        const [type, data] = [
          ['order-paid', { orderId, amount }],
          ['order-paid', { orderId, amount }],
          ['order-refunded', { orderId, amount }],
          ['points/redeem', { points }],
          ['points/adjust', { points: points - 20, reason: 'r', by: 'desk' }],
          ['points/reverse', { of: `i-${i - 1 - chance(9)}` }],
          ['points/enrol', {}],
        ][chance(7)]
        decide({ id: `i-${i}`, type, subject, occurredAt: at, data })
        const other = people[chance(4)]
        const asked = { id: `plan-${n}-${i}`, occurredAt: at }
        const plan =
          i % 3 === 0
            ? transferPlan(engine, states[subject], { ...asked, from: subject, to: other, points })
            : i % 7 === 1
              ? joinPoolPlan(engine, states[subject], { ...asked, member: subject, pool: 'home' })
              : i % 7 === 4
                ? leavePoolPlan(engine, states.home, { ...asked, member: other, pool: 'home' })
                : i % 50 === 5
                  ? mergePlan(engine, states[subject], { ...asked, from: subject, into: other })
                  : null
        const reports = []
        for (let next = plan && carryOut(plan, []); next !== null; next = carryOut(plan, reports)) {
          if (next.next !== 'do' && next.next !== 'undo') {
            note(next)
            break
          }
          reports.push(reportOf(next, decide(next.command), at))
        }
        note(people.map((who) => engine.view(states[who], at)))
      }
    }
  }
}

/** Rewards claimed, paid, cancelled and brought back through changes of clocks, with what each member is offered, and plans. */
function rewardsThroughTime(library, { place }) {
  const { defineEvents, definePoints, explain, offersFor, pointsEvents, rewardPlan } = library
  const shop = defineEvents({ ...pointsEvents('points', { rewards: true }) })
  const due = (amount) => ({ amount, currency: 'CNY' })
  const points = definePoints({
    id: 'points',
    version: 1,
    calendar: place('America/New_York'),
    events: shop,
    earning: [],
    expires: { months: 2, end: true },
    refunds: { grace: { days: 3 } },
    rewards: [
      {
        reward: 'mug',
        price: { points: 9 },
        quantity: 3,
        limits: [{ limit: 'm', most: 5, within: { this: 'month' } }],
      },
      {
        reward: 'tote',
        price: [
          { option: 'both', points: 4, money: due('9.90') },
          { option: 'money', money: due('20') },
        ],
        quantity: 2,
        limits: [{ limit: 'w', most: 3, within: { days: 20, end: true } }],
        reserveFor: { days: 2, end: true },
        unpaid: 'uses-limits',
        keep: { days: 40 },
      },
      { reward: 'cap', price: { points: 2 }, stock: [{ engine: 'goods', subject: 'cap', each: '1.25' }] },
      {
        reward: 'feast',
        price: { points: 1 },
        during: { from: '2019-03-10T02:30', until: '2019-11-03T01:30' },
        when: shop.count('points/reward-claimed', { within: { days: 30 } }).gte(1),
      },
    ],
  })
  return (note) => {
    for (const member of range(30)) {
      const chance = chanceFrom(4100 + member)
      const subject = `m-${member}`
      let state = points.start(subject)
      let at = Date.UTC(2019, 0, 20)
      for (const i of range(40)) {
        at += chance(12 * 24) * hour
        const claim = `i-${i - 1 - chance(4)}`
        const { open } = points.view(state, at).rewards
        const first = open[0] ?? { claim, due: due('9.90') }
        const reward = ['mug', 'tote', 'cap', 'feast'][chance(4)]
        const option = reward === 'tote' && chance(3) > 0 ? { option: ['both', 'money'][chance(2)] } : {}
        const [type, data] = [
          ['earn', { points: 1 + chance(40), reason: 'r' }],
          ['claim', { reward, quantity: 1 + chance(3), stock: 's', ...option }],
          ['claim', { reward, ...option }],
          ['pay', { claim: first.claim, payment: `p-${i}`, ...first.due }],
          ['cancel', { claim: first.claim }],
          ['return', { claim }],
        ][chance(6)]
        const input = { id: `i-${i}`, type: `points/${type}`, subject, occurredAt: at, data }
        const outcome = points.decide(state, input)
        note(outcome.events ?? outcome.refusal)
        if (outcome.outcome === 'accepted') state = outcome.state
        else for (const lang of ['en', 'zh']) note(explain(points, outcome.refusal, lang))
        for (const offer of offersFor(points, state, at)) {
          note(offer)
          for (const why of offer.why) note([explain(points, why, 'en'), explain(points, why, 'zh')])
        }
        note(rewardPlan(points, state, { do: 'claim', id: `p-${i}`, reward, ...option }, at))
      }
      note(points.view(state, at + 90 * 24 * hour))
    }
  }
}
