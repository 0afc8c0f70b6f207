// One cell of the table: a hostile value at a boundary. What may come back is a typed answer or the right one, soon, with
// nothing else touched and nothing personal said.
import { canaries } from './cases.mjs'

const intrinsics = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  Date.prototype,
  RegExp.prototype,
  Map.prototype,
  Error.prototype,
  Promise.prototype,
]
const keysOfIntrinsics = () => intrinsics.reduce((sum, one) => sum + Reflect.ownKeys(one).length, 0)
const before = keysOfIntrinsics()

const limit = 50

/** Freezes everything that can be reached, so that a write throws instead of passing unseen. */
function freeze(value, seen = new Set()) {
  if (typeof value !== 'object' || value === null || seen.has(value)) return value
  seen.add(value)
  for (const key of Reflect.ownKeys(value)) freeze(value[key], seen)
  return ArrayBuffer.isView(value) ? value : Object.freeze(value)
}

/** What a value says, also where JSON has no words for it. */
export function said(value) {
  const around = []
  const walk = (one) => {
    if (typeof one === 'string') return one.length > 1000 ? `text of ${one.length}` : JSON.stringify(one)
    if (typeof one === 'bigint') return `${one}n`
    if (typeof one === 'function') return 'function'
    if (typeof one !== 'object' || one === null) return Object.is(one, -0) ? '-0' : String(one)
    if (around.includes(one)) return 'itself'
    if (Object.prototype.toString.call(one) === '[object Date]')
      return `date ${Date.prototype.getTime.call(one)}`
    around.push(one)
    const parts = Object.keys(one).map((key) => `${JSON.stringify(key)}:${walk(one[key])}`)
    around.pop()
    return `{${parts}}`
  }
  return walk(value)
}

/** Numbers that no answer may hold: NaN becomes null in JSON, -0 loses its sign. */
function strangeNumber(value, depth = 0) {
  if (typeof value === 'number') return !Number.isFinite(value) || Object.is(value, -0)
  if (typeof value !== 'object' || value === null || depth > 40) return false
  return Object.values(value).some((part) => strangeNumber(part, depth + 1))
}

const echoed = (text) => Object.values(canaries).find((canary) => text.includes(canary))

/**
 * Tries a value at a boundary.
 * @param {import('./boundaries.mjs').Boundary} boundary
 * @param {import('./cases.mjs').Case} one
 * @param {string} family
 * @param {{ readonly isTyped: (error: unknown) => boolean, readonly say: (refusal: object) => readonly string[] }} library
 * @returns {string | undefined} what is wrong
 */
export function fault(boundary, one, family, library) {
  const value = freeze(one.value)
  const was = said(value)
  let answer
  let error
  let took = Number.POSITIVE_INFINITY
  const most = boundary.limit ?? limit
  // The best of a few: a collection or a neighbour may cost one of them its time, the work itself costs all of them.
  for (let attempt = 0; attempt < 4 && took > most; attempt += 1) {
    error = undefined
    answer = undefined
    const began = process.cpuUsage()
    try {
      answer = boundary.call(value)
    } catch (thrown) {
      error = thrown
    }
    const { user, system } = process.cpuUsage(began)
    took = Math.min(took, (user + system) / 1000)
  }
  if (took > most) return `took ${took.toFixed(0)} ms`
  if (said(value) !== was) return 'changed its input'
  if (keysOfIntrinsics() !== before || {}.polluted !== undefined) return 'polluted an intrinsic'
  if (error !== undefined) {
    if (!library.isTyped(error))
      return `threw ${String(error?.stack ?? error)
        .split('\n')
        .slice(0, 3)
        .join(' ')}`
    if (boundary.data) return `threw at data: ${error.message}`
    if (
      family === 'canaries' &&
      !boundary.definition &&
      echoed(`${error.message}${error.stack}${said(error)}`)
    )
      return `echoed in "${error.message}"`
    return one.expect === 'accept' && boundary.binds?.includes(family)
      ? `refused: ${error.message}`
      : undefined
  }
  const refusal = boundary.refusal?.(answer)
  if (refusal !== undefined) {
    const words = library.say(refusal)
    if (words.some((text) => typeof text !== 'string' || text === refusal.code || text === ''))
      return `cannot explain ${said(refusal)}`
    if (strangeNumber(refusal)) return `a strange number in ${said(refusal)}`
    if (echoed([said(refusal), ...words].join())) return `echoed in ${said(refusal)}`
    return one.expect === 'accept' && boundary.binds?.includes(family)
      ? `refused: ${said(refusal)}`
      : undefined
  }
  if (one.expect === 'reject' && boundary.binds?.includes(family))
    return `accepted: ${said(answer).slice(0, 200)}`
  const answers = boundary.answers?.(answer) ?? answer
  if (!boundary.floats && strangeNumber(answers)) return `a strange number in ${said(answer).slice(0, 200)}`
  const right = boundary.right(value, answer, one)
  return right === true ? undefined : `wrong: ${said(answer).slice(0, 200)}${right ? ` (${right})` : ''}`
}
