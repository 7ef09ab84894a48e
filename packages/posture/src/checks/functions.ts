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

/** The schemas of a path, as `proconfig` writes them. */
const stepsOf = (path: string): string[] =>
  path
    .split(",")
    .map((step) =>
      step
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .replaceAll('""', '"'),
    )
    .filter((step) => step !== "");

/** Who besides a function's owner may put something into a schema of its path. */
function mayCreate(context: Context, schema: string, owner: string): string[] {
  const found = context.snapshot.schemas.find(({ name }) => name === schema);
  const makers = (found?.grants ?? [])
    .filter(({ privilege, grantee }) => privilege === "CREATE" && grantee !== owner)
    .filter(({ grantee }) => grantee === null || !isSuper(context, grantee))
    .map(({ grantee }) => grantee ?? "PUBLIC")
    .filter((name) => name !== found?.owner);
  return [...new Set(makers)];
}

/** Why a path lets somebody else put a function or table before the function's own; null: it does not. */
function looseness(context: Context, { searchPath, owner }: Routine): string | null {
  if (searchPath === null) return "Its path is that of the caller.";
  const steps = stepsOf(searchPath);
  if (steps.includes("$user")) return "Its path has the caller's own schema in it.";
  const open = steps.flatMap((step) => mayCreate(context, step, owner));
  if (open.length > 0) return `On its path ${[...new Set(open)].join(", ")} may put things.`;
  const isTempLast = steps.length === 0 || steps.at(-1) === "pg_temp";
  return isTempLast ? null : "Tables of pg_temp, which everybody has, are found first on its path.";
}

function loosePath(context: Context): Hit[] {
  return own(context)
    .filter(({ definer }) => definer)
    .map((one) => ({ one, why: looseness(context, one) }))
    .filter(({ why }) => why !== null)
    .map(({ one, why }) => ({
      object: objectOf(one),
      severity: isSuper(context, one.owner) ? "high" : "medium",
      detail: `${why ?? ""} It runs as ${one.owner}.`,
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

/** An event trigger runs as whoever changes a table or a role, the superuser among them. */
function eventTriggers(context: Context): Hit[] {
  return context.snapshot.eventTriggers.flatMap(
    ({ name, event, disabled, extension, codeOwner }): Hit[] => {
      const object = `event trigger ${name}`;
      if (disabled)
        return [
          {
            object,
            severity: "medium",
            detail: "It is off.",
            mend: sql(`ALTER EVENT TRIGGER ${quote(name)} ENABLE`),
          },
        ];
      if (extension !== null) return [];
      const isOpen = !isSuper(context, codeOwner);
      return [
        {
          object,
          severity: isOpen ? "high" : "low",
          detail: `At ${event} it runs a function of ${codeOwner}.`,
          mend: sql(`DROP EVENT TRIGGER ${quote(name)}`),
        },
      ];
    },
  );
}

function foreignCode(context: Context): Hit[] {
  return context.snapshot.hooks.flatMap(
    ({ kind, schema, relation, name, codeOwner, code }): Hit[] => {
      const owner = context.snapshot.relations.find(
        (one) => one.schema === schema && one.name === relation,
      )?.owner;
      if (kind !== "trigger" || codeOwner === null || code === null || owner === undefined)
        return [];
      if (codeOwner === owner || isSuper(context, codeOwner)) return [];
      return [
        {
          object: `trigger ${name} on ${schema}.${relation}`,
          detail: `Its code is ${codeOwner}'s, the table ${owner}'s.`,
          mend: sql(`ALTER FUNCTION ${code} OWNER TO ${quote(owner)}`),
        },
      ];
    },
  );
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
    how: "`pg_proc.prosecdef` with a `search_path` in `proconfig` that is missing, has `$user` or a schema in which others may create, or does not end with `pg_temp`; high where a superuser owns it",
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
    needs: ["mappings"],
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
  {
    id: "F8",
    title: "An event trigger runs as whoever changes the database",
    severity: "medium",
    why: "It runs at every CREATE, ALTER and GRANT with the rights of who does it, the superuser's too; one that is off no longer writes down what it was made for.",
    how: "`pg_event_trigger` outside extensions, and every one that is off; high where a role without superuser owns the function, low where a superuser does",
    mend: "`DROP EVENT TRIGGER`, or `ENABLE` it.",
    find: eventTriggers,
  },
  {
    id: "F9",
    title: "A trigger runs code that another role may change",
    severity: "medium",
    why: "Whoever owns the function changes it, and it runs with the rights of everybody who writes to the table.",
    how: "`pg_trigger.tgfoid` and the owner of the function, where it is neither that of the table nor a superuser",
    mend: "`ALTER FUNCTION … OWNER TO` the owner of the table.",
    find: foreignCode,
  },
];
