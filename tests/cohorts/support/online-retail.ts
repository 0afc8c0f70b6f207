import { existsSync, readFileSync } from 'node:fs'
import { type AnyEvent, instant } from 'liuliang/kernel'

const data = new URL('../../../../shared/data/cohorts_online_retail_customer_days.csv', import.meta.url)

/** The data lie beside the project, and not everywhere. */
export const absent = !existsSync(data)

/** A purchase for every customer and day of UCI Online Retail, 2010-12-01 to 2011-12-09, at midnight UTC. */
export function purchases(): readonly AnyEvent[] {
  const [, ...lines] = readFileSync(data, 'utf8').trim().split('\n')
  return lines.map((line, i): AnyEvent => {
    const [subject, date] = line.trim().split(',')
    return {
      id: String(i),
      type: 'bought',
      subject: subject!,
      occurredAt: instant(`${date}T00:00:00Z`),
      data: {},
    }
  })
}

/** Numbers that others found in it. */
export const numbersOf = <T>(name: string): T =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/online-retail-cohorts/${name}.json`, import.meta.url), 'utf8'),
  ) as T
