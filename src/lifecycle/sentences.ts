import type { Vocabulary } from '../kernel/index.js'

/** How moves are said. */
export const sentences: Vocabulary['sentences'] = {
  'event-happened': { en: '{event} happened', zh: '发生了{event}' },
  'condition-held': { en: '{leaves}', zh: '{leaves}' },
  inactive: { en: 'no activity for {for} since {since}', zh: '自{since}起{for}没有活动' },
  'in-stage': { en: 'in the stage for {for} since {since}', zh: '自{since}起停留满{for}' },
  'age-reached': { en: '{attribute} ({since}) was {for} ago', zh: '{attribute}（{since}）已满{for}' },
  'moved-by-hand': { en: 'moved by hand: {reason}', zh: '人工调整：{reason}' },
}
