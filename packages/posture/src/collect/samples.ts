import { quoteIdentifier, quoteLiteral, quoteRelation } from "../quote.ts";
import type { Looking } from "./looking.ts";
import type { ColumnSample, Relation } from "./snapshot.ts";

/** A column of which some rows are counted. */
export interface Sampled {
  readonly schema: string;
  readonly relation: string;
  readonly column: string;
  readonly type: string;
  /** First bytes of a ciphertext, hexadecimal; null: not known. */
  readonly prefix: string | null;
}

/** The last bytes of a value: what stands before a ciphertext may be readable by right. */
const WINDOW = 64;

/** What a count is made of: quoted names, or the places of `format()` where a function fills them in. */
interface CountedPlace {
  readonly column: string;
  readonly table: string;
  readonly isBytes: boolean;
  /** `limit N` of each half of the sample and its share in percent; null: all rows. */
  readonly sample: { readonly limit: string; readonly percent: string } | null;
  /** Whether a value begins as it must. */
  readonly marked: string;
}

/** All of it is counted by the server: a value never leaves it. */
export function countingText({ column, table, isBytes, sample, marked }: CountedPlace): string {
  const value = isBytes ? column : `convert_to(${column}::text, 'UTF8')`;
  const source =
    sample === null
      ? `select ${value} as v from ${table} where ${column} is not null`
      : `(select ${value} as v from ${table} where ${column} is not null limit ${sample.limit})
        union all (select ${value} as v from ${table} tablesample system (${sample.percent}) where ${column} is not null limit ${sample.limit})`;
  return `
    with sample as materialized (${source}),
    looked as (
      select v, substring(v from greatest(1, octet_length(v) - ${WINDOW - 1})) as tail from sample),
    judged as (
      select ${marked} as marked, octet_length(tail) as size, encode(tail, 'escape') as shown, b.*
      from looked, lateral (
        select count(distinct byte) as bytes, count(*) filter (where byte between 32 and 126 or byte in (9, 10, 13)) as printed
        from (select get_byte(tail, i) as byte from generate_series(0, octet_length(tail) - 1) i) each) b)
    select count(*)::int as sampled, count(*) filter (where not marked)::int as unmarked,
      count(*) filter (where ${isBytes ? BYTES_ARE_PLAIN : TEXT_IS_PLAIN})::int as plain
    from judged`;
}

function countingQuery(sampled: Sampled, rows: { limit: number; estimate: number }): string {
  const isBytes = sampled.type === "bytea";
  const percent = Math.min(100, Math.max(0.01, (rows.limit / Math.max(1, rows.estimate)) * 200));
  const marked =
    sampled.prefix === null
      ? "true"
      : isBytes
        ? `substring(v from 1 for ${sampled.prefix.length / 2}) = decode('${sampled.prefix}', 'hex')`
        : `starts_with(convert_from(v, 'UTF8'), convert_from(decode('${sampled.prefix}', 'hex'), 'UTF8'))`;
  return countingText({
    column: quoteIdentifier(sampled.column),
    table: quoteRelation({ schema: sampled.schema, name: sampled.relation }),
    isBytes,
    sample:
      rows.limit === 0
        ? null
        : { limit: String(Math.ceil(rows.limit / 2)), percent: String(percent) },
    marked,
  });
}

/** The same by the function of docs/posture.md, for a role that reads no table. */
function lentQuery({ schema, relation, column }: Sampled, limit: number): string {
  const names = [schema, relation, column].map(quoteLiteral).join(", ");
  return `select sampled, 0 as unmarked, plain from posture.count_values(${names}, ${limit})`;
}

/** No ciphertext is shorter than its tag of 16 bytes. Of random bytes 38 of 100 print, and of 64 of them 56 differ; of text about all print, and about 20 of 64 differ. */
const BYTES_ARE_PLAIN = `(size between 1 and 15 and printed = size) or (size >= 16
  and (printed >= case when size < 32 then size else size * 0.85 end or bytes < size * 0.4))`;
/** A ciphertext in a text column is one word of hexadecimal or base64. */
const TEXT_IS_PLAIN = `size > 0 and not (bytes >= 6 and (shown ~ '^[0-9a-fA-F]{24,}$'
  or (shown ~ '^[A-Za-z0-9+/_-]{22,}={0,2}$' and shown ~ '[A-Z]' and shown ~ '[a-z]')))`;

async function isCountingLent(looking: Looking): Promise<boolean> {
  const [found] = await looking.rows<{ lent: boolean }>(`
    select coalesce(has_schema_privilege(to_regnamespace('posture'), 'usage')
      and has_function_privilege(to_regprocedure('posture.count_values(text,text,text,integer)'), 'execute'), false) as lent`);
  return found?.lent === true;
}

/** Counts what does not look like ciphertext. */
export async function collectSamples(
  looking: Looking,
  columns: readonly Sampled[],
  options: { relations: readonly Relation[]; limit: number },
): Promise<ColumnSample[]> {
  const samples: ColumnSample[] = [];
  const isLent = await isCountingLent(looking);
  for (const one of columns) {
    const relation = options.relations.find(
      ({ schema, name }) => schema === one.schema && name === one.relation,
    );
    if (relation === undefined || !["r", "p", "m"].includes(relation.kind)) continue;
    const table = quoteRelation(relation);
    const [counted] = await looking.try<Omit<ColumnSample, "schema" | "relation" | "column">>(
      "samples",
      `GRANT SELECT (${quoteIdentifier(one.column)}) ON ${table} TO ROLE`,
      // A count by a prefix of one's choice would read values bit by bit, so no function lends it.
      isLent && one.prefix === null
        ? lentQuery(one, options.limit)
        : countingQuery(one, { limit: options.limit, estimate: relation.rows }),
      `${one.schema}.${one.relation}.${one.column}`,
    );
    if (counted === undefined) continue;
    const { schema, relation: name, column } = one;
    samples.push({ schema, relation: name, column, ...counted });
  }
  return samples;
}
