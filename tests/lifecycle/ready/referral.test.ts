import { defineLifecycle, referralGuard, referralLifecycle, subjectOf } from 'liuliang'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { clockOf, timeline } from './support/timeline.js'

/** Clocks go forward there on 31 March 2024. */
const calendar = { zone: 'Europe/Berlin' }
const at = clockOf(calendar)
const referral = defineLifecycle(referralLifecycle({ calendar }))
const told = (story: Parameters<typeof timeline>[2], until: string) =>
  timeline(referral, calendar, story, until, subjectOf('ann', 'link-7'))
const joined = (when: string, invitee: string, known = false) =>
  [
    when,
    'invitee-joined',
    {
      inviter: 'ann',
      invitee,
      guard: referralGuard({ inviter: 'ann', invitee, alsoInviter: ['ann@work'], known }),
    },
  ] as const

test('shared, clicked, joined, qualified, rewarded within the time promised', () => {
  const { lines } = told(
    [
      ['2024-03-10 12:00', 'link-shared'],
      ['2024-03-20 12:00', 'link-clicked'],
      joined('2024-03-25 12:00', 'bob'),
      ['2024-04-02 12:00', 'invitee-qualified'],
      ['2024-04-10 09:00', 'reward-paid'],
    ],
    '2024-12-01',
  )
  expect(lines).toEqual([
    '2024-03-10 12:00 shared',
    '2024-03-20 12:00 clicked',
    '2024-03-25 12:00 joined',
    '2024-04-02 12:00 qualified',
    '2024-04-10 09:00 rewarded',
    '2024-04-10 09:00 reward kept',
  ])
})

describe('each step has a window, in local days over the change of clocks', () => {
  test.each<[step: string, story: Parameters<typeof timeline>[2], expired: string]>([
    ['a click', [['2024-03-10 12:00', 'link-shared']], '2024-04-09 12:00'],
    [
      'joining',
      [
        ['2024-03-01 12:00', 'link-shared'],
        ['2024-03-20 12:00', 'link-clicked'],
      ],
      '2024-04-19 12:00',
    ],
    [
      'qualifying',
      [['2024-03-01 12:00', 'link-shared'], joined('2024-03-05 08:00', 'bob')],
      '2024-04-04 08:00',
    ],
  ])('%s', (_, story, expired) => {
    const { lines, state } = told(story, '2024-12-01')
    expect(lines.at(-1)).toBe(`${expired} expired`)
    expect(referral.view(state, at(expired) - 1).next).toEqual({ to: 'expired', at: at(expired) })
  })

  test('a reward that is owed does not expire: the promise breaks, and it is still paid', () => {
    const story = [
      ['2024-03-01', 'link-shared'],
      joined('2024-03-05', 'bob'),
      ['2024-03-20 10:00', 'invitee-qualified'],
    ] as const
    expect(told([...story, ['2024-05-01', 'reward-paid']], '2024-12-01').lines.slice(2)).toEqual([
      '2024-03-20 10:00 qualified',
      '2024-04-03 10:00 reward broken',
      '2024-05-01 00:00 rewarded',
    ])
  })
})

describe('the guard', () => {
  test.each([
    ['oneself', 'ann', false, 'self-referral'],
    ['oneself under another name', 'ann@work', false, 'self-referral'],
    ['a customer that is known', 'bob', true, 'known-customer'],
  ] as const)('rejects %s', (_, invitee, known, found) => {
    expect(referralGuard({ inviter: 'ann', invitee, alsoInviter: ['ann@work'], known })).toBe(found)
    expect(
      told([['2024-03-10', 'link-shared'], joined('2024-03-11', invitee, known)], '2024-12-01').lines,
    ).toEqual(['2024-03-10 00:00 shared', '2024-03-11 00:00 rejected'])
  })

  test('names that are none are refused', () => {
    for (const sides of [
      { inviter: '', invitee: 'a' },
      { inviter: 'a' },
      null,
      { inviter: 'a', invitee: 'b', alsoInviter: 'c' },
    ])
      expect(() => referralGuard(sides as never)).toThrow(expect.objectContaining({ code: 'wrong-type' }))
  })
})

test('what is taken back before the reward is rejected, and the promise with it; afterwards it is final', () => {
  const story = [
    ['2024-03-01', 'link-shared'],
    joined('2024-03-05', 'bob'),
    ['2024-03-20', 'invitee-qualified'],
  ] as const
  expect(told([...story, ['2024-03-25', 'referral-rejected']], '2024-12-01').lines.slice(2)).toEqual([
    '2024-03-20 00:00 qualified',
    '2024-03-25 00:00 rejected',
  ])
  const paid = told(
    [...story, ['2024-03-21', 'reward-paid'], ['2024-03-25', 'referral-rejected']],
    '2024-12-01',
  )
  expect(paid.lines.at(-2)).toBe('2024-03-21 00:00 rewarded')
  expectTypeOf(referral.view(paid.state, at('2024-12-01')).promises).toHaveProperty('reward')
})
