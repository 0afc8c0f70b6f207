// What must not compile: whatever a misspelling would make of a definition.
import { defineBenefits, defineEvents, defineStoredValue, type InputOf, money, text } from 'liuliang'
import { test } from 'vitest'

const events = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  'payment-disputed': { payment: text() },
})
const shared = { version: 1, calendar: { zone: 'UTC' }, events, currency: 'CNY' } as const
const opened = { on: 'payment-disputed', payment: 'payment' } as const

test('stored value names events and fields that exist', () => {
  const wallet = defineStoredValue({ ...shared, id: 'wallet', dispute: { opened, closed: opened } })
  const other = { on: 'paid', payment: 'payment' } as const
  const amount = { on: 'order-paid', payment: 'amount' } as const
  // @ts-expect-error a misspelt event
  defineStoredValue({ ...shared, id: 'wallet', dispute: { opened, closed: other } })
  // @ts-expect-error a field that is no text
  defineStoredValue({ ...shared, id: 'wallet', dispute: { opened, closed: amount } })
  // @ts-expect-error no order of use
  defineStoredValue({ ...shared, id: 'wallet', spend: 'oldest-first' })
  // @ts-expect-error a bonus of neither kind
  defineStoredValue({ ...shared, id: 'wallet', bonus: [{ rule: 'a', from: '1' }] })
  type Input = InputOf<typeof wallet>
  const told = { id: 'a', subject: 'u', occurredAt: 0 }
  const pay: Input = { ...told, type: 'wallet/pay', data: { amount: '1' } }
  // @ts-expect-error money is decimal text
  const number: Input = { ...told, type: 'wallet/pay', data: { amount: 1 } }
  // @ts-expect-error a misspelt command
  const typo: Input = { ...told, type: 'wallet/pays', data: { amount: '1' } }
  return [pay, number, typo]
})

test('benefits are owned, funded, and named', () => {
  const one = { benefit: 'off', owner: 'crm', gives: { kind: 'amount-off', off: '5' } } as const
  const funding = { unfunded: 'a trial' } as const
  const made = defineBenefits({
    ...shared,
    id: 'b',
    benefits: [{ ...one, funding, issue: [{ on: 'order-paid' }] }],
  })
  // @ts-expect-error nobody pays for it
  defineBenefits({ ...shared, id: 'b', benefits: [one] })
  // @ts-expect-error a budget without a cost
  defineBenefits({ ...shared, id: 'b', benefits: [{ ...one, funding: { budget: 'b' } }] })
  // @ts-expect-error a misspelt event
  defineBenefits({ ...shared, id: 'b', benefits: [{ ...one, funding, issue: [{ on: 'order-payed' }] }] })
  // @ts-expect-error no such unit
  defineBenefits({ ...shared, id: 'b', benefits: [{ ...one, funding, issue: [{ each: 'hour' }] }] })
  type Input = InputOf<typeof made>
  const told = { id: 'a', subject: 'u', occurredAt: 0 }
  const issue: Input = { ...told, type: 'b/issue', data: { benefit: 'off' } }
  // @ts-expect-error a benefit that is none
  const typo: Input = { ...told, type: 'b/issue', data: { benefit: 'of' } }
  return [issue, typo]
})
