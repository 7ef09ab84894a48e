import type postgres from "postgres";

import { unlessLost } from "../transaction.ts";
import type { Part, Unseen } from "./snapshot.ts";

const NOT_ALLOWED = "42501";
/** A view or function that this server does not have. */
const MISSING = new Set(["42P01", "42883"]);
const TOO_LONG = "57014";

/** The one read-only transaction in which everything is read, and what could not be. */
export class Looking {
  readonly tx: postgres.TransactionSql;
  readonly #unseen: Unseen[] = [];

  constructor(tx: postgres.TransactionSql) {
    this.tx = tx;
  }

  get unseen(): readonly Unseen[] {
    return this.#unseen;
  }

  /** Rows as objects of JSON, so that neither a type nor an array depends on the server. */
  async rows<T>(query: string, parameters: readonly string[] = []): Promise<T[]> {
    const found = await this.tx.unsafe<{ row: T }[]>(
      `select to_jsonb(found) as row from (${query}) found`,
      [...parameters],
    );
    return found.map(({ row }) => row);
  }

  /** As `rows`, of what only some roles may read; nothing, and a line in `unseen`, where this one may not. */
  async try<T>(part: Part, allow: string, query: string, object: string = part): Promise<T[]> {
    try {
      let found: { row: T }[] = [];
      await this.tx.savepoint(async (inner) => {
        found = await unlessLost(
          inner.unsafe<{ row: T }[]>(`select to_jsonb(found) as row from (${query}) found`),
        );
      });
      return found.map(({ row }) => row);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (code !== NOT_ALLOWED && code !== TOO_LONG && !MISSING.has(code)) throw error;
      const isLate = code === TOO_LONG;
      this.miss({ part, object, allow: isLate ? "nothing: it took more than two minutes" : allow });
      return [];
    }
  }

  miss(unseen: Unseen): void {
    this.#unseen.push(unseen);
  }
}

/** Grants of an access list; `kind` and `owner` give what holds where none is written. */
export function grantsOf(list: string, kind: string, owner: string): string {
  return `coalesce((select jsonb_agg(jsonb_build_object(
      'grantee', case when x.grantee = 0 then null else pg_get_userbyid(x.grantee) end,
      'grantor', pg_get_userbyid(x.grantor), 'privilege', x.privilege_type, 'grantable', x.is_grantable)
      order by x.grantee, x.privilege_type)
    from aclexplode(coalesce(${list}, acldefault('${kind}', ${owner}))) x), '[]'::jsonb)`;
}

/** What has a smaller one was made by initdb (access/transam.h). */
export const FIRST_OWN_OID = 16_384;

/** Schemas that people made. */
export const OWN_SCHEMA = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/** The extension that an object came with; null: none. */
export function extensionOf(catalogue: string, oid: string): string {
  return `(select e.extname from pg_depend d join pg_extension e on e.oid = d.refobjid
    where d.classid = '${catalogue}'::regclass and d.objid = ${oid} and d.deptype = 'e'
      and d.refclassid = 'pg_extension'::regclass limit 1)`;
}
