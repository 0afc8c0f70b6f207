import { checkKeys, checkName, checkRecord } from '../kernel/errors.js'
import { detail, integer, plain, text } from '../kernel/index.js'
import type { StageSpecs } from './lifecycle.js'
import { checkPublished } from './published-names.js'

/**
 * What a lifecycle of these stages emits, before it is defined: for catalogues of others that feed it in turn. Facts read
 * where the subject stands with `says(id, 'stage')`; before the first move that is `initial`, where it is named.
 *
 * @throws DefinitionError `wrong-type`, `missing` or `duplicate-name` for an id that is no name or stages that are no list of names, each
 * once; `unknown-name` for an initial stage that is none of them.
 * @example
 * const shop = defineEvents({ 'order-paid': { amount: money('CNY') }, ...stageEvents('customer', ['lead', 'active']) })
 */
export function stageEvents<const Id extends string, const Stage extends string>(
  id: Id,
  stages: readonly Stage[],
  options: { readonly initial?: NoInfer<Stage> } = {},
): StageSpecs<Id, Stage> {
  checkPublished(id, stages, '$.stages')
  checkRecord(options, '$.options')
  checkKeys(options, ['initial'], '$.options')
  const { initial } = options
  if (initial !== undefined) checkName(stages, initial, '$.options.initial')
  const stage = text(...stages)
  const to = { ...stage, says: 'stage', ...(initial !== undefined && { initially: initial }) }
  const fields = { from: stage, to, rule: integer().optional(), reason: detail() }
  return plain({ [`${id}/stage-changed`]: fields }) as unknown as StageSpecs<Id, Stage>
}
