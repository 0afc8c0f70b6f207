import type { Lang } from 'liuliang/kernel'

type Change = readonly [value: string, interval: string]

/** All that the report says by itself; verdicts and cautions come from the library. */
const en = {
  title: 'The one-yuan tea: who is left?',
  story:
    'Posters offered a milk tea for one yuan in March and April 2024. Of those who scanned the code, chance left out one in eleven (the holdout). Others walked in as always. This is read from raw events: who joined, by which source, and every later order.',
  flow: 'From flow to stay',
  month: 'Month',
  people: 'People',
  left: 'Ordered',
  share: 'Share',
  each: 'CNY each',
  between: '95 % interval',
  after: (offset: number) => `+${offset}`,
  others: 'Beside those who walked in',
  othersMean:
    'Read alone this says that posters bring the wrong people. It does not say what the tea did: who walks in came for tea anyway.',
  control: 'Beside those whom chance left out',
  controlMean:
    'The same people, with and without the offer: this is what the tea did. Most who stayed would have stayed without it; the price of one who would not is far above the price of one who stayed.',
  controlOpen:
    'The same people, with and without the offer: this is what the tea did, and with so few left out by chance it cannot be told from nothing.',
  money: 'What it cost and what came back',
  cost: 'Spent (CNY)',
  margin: 'Margin (CNY)',
  balance: 'Balance (CNY)',
  until: (offset: number) => `to +${offset}`,
  tenure: 'Six months and more',
  tenureOf: 'Here for',
  months: 'Person-months',
  ordered: 'Ordered',
  perMonth: 'CNY a month',
  percent: (share: string) => `${share} %`,
  to: ' to ',
  band: (from: number, to: number | null) =>
    to === null ? `${from} months and more` : `${from} to ${to} months`,
  betweenBands: ([value, interval]: Change) => `Between the bands: ${value} points (${interval}).`,
  withinPeople: (people: string, [value, interval]: Change) =>
    `Within the ${people} people who are in both: ${value} points (${interval}).`,
  earlier: (stayed: string, left: string) =>
    `In their first months those who stayed ordered in ${stayed} of months, those who left in ${left}: most of what lies between the bands is who they are.`,
  cautions: 'To be known',
  made: 'All people here are made up by a seeded generator: examples/tea/events.ts says what is true of them.',
}

const zh: typeof en = {
  title: '一元奶茶：还剩下谁？',
  story:
    '2024年3月至4月，海报以一元奶茶拉新。扫码的人中，每十一人随机留出一人作为对照（看到的是普通菜单）；另有用户自然到店。以下全部由原始事件得出：谁、从哪个来源加入，以及之后的每一笔订单。',
  flow: '从流量到留量',
  month: '月份',
  people: '人数',
  left: '下单人数',
  share: '比例',
  each: '元/人',
  between: '95%置信区间',
  after: (offset) => `第${offset}个月`,
  others: '与自然到店的用户相比',
  othersMean:
    '只看这一项，会以为海报拉来了错误的人。但它并不能说明奶茶的作用：自然到店的人本来就是来喝茶的。',
  control: '与随机留出的对照组相比',
  controlMean:
    '同一批人，有无优惠的差别，这才是奶茶的作用。留下的人大多没有优惠也会留下；真正因优惠而留下的用户，成本远高于“每个留下的用户”的成本。',
  controlOpen: '同一批人，有无优惠的差别，这才是奶茶的作用；但随机留出的人数太少，看不出与“没有作用”的区别。',
  money: '花了多少，回来多少',
  cost: '支出（元）',
  margin: '毛利（元）',
  balance: '差额（元）',
  until: (offset) => `至第${offset}个月`,
  tenure: '六个月以上',
  tenureOf: '留存时长',
  months: '人月',
  ordered: '下单比例',
  perMonth: '月均毛利（元）',
  percent: (share) => `${share}%`,
  to: '至',
  band: (from, to) => (to === null ? `${from}个月及以上` : `${from}至${to}个月`),
  betweenBands: ([value, interval]) => `两段之间：${value}个百分点（${interval}）。`,
  withinPeople: (people, [value, interval]) =>
    `两段都在的${people}人自身的变化：${value}个百分点（${interval}）。`,
  earlier: (stayed, left) =>
    `前几个月里，后来留下的人有${stayed}的月份下单，后来离开的人只有${left}：两段之间的差异，大半是人不同。`,
  cautions: '须知',
  made: '这里的人都由带种子的生成器虚构：examples/tea/events.ts 写明了他们的真实参数。',
}

export const wordsIn: Readonly<Record<Lang, typeof en>> = { en, zh }
