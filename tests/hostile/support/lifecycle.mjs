// The boundaries of lifecycles beside their engine: matching stages, and the ready definitions with what helps to tell them things.
const junk = ['values-for-rules', 'objects', 'numbers', 'canaries', 'strings']

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfLifecycle(library) {
  const arms = { lead: () => 1, active: () => 2 }
  const calendar = { zone: 'Asia/Shanghai', business: { hours: [{ from: '09:00', to: '18:00' }] } }
  const ready = [
    'caseLifecycle',
    'customerLifecycle',
    'maternityLifecycle',
    'membershipLifecycle',
    'referralLifecycle',
  ]
  const spans = {
    caseLifecycle: [
      'events',
      'on',
      'firstResponse',
      'resolution',
      'secondResolution',
      'closeAfter',
      'silentAfter',
    ],
    customerLifecycle: [
      'events',
      'purchased',
      'engaged',
      'loyalPurchases',
      'loyalWithin',
      'dormantAfter',
      'lapsedAfter',
    ],
    maternityLifecycle: ['events', 'ended', 'midFrom', 'lateFrom', 'unreportedFrom'],
    membershipLifecycle: ['events', 'on', 'trialFor', 'graceFor'],
    referralLifecycle: ['events', 'on', 'clickWithin', 'joinWithin', 'qualifyWithin', 'rewardWithin'],
  }
  const midnight = Date.UTC(2024, 9, 7, 16)
  const sides = { inviter: 'ann', invitee: 'bob' }
  return [
    ...ready.map((name) => ({
      name: `${name} options`,
      takes: junk,
      definition: true,
      call: (options) => library.defineLifecycle(library[name](options)).hash,
      right: () => false,
    })),
    ...ready.flatMap((name) =>
      ['calendar', ...spans[name]].map((option) => ({
        name: `${name} ${option}`,
        takes: ['objects', 'values-for-rules'],
        definition: true,
        call: (value) => library.defineLifecycle(library[name]({ calendar, [option]: value })).hash,
        // Left out, or of a form that the definition takes: then it is an engine.
        right: (value, hash) => value === undefined || typeof hash === 'string',
      })),
    ),
    {
      name: 'pregnancyDates due',
      takes: junk,
      definition: true,
      call: (due) => library.pregnancyDates(due, calendar),
      right: (due, { pregnantSince }) => Number.isInteger(due) && pregnantSince <= due,
    },
    {
      name: 'pregnancyDates calendar',
      takes: junk,
      definition: true,
      call: (given) => library.pregnancyDates(midnight, given),
      right: () => false,
    },
    {
      name: 'membershipTerm paidUntil',
      takes: junk,
      definition: true,
      call: (paidUntil) => library.membershipTerm(paidUntil, { calendar }),
      right: (paidUntil, { renewalDue }) => Number.isInteger(paidUntil) && renewalDue <= paidUntil,
    },
    {
      name: 'membershipTerm options',
      takes: junk,
      definition: true,
      call: (options) => library.membershipTerm(midnight, options),
      right: () => false,
    },
    {
      name: 'membershipTerm notice',
      takes: junk,
      definition: true,
      call: (notice) => library.membershipTerm(midnight, { calendar, notice }),
      right: (notice) => notice === undefined || (Number.isInteger(notice) && notice >= 0 && notice <= 3660),
    },
    {
      name: 'referralGuard sides',
      takes: junk,
      definition: true,
      call: (given) => library.referralGuard(given),
      right: () => false,
    },
    ...['inviter', 'invitee', 'alsoInviter', 'known'].map((side) => ({
      name: `referralGuard ${side}`,
      takes: junk,
      definition: true,
      call: (value) => library.referralGuard({ ...sides, [side]: value }),
      right: (value, found) =>
        (side === 'known' ? value === undefined || typeof value === 'boolean' : true) &&
        (side === 'alsoInviter' ? value === undefined || Array.isArray(value) : true) &&
        (side === 'inviter' || side === 'invitee' ? typeof value === 'string' && value !== '' : true) &&
        ['passed', 'self-referral', 'known-customer'].includes(found),
    })),
    {
      name: 'matchStage stage',
      takes: junk,
      definition: true,
      call: (stage) => library.matchStage(stage, arms),
      right: () => false,
    },
    {
      name: 'matchStage arms',
      takes: junk,
      definition: true,
      call: (given) => library.matchStage('lead', given),
      right: () => false,
    },
    {
      name: 'matchStage arm',
      takes: junk,
      definition: true,
      call: (arm) => library.matchStage('lead', { lead: arm, active: arm }),
      right: () => false,
    },
  ]
}
