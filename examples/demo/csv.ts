/** A record and the physical line on which it starts; without fields where its quotes are not RFC 4180's. */
export interface CsvRecord {
  readonly line: number
  readonly fields: readonly string[] | undefined
}

/**
 * The records of a CSV text (RFC 4180; lines end in CRLF, LF or CR, also mixed).
 *
 * After a quote that opens or closes where none may, reading goes on at the next physical line, so that one stray
 * quote costs one row. That, and lines counted as an editor counts them, is why this is not a library: csv-parse 7.0
 * counts a CRLF inside quotes twice, papaparse 5.7 reads mixed line ends as one row, and both lose every row behind
 * a stray quote.
 */
export function* csvRecords(text: string, delimiter: string): Generator<CsvRecord> {
  const separator = delimiter.charCodeAt(0)
  let at = 0
  let line = 1
  while (at < text.length) {
    const start = at
    const startLine = line
    let fields: string[] | undefined = []
    for (;;) {
      let end = at
      if (text.charCodeAt(at) === QUOTE) {
        end = closingQuote(text, at + 1)
        const inside = end < 0 ? '' : text.slice(at + 1, end)
        fields.push(inside.includes('"') ? inside.replaceAll('""', '"') : inside)
        line += lineEnds(inside)
        end = end < 0 ? -1 : end + 1
      } else {
        let unit = text.charCodeAt(end)
        while (unit !== separator && unit !== LF && unit !== CR && unit !== QUOTE && end < text.length) {
          end += 1
          unit = text.charCodeAt(end)
        }
        fields.push(text.slice(at, end))
      }
      const next = end < 0 ? Number.NaN : text.charCodeAt(end)
      if (end >= 0 && next === separator) {
        at = end + 1
        continue
      }
      if (end < 0 || (end < text.length && next !== LF && next !== CR)) {
        fields = undefined
        line = startLine
        end = lineEnd(text, start)
      }
      at = end + (text.startsWith('\r\n', end) ? 2 : 1)
      break
    }
    yield { line: startLine, fields }
    line += 1
  }
}

const QUOTE = 34
const LF = 10
const CR = 13

/** In a run of quotes each pair is one quote of the text; what is left over closes the field. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0) {
    let end = at + 1
    while (text.charCodeAt(end) === QUOTE) end += 1
    if ((end - at) % 2 === 1) return end - 1
    at = text.indexOf('"', end)
  }
  return -1
}

function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) !== LF && text.charCodeAt(at) !== CR) at += 1
  return at
}

function lineEnds(text: string): number {
  return text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\n|\r/).length - 1 : 0
}
