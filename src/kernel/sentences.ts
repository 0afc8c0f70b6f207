import type { DoorRefusal } from './door.js'
import type { JournalRefusal } from './engine.js'
import type { DefinitionCode, Sentence } from './errors.js'
import type { ExpectedKind, TextRefusal } from './language/parse.js'

/** How the journal and the door say why they do not take an input. */
export const journalSentences: { readonly [C in (JournalRefusal | DoorRefusal)['code']]: Sentence } = {
  'newer-format': {
    en: 'the state has format {found}; this release reads formats up to {known}',
    zh: '状态格式为{found}，本版本最高可读{known}',
  },
  'other-definition': {
    en: 'the state belongs to another definition ({found}); this one is {expected}',
    zh: '状态属于另一份定义（{found}），当前定义为{expected}',
  },
  'malformed-state': {
    en: 'something in the state is missing or of another kind ({path})',
    zh: '状态内容有缺失或类型不符（{path}）',
  },
  'not-an-event': { en: 'an event is an object, not {got}', zh: '事件应为对象，现为{got}' },
  'nested-too-deeply': { en: 'nested more than {limit} levels deep', zh: '嵌套超过{limit}层' },
  'too-much-data': { en: 'more than {limit} values', zh: '数据超过{limit}个值' },
  'unknown-type': {
    en: 'no event or command of this type is declared (a name of {length} characters)',
    zh: '未声明该类型的事件或命令（名称长{length}个字符）',
  },
  'missing-field': { en: '{field} is missing: {expected}', zh: '缺少{field}：应为{expected}' },
  'unknown-field': {
    en: 'the {in} has a field that is not declared (a name of {length} characters)',
    zh: '{in}含有未声明的字段（名称长{length}个字符）',
  },
  'malformed-field': {
    en: '{field} has to be {expected}, not {got}',
    zh: '{field}应为{expected}，现为{got}',
  },
  'other-currency': {
    en: '{field} is in {expected}, not in another currency',
    zh: '{field}的货币应为{expected}',
  },
  'schema-mismatch': {
    en: 'the data does not fit its schema ({issues} issues)',
    zh: '数据不符合校验规则（{issues}处）',
  },
  'other-subject': { en: 'the input is about another subject', zh: '该输入属于其他主体' },
  'id-conflict': {
    en: 'the id was used for other content (version {version})',
    zh: '该编号已用于其他内容（版本{version}）',
  },
  'outside-idempotency-window': {
    en: 'too old to know whether it is a repeat: the last entry is of {lastAt:instant}',
    zh: '时间过早，无法判断是否重复：最后记录为{lastAt:instant}',
  },
  late: {
    en: 'older than the last entry ({lastAt:instant}): replay from {replayFrom:instant}',
    zh: '早于最后记录（{lastAt:instant}）：请自{replayFrom:instant}起重放',
  },
  'version-conflict': {
    en: 'the state has moved on: version {version}, not {expected}',
    zh: '状态已更新：现为版本{version}，而非{expected}',
  },
  'sum-out-of-range': {
    en: 'a running sum would leave the range of exact numbers',
    zh: '累计值将超出可精确表示的范围',
  },
}

/** How a text says why it is no condition, and what could stand in a place of it. */
export const textSentences: { readonly [C in TextRefusal['code'] | ExpectedKind]: Sentence } = {
  'text-too-long': {
    en: '{length} characters, at most {limit} are read',
    zh: '共{length}个字符，最多可读{limit}个',
  },
  'text-too-deep': {
    en: 'at character {position:nth}: brackets more than {limit} deep',
    zh: '第{position:nth}个字符处：括号嵌套超过{limit}层',
  },
  'unreadable-text': {
    en: 'at character {position:nth}: found {found:mark}, expected {expected:options}',
    zh: '第{position:nth}个字符处为{found:mark}，此处可以是：{expected:options}',
  },
  'invalid-condition': {
    en: 'from character {position:nth} on: {path} is refused ({reason}), expected {expected}',
    zh: '自第{position:nth}个字符起：{path}不可用（{reason}），应为{expected}',
  },
  'a-number': { en: 'a whole number', zh: '整数' },
  'an-amount': { en: 'an amount', zh: '金额' },
  'a-ratio': { en: 'a decimal or a fraction', zh: '小数或分数' },
  'a-moment': { en: 'a moment such as 2024-03-05T09:00+08:00', zh: '时刻，如2024-03-05T09:00+08:00' },
  'a-clock-time': { en: 'a time from 00:00 to 23:59', zh: '00:00至23:59的时间' },
  'a-text': { en: 'a text in quotation marks', zh: '引号内的文本' },
  'the-end': { en: 'the end of the text', zh: '文本结尾' },
}

/** How a definition's faults are said. */
export const faultSentences: { readonly [C in DefinitionCode]: Sentence } = {
  'unknown-name': { en: 'names something that is not declared', zh: '引用了未声明的名称' },
  'duplicate-name': { en: 'declares the same name twice', zh: '重复声明了同一名称' },
  'wrong-type': { en: 'is of the wrong type', zh: '类型不对' },
  'out-of-range': { en: 'is out of range', zh: '超出允许范围' },
  missing: { en: 'is missing', zh: '缺少必填项' },
  'unknown-key': { en: 'has a key that nobody reads', zh: '含有无人读取的键' },
  'invalid-instant': { en: 'is not an instant with an offset', zh: '不是带时区偏移的时刻' },
  'invalid-zone': { en: 'is not a time zone known here', zh: '不是可识别的时区' },
  'invalid-duration': { en: 'is not a duration', zh: '不是合法的时长' },
  'invalid-amount': { en: 'is not an amount', zh: '不是合法的金额' },
  'currency-mismatch': { en: 'mixes two currencies', zh: '混用了两种货币' },
  'too-deep': { en: 'is nested too deeply', zh: '嵌套过深' },
  'too-large': { en: 'is too large', zh: '体积过大' },
  'not-plain-data': { en: 'is not plain JSON data', zh: '不是纯 JSON 数据' },
  'never-settles': {
    en: 'has rules that never come to rest at one instant',
    zh: '规则在同一时刻循环触发，无法停下',
  },
  'as-of-before-state': {
    en: 'looks at a moment before the last recorded one',
    zh: '查看时刻早于最后记录时刻',
  },
  'other-definition': { en: 'is the state of another definition', zh: '该状态属于另一份定义' },
  'malformed-state': {
    en: 'is missing something, or holds another kind of value',
    zh: '内容有缺失或类型不符',
  },
  'newer-format': { en: 'was written by a newer version of the library', zh: '由更新版本的库写出' },
}

/** What an audit finds of any engine. */
export const auditSentences = {
  'state-of-log': { en: 'the state is what its log restores', zh: '状态应与其日志还原的一致' },
  'well-formed': { en: 'the state has the shape of one', zh: '状态应具备完整的结构' },
} satisfies { readonly [invariant: string]: Sentence }
