// Customers for the rows of ltv.mjs: the CDNOW sample where its file stands beside the project, else as many drawn customers; and
// customers drawn from BG/NBD, Pareto/NBD and Gamma-Gamma, in continuous time, so that hardly any two are alike.
import { existsSync, readFileSync } from 'node:fs'
import { random } from '../../dist/kernel.js'

const cdnowFile = new URL('../../../shared/data/clv-cdnow-rfm.csv', import.meta.url)

const exponential = (chance) => -Math.log(1 - chance())

/** Marsaglia & Tsang's gamma variate, of rate 1. */
function gamma(chance, shape) {
  if (shape < 1) return gamma(chance, shape + 1) * chance() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(1 - chance()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

const beta = (chance, a, b) => {
  const x = gamma(chance, a)
  return x / (x + gamma(chance, b))
}

/** Histories as columns: x, t_x, T in weeks, the ages spread over a quarter as in the sample. */
function drawn(count, seed, buys) {
  const generator = random(seed)
  const chance = () => generator.next()
  const columns = { x: new Float64Array(count), tx: new Float64Array(count), T: new Float64Array(count) }
  for (let i = 0; i < count; i++) {
    const age = 27 + 12 * chance()
    const [x, last] = buys(chance, age)
    columns.x[i] = x
    columns.tx[i] = last
    columns.T[i] = age
  }
  return columns
}

export const bgNbdValues = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
export const paretoNbdValues = { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }
export const gammaGammaValues = { p: 6.25, q: 3.74, v: 15.44 }

export const bgNbdCustomers = (count) =>
  drawn(count, 'bg-nbd', (chance, age) => {
    const rate = gamma(chance, bgNbdValues.r) / bgNbdValues.alpha
    const leaves = beta(chance, bgNbdValues.a, bgNbdValues.b)
    let [x, last] = [0, 0]
    for (let at = exponential(chance) / rate; at <= age; at += exponential(chance) / rate) {
      x += 1
      last = at
      if (chance() < leaves) break
    }
    return [x, last]
  })

export const paretoNbdCustomers = (count) =>
  drawn(count, 'pareto-nbd', (chance, age) => {
    const rate = gamma(chance, paretoNbdValues.r) / paretoNbdValues.alpha
    const end = Math.min(age, (exponential(chance) * paretoNbdValues.beta) / gamma(chance, paretoNbdValues.s))
    let [x, last] = [0, 0]
    for (let at = exponential(chance) / rate; at <= end; at += exponential(chance) / rate) {
      x += 1
      last = at
    }
    return [x, last]
  })

/** Numbers of purchases and their mean amounts. */
export function spenders(count) {
  const generator = random('gamma-gamma')
  const chance = () => generator.next()
  const { p, q, v } = gammaGammaValues
  const x = new Float64Array(count)
  const mean = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    x[i] = 1 + Math.floor(exponential(chance) * 2)
    mean[i] = gamma(chance, p * x[i]) / (x[i] * (gamma(chance, q) / v))
  }
  return { x, mean }
}

/** The CDNOW sample of 2,357 customers in weeks. */
export function cdnow() {
  if (!existsSync(cdnowFile)) return bgNbdCustomers(2357)
  const rows = readFileSync(cdnowFile, 'utf8').trim().split('\n').slice(1)
  const cells = rows.map((row) => row.split(',').map(Number))
  const column = (k) => Float64Array.from(cells, (cell) => cell[k])
  return { x: column(1), tx: column(2), T: column(3) }
}

export const historiesOf = ({ x, tx, T }) =>
  Array.from(x, (repeatCount, i) => ({
    unit: 'week',
    repeatCount,
    lastPurchaseAge: tx[i],
    age: T[i],
  }))
