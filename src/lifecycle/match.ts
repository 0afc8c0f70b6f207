import { checkName, checkRecord, fault } from '../kernel/errors.js'

/**
 * One answer for each stage; leaving out a stage does not compile.
 *
 * @throws DefinitionError `unknown-name` for a stage without an arm, `wrong-type` for an arm that is no function; only untyped data can
 * bring either.
 * @example
 * matchStage(view.stage, { lead: () => 'greet', active: () => 'serve', lapsed: () => 'win back' })
 */
export function matchStage<
  const Stage extends string,
  const Arms extends { readonly [S in Stage]: (stage: S) => unknown },
>(stage: Stage, arms: Arms): ReturnType<Arms[Stage]> {
  checkRecord(arms, '$.arms')
  checkName(Object.keys(arms), stage, '$.stage')
  const arm = arms[stage]
  if (typeof arm !== 'function') throw fault('wrong-type', `$.arms.${stage}`, arm, 'a function of the stage')
  return arm(stage) as ReturnType<Arms[Stage]>
}
