import type { Sentence } from '../kernel/errors.js'
import type { ComingMove, NoMove } from './next-move.js'
import type { Stay } from './timeline.js'

/** How stays and moves to come are said. What few ask for has its sentences where it is made, so that pages do not carry them. */
export const verbSentences: {
  readonly [C in Stay['code'] | ComingMove['code'] | NoMove['code']]: Sentence
} = {
  'first-stay': { en: '{stage:word} from {from:instant}', zh: '自{from:instant}起为{stage:word}' },
  stay: {
    en: '{stage:word} from {from:instant}: {reason}',
    zh: '自{from:instant}起为{stage:word}：{reason}',
  },
  'coming-move': {
    en: '{from:word} to {to:word} at {at:instant}: {reason}',
    zh: '{at:instant}由{from:word}转为{to:word}：{reason}',
  },
  'not-begun': {
    en: '{stage:word}: nothing has happened yet',
    zh: '{stage:word}：尚无任何事件',
  },
  'stays-final': {
    en: '{stage:word} is final: only a move by hand leaves it',
    zh: '{stage:word}为终点阶段，只能人工调整',
  },
  'stays-without-rules': {
    en: 'no rule leads on from {stage:word}',
    zh: '没有规则可离开{stage:word}',
  },
  'stays-waiting': {
    en: 'stays {stage:word} as long as nothing happens',
    zh: '若无新事件，将一直为{stage:word}',
  },
}
