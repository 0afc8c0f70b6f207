// A slow, obvious evaluator of a plan: forwards, in fractions of people, from the definition as it is written.
import type { StagePlanDefinition } from 'liuliang'

export interface Pushed {
  /** In which year, and which flow of the definition, so many more people take. */
  readonly year: number
  readonly flow: number
  readonly people: number
}

const shareOf = (text: number | string): number => {
  if (typeof text === 'number') return text
  if (text.endsWith('%')) return Number(text.slice(0, -1)) / 100
  const [above, below] = text.split('/')
  return Number(above) / Number(below ?? 1)
}

/** The value of a flow in a year, which may be one for all years. */
function valueIn<T>(value: unknown, year: number): T | undefined {
  if (typeof value === 'object' && value !== null) return (value as Record<string, T>)[String(year)]
  return value as T | undefined
}

/** People by stage when each year ends. */
export function forward(
  { stages, years, flows, pace }: StagePlanDefinition,
  opening: Readonly<Record<string, number>>,
  ...pushed: readonly Pushed[]
): Map<number, Record<string, number>> {
  const ends = new Map<number, Record<string, number>>()
  let here: Record<string, number> = { ...opening }
  for (const year of years) {
    const resting: Record<string, number> = Object.fromEntries(stages.map((stage) => [stage, 0]))
    const put = (to: string | null, people: number, mayMoveOn: boolean) => {
      if (to !== null) (mayMoveOn ? here : resting)[to]! += people
    }
    const extra = (index: number) =>
      pushed.reduce((sum, one) => (one.year === year && one.flow === index ? sum + one.people : sum), 0)
    flows.forEach((flow, index) => {
      if (flow.from !== null || !('count' in flow)) return
      const count = valueIn<number>(flow.count, year)
      if (count !== undefined) put(flow.to, count + extra(index), pace === 'several-moves-a-year')
    })
    for (const [place, stage] of stages.entries()) {
      const all = here[stage]!
      let stay = all
      const counted: (readonly [number, string | null])[] = []
      flows.forEach((flow, index) => {
        if (flow.from !== stage) return
        const onward = pace === 'several-moves-a-year' && flow.to !== null && stages.indexOf(flow.to) > place
        if ('share' in flow) {
          const share = valueIn<number | string>(flow.share, year)
          if (share === undefined) return
          const people = all * shareOf(share) + extra(index)
          stay -= people
          put(flow.to, people, onward)
        } else counted.push([index, flow.to])
      })
      for (const [index, to] of counted) {
        const flow = flows[index]!
        const count = 'count' in flow ? valueIn<number>(flow.count, year) : undefined
        if (count === undefined) continue
        const people = Math.min(count, stay) + extra(index)
        stay -= people
        put(to, people, pace === 'several-moves-a-year' && to !== null && stages.indexOf(to) > place)
      }
      here[stage] = stay
    }
    here = Object.fromEntries(stages.map((stage) => [stage, here[stage]! + resting[stage]!]))
    ends.set(year, { ...here })
  }
  return ends
}
