import type { Routine } from "../collect/snapshot.ts";
import { sql } from "../mend.ts";
import { quoteIdentifier as quote, quoteRelation } from "../quote.ts";
import { nameOf, type Check, type Context, type Hit } from "./check.ts";

const KIND: Readonly<Record<string, string>> = { p: "PROCEDURE", a: "AGGREGATE" };

const own = ({ snapshot }: Context): Routine[] =>
  snapshot.routines.filter(({ extension }) => extension === null);
const objectOf = (one: Routine): string => `${nameOf(one)}(${one.parameters})`;
const target = (one: Routine): string =>
  `${KIND[one.kind] ?? "FUNCTION"} ${quoteRelation(one)}(${one.parameters})`;
const isSuper = ({ snapshot }: Context, name: string): boolean =>
  snapshot.roles.some((role) => role.name === name && role.superuser);

/** A path on which nobody else can put a function: `pg_temp`, which everybody has, stands last or the path is empty. */
function isFixed(path: string | null): boolean {
  return path !== null && !path.includes("$user");
}

function loosePath(context: Context): Hit[] {
  return own(context)
    .filter(({ definer, searchPath }) => definer && !isFixed(searchPath))
    .map((one) => ({
      object: objectOf(one),
      severity: isSuper(context, one.owner) ? "high" : "medium",
      detail: `It runs as ${one.owner}.`,
      mend: sql(`ALTER ${target(one)} SET search_path = pg_catalog, ${quote(one.schema)}, pg_temp`),
    }));
}

function publicDefiners(context: Context): Hit[] {
  return own(context)
    .filter(({ definer, grants }) => definer && grants.some(({ grantee }) => grantee === null))
    .map((one) => ({
      object: objectOf(one),
      severity: isSuper(context, one.owner) ? "high" : "medium",
      detail: `It runs as ${one.owner}.`,
      mend: sql(`REVOKE EXECUTE ON ${target(one)} FROM PUBLIC`),
    }));
}

function unsafeCode(context: Context): Hit[] {
  const languages = context.snapshot.languages.map((name) => ({
    object: `language ${name}`,
    mend: sql(
      context.snapshot.extensions.some((one) => one.name === name)
        ? `DROP EXTENSION ${quote(name)}`
        : `DROP LANGUAGE ${quote(name)}`,
    ),
  }));
  const functions = own(context)
    .filter(({ language }) => language === "c")
    .map((one): Hit => ({
      object: objectOf(one),
      severity: "high",
      mend: sql(`DROP ${target(one)}`),
    }));
  return [...languages, ...functions];
}

/** Extensions that reach files, programs or other servers. */
export const STRONG_EXTENSIONS: ReadonlySet<string> = new Set([
  "adminpack",
  "dblink",
  "file_fdw",
  "http",
  "lo",
  "pageinspect",
  "pg_net",
  "plperlu",
  "plpython3u",
  "pltclu",
  "postgres_fdw",
]);

function undeclaredExtensions({ snapshot, policy }: Context): Hit[] {
  const { extensions } = policy;
  if (extensions === undefined) return [];
  return snapshot.extensions
    .filter(({ name }) => !extensions.includes(name))
    .map(({ name }) => ({
      object: name,
      severity: STRONG_EXTENSIONS.has(name) ? "medium" : "low",
      mend: sql(`DROP EXTENSION ${quote(name)}`),
    }));
}

function foreignServers({ snapshot, policy }: Context): Hit[] {
  return snapshot.foreignServers
    .filter(({ name }) => !policy.foreignServers.includes(name))
    .map(({ name, wrapper, mappings }) => ({
      object: name,
      severity: mappings.some(({ storesPassword }) => storesPassword) ? "high" : "medium",
      detail: mappings.some(({ storesPassword }) => storesPassword)
        ? `By ${wrapper}; a password for the other side is stored here in clear.`
        : `By ${wrapper}.`,
      mend: sql(`DROP SERVER ${quote(name)} CASCADE`),
    }));
}

function idleHooks({ snapshot }: Context): Hit[] {
  return snapshot.hooks.flatMap(({ kind, schema, relation, name, disabled }): Hit[] => {
    const on = quoteRelation({ schema, name: relation });
    const object = `${kind} ${name} on ${schema}.${relation}`;
    if (kind === "trigger" && disabled)
      return [{ object, mend: sql(`ALTER TABLE ${on} ENABLE TRIGGER ${quote(name)}`) }];
    return kind === "rule"
      ? [{ object, severity: "low", mend: sql(`DROP RULE ${quote(name)} ON ${on}`) }]
      : [];
  });
}

function undeclaredFunctions(context: Context): Hit[] {
  const { roles } = context.policy;
  if (roles === undefined || !context.isDeclared) return [];
  return own(context).flatMap((one) =>
    one.grants
      .filter(({ grantee }) => grantee !== null && grantee !== one.owner)
      .filter(({ grantee }) => roles[grantee ?? ""]?.functions.includes(objectOf(one)) !== true)
      .map(({ grantee }) => ({
        object: `${objectOf(one)} to ${grantee ?? "PUBLIC"}`,
        mend: sql(`REVOKE EXECUTE ON ${target(one)} FROM ${quote(grantee ?? "")}`),
      })),
  );
}

/** F: which code runs as whom. */
export const functionChecks: readonly Check[] = [
  {
    id: "F1",
    title: "A function runs as its owner on a path of the caller",
    severity: "high",
    why: "The caller puts a function of the same name where it is found first, and it runs with the owner's rights.",
    how: "`pg_proc.prosecdef` without a `search_path` in `proconfig`; high where a superuser owns it",
    mend: "`ALTER FUNCTION … SET search_path`.",
    find: loosePath,
  },
  {
    id: "F2",
    title: "Code that nothing holds back",
    severity: "medium",
    why: "Untrusted languages and C run as the account of the server: files, network, memory.",
    how: "`pg_language.lanpltrusted`; C functions outside an extension are high",
    mend: "`DROP` the language or function.",
    find: unsafeCode,
  },
  {
    id: "F3",
    title: "An extension is not declared",
    severity: "medium",
    why: "Each brings code of somebody else; some reach files, programs and other servers.",
    how: "`pg_extension` against `extensions` of the policy; low for one that stays inside the database",
    mend: "`DROP EXTENSION`, or declare it.",
    find: undeclaredExtensions,
  },
  {
    id: "F4",
    title: "The database reaches another server",
    severity: "medium",
    why: "Who takes one database takes the next; the password for it lies in the catalogue in clear.",
    how: "`pg_foreign_server`, `pg_user_mappings` (only whether a password is stored, which is high)",
    mend: "`DROP SERVER … CASCADE`, or declare it.",
    find: foreignServers,
  },
  {
    id: "F5",
    title: "A trigger is off, or a rule rewrites what is asked",
    severity: "medium",
    why: "An audit trigger that is off audits nothing; a rule does something else than the statement says.",
    how: "`pg_trigger.tgenabled`, `pg_rewrite` on tables; low for a rule",
    mend: "`ENABLE TRIGGER`; `DROP RULE`.",
    find: idleHooks,
  },
  {
    id: "F6",
    title: "Anybody may run a function as its owner",
    severity: "medium",
    why: "PostgreSQL gives EXECUTE to everybody by itself; here it comes with the owner's rights.",
    how: "`pg_proc.prosecdef` and `proacl`; high where a superuser owns it",
    mend: "`REVOKE EXECUTE … FROM PUBLIC`, and grant it by name.",
    find: publicDefiners,
  },
  {
    id: "F7",
    title: "A grant on a function is not declared",
    severity: "medium",
    why: "A function reads for whoever may run it.",
    how: "`pg_proc.proacl` against `functions` of a declared policy",
    mend: "`REVOKE EXECUTE`, or declare it.",
    find: undeclaredFunctions,
  },
];
