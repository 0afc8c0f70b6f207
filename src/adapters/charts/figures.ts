/** `34.2%`: a share for tooltips, the same text on every runtime. */
export const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)}%`

/** `30.1% – 38.5%`: an interval of shares. */
export const percentSpan = (low: number, high: number): string => `${percent(low)} – ${percent(high)}`

/** `12,345`: a whole number with its thousands apart. */
export function grouped(count: number): string {
  const [whole = '', fraction] = String(Math.abs(count)).split('.')
  if (!/^\d+$/.test(whole)) return String(count)
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${count < 0 ? '-' : ''}${apart}${fraction === undefined ? '' : `.${fraction}`}`
}

/** Money per customer: two places, thousands apart; what is too long for that as the number is. */
export function amount(value: number): string {
  const text = Math.abs(value).toFixed(2)
  const [whole = '', cents] = text.split('.')
  if (cents === undefined) return String(value)
  return `${value < 0 ? '-' : ''}${grouped(Number(whole))}.${cents}`
}

const shares = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

/** Where an axis of shares from 0 ends: a round share that holds the largest; 1 of nothing but zeros. */
export const topShare = (largest: number): number =>
  largest > 0 ? (shares.find((share) => share >= largest) ?? 1) : 1

/** Where an axis of amounts ends: 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten; 1 of nothing but zeros. */
export function topAmount(largest: number): number {
  if (!(largest > 0)) return 1
  let power = 1
  while (power < 1e300 && power * 10 <= largest) power *= 10
  while (power > largest && power > 1e-6) power /= 10
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8].find((step) => step * power >= largest) ?? 10
  const top = step * power
  return Number.isFinite(top) ? top : largest
}

/** At most `most` of the names, evenly spaced from the first, so that labels of an axis do not run together. */
export function thinned<T>(names: readonly T[], most: number): readonly T[] {
  const every = Math.ceil(names.length / most)
  return every <= 1 ? names : names.filter((_, i) => i % every === 0)
}

/** Where an axis of times ends, and the times to name on it: about six steps of 1, 2 or 5 times a power of ten. */
export function roundTimes(latest: number): { readonly last: number; readonly times: readonly number[] } {
  if (!(latest > 0)) return { last: 1, times: [0, 1] }
  const step = topStep(latest / 6)
  const count = Math.ceil(latest / step - 1e-9)
  const last = count * step
  if (!(Number.isFinite(last) && last >= latest && count <= 12)) return { last: latest, times: [0, latest] }
  return { last, times: Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12))) }
}

function topStep(size: number): number {
  let power = 1
  while (power < 1e300 && power * 10 <= size) power *= 10
  while (power > size && power > 1e-12) power /= 10
  return ([1, 2, 5].find((step) => step * power >= size) ?? 10) * power
}
