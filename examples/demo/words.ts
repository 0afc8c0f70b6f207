import type { Lang } from 'liuliang'

const numbers = new Intl.NumberFormat('en-US')
const count = (value: number): string => numbers.format(value)
const s = (value: number): string => (value === 1 ? '' : 's')
const shortMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Everything that the report says by itself; names of stages and reasons come from the program. */
const en = {
  title: 'Customers, points and what comes next',
  sample:
    'These orders are a sample: realistic, but made up for demonstrations, not those of a real shop. --orders FILE reads your own.',
  rounding: {
    'half-even': 'rounded half to even',
    'half-up': 'rounded half up',
    down: 'rounded down',
  },
  rounded: (amounts: number, how: string) =>
    `${count(amounts)} amount${s(amounts)} finer than the currency ${amounts === 1 ? 'was' : 'were'} ${how}, once per order`,
  file: 'File',
  rows: 'Rows',
  orders: 'Orders',
  ordersOf: (orders: number, refunds: number) =>
    refunds === 0 ? count(orders) : `${count(orders)}, and ${count(refunds)} refund${s(refunds)}`,
  customers: 'Customers',
  zone: 'Time zone',
  currency: 'Currency',
  asOf: 'As of',
  moment: (date: string, time: string) => `${date} ${time} local time; what happened before it counts`,
  dates: 'Dates',
  dateFormats: { mdy: 'read as month/day/year', dmy: 'read as day/month/year' },
  amounts: 'Amounts',
  leftOut: 'Left out',
  nothing: 'nothing',
  badRows: (rows: number, orders: number) =>
    `${count(rows)} bad row${s(rows)}, and with them ${count(orders)} order${s(orders)} as a whole`,
  later: (inputs: number) =>
    `${count(inputs)} order${s(inputs)} or refund${s(inputs)} at or after that moment`,
  refused: (inputs: number) => `${count(inputs)} that the program refused`,
  more: (problems: number) => `… and ${count(problems)} more`,
  noOrders: (date: string) => `There is no order before ${date}, so there is nothing to report.`,
  noFile: (file: string) => `The file ${file} cannot be read.`,

  stages: 'Customers by stage',
  stagesNote: 'Each customer stands in one stage. A lead has not bought yet, so a file of orders shows none.',
  stage: 'Stage',
  share: 'Share',
  all: 'All',

  next: 'Who moves next, and when',
  nextNote:
    'If nobody buys again, time alone makes these moves, each at its exact instant. Counted is the next move of each customer.',
  nobodyMoves: 'Nobody moves by time alone.',
  masked: 'Customer ids are masked; --show-ids shows them.',
  move: 'Move',
  afterwards: 'later',
  firstOnes: (people: number) =>
    people === 1
      ? 'The next one: write to this customer before.'
      : `The next ${people}: write to them before.`,
  customer: 'Customer',
  when: 'When',
  why: 'Because by then',

  retention: 'Do buyers come back?',
  retentionNote: (cohorts: number, all: number) =>
    `Of those who first bought in a month, how many bought in that month (0) and in each month after it. ${
      cohorts === all
        ? `Shown ${all === 1 ? 'is the one month' : `are all ${count(all)} months`} that brought new customers.`
        : `Shown are the last ${count(cohorts)} of ${count(all)} months that brought new customers.`
    }`,
  firstBought: 'First bought',
  people: 'People',
  average: 'Average',
  interval: '95 % range',
  retentionLegend: (cohorts: number) =>
    `Darker is higher. * the month is not over: the share so far, in no average. Average: over ${cohorts === 1 ? 'the one month' : `all ${count(cohorts)} months`}, everybody counted alike, full months only. 95 % range: what the true share may plausibly be (Wilson).`,

  points: 'Points owed, by the month in which they expire',
  pointsNote:
    'What customers hold and have not spent: what the shop still owes. Left alone, it is gone by the end of that month.',
  expiresIn: 'Expires in',
  pointsColumn: 'Points',
  never: 'never',
  taken: 'to be repaid',
  nothingTaken: 'what the order had earned had expired already',
  takenNote: 'To be repaid: points taken back after a refund when they had been spent already.',
  noPoints: 'No customer holds points.',
  total: 'Total',
  owedSum: (balance: string, pending: string) =>
    `Total = ${balance} that can be spent now + ${pending} earned lately and still pending`,

  tiers: 'Customers by tier',
  tiersNote: 'Points make the tier: it rises as they are earned, and falls when they grow too old to count.',
  tier: 'Tier',
  tierNext: 'Tiers that change next, if nobody buys again:',

  story: (who: string) => `One customer: ${who}`,
  storyNote:
    'To this customer most different things have happened. What the rules did stands with its reason. Points can be spent some days after they are earned; those moments are left out here.',
  skipped: (entries: number) =>
    entries === 1 ? '… 1 day in between' : `… ${count(entries)} days in between`,
  date: 'Date',
  happened: 'What happened',
  reason: 'Why',
  posting: (signed: string, name: string) => `${signed} ${name}`,
  buys: (amount: string) => `buys for ${amount}`,
  givesBack: (amount: string) => `gets ${amount} back`,

  whatIf: (who: string, amount: string, date: string) =>
    `What if ${who} bought for ${amount} today, ${date}?`,
  whatIfNote:
    'What would differ the moment after, and the events that would follow. Nothing was changed by asking.',
  what: 'What',
  before: 'Before',
  after: 'After',
  wouldRefuse: (why: string) => `The program would refuse: ${why}`,
  wouldFollow: 'What would follow:',
  none: 'none',
  paths: {
    'customer.stage': 'stage',
    'customer.since': 'stage since',
    'customer.next': 'next stage',
    'points.balance': 'points to spend',
    'points.pending': 'points pending',
    'points.next': 'points, next',
    'points.totals.earned': 'points earned, ever',
    'points.totals.redeemed': 'points spent, ever',
    'points.totals.refunded': 'points returned, ever',
    'points.totals.expired': 'points expired, ever',
    'points.totals.clawedBack': 'points taken back, ever',
    'tier.stage': 'tier',
    'tier.since': 'tier since',
    'tier.next': 'next tier',
  } as Readonly<Record<string, string>>,
  pointsNext: {
    confirms: (points: string) => `${points} can be spent`,
    expires: (points: string) => `${points} expire`,
    'is-released': (points: string) => `${points} are released`,
  },
  on: (what: string, date: string) => `${what} (${date})`,

  following: 'Following customers',
  colon: ': ',
  comma: ', ',
  month: (year: number, month: number) => `${shortMonths[month - 1]} ${year}`,
  shortMonth: (month: number) => shortMonths[month - 1]!,
}

export type Words = typeof en

const zh: Words = {
  title: '客户、积分与接下来会发生的事',
  sample:
    '本报告使用样例订单：数据贴近真实，但为演示而编造，并非真实店铺。用 --orders FILE 读取您自己的订单。',
  rounding: {
    'half-even': '四舍六入五成双',
    'half-up': '四舍五入',
    down: '舍去多余位数',
  },
  rounded: (amounts, how) => `${count(amounts)} 笔金额细于货币精度，按订单舍入一次（${how}）`,
  file: '文件',
  rows: '行数',
  orders: '订单',
  ordersOf: (orders, refunds) =>
    refunds === 0 ? count(orders) : `${count(orders)}，另有退款 ${count(refunds)} 笔`,
  customers: '客户',
  zone: '时区',
  currency: '货币',
  asOf: '截至',
  moment: (date, time) => `当地时间 ${date} ${time}，此前发生的计入`,
  dates: '日期',
  dateFormats: { mdy: '按 月/日/年 读取', dmy: '按 日/月/年 读取' },
  amounts: '金额',
  leftOut: '未计入',
  nothing: '无',
  badRows: (rows, orders) => `错误行 ${count(rows)} 行，连同其所属的整张订单 ${count(orders)} 张`,
  later: (inputs) => `该时刻及之后的订单或退款 ${count(inputs)} 笔`,
  refused: (inputs) => `被规则拒绝的 ${count(inputs)} 笔`,
  more: (problems) => `… 另有 ${count(problems)} 处`,
  noOrders: (date) => `${date} 之前没有订单，无可报告。`,
  noFile: (file) => `无法读取文件 ${file}。`,

  stages: '客户所处阶段',
  stagesNote: '每位客户处于一个阶段。潜客尚未下单，因此订单文件中不会出现。',
  stage: '阶段',
  share: '占比',
  all: '合计',

  next: '接下来谁会变动，何时变动',
  nextNote: '若不再下单，随时间推移将在确切时刻发生以下变动；每位客户只计其下一次变动。',
  nobodyMoves: '没有仅因时间推移而发生的变动。',
  masked: '客户编号已遮盖；--show-ids 显示完整编号。',
  move: '变动',
  afterwards: '更晚',
  firstOnes: (people) => `最先变动的 ${people} 位，宜在此之前联系：`,
  customer: '客户',
  when: '时间',
  why: '届时的原因',

  retention: '买过的人还会再来吗',
  retentionNote: (cohorts, all) =>
    `某月首次下单的客户中，当月（0）及此后各月有下单的占比。${
      cohorts === all
        ? `共 ${count(all)} 个月有新客。`
        : `共 ${count(all)} 个月有新客，此处显示最近 ${count(cohorts)} 个。`
    }`,
  firstBought: '首次下单',
  people: '人数',
  average: '平均',
  interval: '95% 区间',
  retentionLegend: (cohorts) =>
    `颜色越深占比越高。* 当月尚未结束，为截至目前的占比，不计入平均。平均：全部 ${count(cohorts)} 个月、每人同权、只含完整月份。95% 区间：真实占比的可信范围（Wilson）。`,

  points: '未使用积分，按到期月份',
  pointsNote: '客户持有而尚未使用的积分，即店铺尚欠的积分；若不使用，到该月月底前作废。',
  expiresIn: '到期月份',
  pointsColumn: '积分',
  never: '永不到期',
  taken: '待补扣',
  nothingTaken: '该订单所得积分此前已过期',
  takenNote: '待补扣：退款时应扣回、但当时已经花掉的积分。',
  noPoints: '没有客户持有积分。',
  total: '合计',
  owedSum: (balance, pending) => `合计 = 现在可用 ${balance} + 新近获得、待入账 ${pending}`,

  tiers: '客户等级',
  tiersNote: '积分决定等级：获得积分时上升，积分过久不再计入时下降。',
  tier: '等级',
  tierNext: '若不再下单，接下来的等级变动：',

  story: (who) => `一位客户：${who}`,
  storyNote: '这位客户身上发生过的事种类最多。凡由规则引起的，都附有原因。积分何时入账，此处略去。',
  skipped: (entries) => `… 中间略去 ${count(entries)} 天`,
  date: '日期',
  happened: '发生了什么',
  reason: '原因',
  posting: (signed, name) => `${name} ${signed}`,
  buys: (amount) => `下单 ${amount}`,
  givesBack: (amount) => `退款 ${amount}`,

  whatIf: (who, amount, date) => `假如 ${who} 今天（${date}）下单 ${amount}，会怎样`,
  whatIfNote: '下单后会有哪些不同，以及随之发生的事件。此处只是预演，没有改动任何数据。',
  what: '项目',
  before: '之前',
  after: '之后',
  wouldRefuse: (why) => `规则会拒绝：${why}`,
  wouldFollow: '随之会发生：',
  none: '无',
  paths: {
    'customer.stage': '阶段',
    'customer.since': '进入阶段的时间',
    'customer.next': '下一阶段',
    'points.balance': '可用积分',
    'points.pending': '待入账积分',
    'points.next': '积分的下一次变动',
    'points.totals.earned': '累计获得积分',
    'points.totals.redeemed': '累计兑换积分',
    'points.totals.refunded': '累计退回积分',
    'points.totals.expired': '累计过期积分',
    'points.totals.clawedBack': '累计扣回积分',
    'tier.stage': '等级',
    'tier.since': '进入等级的时间',
    'tier.next': '下一等级',
  },
  pointsNext: {
    confirms: (points) => `${points} 分可用`,
    expires: (points) => `${points} 分到期`,
    'is-released': (points) => `${points} 分解除冻结`,
  },
  on: (what, date) => `${what}（${date}）`,

  following: '逐一推演客户',
  colon: '：',
  comma: '，',
  month: (year, month) => `${year}年${month}月`,
  shortMonth: (month) => `${month}月`,
}

export const wordsIn: Readonly<Record<Lang, Words>> = { en, zh }

/** `12,345` */
export const number = count

/** `33%`; what is there but rounds to nothing is said so. */
export function percent(share: number): string {
  const whole = Math.round(share * 100)
  if (whole === 0 && share > 0) return '<1%'
  return whole === 100 && share < 1 ? '>99%' : `${whole}%`
}

/** A month `YYYY-MM` as people say it. */
export function monthName(month: string, words: Words): string {
  const [year, number] = month.split('-').map(Number)
  return words.month(year!, number!)
}
