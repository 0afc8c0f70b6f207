import type { Sentence, Vocabulary } from '../../kernel/index.js'
import { accountWords, bookInvariantWords } from '../../ledger/index.js'
import type { StoredValueInvariant } from './audit.js'

/** What is always true of an account, in words. */
const invariantWords: { readonly [I in StoredValueInvariant]: Sentence } = {
  ...bookInvariantWords,
  'nothing-owed': { en: 'nothing is owed, and nothing waits to be confirmed', zh: '不应有欠额或待确认金额' },
  'top-ups-true': {
    en: 'no more left of a top-up than it brought, and its lots hold no more than what is left',
    zh: '每笔充值的退出不得多于其带来，余量不得多于剩余',
  },
  'purchases-true': { en: 'no more of a purchase came back than it took', zh: '每笔消费的退回不得多于所付' },
  'records-kept': {
    en: 'records stand in order, once each, and each with its age where they are forgotten some day',
    zh: '各项记录应有序且唯一；设有保存期限时，均应有其时间',
  },
  'disputes-once': { en: 'a payment is in dispute once', zh: '同一支付只应有一个争议' },
  'closed-empty': { en: 'an account that was closed holds nothing', zh: '已注销的账户应无余额' },
  'moves-told': { en: 'what is said is what the moves say', zh: '所述金额应等于划转金额' },
  once: { en: 'each name is used once', zh: '每个编号只应使用一次' },
  known: { en: 'what is referred to is there', zh: '所引用的记录应存在' },
}

/** How decisions about stored value, and refusals, are said. */
export const storedValueSentences: Vocabulary['sentences'] = {
  ...accountWords,
  ...invariantWords,
  'no-bonus': { en: 'no bonus at this amount', zh: '该金额无赠送' },
  'bonus-granted': {
    en: '{bonus}{currency:blank} for {amount}{currency:blank}, from {from} on (rule {rule:word}){because}',
    zh: '充{amount}{currency:blank}送{bonus}{currency:blank}，满{from}起（规则：{rule:word}）{because}',
  },
  'bonus-by-percent': {
    en: '{bonus}{currency:blank}, {percent} % of {amount}{currency:blank}, rounded up (rule {rule:word}){because}',
    zh: '赠送{bonus}{currency:blank}，为{amount}{currency:blank}的{percent}%，向上取整（规则：{rule:word}）{because}',
  },
  'bonus-condition': { en: ', because {leaves:leaves}', zh: '，因为{leaves:leaves}' },
  'bonus-corrected': {
    en: 'a bonus of {is}{currency:blank}, not {was}, by what is known now: {given} given, {taken} taken back{notes:codes}',
    zh: '据现有信息更正赠金：应为{is}{currency:blank}，原为{was}；补发{given}，收回{taken}{notes:codes}',
  },
  'bonus-term-corrected': {
    en: 'the bonus of {bonus}{currency:blank} ends at another time, by what is known now{notes:codes}',
    zh: '据现有信息更正赠金{bonus}{currency:blank}的有效期{notes:codes}',
  },
  'bonus-stays': {
    en: '; {amount}{currency:blank} are spent, set aside, settled or ended, and stay so',
    zh: '；其中{amount}{currency:blank}已使用、冻结、结清或过期，不再收回',
  },
  'bonus-settled': {
    en: '; {amount}{currency:blank} belong to principal that was repaid',
    zh: '；其中{amount}{currency:blank}属于已退的本金，不予补发',
  },
  'limit-withholds': {
    en: '; {amount}{currency:blank} would exceed the limit',
    zh: '；其中{amount}{currency:blank}将超过余额上限，未补发',
  },
  'bonus-ends': { en: '; what is left ends at {at:instant}', zh: '；剩余部分于{at:instant}到期' },
  'bonus-lasts': { en: '; what is left does not end', zh: '；剩余部分不再到期' },
  repaid: {
    en: '{cash}{currency:blank} to be repaid of {amount}{currency:blank}; {bonus}{currency:blank} of bonus ends with it',
    zh: '本金{amount}{currency:blank}，应退{cash}{currency:blank}，同时收回赠金{bonus}{currency:blank}',
  },
  'repaid-less-bonus': {
    en: '{cash}{currency:blank} to be repaid of {amount}{currency:blank}: {deducted}{currency:blank} of bonus that came with it was spent; {bonus}{currency:blank} of bonus ends with it',
    zh: '本金{amount}{currency:blank}，扣除已使用的赠金{deducted}{currency:blank}，应退{cash}{currency:blank}，同时收回赠金{bonus}{currency:blank}',
  },
  'account-closed': { en: 'the account is closed', zh: '账户已注销' },
  'amount-not-positive': {
    en: 'the amount has to be above 0, not {amount}',
    zh: '金额必须大于0，现为{amount}',
  },
  'account-frozen': {
    en: 'the account is frozen (payments in dispute: {disputes})',
    zh: '账户已冻结（争议中的支付：{disputes}笔）',
  },
  'already-frozen': { en: 'the account is frozen already', zh: '账户已处于冻结状态' },
  'not-frozen': { en: 'the account is not frozen by hand', zh: '账户未被人工冻结' },
  'transfers-not-agreed': { en: 'this account does not send or receive', zh: '该账户不支持转赠' },
  'withdrawals-not-agreed': { en: 'this account does not repay in cash', zh: '该账户不支持退余额' },
  'already-credited': { en: 'this payment is credited already', zh: '该笔款项已入账' },
  'above-limit': {
    en: 'the account would hold {would}{currency:blank}, and may hold {limit}',
    zh: '入账后余额为{would}{currency:blank}，超过上限{limit}',
  },
  'purchase-exists': { en: 'there is a purchase of this name already', zh: '该消费编号已存在' },
  'hold-exists': { en: 'money is set aside under this name already', zh: '该编号下已有冻结的资金' },
  'hold-ends-before-it-begins': {
    en: 'money has to be set aside until after now',
    zh: '冻结的截止时间必须晚于开始时间',
  },
  'unknown-hold': { en: 'no money is set aside under this name', zh: '没有这笔资金冻结' },
  'capture-exceeds-hold': {
    en: '{requested}{currency:blank} cannot be captured: {reserved} are set aside',
    zh: '无法扣款{requested}{currency:blank}：该笔冻结只有{reserved}',
  },
  'unknown-purchase': { en: 'there is no such purchase', zh: '没有这笔消费' },
  'refund-exceeds-purchase': {
    en: '{requested}{currency:blank} cannot be given back: {refundable} are left of this purchase',
    zh: '无法退回{requested}{currency:blank}：该笔消费只剩{refundable}可退',
  },
  'unknown-payment': { en: 'there is no such top-up', zh: '没有这笔充值' },
  'money-reserved': {
    en: '{reserved}{currency:blank} are set aside; release or capture them first',
    zh: '尚有{reserved}{currency:blank}处于冻结，请先扣款或解冻',
  },
  'nothing-to-repay': { en: 'there is no principal to repay', zh: '没有可退的本金' },
  'insufficient-funds': {
    en: '{requested}{currency:blank} are needed, {available} are available',
    zh: '需要{requested}{currency:blank}，可用{available}',
  },
  'whole-remainder-only': {
    en: 'only the whole remainder is repaid: {remainder}{currency:blank}',
    zh: '只能一次退还全部本金余额：{remainder}{currency:blank}',
  },
  'principal-left': {
    en: '{principal}{currency:blank} of principal are left and are not repaid in cash: the account stays open',
    zh: '尚有本金{principal}{currency:blank}且约定不退现，账户不能注销',
  },
  // What the accounts are for money, where that differs.
  issuance: { en: 'what came in', zh: '入账' },
  redeemed: { en: 'spent', zh: '消费' },
  adjusted: { en: 'repaid in cash', zh: '退现' },
}

/** The engine's own events in words; a catalogue's words win. */
export const storedValueWords = (id: string): Vocabulary['words'] => ({
  en: {
    [`${id}/topped-up`]: 'topped up',
    [`${id}/topped-up.amount`]: 'amount',
    [`${id}/paid`]: 'paid',
    [`${id}/paid.amount`]: 'amount',
    [`${id}/refunded`]: 'given back',
    [`${id}/reserved`]: 'set aside',
    [`${id}/released`]: 'released',
    [`${id}/withdrawn`]: 'repaid in cash',
    [`${id}/closed`]: 'account closed',
    [`${id}/reversed`]: 'top-up reversed',
    [`${id}/bonus-corrected`]: 'bonus corrected',
    [`${id}/sent`]: 'sent',
    [`${id}/received`]: 'received',
    [`${id}/expired`]: 'stored value expired',
    [`${id}/frozen`]: 'account frozen',
    [`${id}/unfrozen`]: 'account unfrozen',
  },
  zh: {
    [`${id}/topped-up`]: '充值',
    [`${id}/topped-up.amount`]: '金额',
    [`${id}/paid`]: '消费',
    [`${id}/paid.amount`]: '金额',
    [`${id}/refunded`]: '退回余额',
    [`${id}/reserved`]: '冻结金额',
    [`${id}/released`]: '解冻金额',
    [`${id}/withdrawn`]: '退现',
    [`${id}/closed`]: '注销账户',
    [`${id}/reversed`]: '充值撤销',
    [`${id}/bonus-corrected`]: '赠金更正',
    [`${id}/sent`]: '转出',
    [`${id}/received`]: '转入',
    [`${id}/expired`]: '余额过期',
    [`${id}/frozen`]: '冻结账户',
    [`${id}/unfrozen`]: '解冻账户',
  },
})
