// The two worked examples: a shop's customers over three years, and a maternity retailer over five.
import { defineStagePlan } from 'liuliang'

/** The seven customer stages, with the money of each year split into four lines. */
export const customers = defineStagePlan({
  id: 'customers',
  version: 1,
  currency: 'CNY',
  pace: 'several-moves-a-year',
  stages: ['lead', 'new', 'active', 'loyal', 'dormant', 'lapsed', 'won-back'],
  years: [2026, 2027, 2028],
  lines: ['segmentation', 'content', 'service', 'vouchers'],
  owners: {
    lead: '增长组',
    new: '增长组',
    active: '会员组',
    loyal: '会员组',
    dormant: '召回组',
    lapsed: '召回组',
    'won-back': '召回组',
  },
  goals: {
    new: { 2026: { measure: 'rate', to: 'active', atLeast: '50%' } },
    active: {
      2026: {
        measure: 'share',
        atLeast: '20%',
        guards: [{ stage: 'lapsed', measure: 'share', atMost: '20%' }],
      },
      2027: { measure: 'share', atLeast: '22%' },
      2028: { measure: 'share', atLeast: '24%' },
    },
    loyal: { 2028: { measure: 'count', atLeast: 35_000 } },
    lapsed: {
      2026: { measure: 'share', atMost: '20%' },
      2027: { measure: 'share', atMost: '18%' },
      2028: { measure: 'share', atMost: '15%' },
    },
  },
  budget: {
    2026: {
      whole: '2400000.00',
      lines: {
        segmentation: { portion: '40%', owner: '数据组' },
        content: '25%',
        service: '1/6',
        vouchers: 'remaining',
      },
      stages: { lead: '20%', new: '30%', active: '20%', dormant: '15%', lapsed: 'remaining' },
    },
    2027: {
      whole: '1800000.00',
      lines: {
        content: '40%',
        service: '20%',
        vouchers: { portion: 'remaining', stages: { dormant: 1, lapsed: 2 } },
      },
      stages: { new: 2, active: 3, loyal: 1 },
    },
    2028: {
      whole: '1500000.01',
      lines: { content: '1/3', service: '1/3', vouchers: 'remaining' },
      stages: { new: 1, active: 1, loyal: 1 },
    },
  },
  flows: [
    { from: null, to: 'lead', count: { 2026: 100_000, 2027: 80_000, 2028: 80_000 }, cost: '3.20' },
    { from: 'lead', to: 'new', share: '30%', cost: '8.00' },
    { from: 'new', to: 'active', share: { 2026: '40%', 2027: '45%', 2028: '50%' }, cost: '12.50' },
    { from: 'new', to: 'dormant', share: '35%' },
    { from: 'active', to: 'loyal', share: '15%', cost: '20.00' },
    { from: 'active', to: 'dormant', share: '25%' },
    { from: 'loyal', to: 'active', share: '10%' },
    { from: 'dormant', to: 'active', share: '10%', cost: '18.00' },
    { from: 'dormant', to: 'lapsed', share: '50%' },
    { from: 'lapsed', to: 'won-back', share: '5%', cost: '45.00' },
    { from: 'lapsed', to: null, share: '30%' },
    { from: 'won-back', to: 'active', share: '60%', cost: '10.00' },
  ],
  words: {
    en: { lead: 'leads', new: 'new customers', active: 'active customers', loyal: 'loyal customers' },
    zh: {
      ...{ lead: '潜客', new: '新客', active: '活跃用户', loyal: '忠诚用户' },
      ...{ dormant: '沉默用户', lapsed: '流失用户', 'won-back': '召回用户' },
      ...{ segmentation: '用户分层', content: '内容', service: '客服人力', vouchers: '优惠券' },
    },
  },
})

/** People when 2026 begins. */
export const opening = {
  ...{ lead: 40_000, new: 8000, active: 30_000, loyal: 6000 },
  ...{ dormant: 25_000, lapsed: 30_000, 'won-back': 1000 },
}

/** Nine stages from pregnancy to the fourteenth year: a flow says where a family is a year later. */
export const maternity = defineStagePlan({
  id: 'maternity',
  version: 1,
  currency: 'CNY',
  pace: 'one-move-a-year',
  stages: ['孕早', '孕中', '孕晚', '0–6月', '6–12月', '1–3岁', '3–6岁', '6–10岁', '10–14岁'],
  years: [2026, 2027, 2028, 2029, 2030],
  lines: ['segmentation', 'content', 'consultants'],
  owners: {
    孕早: '孕期组',
    孕中: '孕期组',
    孕晚: '孕期组',
    '0–6月': '婴儿组',
    '6–12月': '婴儿组',
    '1–3岁': '幼儿组',
    '3–6岁': '幼儿组',
    '6–10岁': '儿童组',
    '10–14岁': '儿童组',
  },
  goals: {
    孕早: { 2026: { measure: 'rate', to: '6–12月', atLeast: '45%' } },
    '0–6月': { 2026: { measure: 'count', atLeast: 7500 }, 2027: { measure: 'count', atLeast: 8000 } },
    '1–3岁': {
      2026: { measure: 'count', atLeast: 10_000 },
      2027: { measure: 'count', atLeast: 14_000 },
      2028: {
        measure: 'count',
        atLeast: 18_000,
        guards: [{ stage: '3–6岁', measure: 'share', atLeast: '5%' }],
      },
    },
    '3–6岁': { 2030: { measure: 'share', atLeast: '25%' } },
  },
  budget: {
    2026: {
      whole: '1000000.00',
      lines: { segmentation: '40%', content: '35%', consultants: 'remaining' },
      stages: {
        ...{ 孕早: 1, 孕中: 1, 孕晚: 1, '0–6月': 1, '6–12月': 1 },
        ...{ '1–3岁': 1, '3–6岁': 1, '6–10岁': 1, '10–14岁': 1 },
      },
    },
    2027: {
      whole: '900000.00',
      lines: { content: 1, consultants: 2 },
      stages: { '0–6月': 1, '6–12月': 1, '1–3岁': 1 },
    },
    2028: { whole: '800000.00', lines: { content: 1, consultants: 2 }, stages: { '1–3岁': 3, '3–6岁': 4 } },
    2029: { whole: '800000.00', lines: { content: 'remaining' }, stages: { '3–6岁': 2, '6–10岁': 1 } },
    2030: { whole: '800000.00', lines: { content: '100%' }, stages: { '6–10岁': '50%', '10–14岁': '50%' } },
  },
  flows: [
    { from: null, to: '孕早', count: 6000, cost: '60.00' },
    { from: null, to: '孕晚', count: 3000, cost: '35.00' },
    { from: null, to: '0–6月', count: 4000, cost: '25.00' },
    { from: '孕早', to: '0–6月', share: '30%', cost: '30.00' },
    { from: '孕早', to: '6–12月', share: '40%', cost: '30.00' },
    { from: '孕早', to: null, share: '30%' },
    { from: '孕中', to: '6–12月', share: '75%', cost: '28.00' },
    { from: '孕中', to: null, share: '25%' },
    { from: '孕晚', to: '6–12月', share: '60%', cost: '26.00' },
    { from: '孕晚', to: '1–3岁', share: '20%', cost: '26.00' },
    { from: '孕晚', to: null, share: '20%' },
    { from: '0–6月', to: '1–3岁', share: '80%', cost: '20.00' },
    { from: '0–6月', to: null, share: '20%' },
    { from: '6–12月', to: '1–3岁', share: '85%', cost: '15.00' },
    { from: '6–12月', to: null, share: '15%' },
    { from: '1–3岁', to: '3–6岁', share: '45%', cost: '12.00' },
    { from: '1–3岁', to: null, share: '10%' },
    { from: '3–6岁', to: '6–10岁', share: '1/3', cost: '10.00' },
    { from: '3–6岁', to: null, share: '8%' },
    { from: '6–10岁', to: '10–14岁', share: '1/4', cost: '10.00' },
    { from: '6–10岁', to: null, share: '6%' },
    { from: '10–14岁', to: null, share: '1/4' },
  ],
  words: { zh: { segmentation: '用户分层', content: '内容', consultants: '育儿顾问' } },
})

/** Families when the first year begins. */
export const families = {
  ...{ 孕早: 2000, 孕中: 2500, 孕晚: 3000, '0–6月': 5000, '6–12月': 4500 },
  ...{ '1–3岁': 9000, '3–6岁': 8000, '6–10岁': 5000, '10–14岁': 2000 },
}
