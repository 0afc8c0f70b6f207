import { calendarOf, random } from '../../dist/kernel.js'

const zones = [
  'Asia/Shanghai',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'UTC',
]
const calendars = zones.map((zone) => calendarOf({ zone }))
// The one that is quickest to format and to read: month/day/year, two digits each but the year.
const formats = zones.map(
  (timeZone) =>
    new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format,
)

const first = Date.UTC(1990, 0)
const span = Date.UTC(2030, 0) - first

/** Random instants of forty years; the zones take turns. */
export function inputs(count, seed = 7) {
  const chance = random(seed)
  return Float64Array.from({ length: count }, () => first + Math.floor(chance.next() * span))
}

/** The sum of all local days, by the calendar. */
export function days(instants) {
  let sum = 0
  for (let i = 0; i < instants.length; i++) sum += calendars[i & 7].localDay(instants[i])
  return sum
}

/** The same by Intl: a text, and the day number of what it says. */
export function loopIntl(instants) {
  let sum = 0
  for (let i = 0; i < instants.length; i++) {
    const text = formats[i & 7](instants[i])
    const month = text.charCodeAt(0) * 10 + text.charCodeAt(1) - 528
    const day = text.charCodeAt(3) * 10 + text.charCodeAt(4) - 528
    sum += dayNumber(Number(text.slice(6)), month, day)
  }
  return sum
}

/** Howard Hinnant's days_from_civil, for years after 0. */
function dayNumber(year, month, day) {
  const y = month > 2 ? year : year - 1
  const era = (y / 400) | 0
  const yearOfEra = y - era * 400
  const dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0) + day - 1
  return (
    era * 146_097 + yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear - 719_468
  )
}
