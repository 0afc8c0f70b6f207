import { isInstant } from '../kernel/instant.js'
import { isRecord } from '../kernel/plain.js'
import type { LifecycleState } from './lifecycle.js'
import type { PromiseState } from './promise.js'

type Holds = (value: unknown) => boolean

const isText: Holds = (value) => typeof value === 'string'
const isCount: Holds = (value) => Number.isSafeInteger(value) && (value as number) >= 0
/** An instant, or none yet. */
const isMoment: Holds = (value) => value === null || isInstant(value)

/** What texts, numbers and instants of a state are; its lists and names of stages are asked for besides. */
const ofState: { readonly [K in keyof LifecycleState<string>]?: Holds } = {
  since: isMoment,
  nth: isCount,
  activeAt: isMoment,
  heard: (keys) => (keys as readonly unknown[]).every(isText),
  heardAt: isMoment,
}

const ofPromise: { readonly [K in keyof PromiseState]: Holds } = {
  status: (value) => ['running', 'paused', 'kept', 'broken', 'dropped'].includes(value as string),
  began: isInstant,
  nth: isCount,
  promised: isInstant,
  since: isMoment,
  used: Number.isSafeInteger,
  at: isMoment,
  due: isMoment,
  unsaid: (value) => typeof value === 'boolean',
}

/** The first field that is not what it has to be, as the rest of a path. */
function firstMisfit(value: object, fields: { readonly [name: string]: Holds }): string | undefined {
  const name = Object.keys(fields).find((one) => !fields[one]!((value as Record<string, unknown>)[one]))
  return name && `.${name}`
}

/** Where a state that came from outside is none of a lifecycle; promises are asked of their book. */
export function stateMisfit(
  state: LifecycleState<string>,
  known: { readonly stages: readonly string[]; readonly tracks: number },
): string | undefined {
  const { stage, moveTo, tracks } = state
  const isMove = moveTo === null || (isRecord(moveTo) && isText(moveTo['reason']))
  if (!known.stages.includes(stage)) return '.stage'
  if (!isMove) return '.moveTo'
  if (moveTo !== null && !known.stages.includes(moveTo.stage)) return '.moveTo.stage'
  return tracks.length === known.tracks ? firstMisfit(state, ofState) : '.tracks'
}

/** Where what is remembered of a promise is nothing that could be. */
export const promiseMisfit = (state: PromiseState | null): string | undefined =>
  state === null ? undefined : isRecord(state) ? firstMisfit(state, ofPromise) : ''
