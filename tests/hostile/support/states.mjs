// States as a database may give them back: one value of a journal dropped, retyped, broken or swapped.

const breaks = {
  dropped: undefined,
  null: null,
  text: 'text',
  'a number': 7,
  'a negative number': -1,
  'a fraction': 0.5,
  'not a number': Number.NaN,
  infinite: Number.POSITIVE_INFINITY,
  huge: 2 ** 53,
  true: true,
  'an empty list': [],
  'a list of nothing': [null],
  'an empty object': {},
  'a date': new Date(0),
}

/**
 * Every mutant of a state: at each place each break, each pair of neighbours swapped, each object with a key more.
 * @returns {Generator<{ readonly path: string, readonly how: string, readonly state: any }>}
 */
export function* mutantsOf(state) {
  for (const { path, node, put } of placesOf(state)) {
    for (const [how, value] of Object.entries(breaks)) {
      if (Object.is(value, node)) continue
      yield { path, how, state: put(value) }
    }
    if (typeof node === 'number') yield { path, how: 'one more', state: put(node + 1) }
    if (typeof node !== 'object' || node === null) continue
    yield { path, how: 'a key more', state: put(Array.isArray(node) ? [...node, 1] : { ...node, extra: 1 }) }
    const keys = Object.keys(node)
    if (keys.length < 2) continue
    const [a, b] = keys
    const swapped = Array.isArray(node) ? [...node] : { ...node }
    ;[swapped[a], swapped[b]] = [node[b], node[a]]
    yield { path, how: 'two swapped', state: put(swapped) }
  }
}

function* placesOf(node, path = '$', put = (value) => value) {
  yield { path, node, put }
  if (typeof node !== 'object' || node === null) return
  for (const key of Object.keys(node)) {
    const inside = (value) => {
      const copy = Array.isArray(node) ? [...node] : { ...node }
      if (value === undefined && !Array.isArray(copy)) delete copy[key]
      else copy[key] = value
      return put(copy)
    }
    yield* placesOf(node[key], `${path}.${key}`, inside)
  }
}
