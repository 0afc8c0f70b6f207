import { checkKeys, checkRecord } from '../../kernel/errors.js'
import type { EventSpecs } from '../../kernel/index.js'
import type { Heard } from '../definition.js'

/**
 * What a ready lifecycle listens for, by what it means: the host's events where they are named, its own for the rest.
 *
 * @throws DefinitionError `wrong-type`, `unknown-key` at `$.on`; whether the host has such events is said by `defineLifecycle`.
 */
export function heardEvents<E extends EventSpecs, Meaning extends string>(
  unlessTold: { readonly [M in Meaning]: unknown },
  on: { readonly [M in Meaning]?: Heard<E> } = {},
): { readonly [M in Meaning]: Heard<E> } {
  checkRecord(on, '$.on')
  checkKeys(on, Object.keys(unlessTold), '$.on')
  return { ...unlessTold, ...on } as { readonly [M in Meaning]: Heard<E> }
}
