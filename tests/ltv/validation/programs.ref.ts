// What other programs plot and print of their fits (fixtures/clv-programs/SOURCE.md), made again by the verbs of validation at
// their parameters: expected purchases over time, customers by frequency, errors over the holdout. With covariates, too.
import {
  type CovariateFit,
  compareModels,
  frequencyFit,
  type ModelParameters,
  type PurchaseModel,
  parameters,
  paretoNbd,
  summarizeHistories,
  trackPurchases,
  validate,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { deviations, logOf, modelOf, type Printed, programs } from '../estimation/support/programs.js'
import { logOf as ordersOf } from '../histories/support/logs.js'
import { base, day, spend } from '../histories/support/orders.js'
import { absent, customersOf, type Log, skipped } from '../support/data-sets.js'

type AnyModel = PurchaseModel<string, string>

const ends = {
  cdnow: { from: '1997-01-01', until: '1997-09-30', later: '1998-06-30' },
  apparel: { from: '2005-01-02', until: '2006-12-31', later: '2010-12-20' },
} as const

/** Both readings of a log, in weeks of seven days; with what is known of the customers of the apparel shop. */
function readingsOf(log: Log) {
  const { until, later } = ends[log]
  const aggregate = summarizeHistories({ ...base, spend: { ...spend, currency: 'USD' }, unit: 'week' })
  const orders = aggregate.addColumns(aggregate.empty(), ordersOf(log))
  const traits = new Map(customersOf(log).map(({ id, gender, channel }) => [id, { gender, channel }]))
  const people = Object.fromEntries([...traits].map(([id, covariates]) => [id, { covariates }]))
  return {
    calibration: aggregate.result(orders, { until: day(until), holdout: { until: day(later) }, people }),
    holdout: aggregate.result(orders, { until: day(later), purchaseAges: true }),
  }
}
const readings = new Map<Log, ReturnType<typeof readingsOf>>()
const dataOf = (log: Log) => readings.get(log) ?? readings.set(log, readingsOf(log)).get(log)!

/** Their parameters as ours; where covariates move them, as a fit with coefficients. */
function fitOf(
  model: AnyModel,
  theirs: Printed,
): ModelParameters<string, string> | CovariateFit<string, string> {
  const values = Object.fromEntries(model.parameters.map((name) => [name, theirs.params[name]!]))
  const given = parameters(model, values, { unit: 'week', source: theirs.program })
  const { buying = [], leaving = [] } = model.effects ?? {}
  const effects = { trans: buying, life: leaving, constr: [...buying, ...leaving] }
  const coefficients = Object.keys(theirs.params).flatMap((name) => {
    const [process, covariate] = name.split('.')
    if (covariate === undefined) return []
    return [{ name, covariate, effects: effects[process as keyof typeof effects] }]
  })
  if (coefficients.length === 0) return given
  const interval = { low: 0, high: 0, level: 0.95 }
  const estimates = Object.fromEntries(
    Object.entries(theirs.params).map(([name, value]) => [name, { value, standardError: 0, interval }]),
  )
  const size = Object.keys(estimates).length
  return {
    kind: 'fitted-with-covariates',
    model: model.name,
    unit: 'week',
    values,
    coefficients,
    estimates,
    covariance: Array.from({ length: size }, () => Array<number>(size).fill(0)),
    logLikelihood: theirs.logLikelihood,
    aic: 2 * size - 2 * theirs.logLikelihood,
    // Of one customer, as nothing is read of it.
    bic: -2 * theirs.logLikelihood,
    size: 1,
    cautions: [],
    data: theirs.file,
    priors: [],
    search: { starts: 0, passes: 0 },
  }
}

/** Where their own numbers are not exact, and how far they are off. */
const limitOf = (file: string, what: string): number => {
  if (/ggom/.test(file) && ['sumPredicted', 'mae', 'rmse'].includes(what)) return 1e-6
  return 1e-10
}

// Theirs on the log of orders, in weeks: the others read rounded ages (peers.ref.ts has these). Of CDNOW one by default: each is
// tracked by the day, and their numbers are those of the predictor besides (estimation/predictions.ref.ts).
const onTheLog = programs.filter(
  ({ program, file, tracking, aggregate }) =>
    program.startsWith('CLVTools') &&
    (tracking ?? aggregate) !== undefined &&
    (logOf(file) === 'apparel' || runs(0, 1) === 1 || file === 'clvtools-cdnow-pareto-nbd'),
)

describe.skipIf(absent)(`validation at the parameters of other programs ${skipped}`, () => {
  test('there is something to compare with', () => {
    expect(onTheLog.length).toBeGreaterThanOrEqual(10)
    expect(onTheLog.filter(({ settings }) => settings.covariates).length).toBeGreaterThanOrEqual(5)
  })

  test.each(onTheLog.map((theirs) => [theirs.file, theirs] as const))('%s', (file, theirs) => {
    const log = logOf(file)
    const { from, until } = ends[log]
    const { calibration, holdout } = dataOf(log)
    // Their predictions with correlation leave it out.
    const model = file.endsWith('correlation') ? (paretoNbd as never as AnyModel) : modelOf(theirs)
    const fit = fitOf(model, theirs)
    const off = deviations()

    // Their weeks end on Sundays: those of the apparel shop as ours, those of CDNOW in the middle of ours.
    const { tracking, aggregate, pmf } = theirs
    const started = calibration.customers.reduce((oldest, { age }) => Math.max(oldest, age), 0)
    expect(Math.round(7 * started)).toBe((day(until) - day(from)) / 86_400_000)
    const bySubject = new Map(holdout.customers.map(({ subject, purchaseAges }) => [subject, purchaseAges!]))
    const tracked = trackPurchases(
      model,
      fit,
      calibration.customers.map((one) => ({ ...one, purchaseAges: bySubject.get(one.subject)! })),
      {
        period: log === 'apparel' ? { weeks: 1 } : { days: 1 },
        holdout: { weeks: calibration.holdout!.length + 2 },
      },
    )
    for (const [k, date] of (tracking?.until ?? []).entries()) {
      const days = (day(date) - day(from)) / 86_400_000
      const ours = days === 0 ? undefined : tracked.periods[(log === 'apparel' ? days / 7 : days) - 1]!
      off.of('tracking', ours?.cumulativeExpected ?? 0, tracking!.predicted[k]!)
      const actual = tracking!.actual?.[k]
      if (actual !== undefined && actual !== null) expect(ours?.cumulativeActual ?? 0, date).toBe(actual)
    }

    const most = Object.keys(pmf?.sumOverCustomers ?? {}).length
    const { bins } = frequencyFit(model, fit, calibration.customers, { orMore: Math.max(1, most) })
    for (const [name, value] of Object.entries(pmf?.sumOverCustomers ?? {}))
      off.of('pmf', bins[Number(name.split('.').at(-1))]!.expected, value)

    const { errors, alive, holdout: length } = validate(model, fit, { calibration })
    expect(errors.actual).toBe(aggregate!['sumActual'])
    expect(Math.abs(length / aggregate!['holdoutLength']! - 1)).toBeLessThan(1e-12)
    off.of('sumPredicted', errors.expected, aggregate!['sumPredicted']!)
    const numberIn = (one: { kind: string; value?: number }) => one.value ?? Number.NaN
    off.of('mae', numberIn(errors.meanAbsoluteError), aggregate!['mae']!)
    off.of('rmse', numberIn(errors.rootMeanSquareError), aggregate!['rmse']!)
    off.of(
      'alive',
      alive.bins.reduce((sum, { customers, mean }) => sum + customers * mean, 0),
      aggregate!['sumPAlive']!,
    )
    for (const [what, error] of Object.entries(off.worst))
      expect(error, what).toBeLessThan(limitOf(file, what))

    // Comparison of models says the same of the holdout.
    if (fit.kind === 'fitted-with-covariates') {
      const [compared] = compareModels([{ model, fit }], {
        holdout: {
          histories: calibration.customers,
          purchases: calibration.customers.map((one) => one.holdout!.purchases),
          span: { weeks: length },
        },
      })
      const { holdout: error } = compared as Extract<typeof compared, { kind: 'compared' }>
      expect(error!.expected / errors.expected).toBeCloseTo(1, 12)
    }
  })
})
