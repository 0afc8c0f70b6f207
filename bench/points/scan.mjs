// What expires within some time, from nothing but the log: what each lot was issued for, less all that was taken from it. Lots are
// numbered as they are issued, so two arrays hold all that has to be known of them, and nothing is sorted.

/** What ends from an instant up to, but without, another, by instant. */
export function expiringInLog(events, from, to) {
  const left = []
  const ends = []
  for (const { data } of events) {
    const { moves } = data
    if (moves === undefined) continue
    for (const move of moves) {
      if (move.from === 'issuance') {
        left[move.lot] = move.amount
        ends[move.lot] = move.expiresAt
      } else left[move.lot] -= move.amount
    }
  }
  const found = []
  for (let lot = 0; lot < left.length; lot += 1) {
    const at = ends[lot]
    if (!(left[lot] > 0 && at >= from && at < to)) continue
    const last = found[found.length - 1]
    if (last !== undefined && last.at === at) last.points += left[lot]
    else found.push({ at, points: left[lot] })
  }
  return found
}
