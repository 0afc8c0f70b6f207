import { checkList, fault } from '../kernel/errors.js'

/** Refuses an id and names of which no events can be made: no names, none at all, or one twice. */
export function checkPublished(id: unknown, names: unknown, path: string): void {
  if (typeof id !== 'string' || id === '') throw fault('wrong-type', '$.id', id, 'a name')
  checkList(names, path)
  if (names.length === 0) throw fault('missing', path, names, 'one name or more')
  const seen = new Set<unknown>()
  for (const [i, name] of names.entries()) {
    if (typeof name !== 'string' || name === '') throw fault('wrong-type', `${path}[${i}]`, name, 'a name')
    if (seen.has(name)) throw fault('duplicate-name', `${path}[${i}]`, name, 'each name once')
    seen.add(name)
  }
}
