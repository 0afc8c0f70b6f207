/**
 * One way to say something: in Chinese, in English, and what is fixed about it. `{key:rule}` says what stands under a key
 * by a rule (`{event}` by the rule of the same name), `{:rule}` the thing itself (what no key of this line names), `[…]` is there when its first key is.
 *
 * A line says a record when its fixed keys are equal and no key is left unsaid; so what is printed is all there is, and
 * what is read back has the same keys. Printing and reading follow the same lines: they cannot drift apart.
 */
export type Line = readonly [zh: string, en: string, fixed?: unknown]

/** The first line that says a thing prints it; all of them are read. */
export type Rule = readonly Line[]

/** A line taken apart. */
export type Part = string | Slot | Optional

export interface Slot {
  readonly key: string
  readonly rule: string
}

interface Optional {
  readonly parts: readonly Part[]
  /** It is there when something stands under this key. */
  readonly key: string
}

export const isSlot = (part: Part): part is Slot => typeof part === 'object' && 'rule' in part

const taken = new Map<string, readonly Part[]>()

/** The parts of a line; each line is taken apart once. */
export function partsOf(line: string): readonly Part[] {
  const known = taken.get(line)
  if (known !== undefined) return known
  const parts: Part[] = []
  let inside: Part[] | undefined
  for (const piece of line.split(/(\{[^}]*\}|\[|\])/)) {
    if (piece === '') continue
    if (piece === '[') inside = []
    else if (piece === ']') {
      parts.push({ parts: inside!, key: inside!.find(isSlot)!.key })
      inside = undefined
    } else (inside ?? parts).push(piece[0] === '{' ? slotOf(piece.slice(1, -1)) : piece)
  }
  taken.set(line, parts)
  return parts
}

function slotOf(text: string): Slot {
  const [key = '', rule = key] = text.split(':')
  return { key, rule }
}

/** The slots of a line, also those that may be missing. */
export const slotsOf = (parts: readonly Part[]): readonly Slot[] =>
  parts.flatMap((part) => (typeof part === 'string' ? [] : isSlot(part) ? [part] : slotsOf(part.parts)))

/** The texts of a line. */
export const textsOf = (parts: readonly Part[]): readonly string[] =>
  parts.flatMap((part) => (typeof part === 'string' ? [part] : isSlot(part) ? [] : textsOf(part.parts)))
