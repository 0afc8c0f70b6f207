/* What models of buying say in the same words, because it is the same. */
import type { Edge } from '../model.js'

/** Nobody was observed for any time. */
export const noTime: Edge = {
  reason: 'no-time-observed',
  next: {
    en: 'Every history ends when it begins. Set the end of observation later than the first purchases.',
    zh: '所有历史在开始时就结束了。请把观察截止时间设在首次购买之后。',
  },
}

/** Nobody bought a second time. */
export const noRepeats: Edge = {
  reason: 'no-repeat-purchases',
  next: {
    en: 'Nobody bought again, so neither how often customers buy nor whether they leave can be told. Observe for longer, or take parameters from elsewhere.',
    zh: '没有任何客户复购，无法得知购买频率，也无法得知是否流失。请延长观察期，或采用其他来源的参数。',
  },
}

export const tooFewCustomers: Edge = {
  reason: 'too-few-customers',
  next: {
    en: 'How customers differ cannot be told from one of them. Add histories, or take parameters from elsewhere.',
    zh: '只有一位顾客，无法得知顾客之间的差异。请增加历史，或采用其他来源的参数。',
  },
}

/** In continuous time: what is left without leaving is the NBD. */
export const noDropOut: Edge = {
  reason: 'no-drop-out',
  next: {
    en: 'Nobody is seen to leave in these histories: silences are no longer than chance makes them. Use the NBD, which has no leaving, or observe for longer.',
    zh: '这些历史中看不出有人流失：沉默时间没有超出偶然范围。请改用不含流失的 NBD 模型，或延长观察期。',
  },
  instead: 'nbd',
}

/** The same where NBD has come to an end of its own: what is left is one rate for all. */
export const noDropOutAlike: Edge = {
  reason: noDropOut.reason,
  next: {
    en: 'Nobody is seen to leave in these histories, and counts vary no more than chance alone makes them: everybody buys at the same rate, all purchases over all time (a Poisson process). Expect that rate of everybody, or observe for longer.',
    zh: '这些历史中看不出有人流失，且购买次数的差异不超过随机波动：所有客户的购买频率相同，等于总购买次数除以总时长（泊松过程）。请对所有客户采用该频率，或延长观察期。',
  },
}
