// Stored value and benefits: definitions, commands, logs, carts, each with one part replaced.

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const anything = [...values, 'dates', 'timezones', 'paths', 'json-texts']
const never = () => false
const noon = Date.UTC(2024, 2, 5, 12)
const day = 86_400_000

/** The two engines that the hostile values are let loose on. */
export function benefitsOf(library) {
  const { defineBenefits, defineEvents, defineStoredValue, text } = library
  const shop = defineEvents({
    'order-paid': { orderId: text() },
    'payment-disputed': { payment: text() },
    'dispute-closed': { payment: text() },
  })
  const shared = { version: 1, calendar: { zone: 'America/New_York' }, events: shop, currency: 'CNY' }
  const wallet = defineStoredValue({
    ...shared,
    id: 'wallet',
    bonus: [
      { rule: 'each', from: '300', bonus: '30', repeats: true, expires: { days: 90 } },
      { rule: 'first', from: '50', percent: '12.5', when: shop.count('order-paid').is(0) },
    ],
    expires: { months: 6, end: true },
    principalExpires: { years: 3 },
    spend: 'proportional',
    withdrawal: 'any-time',
    bonusOnWithdrawal: 'pro-rata',
    spentBonus: 'deducted',
    transfer: 'principal',
    dispute: {
      opened: { on: 'payment-disputed', payment: 'payment' },
      closed: { on: 'dispute-closed', payment: 'payment' },
    },
    limit: '5000',
    holdFor: { days: 3 },
    refundGrace: { days: 5 },
    keep: { days: 400 },
    idempotencyWindow: { hours: 720 },
  })
  const benefits = defineBenefits({
    ...shared,
    id: 'benefits',
    benefits: [
      {
        benefit: 'off',
        owner: 'crm',
        funding: { budget: 'budget', costPerIssue: '30' },
        gives: { kind: 'amount-off', off: '30', from: '100', groups: ['tea'] },
        issue: [{ each: 'month', when: shop.timeSince('order-paid').gte({ days: 60 }) }],
        claim: { days: 9 },
        valid: { days: 30 },
        limit: { ever: 5, times: 4, per: 'month' },
        group: 'reductions',
        perOrder: 1,
        transferable: true,
      },
      {
        benefit: 'rate',
        owner: 'crm',
        funding: { unfunded: 'a trial' },
        gives: { kind: 'percent-off', percent: '12.5', upTo: '40' },
        uses: 2,
        issue: [{ on: 'order-paid', where: { orderId: 'o' }, when: shop.count('order-paid').gte(9) }],
        valid: { until: Date.UTC(2030, 0, 1) },
        return: 'always',
        returnGrace: { days: 3 },
        transferable: true,
      },
      {
        benefit: 'post',
        owner: 'post',
        funding: { unfunded: 'a trial' },
        gives: { kind: 'free-shipping', upTo: '9' },
      },
      {
        benefit: 'cup',
        owner: 'crm',
        funding: { unfunded: 'a trial' },
        gives: { kind: 'gift', gift: 'cup', costPerUse: '4' },
      },
      {
        benefit: 'lounge',
        owner: 'crm',
        funding: { unfunded: 'a trial' },
        gives: { kind: 'right', right: 'lounge', costPerUse: '4' },
      },
    ],
    excludes: [['reductions', 'rate']],
    perOrder: 3,
    base: 'remaining',
    keep: { days: 400 },
    idempotencyWindow: { hours: 720 },
  })
  return { shop, wallet, benefits }
}

const cart = { lines: [{ amount: '120.00', group: 'tea' }, { amount: '0' }], shipping: '12' }

/** What each command carries. */
const told = {
  'wallet/top-up': { amount: '300', payment: 'p' },
  'wallet/pay': { amount: '1' },
  'wallet/reserve': { amount: '1', until: noon + 30 * day },
  'wallet/capture': { reservation: 'held', amount: '1', keep: true },
  'wallet/release': { reservation: 'held' },
  'wallet/refund': { purchase: 'paid', amount: '1' },
  'wallet/withdraw': { amount: '1' },
  'wallet/reverse': { payment: 'q' },
  'wallet/send': { amount: '1', to: 'bob' },
  'wallet/receive': { amount: '1', transfer: 't', from: 'bob' },
  'wallet/freeze': { reason: 'r' },
  'wallet/unfreeze': { reason: 'r' },
  'benefits/issue': { benefit: 'off', reservation: 'r' },
  'benefits/grant': { issue: 'asked' },
  'benefits/deny': { issue: 'asked', reason: 'r' },
  'benefits/claim': { issue: 'claim' },
  'benefits/use': { order: 'o', cart, issues: ['rate'] },
  'benefits/redeem': { issue: 'lounge' },
  'benefits/return': { order: 'first', refunded: 'whole' },
  'benefits/revoke': { issue: 'rate', reason: 'r' },
  'benefits/send': { issue: 'rate', to: 'bob' },
  'benefits/receive': {
    issue: 'i',
    benefit: 'rate',
    from: 'bob',
    uses: 1,
    reserves: '0',
    ends: noon + 99 * day,
  },
}

/** A history of an engine, told by commands in front of those above. */
function lived(engine) {
  const says = (id, type, data) => ({
    id,
    type: `${engine.id}/${type}`,
    subject: 'u1',
    occurredAt: noon,
    data,
  })
  const inputs =
    engine.id === 'wallet'
      ? [
          says('q', 'top-up', { amount: '300', payment: 'q' }),
          says('paid', 'pay', { amount: '40' }),
          says('held', 'reserve', { amount: '40' }),
        ]
      : [
          says('asked', 'issue', { benefit: 'off' }),
          says('claim', 'issue', { benefit: 'off', reservation: 'r' }),
          ...['rate', 'post', 'cup', 'lounge'].map((benefit) => says(benefit, 'issue', { benefit })),
          says('first', 'use', { order: 'first', cart, issues: ['post', 'rate'] }),
        ]
  let state = engine.start('u1')
  const log = []
  for (const input of inputs) {
    const outcome = engine.decide(state, input)
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
    state = outcome.state
    log.push(...outcome.events)
  }
  return { state, log }
}

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfBenefits(library, everyPart) {
  const { shop, wallet, benefits } = benefitsOf(library)
  const { canonical, defineBenefits, defineBudgetUse, defineStoredValue, quoteBenefits } = library
  const { denialPlan, fundingPlan, settlementPlan } = library
  const use = defineBudgetUse({ id: 'use', version: 1, benefits })
  const agrees = (found) =>
    found.every(([given, engine]) => canonical(engine.definition) === canonical(given)) ||
    'kept another definition'
  const definitions = [
    ['storedValueFrom', library.storedValueFrom, wallet.definition],
    ['benefitsFrom', library.benefitsFrom, benefits.definition],
  ].flatMap(([name, from, definition]) => [
    { name, takes: anything, definition: true, call: from, right: never },
    ...[values, ['dates', 'timezones', 'paths']].map((takes) => ({
      name: `${name}, every part replaced by ${takes[0]} and others`,
      takes,
      definition: true,
      floats: true,
      limit: 10_000,
      call: (value) => everyPart(definition, value, from, library.isTyped),
      right: (_, found) => agrees(found),
    })),
  ])
  const typed = [
    ['defineStoredValue', defineStoredValue, { ...wallet.definition, model: undefined, events: shop }],
    ['defineBenefits', defineBenefits, { ...benefits.definition, model: undefined, events: shop }],
    ['defineBudgetUse', defineBudgetUse, { id: 'use', version: 1, benefits }],
  ].flatMap(([name, define, definition]) => [
    { name, takes: anything, definition: true, call: define, right: never },
    {
      name: `${name}, every part replaced`,
      takes: ['values-for-rules', 'objects', 'canaries', 'numbers'],
      definition: true,
      floats: true,
      limit: 10_000,
      call: (value) =>
        Object.keys(definition).flatMap((key) =>
          everyPart(
            { [key]: definition[key] },
            value,
            (part) => define({ ...definition, ...part }),
            library.isTyped,
            undefined,
            name === 'defineBudgetUse' ? 0 : 6,
          ),
        ).length,
      right: (_, count) => count >= 0,
    },
  ])

  const commands = [wallet, benefits].flatMap((engine) => {
    const whole = lived(engine).state
    const release = {
      id: 'l',
      type: 'wallet/release',
      subject: 'u1',
      occurredAt: noon,
      data: { reservation: 'held' },
    }
    const free = engine === wallet ? engine.decide(whole, release).state : whole
    return Object.entries(told)
      .filter(([type]) => type.startsWith(engine.id))
      .flatMap(([type, data]) => {
        const input = (more) => ({
          id: 'x',
          type,
          subject: 'u1',
          occurredAt: noon + day,
          data: { ...data, ...more },
        })
        const state = ['wallet/withdraw', 'wallet/reverse'].includes(type) ? free : whole
        const plain = engine.decide(state, input({}))
        if (plain.outcome !== 'accepted' && type !== 'wallet/unfreeze')
          throw new Error(`${type}: ${JSON.stringify(plain)}`)
        return Object.keys(data).map((field) => ({
          name: `${type} ${field}`,
          takes: anything,
          data: true,
          call: (value) => engine.decide(state, input({ [field]: value })),
          refusal: ({ refusal }) => refusal,
          right: (value, { outcome, state: after }) =>
            outcome === 'accepted' &&
            (value === undefined || canonical(input({ [field]: value })).length > 0) &&
            notBelow(engine.view(after, after.at)),
        }))
      })
  })

  /** A log, with what a fact brought about that came late; of stored value a bonus that is taken back. */
  const corrected = (engine) => {
    const late = {
      id: 'k',
      type: 'order-paid',
      subject: 'u1',
      occurredAt: noon - day,
      data: { orderId: 'o' },
    }
    const tail = lived(engine).log
    return library.replay(engine, { checkpoint: engine.start('u1'), tail }, { add: [late] }).log
  }
  const again = (engine, tail) =>
    library.replay(engine, { checkpoint: engine.start('u1'), tail }).state.version
  const part = (data, path, value) =>
    path.length === 0 ? value : { ...data, [path[0]]: part(data[path[0]], path.slice(1), value) }
  const corrections = corrected(wallet).flatMap((event, place, log) =>
    event.type !== 'wallet/bonus-corrected'
      ? []
      : [
          ...Object.keys(event.data).map((key) => [key]),
          ...Object.keys(event.data.standing).map((key) => ['standing', key]),
          ...Object.keys(event.data.standing.told).map((key) => ['standing', 'told', key]),
        ].map((path) => ({
          name: `replay ${event.type} data.${path.join('.')}`,
          takes: ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries'],
          call: (value) =>
            again(
              wallet,
              log.map((one, i) => (i === place ? { ...one, data: part(one.data, path, value) } : one)),
            ),
          right: (_, version) => Number.isSafeInteger(version),
        })),
  )
  if (corrections.length === 0) throw new Error('no bonus was corrected')

  const logs = [wallet, benefits].flatMap((engine) => {
    const log = corrected(engine)
    return log.flatMap((event, place) =>
      Object.keys(event.data).map((key) => ({
        name: `restore ${engine.id}, ${event.type} data.${key}, event ${place}`,
        takes: ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries'],
        call: (value) =>
          library.restore(
            engine,
            'u1',
            log.map((one, i) => (i === place ? { ...one, data: { ...one.data, [key]: value } } : one)),
          ).version,
        right: (_, version) => Number.isSafeInteger(version),
      })),
    )
  })

  const { state, log } = lived(benefits)
  const used = log.at(-1)
  const quoted = { asOf: noon + day }
  const refusal = (answer) => answer.refusal
  const calendar = { zone: 'UTC' }
  const pot = library.defineStock({
    ...{ id: 'pot', version: 1, calendar, unit: 'CNY', partialCommit: 'keep-rest' },
  })
  const asked = { issue: 'i', benefit: 'off', budget: 'pot', reserves: '5.00' }
  const event = {
    ...{ id: 'q', type: `${benefits.id}/requested`, subject: 'ann', occurredAt: noon, data: asked },
  }
  const over = { issue: 'i', benefit: 'off', releases: '5.00' }
  const expired = { ...event, type: `${benefits.id}/expired`, data: over }
  const because = { code: 'sold-out' }
  const options = { budgets: pot, occurredAt: noon, because, stateOf: (budget) => pot.start(budget) }
  const plans = [
    ['fundingPlan', fundingPlan, event],
    ['denialPlan', denialPlan, event],
    ['settlementPlan', settlementPlan, expired],
  ]
    .flatMap(([name, plan, given]) => [
      { name: `${name} benefits`, call: (value) => plan(value, given, options) },
      { name: `${name} event`, call: (value) => plan(benefits, value, options) },
      { name: `${name} data`, call: (data) => plan(benefits, { ...given, data }, options) },
      ...Object.keys(given.data).map((key) => ({
        name: `${name} ${key}`,
        call: (value) =>
          plan(benefits, { ...given, data: { ...given.data, [key]: value } }, options) ?? 'no plan',
        // Plans repeat what was recorded, and refuse what is none.
        right: () => true,
      })),
      { name: `${name} options`, call: (value) => plan(benefits, given, value) },
      ...Object.keys(options).map((key) => ({
        name: `${name} options.${key}`,
        call: (value) => plan(benefits, given, { ...options, [key]: value }) ?? 'no plan',
        right: () => true,
      })),
    ])
    .map((one) => ({ takes: anything, definition: true, right: never, ...one }))
  return [
    ...definitions,
    ...typed,
    ...commands,
    ...logs,
    ...corrections,
    ...plans,
    {
      name: 'quoteBenefits cart',
      takes: anything,
      data: true,
      call: (value) => quoteBenefits(benefits, state, value, quoted),
      refusal,
      right: never,
    },
    {
      name: 'quoteBenefits amount',
      takes: anything,
      data: true,
      call: (value) => quoteBenefits(benefits, state, { lines: [{ amount: value }] }, quoted),
      refusal,
      right: (_, { quote }) => !quote.payable.startsWith('-'),
    },
    {
      name: 'quoteBenefits shipping and group',
      takes: anything,
      data: true,
      call: (value) =>
        quoteBenefits(benefits, state, { lines: [{ amount: '9', group: value }], shipping: value }, quoted),
      refusal,
      right: (_, { quote }) => !quote.payable.startsWith('-'),
    },
    {
      name: 'quoteBenefits engine',
      takes: anything,
      call: (value) => quoteBenefits(value, state, cart, quoted),
      right: never,
    },
    {
      name: 'quoteBenefits state',
      takes: anything,
      call: (value) => quoteBenefits(benefits, value, cart, quoted),
      right: never,
    },
    {
      name: 'quoteBenefits options',
      takes: anything,
      call: (value) => quoteBenefits(benefits, state, cart, value),
      right: never,
    },
    {
      name: 'quoteBenefits asOf',
      takes: ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries'],
      call: (asOf) => quoteBenefits(benefits, state, cart, { asOf }).quote.tried,
      right: (value) => Number.isSafeInteger(value) && value >= noon,
    },
    {
      name: 'defineBudgetUse add data',
      takes: anything,
      call: (data) => use.result(use.add(use.empty(), { ...used, data }), undefined).rows.length,
      right: never,
    },
    ...Object.keys(used.data.benefits[0]).map((key) => ({
      name: `defineBudgetUse add ${key}`,
      takes: anything,
      call(value) {
        const benefits = [{ ...used.data.benefits[0], [key]: value }]
        return use.result(use.add(use.empty(), { ...used, data: { ...used.data, benefits } }), undefined).rows
          .length
      },
      right: (_, count) => count === 5,
    })),
    {
      name: 'defineBudgetUse partial',
      takes: anything,
      call: (partial) => use.result(partial, undefined),
      right: never,
    },
  ]
}

/** Whether no amount of a view of stored value is below zero; views of benefits have none that could be. */
const notBelow = (view) => !JSON.stringify(view.principal === undefined ? '' : view).includes('"-')
