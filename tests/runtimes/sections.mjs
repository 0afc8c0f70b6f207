// What has to be the same to the last bit on every runtime, section by section, through the public API.

const hour = 3_600_000
const start = Date.UTC(1990, 0, 1)
const zones = [
  'UTC',
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Pacific/Apia',
  'Australia/Lord_Howe',
]

/**
 * The answers of the library, by the name of the part that gives them.
 * @returns {readonly (readonly [name: string, answers: unknown])[]}
 */
export function sections(library) {
  return [
    ['public names', Object.keys(library).sort()],
    ['elementary functions', elementaryFunctions(library)],
    ['random sequences', randomSequences(library)],
    ['calendars', calendars(library)],
    ['money', sharesOfMoney(library)],
  ]
}

function elementaryFunctions({ ln, exp, random }) {
  const chance = random('elementary functions')
  return range(2000).map(() => {
    const x = 1400 * (chance.next() - 0.5)
    return [exp(x), ln(Math.abs(x)), exp(x / 1e6), ln(1 + x / 1e6)]
  })
}

function randomSequences({ random, restoreRandom }) {
  return ['spring', 7, '用户'].map((seed) => {
    const chance = random(seed)
    const numbers = range(500).map(() => [chance.next(), chance.integer(1, 6)])
    return [numbers, restoreRandom(chance.state()).next(), chance.fork('subject').next()]
  })
}

function calendars({ calendarOf, random, formatInstant }) {
  return zones.map((zone) => {
    const calendar = calendarOf({ zone })
    const chance = random(zone)
    return range(2000).map(() => {
      const at = start + chance.integer(0, 30 * 365 * 24) * hour
      return [
        formatInstant(calendar.add(at, { days: 1 })),
        formatInstant(calendar.add(at, { months: 1 })),
        formatInstant(calendar.startOf('week', at)),
        calendar.localDate(at),
      ]
    })
  })
}

function sharesOfMoney({ allocate, money, random, sumMoney }) {
  const chance = random('money')
  return range(200).map(() => {
    const whole = money(`${chance.integer(0, 1e12)}.${chance.integer(10, 99)}`, 'CNY')
    const parts = allocate(
      whole,
      range(7).map(() => chance.integer(1, 100)),
    )
    return [parts, sumMoney(parts)]
  })
}

/** @param {number} length */
const range = (length) => Array.from({ length }, (_, index) => index)
