import { DefinitionError, type PanelPeriod, type Random, random, type StagePanel } from 'liuliang'

/** Where people who are followed one by one stand, counted. */
export interface World {
  readonly states: readonly string[]
  readonly stageOf?: readonly string[]
  /** By rows ("from"); may differ by period. */
  readonly rates: readonly (readonly number[])[] | ((t: number) => readonly (readonly number[])[])
  readonly opening: readonly number[]
  readonly arrivals?: (t: number) => readonly number[]
  readonly periods: number
  readonly random: Random
}

/** A panel of months from 2020-01 on, with triples. */
export function panelOf(world: World): StagePanel {
  const { states, stageOf, rates, opening, arrivals, periods, random } = world
  const n = states.length
  let people = opening.flatMap((count, state) => Array.from({ length: count }, () => ({ state, before: -1 })))
  const told: PanelPeriod[] = []
  for (let t = 0; t < periods; t += 1) {
    const P = typeof rates === 'function' ? rates(t) : rates
    const moves = states.map(() => new Array<number>(n).fill(0))
    const triples = new Map<string, [number, number, number, number]>()
    people = people.map(({ state, before }) => {
      const to = pick(P[state]!, random.next())
      moves[state]![to]! += 1
      if (before >= 0) {
        const path = triples.get(`${before} ${state} ${to}`) ?? [before, state, to, 0]
        path[3] += 1
        triples.set(`${before} ${state} ${to}`, path)
      }
      return { state: to, before: state }
    })
    const newcomers = arrivals?.(t) ?? states.map(() => 0)
    people = people.concat(
      newcomers.flatMap((count, state) => Array.from({ length: count }, () => ({ state, before: -1 }))),
    )
    told.push({ period: monthAt(t), moves, arrivals: newcomers, triples: [...triples.values()] })
  }
  return { states, ...(stageOf && { stageOf }), unit: 'month', periods: told }
}

function monthAt(t: number): string {
  return `${2020 + Math.floor(t / 12)}-${String(1 + (t % 12)).padStart(2, '0')}`
}

function pick(row: readonly number[], u: number): number {
  let rest = u
  for (const [j, chance] of row.entries()) {
    rest -= chance
    if (rest < 0) return j
  }
  return row.length - 1
}

/** A shop of three stages in which nobody has a memory. */
export const shopRates = [
  [0.85, 0.15, 0],
  [0.1, 0.6, 0.3],
  [0.02, 0, 0.98],
] as const

export function shopPanel(random: Random, periods = 12, size = 1): StagePanel {
  return panelOf({
    states: ['active', 'dormant', 'lapsed'],
    rates: shopRates,
    opening: [800 * size, 300 * size, 100 * size],
    arrivals: () => [size * random.integer(40, 80), 0, 0],
    periods,
    random,
  })
}

/**
 * The same people with an inactivity rule: who is silent for a third month is dormant. The chance to come back falls with every month, so
 * the stage alone forgets what matters.
 */
export function recencyPanel(random: Random, periods = 12, size = 1): StagePanel {
  const back = [0.7, 0.35, 0.15, 0.05, 0.02]
  return panelOf({
    states: ['active·0', 'active·1', 'active·2', 'dormant·3', 'dormant·4'],
    stageOf: ['active', 'active', 'active', 'dormant', 'dormant'],
    rates: back.map((chance, i) =>
      back.map((_, j) => (j === 0 ? chance : j === Math.min(i + 1, back.length - 1) ? 1 - chance : 0)),
    ),
    opening: [300 * size, 200 * size, 150 * size, 100 * size, 0],
    arrivals: () => [size * random.integer(30, 60), 0, 0, 0, 0],
    periods,
    random,
  })
}

/** A year whose rates turn round after nine months: whoever left before stays from then on. */
export const turnedPanel = (): StagePanel =>
  panelOf({
    states: ['a', 'b'],
    rates: (t) =>
      t < 9
        ? [
            [0.5, 0.5],
            [0, 1],
          ]
        : [
            [1, 0],
            [0, 1],
          ],
    opening: [5000, 0],
    arrivals: (t) => (t < 9 ? [600, 0] : [0, 0]),
    periods: 12,
    random: random('turned'),
  })

/** What is there, or the reason why not. */
export function there<T extends { readonly kind: string }>(
  found: T,
): Exclude<T, { readonly kind: 'undefined' }> {
  if (found.kind === 'undefined') throw new Error(String((found as { readonly reason?: string }).reason))
  return found as Exclude<T, { readonly kind: 'undefined' }>
}

/** A month of two stages. */
export const period = (over: object = {}) => ({
  period: '2024-01',
  moves: [
    [80, 20],
    [5, 45],
  ],
  arrivals: [30, 0],
  ...over,
})
export const two: StagePanel = { states: ['active', 'lapsed'], unit: 'month', periods: [period()] }
/** The month after. */
export const next = period({
  period: '2024-02',
  moves: [
    [100, 15],
    [10, 55],
  ],
})

/** The code and the path of what is thrown. */
export function faultOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.code} ${error.path}`
    throw error
  }
  return 'nothing'
}
