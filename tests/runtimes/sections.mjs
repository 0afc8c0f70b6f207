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

const parts = {
  'elementary functions': { needs: ['ln', 'exp'], answers: elementaryFunctions },
  'random sequences': { needs: ['random', 'restoreRandom'], answers: randomSequences },
  calendars: { needs: ['calendarOf', 'formatInstant'], answers: calendars },
  'shares of money': { needs: ['allocate'], answers: sharesOfMoney },
}

/**
 * The answers of the library, by the name of the part that gives them. A part that is not exported says so.
 * @returns {readonly (readonly [name: string, answers: unknown])[]}
 */
export function sections(library) {
  const answered = Object.entries(parts).map(([name, { needs, answers }]) => {
    const missing = needs.filter((need) => library[need] === undefined)
    return missing.length === 0 ? [name, answers(library)] : [`${name}: no ${missing.join(', ')}`, missing]
  })
  return [['public names', Object.keys(library).sort()], ...answered]
}

/** Whole numbers below a limit, from a generator of our own: the inputs are not what is in question. */
function chanceFrom(seed) {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

function elementaryFunctions({ ln, exp }) {
  const chance = chanceFrom(1)
  return range(2000).map(() => {
    const x = (chance(1e9) - 5e8) / 7e5
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

function calendars({ calendarOf, formatInstant }) {
  return zones.map((zone) => {
    const calendar = calendarOf({ zone })
    const chance = chanceFrom(zone.length)
    return range(2000).map(() => {
      const at = start + chance(30 * 365 * 24) * hour
      return [
        formatInstant(calendar.add(at, { days: 1 })),
        formatInstant(calendar.add(at, { months: 1 })),
        formatInstant(calendar.startOf('week', at)),
        calendar.localDate(at),
      ]
    })
  })
}

function sharesOfMoney({ allocate }) {
  const chance = chanceFrom(2)
  return range(200).map(() => {
    const whole = { amount: `${chance(1e9)}.${10 + chance(90)}`, currency: 'CNY' }
    const ratios = range(7).map(() => 1 + chance(100))
    return allocate(whole, ratios)
  })
}

/** @param {number} length */
const range = (length) => Array.from({ length }, (_, index) => index)
