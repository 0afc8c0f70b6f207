import { defineRetention } from 'liuliang/cohorts'

/** What every thread collects; partials of one definition merge, wherever they were made. */
export const buyers = defineRetention({
  id: 'buyers',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  entry: 'order-paid',
  activity: 'order-paid',
  period: 'month',
})
export type BuyersPartial = ReturnType<typeof buyers.empty>
