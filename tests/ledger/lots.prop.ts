// Lots against a plain list: nothing is made or lost, and what expires first goes first.
import fc from 'fast-check'
import {
  confirm,
  giveBack,
  issue,
  type LotPart,
  type Lots,
  nextConfirmation,
  nextExpiry,
  noLots,
  openLots,
  pendingIn,
  planClawback,
  planSpending,
  spendableIn,
  take,
} from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'

const timeout = runs(60_000, 3_600_000)

const sum = (parts: readonly LotPart[]) => parts.reduce((total, { amount }) => total + amount, 0)
const instant = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null })
const step = fc.record({
  what: fc.constantFrom('issue', 'issue', 'wait', 'spend', 'claw-back', 'confirm', 'expire', 'give-back'),
  amount: fc.integer({ min: 0, max: 30 }),
  expiresAt: instant,
  confirmsAt: instant,
})

test('what comes in is what is there, what was taken and what is owed, whatever happens in between', {
  timeout,
}, () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      let lots: Lots = noLots
      let held = 0
      const spent: LotPart[][] = []
      const issued: LotPart[] = []
      for (const { what, amount, expiresAt, confirmsAt } of steps) {
        const before = JSON.stringify(lots)
        const old = lots
        if (what === 'issue' || what === 'wait') {
          const lot = { lot: lots.issued, amount, expiresAt, ...(what === 'wait' && { confirmsAt }) }
          issued.push(lot)
          lots = issue(lots, lot)
          held += amount
        } else if (what === 'spend') {
          const parts = planSpending(lots, amount)
          expect(sum(parts)).toBe(Math.min(amount, spendableIn(lots)))
          const order = parts.map((part) => [part.expiresAt ?? 99, part.lot] as const)
          expect(order).toEqual([...order].sort((a, b) => a[0] - b[0] || a[1] - b[1]))
          lots = take(lots, parts)
          held -= sum(parts)
          spent.push([...parts])
        } else if (what === 'claw-back') {
          const own = issued.slice(-2)
          const parts = planClawback(lots, own, amount)
          const mine = parts.map(({ lot }) => own.some((one) => one.lot === lot))
          expect(mine).toEqual([...mine].sort((a, b) => Number(b) - Number(a)))
          lots = take(lots, parts)
          held -= sum(parts)
        } else if (what === 'confirm') lots = confirm(lots, nextConfirmation(lots))
        else if (what === 'expire') {
          const parts = nextExpiry(lots)
          expect(new Set(parts.map((part) => part.expiresAt)).size).toBeLessThanOrEqual(1)
          lots = take(lots, parts)
          held -= sum(parts)
        } else {
          const parts = spent.pop() ?? []
          lots = giveBack(lots, parts)
          held += sum(parts)
        }
        expect(spendableIn(lots) + pendingIn(lots) - lots.deficit).toBe(held)
        expect([...openLots(lots)].every(({ remaining }) => remaining > 0)).toBe(true)
        expect(JSON.stringify(old)).toBe(before)
      }
    }),
    { numRuns: runs(200, 5000) },
  )
})
