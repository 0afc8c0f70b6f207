// DuckDB on one thread, the events in a table in memory, by the plan of every textbook: each person's first month, joined to
// the events, and distinct people counted. Months are those of UTC, which cost DuckDB nothing to look up.
import { DOUBLE, DuckDBDataChunk, DuckDBInstance, INTEGER } from '@duckdb/node-api'
import { rated } from './by-hand.mjs'
import { months } from './events.mjs'

const textbook = `
  WITH active AS (SELECT subject, date_trunc('month', moment) AS month FROM events),
  cohorts AS (SELECT subject, min(month) AS cohort FROM active GROUP BY subject)
  SELECT date_diff('month', DATE '2023-01-01', cohort) AS cohort, date_diff('month', cohort, month) AS "offset",
    count(DISTINCT active.subject) AS people
  FROM active JOIN cohorts USING (subject)
  GROUP BY ALL`

/** A connection to a database that holds the events. */
export async function prepareDuckdb({ subject, occurredAt }) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run('CREATE TABLE raw (subject INTEGER, moment DOUBLE)')
  const appender = await connection.createAppender('raw')
  const size = 2048
  for (let begin = 0; begin < subject.length; begin += size) {
    const end = Math.min(begin + size, subject.length)
    const chunk = DuckDBDataChunk.create([INTEGER, DOUBLE])
    chunk.setColumns([Array.from(subject.subarray(begin, end)), Array.from(occurredAt.subarray(begin, end))])
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
  await connection.run(
    'CREATE TABLE events AS SELECT subject, make_timestamp(CAST(moment AS BIGINT) * 1000) AS moment FROM raw',
  )
  await connection.run('DROP TABLE raw')
  return connection
}

export async function duckdbTable(connection, width) {
  const reader = await connection.runAndReadAll(textbook)
  const sizes = new Float64Array(months)
  const retained = new Float64Array(months * width)
  for (const [cohort, offset, people] of reader.getRows()) {
    if (Number(offset) === 0) sizes[Number(cohort)] = Number(people)
    if (Number(offset) < width) retained[Number(cohort) * width + Number(offset)] = Number(people)
  }
  return rated({ sizes, retained, width })
}
