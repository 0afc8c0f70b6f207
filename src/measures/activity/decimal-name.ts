/** The whole number from 0 that a name writes as JSON would, in at most so many digits; -1 for any other name. */
export function decimalOf(name: string, digits: number): number {
  const { length } = name
  if (length === 0 || length > digits) return -1
  let number = 0
  for (let i = 0; i < length; i++) {
    const digit = name.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    number = number * 10 + digit
  }
  return length > 1 && name.charCodeAt(0) === 48 ? -1 : number
}
