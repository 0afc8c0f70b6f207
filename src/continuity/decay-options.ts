import { checkKeys, checkName, checkNumber, checkRecord, fault } from '../kernel/errors.js'
import type { Duration } from '../kernel/index.js'
import type { AttentionModel } from './attention.js'
import { exactSpan } from './exact-span.js'
import { type RateScale, scales } from './scale.js'

/** What is fitted and how sure it is to be. */
export interface DecayOptions {
  /**
   * How long after a publication the channel still counts as being published: about its habitual rhythm, such as
   * `{ hours: 168 }` for a weekly one. Exact: seconds, minutes or hours. There is no default, as everything rests on it.
   */
  readonly pauseAfter: Duration
  /** `logit` unless told. */
  readonly scale?: RateScale
  /** Where a long pause leads: to nothing (`none`, unless told), or to a share of the ceiling that is `fitted`. */
  readonly floor?: 'none' | 'fitted'
  /** Where the rate stood when the history begins: at its `ceiling` unless told, or `fitted`. */
  readonly start?: 'ceiling' | 'fitted'
  /** How sends scatter: by chance alone (`binomial`, unless told), or more than that (`beta-binomial`). */
  readonly noise?: 'binomial' | 'beta-binomial'
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /** Whether decay and recovery get an interval by profile likelihood beside that of their curvature; yes unless told. */
  readonly profile?: boolean
  /** Looked at before every step. */
  readonly signal?: { readonly aborted: boolean }
}

/** @throws DefinitionError for options that do not hold, with their path. */
export function readOptions(options: DecayOptions) {
  checkRecord(options, '$.options')
  const known = ['pauseAfter', 'scale', 'floor', 'start', 'noise', 'level', 'profile', 'signal']
  checkKeys(options, known, '$.options')
  const {
    pauseAfter,
    scale = 'logit',
    floor = 'none',
    start = 'ceiling',
    noise = 'binomial',
    level = 0.95,
    profile = true,
    signal,
  } = options
  checkName(Object.keys(scales), scale, '$.scale')
  checkName(['none', 'fitted'], floor, '$.floor')
  checkName(['ceiling', 'fitted'], start, '$.start')
  checkName(['binomial', 'beta-binomial'], noise, '$.noise')
  checkLevel(level)
  if (typeof profile !== 'boolean') throw fault('wrong-type', '$.profile', profile, 'true or false')
  if (signal !== undefined) checkRecord(signal, '$.signal')
  const model: AttentionModel = {
    scale,
    floor,
    start,
    noise,
    pauseAfter: exactSpan(pauseAfter, '$.pauseAfter'),
  }
  return { model, level, profile, signal }
}

/** Refuses what is no confidence. */
export function checkLevel(level: number): void {
  checkNumber(level, '$.level')
  if (!(level > 0 && level < 1)) throw fault('out-of-range', '$.level', level, 'strictly between 0 and 1')
}
