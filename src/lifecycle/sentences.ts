import type { Vocabulary } from '../kernel/index.js'
import { verbSentences } from './verb-sentences.js'

/** How moves are said. */
export const sentences: Vocabulary['sentences'] = {
  'event-happened': { en: '{event:word} happened', zh: '发生了{event:word}' },
  'condition-held': { en: '{leaves:leaves}', zh: '{leaves:leaves}' },
  inactive: {
    en: 'no activity for {for:duration} since {since:instant}',
    zh: '自{since:instant}起{for:duration}没有活动',
  },
  'in-stage': {
    en: 'in the stage for {for:duration} since {since:instant}',
    zh: '自{since:instant}起停留满{for:duration}',
  },
  'age-reached': {
    en: '{attribute} ({since:instant}) was {for:duration} ago',
    zh: '{attribute}（{since:instant}）已满{for:duration}',
  },
  'promise-broken': {
    en: '{promise:word} was due by {due:instant}',
    zh: '{promise:word}的期限为{due:instant}',
  },
  'promise-paused': {
    en: '{promise:word} is paused',
    zh: '{promise:word}已暂停计时',
  },
  ...verbSentences,
  'moved-by-hand': { en: 'moved by hand: {reason}', zh: '人工调整：{reason}' },
}

/** The engine's own events in words; a catalogue's words win. */
export const eventWords = (id: string): Vocabulary['words'] => {
  const [changed, broken, kept] = [`${id}/stage-changed`, `${id}/promise-broken`, `${id}/promise-kept`]
  return {
    en: {
      [changed]: 'stage change',
      [`${changed}.from`]: 'former stage',
      [`${changed}.to`]: 'new stage',
      [broken]: 'broken promise',
      [kept]: 'kept promise',
    },
    zh: {
      [changed]: '阶段变化',
      [`${changed}.from`]: '原阶段',
      [`${changed}.to`]: '新阶段',
      [broken]: '承诺违约',
      [kept]: '承诺达成',
    },
  }
}
