/** The languages in which the library explains itself. */
export type Lang = 'en' | 'zh'

/** One sentence in each language; `{name}` is filled from the numbers that travel with the code. */
export interface Sentence {
  readonly en: string
  readonly zh: string
}

const sentences = {
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
  'newer-format': { en: 'was written by a newer version of the library', zh: '由更新版本的库写出' },
} as const satisfies Readonly<Record<string, Sentence>>

/** Why a definition, or the code around it, has to change. */
export type DefinitionCode = keyof typeof sentences

/** What a `DefinitionError` carries: enough to find the place and to mend it. */
export interface DefinitionFault {
  readonly code: DefinitionCode
  /** Where, as a path from the definition's root: `$.rules.active[0].to`. */
  readonly path: string
  /** What stands there now. */
  readonly value: unknown
  /** What would be right. */
  readonly expected: string
}

/**
 * Somebody must change code or a definition. Data never causes it: what the world sends is refused with an outcome.
 *
 * @example
 * try { defineLifecycle(definition) } catch (error) { if (error instanceof DefinitionError) error.explain('zh') }
 */
export class DefinitionError extends Error implements DefinitionFault {
  override readonly name = 'DefinitionError'
  readonly code: DefinitionCode
  readonly path: string
  readonly value: unknown
  readonly expected: string

  constructor(fault: DefinitionFault) {
    super(explainFault(fault, 'en'))
    this.code = fault.code
    this.path = fault.path
    this.value = fault.value
    this.expected = fault.expected
  }

  /** One sentence: where, what is wrong, what stands there, what would be right. */
  explain(lang: Lang): string {
    return explainFault(this, lang)
  }
}

function explainFault({ code, path, value, expected }: DefinitionFault, lang: Lang): string {
  const sentence = sentences[code][lang]
  const found = brief(value)
  return lang === 'zh'
    ? `${path} ${sentence}：应为 ${expected}，现为 ${found} [${code}]`
    : `${path} ${sentence}: expected ${expected}, found ${found} [${code}]`
}

/** A value in at most 60 characters; a shape stands for what is long or nested. */
function brief(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? `text of ${value.length}` : JSON.stringify(value)
  if (Array.isArray(value)) return `list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'object'
  return String(value)
}
