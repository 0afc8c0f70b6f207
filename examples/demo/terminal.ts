/** No line of a report is wider than this. */
export const COLUMNS = 100

/** East Asian wide and fullwidth characters, and emoji that are pictures by themselves (UAX #11). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const invisible = /[\p{M}\p{Cc}\p{Cf}\u1160-\u11ff]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that starts a colour is one
const colour = /\u001b\[[0-9;]*m/g

/** Columns that a text takes: full-width characters two, combining ones and colours none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text.replace(colour, '')) width += widthOf(character)
  return width
}

function widthOf(character: string): number {
  if (character >= ' ' && character <= '~') return 1
  return invisible.test(character) ? 0 : wide.test(character) ? 2 : 1
}

/** At most `width` columns, `…` standing for what is cut; colours go with the cut. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let cut = ''
  let left = width - 1
  for (const character of text.replace(colour, '')) {
    left -= widthOf(character)
    if (left < 0) break
    cut += character
  }
  return width < 1 ? '' : `${cut}…`
}

export type Align = 'left' | 'right'

/** Exactly `width` columns: filled up, or cut. */
export function pad(text: string, width: number, align: Align = 'left'): string {
  const cut = truncate(text, width)
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(cut)))
  return align === 'left' ? cut + blanks : blanks + cut
}

/** Runs of ASCII, or single characters; what closes stays behind what it closes, what opens before what it opens. */
const words = / *[（《「]*(?:[!-~]+|[^ ])[，。；：、！？）》」]*| +/gu

/** A text in lines of at most `width` columns, broken at blanks and between full-width characters. */
export function wrap(text: string, width: number = COLUMNS): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.match(words) ?? []) {
    if (displayWidth(line + word) <= width) {
      line += word
      continue
    }
    if (line !== '') lines.push(line)
    line = word.trimStart()
    while (displayWidth(line) > width) {
      let head = ''
      for (const character of line) {
        if (displayWidth(head + character) > width) break
        head += character
      }
      lines.push(head)
      line = line.slice(head.length)
    }
  }
  return line === '' ? lines : [...lines, line]
}

/**
 * Rows as aligned lines, two blanks between columns. Where they would be wider than `width`, the widest left-aligned
 * column gives way.
 */
export function table(
  rows: readonly (readonly string[])[],
  align: readonly Align[],
  width: number = COLUMNS,
): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(row[column] ?? '')), 0),
  )
  let excess = widths.reduce((sum, each) => sum + each, 0) + 2 * Math.max(0, count - 1) - width
  while (excess > 0) {
    const left = widths.some((each, column) => align[column] !== 'right' && each > 4)
    const widest = Math.max(...widths.filter((_, column) => !left || align[column] !== 'right'))
    const column = widths.findIndex((each, at) => each === widest && (!left || align[at] !== 'right'))
    if (widest <= 1) break
    widths[column] = widest - 1
    excess -= 1
  }
  return rows.map((row) =>
    truncate(
      widths.map((each, column) => pad(row[column] ?? '', each, align[column])).join('  '),
      width,
    ).trimEnd(),
  )
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A share from 0 to 1 as a bar of `width` columns; a share that does not exist is an empty one. */
export function bar(share: number | undefined, width: number): string {
  if (share === undefined || !(share > 0)) return ' '.repeat(width)
  // What is there is seen: never less than an eighth of a column.
  const units = Math.max(1, Math.round(Math.min(share, 1) * width * 8))
  return pad('█'.repeat(Math.floor(units / 8)) + eighths[units % 8]!, width)
}

/** A rate from 0 to 1 as a cell of two columns, darker for more; `··` for a rate that does not exist. */
export function heat(rate: number | undefined): string {
  if (rate === undefined || Number.isNaN(rate)) return '··'
  if (rate <= 0) return '  '
  return '░▒▓█'[Math.min(3, Math.floor(rate * 4))]!.repeat(2)
}

/** Where a report or its progress goes: `process.stdout` and `process.stderr` are such. */
export interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan'
const codes: Readonly<Record<Colour, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
}

/** Colours for a terminal; elsewhere, and where NO_COLOR is set, the text as it is. */
export function painter(
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): (text: string, name: Colour) => string {
  if (output.isTTY !== true || (environment['NO_COLOR'] ?? '') !== '') return (text) => text
  return (text, name) => `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m`
}

export interface Progress {
  /** Says how much is done by now. */
  to(done: number): void
  /** Clears the line, or completes the steps. */
  end(): void
}

/** A bar that is drawn over itself on a terminal; elsewhere a plain line for every tenth. */
export function progress(total: number, label: string, output: Output = process.stderr): Progress {
  const isTerminal = output.isTTY === true
  const step = isTerminal ? 1 : 10
  let shown = -1
  const show = (percent: number) => {
    if (percent <= shown) return
    shown = percent
    const text = `${String(percent).padStart(3)} %`
    if (isTerminal) output.write(`\r${pad(label, 30)} ${bar(percent / 100, 50)} ${text}`)
    else output.write(`${truncate(label, COLUMNS - 7)} ${text.trimStart()}\n`)
  }
  return {
    to(done) {
      const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1
      show(Math.floor((share * 100) / step) * step)
    },
    end() {
      if (isTerminal) output.write(`\r${' '.repeat(COLUMNS - 1)}\r`)
      else show(100)
    },
  }
}

/** A person's id made unreadable but recognisable: `CG-12520` is `CG-***20`; short ids show nothing. */
export function mask(id: string): string {
  const prefix = /^[A-Za-z]{1,4}[-_](?=.{4})/u.exec(id)?.[0] ?? ''
  const rest = [...id.slice(prefix.length)]
  return rest.length < 4 ? `${prefix}***` : printable(`${prefix}***${rest.slice(-2).join('')}`)
}

/** A text from a file without what a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?')
}
