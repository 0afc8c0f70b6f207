import { type Lang, unknownName } from './errors.js'
import { own } from './plain.js'

/** Slots by name; what fills them is not read again, so that words with braces stay as they are. */
export function filled(line: string, slots: { readonly [name: string]: string | number }): string {
  return line.replace(/\{(\w+)\}/g, (slot, name: string) => String(own(slots, name) ?? slot))
}

/** @throws DefinitionError `unknown-name` for another language. */
export function checkLang(lang: Lang): void {
  if (lang !== 'en' && lang !== 'zh') throw unknownName('$.lang', lang, ['en', 'zh'])
}
