import type { FactKinds } from '../fact.js'
import { ageKind, anniversaryKind } from './dates.js'
import { distinctKind } from './distinct.js'
import { timeBetweenKind, timeSinceKind } from './elapsed.js'
import { firstKind, lastKind } from './ends.js'
import { maxKind, minKind } from './extreme.js'
import { attributeKind, saysKind } from './profile.js'
import { ratioKind } from './ratio.js'
import { sequenceKind } from './sequence.js'
import { sessionsKind, sessionTimeKind } from './sessions.js'
import { streakKind } from './streak.js'
import { countKind, sumKind } from './tally.js'

/** Every kind of fact, by name. */
export const factKinds = {
  count: countKind,
  sum: sumKind,
  min: minKind,
  max: maxKind,
  distinct: distinctKind,
  first: firstKind,
  last: lastKind,
  'time-since': timeSinceKind,
  sessions: sessionsKind,
  'session-time': sessionTimeKind,
  'time-between': timeBetweenKind,
  streak: streakKind,
  sequence: sequenceKind,
  ratio: ratioKind,
  attribute: attributeKind,
  anniversary: anniversaryKind,
  age: ageKind,
  says: saysKind,
} satisfies Required<FactKinds>
