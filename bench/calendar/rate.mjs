// npm run build && node bench/calendar/rate.mjs: local days and sums of durations a second, in CPU time.
import { calendarOf } from '../../dist/kernel.js'
import { days, inputs } from './days.mjs'

const instants = inputs(4_000_000)
const some = inputs(200_000)

/** How often a second, at the median of seven calls after two. */
function rate(call, count) {
  const times = []
  for (let i = -2; i < 7; i++) {
    const before = process.cpuUsage()
    call()
    const { user, system } = process.cpuUsage(before)
    if (i >= 0) times.push(user + system)
  }
  return (count / times.sort((a, b) => a - b)[3]) * 1e6
}

const show = (name, perSecond) => console.log(`${name}: ${(perSecond / 1e6).toPrecision(3)} M/s`)
show(
  'localDay, random instants, eight zones in turn',
  rate(() => days(instants), instants.length),
)

const business = {
  closed: Array.from({ length: 300 }, (_, i) => `${2000 + Math.floor(i / 10)}-0${1 + (i % 9)}-1${i % 10}`),
  hours: [
    { from: '09:00', to: '12:00' },
    { from: '13:00', to: '18:00' },
  ],
}
let checksum = 0
const office = calendarOf({ zone: 'America/New_York', business })
for (const duration of [
  { days: 30 },
  { months: 1, end: 'month' },
  { businessDays: 3 },
  { businessDays: 10_000 },
  { workHours: 8 },
  { workHours: 80_000 },
]) {
  const add = office.adder(duration)
  const all = () => {
    for (const at of some) checksum += add(at)
  }
  const part = duration.workHours > 1000 ? some.subarray(0, 2000) : some
  const few = () => {
    for (const at of part) checksum += add(at)
  }
  show(JSON.stringify(duration), part === some ? rate(all, some.length) : rate(few, part.length))
}
console.log(`checksum ${checksum}`)
