// Local days of random instants in eight zones, beside Intl with one formatter kept per zone.
// bench/calendar/rate.mjs prints the same as local days a second.
import { days, inputs, loopIntl } from './calendar/days.mjs'

const instants = inputs(200_000)

export const rows = [
  {
    name: 'kernel/local-day',
    versus: 'Intl.DateTimeFormat, cached',
    unit: 'ns',
    iterations: instants.length,
    ours: () => days(instants),
    theirs: () => loopIntl(instants),
  },
]
