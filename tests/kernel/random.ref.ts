import { expect, test } from 'vitest'
import { random } from '../../src/kernel/random.js'

/**
 * The sequence is a contract. From a separate program in Python, integers only, that was checked against the published
 * vectors of MurmurHash3 x86_32 (0x149bbb7f, 0x514e28b7, 0x5a97808a) and follows the authors' xoshiro128starstar.c.
 * Compared exactly.
 */
test.each([
  [
    'spring',
    [
      0.43208288044323107, 0.37526635637054384, 0.8234746338122937, 0.16646065097451346, 0.9685408051755854,
      0.9360418667731114, 0.17133488225261007, 0.6308312651014986, 0.43641242952236337, 0.7257349320695563,
    ],
  ],
  [
    20240101,
    [
      0.9366477855384187, 0.6967775684006249, 0.3713713001650941, 0.3081940089066293, 0.18896738553714343,
      0.9471131845084833, 0.05541461586406604, 0.5349285917316947, 0.7006785938488391, 0.5709222896606014,
    ],
  ],
  [
    '张三/2024',
    [
      0.6164523057317703, 0.5553990279616156, 0.06640366680990839, 0.07422429134414898, 0.10561753287585951,
      0.8553909777890533, 0.8911318874572186, 0.2369128412710193, 0.39382753536009485, 0.35615010185650164,
    ],
  ],
])('the first ten of %s', (seed, sequence) => {
  const generator = random(seed)
  expect(sequence.map(() => generator.next())).toEqual(sequence)
})
