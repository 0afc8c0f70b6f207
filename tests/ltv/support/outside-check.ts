// An optimum is checked by what had no part in finding it: values only, in random directions, over a scatter of places, and
// by a simplex from other starts.
import type { LikelihoodModel } from 'liuliang/ltv'
import { minimize } from 'liuliang/measures'

type Numbers = { readonly [name: string]: number }
type Model<Data> = LikelihoodModel<string, string, Data>

const into = (range: string, value: number) =>
  range === 'real'
    ? value
    : range === 'above-one'
      ? Math.log(value - 1)
      : range === 'share'
        ? Math.log(value / (1 - value))
        : Math.log(value)
const out = (range: string, u: number) =>
  range === 'real'
    ? u
    : range === 'above-one'
      ? 1 + Math.exp(u)
      : range === 'share'
        ? 1 / (1 + Math.exp(-u))
        : Math.exp(u)

/** The log-likelihood over coordinates; -Infinity where there is none. */
function logLikelihoodOver<Data>(model: Model<Data>, data: Data) {
  const likelihood = model.likelihood(data)
  return (at: readonly number[]): number => {
    const value = likelihood.value(at.map((u, i) => out(model.ranges[model.parameters[i]!]!, u)))
    return Number.isNaN(value) ? -Infinity : value
  }
}

const coordinates = <Data>(model: Model<Data>, values: Numbers): number[] =>
  model.parameters.map((name) => into(model.ranges[name]!, values[name]!))

/** The highest log-likelihood that anything but the driver finds, and where. */
export function highestFromOutside<Data>(
  model: Model<Data>,
  data: Data,
  around: Numbers,
  random: { next(): number },
  effort: { readonly directions: number; readonly scatter: number; readonly simplexes: number },
): { readonly at: readonly number[]; readonly value: number } {
  const value = logLikelihoodOver(model, data)
  const centre = coordinates(model, around)
  // A number on the whole line may be of any size.
  const sizes = centre.map((u, i) =>
    model.ranges[model.parameters[i]!] === 'real' ? Math.max(1, Math.abs(u)) : 1,
  )
  let best = { at: centre, value: value(centre) }
  const see = (at: number[]) => {
    // Where a parameter is a factor of e^15 off, models are not asked to be exact.
    if (at.some((u, i) => Math.abs(u - centre[i]!) > 15 * sizes[i]! || Math.abs(u) > 18 * sizes[i]!)) return
    const there = value(at)
    if (there > best.value) best = { at, value: there }
  }
  for (let i = 0; i < effort.directions; i += 1) {
    const direction = centre.map(() => 2 * random.next() - 1)
    const length = 5 * Math.exp(-7 * random.next())
    see(centre.map((u, k) => u + length * sizes[k]! * direction[k]!))
  }
  const starts: number[][] = []
  for (let i = 0; i < effort.scatter; i += 1) {
    const at = centre.map((u, k) => u + 12 * sizes[k]! * (random.next() - 0.5))
    see(at)
    if (i < effort.simplexes) starts.push(at)
  }
  for (const start of starts) {
    const found = minimize({ value: (at) => -value(at) }, start, { maxIterations: 400 })
    const at = found.kind === 'optimum' ? found.at : found.best?.at
    if (at !== undefined) see([...at])
  }
  return best
}
