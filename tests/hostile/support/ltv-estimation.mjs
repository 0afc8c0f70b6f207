// The boundaries of estimation: models, tables, options, fits and predictions, each replaced by a hostile value.

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value) => typeof value === 'string'
const never = () => false

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfEstimation(library) {
  const model = library.nbd
  const history = { unit: 'week', repeatCount: 3, lastPurchaseAge: 7, age: 9, covariates: { channel: 1 } }
  const table = library.historyTable(
    Array.from({ length: 40 }, (_, i) => ({
      ...history,
      repeatCount: i % 10 === 0 ? 12 : i % 3,
      lastPurchaseAge: i % 10 !== 0 && i % 3 === 0 ? 0 : 3,
      covariates: { channel: i % 2 },
    })),
  )
  const fit = library.fitModel(model, table)
  const moved = library.fitModel(model, table, { covariates: { buying: ['channel'] } })
  const drawn = library.bootstrap(model, fit, table, { random: library.random(1), runs: 40 })
  const rate = ({ r, alpha }) => r / alpha
  const holdout = { histories: [history], purchases: [1], span: { weeks: 3 } }
  const held = {
    unit: 'week',
    until: 0,
    customers: [{ ...history, subject: 'a', acquiredAt: 0, sumLnGaps: 0, holdout: { purchases: 1 } }],
    holdout: { until: 1, length: 3, purchases: 1 },
  }
  const ran = { random: library.random(1), runs: 1 }
  const options = { priors: {}, level: 0.9, starts: [], signal: { aborted: false } }
  const ridge = { coefficient: 0.1, against: 'mean', size: 40, longest: 9, of: ['r'] }
  const labelled = ({ kind, next }) =>
    kind !== 'not-an-optimum' && kind !== 'undefined' ? true : next.en !== '' && next.zh !== ''
  // A verb stands here once for each of its arguments.
  const met = new Map()
  const numbered = (name) => {
    met.set(name, (met.get(name) ?? 0) + 1)
    return met.get(name) === 1 ? name : `${name} (${met.get(name)})`
  }
  const boundary = (name, call, right = never) => ({
    name: numbered(name),
    takes: junk,
    definition: true,
    floats: true,
    limit: 5000,
    call,
    right: (value, answer) => right(value, answer),
  })
  const each = (name, whole, call, right) =>
    Object.keys(whole).map((key) =>
      boundary(
        `${name} ${key}`,
        (value) => call({ ...whole, [key]: value }),
        (value, answer) => right(key, value, answer),
      ),
    )
  const run = (steps) => {
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
    }
  }
  const rightOfFit = (key, value, answer) => {
    if (value === undefined) return labelled(answer)
    if (key === 'level') return typeof value === 'number' && value > 0 && value < 1
    if (key === 'starts') return Array.isArray(value) && value.length === 0
    return isRecord(value) && labelled(answer)
  }
  return [
    boundary('parameters', (value) => library.parameters(model, value, { unit: 'week', source: 'a plan' })),
    boundary(
      'parameters',
      (value) => library.parameters(model, { r: 1, alpha: 5 }, { unit: 'week', source: value }),
      (value) => isText(value) && value.trim() !== '',
    ),
    boundary('fitModel', (value) => library.fitModel(value, table)),
    boundary('fitModel', (value) => library.fitModel(model, value)),
    boundary(
      'fitModel',
      (value) => library.fitModel(model, table, value),
      (value) => value === undefined || (isRecord(value) && Object.keys(value).length === 0),
    ),
    boundary('fitSteps', (value) => run(library.fitSteps(model, value))),
    ...each('fitModel', options, (given) => library.fitModel(model, table, given), rightOfFit),
    boundary('fitModel', (value) =>
      library.fitModel(model, table, { covariates: { buying: value, leaving: [] } }),
    ),
    boundary('fitModel', (value) => library.fitModel(model, table, { priors: { r: value } })),
    boundary('valuesFor', (value) => library.valuesFor(value, { channel: 1 })),
    boundary(
      'valuesFor',
      (value) => library.valuesFor(moved, { channel: value }),
      (value, { alpha }) => Number.isFinite(value) && alpha >= 0,
    ),
    boundary('fitFor', (value) => library.fitFor(model, value, { channel: 1 })),
    boundary('predictionInterval', (value) => library.predictionInterval(model, value, rate)),
    boundary(
      'predictionInterval',
      (value) => library.predictionInterval(model, fit, () => value),
      (value, answer) =>
        typeof value === 'number' && (answer.kind === 'estimate' ? answer.value === value : labelled(answer)),
    ),
    boundary(
      'predictionInterval',
      (value) => library.predictionInterval(model, fit, rate, { level: value }),
      (value) => value === undefined || (value > 0 && value < 1),
    ),
    boundary(
      'predictionInterval',
      (value) => library.predictionInterval(model, fit, rate, { range: value }),
      (value) => value === undefined,
    ),
    boundary('bootstrap', (value) => library.bootstrap(model, fit, value, ran)),
    boundary('bootstrap', (value) => library.bootstrap(model, value, table, ran)),
    boundary('bootstrap', (value) => library.bootstrap(model, fit, table, { random: value, runs: 1 })),
    boundary('bootstrapSteps', (value) => run(library.bootstrapSteps(model, fit, table, value))),
    boundary('bootstrapInterval', (value) => library.bootstrapInterval(value, rate)),
    boundary(
      'bootstrapInterval',
      (value) => library.bootstrapInterval(drawn, () => value),
      (value, answer) => typeof value === 'number' && labelled(answer),
    ),
    boundary('likelihoodRatio', (value) => library.likelihoodRatio(value, fit)),
    boundary('likelihoodRatio', (value) => library.likelihoodRatio(fit, value)),
    boundary(
      'compareModels',
      library.compareModels,
      (value, rows) => Array.isArray(value) && rows.length === value.length,
    ),
    boundary('compareModels', (value) => library.compareModels([{ model, fit: value }])),
    ...each(
      'compareModels',
      holdout,
      (given) => library.compareModels([{ model, fit }], { holdout: given }),
      never,
    ),
    boundary('holdoutOf', library.holdoutOf),
    ...each(
      'holdoutOf',
      held,
      (given) => library.holdoutOf(given),
      (key, value, answer) =>
        key === 'until' ||
        (key === 'holdout' && answer.span.weeks === value.length) ||
        (key === 'unit' && Object.values(answer.span)[0] === 3) ||
        (Array.isArray(value) && value.length === 0),
    ),
    boundary(
      'holdoutOf',
      (length) => library.holdoutOf({ ...held, holdout: { until: 1, length } }).span.weeks,
      Object.is,
    ),
    boundary('chooseModel', (value) => library.chooseModel(value, [model])),
    boundary('chooseModel', (value) => library.chooseModel(table, value)),
    boundary(
      'chooseModel',
      (value) => library.chooseModel(table, [model], { allow: value }),
      (value) => value === undefined || Array.isArray(value),
    ),
    boundary('changeUnit', (value) => library.changeUnit(model, value, 'day')),
    boundary(
      'changeUnit',
      (value) => library.changeUnit(model, fit, value),
      (value, { unit }) => value === unit,
    ),
    boundary('fittedFrom', (value) => library.fittedFrom(model, value)),
    ...each(
      'fittedFrom',
      fit,
      (given) => library.fittedFrom(model, given),
      (key, value) =>
        ['data'].includes(key)
          ? isText(value) && value !== ''
          : ['cautions', 'priors'].includes(key)
            ? Array.isArray(value) && value.every(isText)
            : typeof value === 'number' || (key === 'incomparable' && value === undefined),
    ),
    ...each(
      'penalties',
      ridge,
      (given) => library.penalties(model, given),
      (key, value) =>
        key === 'of'
          ? value === undefined || Array.isArray(value)
          : value === undefined
            ? key === 'longest'
            : typeof value === 'number' && value > 0 && value < Infinity,
    ),
  ]
}
