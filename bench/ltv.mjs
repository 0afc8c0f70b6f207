// Models of buying fitted and asked, beside one plain evaluation of what they are made of: see README.md.
import {
  bgNbd,
  fitModel,
  gammaGamma,
  historyTable,
  parameters,
  paretoNbd,
  predictor,
  spendTable,
} from '../dist/ltv.js'
import {
  bgNbdCustomers,
  bgNbdValues,
  cdnow,
  historiesOf,
  paretoNbdCustomers,
  spenders,
} from './ltv/customers.mjs'
import { bgNbdExpected, bgNbdLikelihood, gammaGammaLikelihood, paretoNbdLikelihood } from './ltv/plain.mjs'

/** Nine digits: two ways to the same number end in different last ones. */
const rounded = (value) => Number(value.toPrecision(9))

/** A whole fit on one side; on the other the log-likelihood once, at the parameters that the fit ends with. */
function fitted(name, model, plain, customersOf, tableOf) {
  let customers
  let table
  let values
  return {
    name: `ltv/${name}`,
    versus: 'one evaluation',
    unit: 'ms',
    iterations: 1,
    prepare() {
      customers = customersOf()
      table = tableOf(customers)
      const found = fitModel(model, table)
      if (found.kind !== 'fitted') throw new Error(`${name}: ${found.reason}`)
      values = found.values
    },
    done() {
      customers = undefined
      table = undefined
    },
    ours() {
      const found = fitModel(model, table)
      return rounded(found.logLikelihood)
    },
    theirs: () => rounded(plain(values, customers)),
  }
}

const ofHistories = (customers) => historyTable(historiesOf(customers))
const ofSpend = ({ x, mean }) => spendTable(Array.from(x, (purchases, i) => ({ purchases, mean: mean[i] })))

let million
const span = 39
const given = parameters(bgNbd, bgNbdValues, { unit: 'week', source: 'Fader, Hardie & Lee 2005' })
const summed = (values) => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return rounded(sum)
}

export const rows = [
  fitted('bg-nbd-cdnow', bgNbd, bgNbdLikelihood, cdnow, ofHistories),
  fitted('pareto-nbd-cdnow', paretoNbd, paretoNbdLikelihood, cdnow, ofHistories),
  fitted('bg-nbd-100k', bgNbd, bgNbdLikelihood, () => bgNbdCustomers(100_000), ofHistories),
  fitted('pareto-nbd-100k', paretoNbd, paretoNbdLikelihood, () => paretoNbdCustomers(100_000), ofHistories),
  fitted('gamma-gamma-100k', gammaGamma, gammaGammaLikelihood, () => spenders(100_000), ofSpend),
  {
    name: 'ltv/predict-1m',
    versus: 'one formula a customer',
    unit: 'ms',
    iterations: 1,
    prepare() {
      const { x, tx, T } = bgNbdCustomers(1_000_000)
      million = { unit: 'week', repeatCount: x, lastPurchaseAge: tx, age: T }
    },
    done() {
      million = undefined
    },
    ours: () => summed(predictor(bgNbd, given).expectedPurchasesOf(million, { weeks: span })),
    theirs() {
      const { repeatCount: x, lastPurchaseAge: tx, age: T } = million
      return summed(bgNbdExpected(bgNbdValues, { x, tx, T }, span))
    },
  },
]
