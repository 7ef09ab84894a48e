import postgres from "postgres";
import { SERVICES, type ServiceName } from "@sinetti/core";
import { databaseUrlToOptions } from "../packages/cli/src/start/databaseUrl.ts";
import type { TestSystem } from "./testSystem.ts";

type Digest = Record<string, string>;

/** What a service holds of a practice, one text for each table: it changes when any of its rows does. */
export class PracticeDigest {
  readonly #practice: string;
  readonly #sqls: Record<ServiceName, postgres.Sql>;

  constructor({ databases }: TestSystem, practice: string) {
    this.#practice = practice;
    const open = (service: ServiceName): postgres.Sql =>
      postgres({ ...databaseUrlToOptions(databases[service].superUrl), max: 1 });
    this.#sqls = { who: open("who"), what: open("what"), gate: open("gate") };
  }

  async of(service: ServiceName): Promise<Digest> {
    const sql = this.#sqls[service];
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'practice' order by 1`;
    const digest: Digest = {};
    for (const { name } of tables) {
      const [row] = await sql<{ count: number; rows: string | null }[]>`
        select count(*)::int as count, md5(string_agg(t::text, '|' order by t::text)) as rows
        from ${sql(name)} t where practice = decode(${this.#practice}, 'hex')`;
      digest[`${service} ${name}`] = `${row?.count} ${row?.rows}`;
    }
    return digest;
  }

  async all(): Promise<Digest> {
    const digests: Digest[] = [];
    for (const service of SERVICES) digests.push(await this.of(service));
    return Object.assign({}, ...digests) as Digest;
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#sqls).map((sql) => sql.end()));
  }
}
