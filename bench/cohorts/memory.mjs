// npm run build && node bench/cohorts/memory.mjs: what 500,000 people cost beyond the columns of their ten million events.
import { defineRetention } from '../../dist/cohorts.js'
import { generate, zone } from './events.mjs'

const events = generate({ events: 10_000_000, users: 500_000 })
for (const [period, periods] of Object.entries({ month: 24, day: 731 })) {
  const settings = { id: 'seen', version: 1, calendar: { zone }, entry: 'seen', activity: 'seen', period }
  const retention = defineRetention(settings)
  const { bits, repeats } = retention.addColumns(retention.empty(), { ...events, type: 'seen' }).all.activity
  if (repeats !== null) throw new Error('counts are kept')
  const each = bits.buffer.byteLength / events.users
  console.log(
    `${period}: ${each} bytes a person for ${periods} periods, ${(each / Math.ceil(periods / 32)).toFixed(2)} per 32`,
  )
}
