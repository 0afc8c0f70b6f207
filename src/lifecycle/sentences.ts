import type { Vocabulary } from '../kernel/index.js'

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
  'moved-by-hand': { en: 'moved by hand: {reason}', zh: '人工调整：{reason}' },
}

/** The engine's own event in words; a catalogue's words win. */
export const eventWords = (changed: string): Vocabulary['words'] => ({
  en: { [changed]: 'stage change', [`${changed}.from`]: 'former stage', [`${changed}.to`]: 'new stage' },
  zh: { [changed]: '阶段变化', [`${changed}.from`]: '原阶段', [`${changed}.to`]: '新阶段' },
})
