/* Figures as sentences have them, the same text on every runtime. */

/** Percent without its sign. */
export const percentOf = (share: number): string => `${(Math.abs(share) * 100).toFixed(1)}`

/** A whole number with its thousands apart. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')

/** A mean with the digits that are read. */
export const mean = (value: number): string => (value >= 100 ? count(value) : value.toFixed(2))
