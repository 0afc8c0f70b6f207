// Everything that came out, as one number.
import { days } from './by-hand.mjs'

const DAY = 86_400_000

function summed(sum, values) {
  let all = sum
  for (let i = 0; i < values.length; i++) all = (Math.imul(all, 31) + values[i]) | 0
  return all
}

/** Instants are hashed by what is left of a day, and by the day. */
function summedInstants(sum, values) {
  let all = sum
  for (let i = 0; i < values.length; i++) {
    const day = Math.floor(values[i] / DAY)
    all = (Math.imul(all, 31) + day * 7 + (values[i] - day * DAY)) | 0
  }
  return all
}

export function checksumByHand({ stage, since, orders, visits, moves, left, still, counts, entries }) {
  let sum = summedInstants(summed(1, stage), since)
  for (const column of [orders, visits, moves, left, still, counts, entries]) sum = summed(sum, column)
  return sum
}

export function checksumOfFlows(flows, partial, asOf) {
  const { moves, now, entries, stays } = flows.result(partial, { asOf })
  const { stage, since } = flows.people(partial, { asOf })
  const { counts } = partial.rows
  const left = new Float64Array(now.length * days)
  const still = new Float64Array(now.length * days)
  for (const [at, { times, events, censored }] of stays.byStage.entries())
    for (const [i, time] of times.entries()) {
      left[at * days + time] = events[i]
      still[at * days + time] = censored[i]
    }
  const people = stage.length
  // Counters stand side by side for each person: visits were named first.
  const column = (place) => {
    let all = 0
    return (sum) => {
      all = sum
      for (let person = 0; person < people; person++)
        all = (Math.imul(all, 31) + counts[2 * person + place]) | 0
      return all
    }
  }
  let sum = summedInstants(summed(1, stage), since)
  sum = column(1)(sum)
  sum = column(0)(sum)
  for (const list of [moves.flat(), left, still, now, entries]) sum = summed(sum, list)
  return sum
}
