import type { Sentence } from '../../kernel/errors.js'

/** How changes are said. */
export const changeSentences = {
  'calendar-changed': {
    en: 'the calendar is another one: days, months and years may begin at other instants',
    zh: '日历变更：日、月、年的起点可能不同',
  },
  'event-changed': { en: '{of:word} has other fields', zh: '事件{of:word}的字段变更' },
  'event-added': { en: '{of:word} is heard', zh: '新增事件{of:word}' },
  'event-removed': { en: '{of:word} is no longer heard', zh: '不再接收事件{of:word}' },
  'currency-added': { en: 'a new currency, {of:word}', zh: '新增积分种类：{of:word}' },
  'currency-removed': { en: 'the currency {of:word} ends', zh: '积分种类“{of:word}”取消' },
  'first-currency-changed': {
    en: 'the first currency is {to:word} instead of {from:word}',
    zh: '首选积分种类由{from:word}改为{to:word}',
  },
  'kind-changed': {
    en: '{of:word} is of kind {to} instead of {from}',
    zh: '{of:word}的类别由{from}改为{to}',
  },
  'scale-changed': {
    en: '{of:word} is read with another scale: {from}, then {to}',
    zh: '{of:word}的小数位数由{from}改为{to}',
  },
  'bound-raised': {
    en: 'an account may hold more {of:word}: {from}, then {to}',
    zh: '{of:word}账户上限提高：由{from}变为{to}',
  },
  'bound-lowered': {
    en: 'an account may hold less {of:word}: {from}, then {to}',
    zh: '{of:word}账户上限降低：由{from}变为{to}',
  },
  'rule-added': { en: 'a new way to earn, {of:word}', zh: '新增积分规则：{of:word}' },
  'rule-removed': {
    en: 'the rule {of:word} is gone, with what is left over of it and what it lets wait',
    zh: '积分规则“{of:word}”删除，其零头与等待中的积分一并失去',
  },
  'rate-raised': {
    en: '{of:word} pays more: {from}, then {to}',
    zh: '{of:word}的积分提高：由{from}变为{to}',
  },
  'rate-lowered': {
    en: '{of:word} pays less: {from}, then {to}',
    zh: '{of:word}的积分降低：由{from}变为{to}',
  },
  'rule-changed': { en: '{of:word} pays under other terms', zh: '{of:word}的积分条件变更' },
  'rule-reads-otherwise': {
    en: '{of:word} counts something else, so it cannot go on under its name',
    zh: '{of:word}的计量对象改变，不能沿用原名',
  },
  'fractions-coarser': {
    en: 'what is left over under {of:word} is kept in larger parts: of {from}, then of {to}',
    zh: '{of:word}的零头单位变粗：由1/{from}变为1/{to}',
  },
  'fractions-dropped': {
    en: 'what is left over under {of:word} is dropped',
    zh: '{of:word}的零头不再累计',
  },
  'lasts-longer': {
    en: 'points last longer{whose}: {from}, then {to}',
    zh: '积分有效期延长{whose}：由{from}变为{to}',
  },
  'lasts-shorter': {
    en: 'points last less long{whose}: {from}, then {to}',
    zh: '积分有效期缩短{whose}：由{from}变为{to}',
  },
  'lasts-otherwise': {
    en: 'points last otherwise{whose}: {from}, then {to}',
    zh: '积分有效期变更{whose}：由{from}变为{to}',
  },
  'waits-longer': {
    en: 'points wait longer{whose}: {from}, then {to}',
    zh: '积分待确认期延长{whose}：由{from}变为{to}',
  },
  'waits-shorter': {
    en: 'points wait less long{whose}: {from}, then {to}',
    zh: '积分待确认期缩短{whose}：由{from}变为{to}',
  },
  'waits-otherwise': {
    en: 'points wait otherwise{whose}: {from}, then {to}',
    zh: '积分待确认期变更{whose}：由{from}变为{to}',
  },
  'refund-grace-longer': {
    en: 'points that come back expired last longer: {from}, then {to}',
    zh: '退回的过期积分宽限延长：由{from}变为{to}',
  },
  'refund-grace-shorter': {
    en: 'points that come back expired last less long: {from}, then {to}',
    zh: '退回的过期积分宽限缩短：由{from}变为{to}',
  },
  'refund-grace-changed': {
    en: 'points that come back expired last otherwise: {from}, then {to}',
    zh: '退回的过期积分宽限变更：由{from}变为{to}',
  },
  'refunds-changed': {
    en: 'what comes back goes to other lots: {from:word}, then {to:word}',
    zh: '退回积分的去向变更：由{from:word}变为{to:word}',
  },
  'reinstates-longer': {
    en: 'expired points can be reinstated for longer: {from}, then {to}',
    zh: '过期积分可恢复期延长：由{from}变为{to}',
  },
  'reinstates-shorter': {
    en: 'expired points can be reinstated for less long: {from}, then {to}',
    zh: '过期积分可恢复期缩短：由{from}变为{to}',
  },
  'reinstates-otherwise': {
    en: 'expired points can be reinstated for another time: {from}, then {to}',
    zh: '过期积分可恢复期变更：由{from}变为{to}',
  },
  'known-longer': {
    en: 'orders and redemptions are known for longer: {from}, then {to}',
    zh: '订单与兑换记录保留期延长：由{from}变为{to}',
  },
  'known-shorter': {
    en: 'orders and redemptions are known for less long: {from}, then {to}',
    zh: '订单与兑换记录保留期缩短：由{from}变为{to}',
  },
  'known-otherwise': {
    en: 'orders and redemptions are known for another time: {from}, then {to}',
    zh: '订单与兑换记录保留期变更：由{from}变为{to}',
  },
  'reversals-changed': {
    en: 'what is posted by hand can be reversed for another time: {from}, then {to}',
    zh: '人工记账可冲正期变更：由{from}变为{to}',
  },
  'spending-order-changed': {
    en: 'other points are spent first{whose}: {from:word}, then {to:word}',
    zh: '积分使用顺序变更{whose}：由{from:word}变为{to:word}',
  },
  'cost-changed': {
    en: 'points of {of:word} cost the program something else',
    zh: '{of:word}的积分成本变更',
  },
  'enrolment-required': {
    en: 'members have to enrol, and can do nothing with their points until they do',
    zh: '会员须先入会，入会前不能使用积分',
  },
  'enrolment-not-required': { en: 'nobody has to enrol any more', zh: '不再要求入会' },
  'enrolment-changed': { en: 'members enrol otherwise', zh: '入会方式变更' },
  'negative-softer': {
    en: 'less is taken where points that have to be taken back are spent',
    zh: '应扣回但已用掉的积分，追扣放宽',
  },
  'negative-stricter': {
    en: 'more is taken where points that have to be taken back are spent',
    zh: '应扣回但已用掉的积分，追扣从严',
  },
  'negative-changed': {
    en: 'where points that have to be taken back are spent, something else is taken',
    zh: '应扣回但已用掉的积分，追扣方式变更',
  },
  'transfers-wider': { en: 'members may give away more', zh: '积分转赠限制放宽' },
  'transfers-narrower': { en: 'members may give away less', zh: '积分转赠限制收紧' },
  'transfers-changed': { en: 'members give points away otherwise', zh: '积分转赠方式变更' },
  'pools-added': { en: 'accounts may be shared', zh: '新增积分共享池' },
  'pools-removed': { en: 'accounts are no longer shared', zh: '积分共享池取消' },
  'pools-changed': { en: 'shared accounts hear their members otherwise', zh: '积分共享池归属方式变更' },
  'rewards-ended': {
    en: 'there are no rewards any more; open claims end, and their points are free',
    zh: '奖励全部取消；未完成的兑换终止，所占积分退回',
  },
  'reward-added': { en: 'a new reward, {of:word}', zh: '新增奖励：{of:word}' },
  'reward-removed': {
    en: 'the reward {of:word} is gone; claims of it stay',
    zh: '奖励“{of:word}”下架，已有兑换不变',
  },
  'reward-cheaper': { en: '{of:word} costs less', zh: '{of:word}的兑换价降低' },
  'reward-dearer': { en: '{of:word} costs more', zh: '{of:word}的兑换价提高' },
  'reward-price-changed': { en: '{of:word} has other prices', zh: '{of:word}的兑换价变更' },
  'reward-limit-raised': { en: 'more of {of:word} may be claimed', zh: '{of:word}的限兑放宽' },
  'reward-limit-lowered': { en: 'less of {of:word} may be claimed', zh: '{of:word}的限兑收紧' },
  'reward-limit-changed': { en: '{of:word} is limited otherwise', zh: '{of:word}的限兑方式变更' },
  'reward-terms-better': { en: '{of:word} is claimed under better terms', zh: '{of:word}的兑换条件变优' },
  'reward-terms-worse': { en: '{of:word} is claimed under worse terms', zh: '{of:word}的兑换条件变差' },
  'reward-terms-changed': { en: '{of:word} is claimed under other terms', zh: '{of:word}的兑换条件变更' },
  'reservations-changed': {
    en: 'reservations to come last otherwise: {from}, then {to}',
    zh: '今后冻结的时长变更：由{from}变为{to}',
  },
  'confirmation-added': { en: '{of:word} confirms points', zh: '{of:word}可确认积分' },
  'confirmation-removed': { en: '{of:word} no longer confirms points', zh: '{of:word}不再确认积分' },
  'clawback-added': { en: '{of:word} takes points back', zh: '{of:word}将扣回积分' },
  'clawback-removed': {
    en: '{of:word} no longer takes points back in this way',
    zh: '{of:word}不再以此方式扣回积分',
  },
  'stacking-changed': { en: 'other rules pay together', zh: '规则叠加方式变更' },
  'cap-added': { en: 'a new cap, {of:word}: {to}', zh: '新增上限“{of:word}”：{to}' },
  'cap-removed': { en: 'the cap {of:word} is gone', zh: '上限“{of:word}”取消' },
  'cap-raised': {
    en: 'the cap {of:word} has more room: {from}, then {to}',
    zh: '上限“{of:word}”提高：由{from}变为{to}',
  },
  'cap-lowered': {
    en: 'the cap {of:word} has less room: {from}, then {to}',
    zh: '上限“{of:word}”降低：由{from}变为{to}',
  },
  'cap-changed': { en: 'the cap {of:word} counts otherwise', zh: '上限“{of:word}”的计算方式变更' },
  'track-added': { en: 'a new ladder of tiers, {of:word}', zh: '新增等级体系：{of:word}' },
  'track-removed': { en: 'the ladder of tiers {of:word} ends', zh: '等级体系“{of:word}”取消' },
  'tier-added': { en: 'a new tier, {of:word}, from {to}', zh: '新增等级{of:word}（门槛{to}）' },
  'tier-removed': { en: 'the tier {of:word} ends', zh: '等级{of:word}取消' },
  'threshold-lowered': {
    en: '{of:word} is reached from {to} instead of {from}',
    zh: '{of:word}的门槛由{from}降为{to}',
  },
  'threshold-raised': {
    en: '{of:word} is reached from {to} instead of {from}',
    zh: '{of:word}的门槛由{from}升为{to}',
  },
  'keep-lowered': {
    en: '{of:word} is kept with {to} instead of {from}',
    zh: '{of:word}的保级门槛由{from}降为{to}',
  },
  'keep-raised': {
    en: '{of:word} is kept with {to} instead of {from}',
    zh: '{of:word}的保级门槛由{from}升为{to}',
  },
  'tier-benefits-changed': { en: '{of:word} brings other benefits', zh: '{of:word}的权益变更' },
  'tier-terms-better': {
    en: 'tiers of {of:word} are held better: {from}, then {to}',
    zh: '{of:word}的等级保有条件变优：由{from}变为{to}',
  },
  'tier-terms-worse': {
    en: 'tiers of {of:word} are held worse: {from}, then {to}',
    zh: '{of:word}的等级保有条件变差：由{from}变为{to}',
  },
  'tier-terms-changed': {
    en: 'tiers of {of:word} are decided otherwise: {from}, then {to}',
    zh: '{of:word}的等级评定方式变更：由{from}变为{to}',
  },
  'notice-longer': {
    en: 'changes need a longer notice: {from}, then {to}',
    zh: '变更提前公告期延长：由{from}变为{to}',
  },
  'notice-shorter': {
    en: 'changes need a shorter notice: {from}, then {to}',
    zh: '变更提前公告期缩短：由{from}变为{to}',
  },
  'notice-added': {
    en: 'what was earned may get worse after a notice of {to}, which it could not before',
    zh: '既得权益此前不得降低，今后公告{to}后可以降低',
  },
  'notice-removed': { en: 'what was earned can no longer get worse', zh: '既得权益今后不得降低' },
  'order-changed': { en: 'what is listed here is in another order', zh: '此处各项顺序变更' },
  'memory-changed': { en: 'ids of inputs are remembered for another time', zh: '输入编号的记忆时长变更' },
  changed: {
    en: 'this part is otherwise, and nobody can say that it is not worse',
    zh: '此处有变更，无法断定不会变差',
  },
} as const satisfies { readonly [code: string]: Sentence }
