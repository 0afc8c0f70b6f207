// Special functions beside the same on the runtime's own elementary functions: see README.md.
import { random } from '../dist/kernel.js'
import { lnGamma } from '../dist/measures.js'
import { nativeLnGamma } from './measures/native-ln-gamma.mjs'

const count = 2 ** 20
const generator = random('measures')

/** From 1e-3 to 1e6, every power of ten alike: shapes of fitted models and counts added to them. */
const inputs = Float64Array.from({ length: count }, () => 10 ** (9 * generator.next() - 3))

/** Ten digits of the sum: both sides are right to the last digits, which differ with the logarithm below. */
const checksum = (sum) => Number(sum.toPrecision(10))

export const rows = [
  {
    name: 'kernel/lnGamma',
    versus: 'native logarithm',
    unit: 'ns',
    iterations: count,
    ours: () => {
      let sum = 0
      for (let k = 0; k < count; k++) sum += lnGamma(inputs[k])
      return checksum(sum)
    },
    theirs: () => {
      let sum = 0
      for (let k = 0; k < count; k++) sum += nativeLnGamma(inputs[k])
      return checksum(sum)
    },
  },
]
