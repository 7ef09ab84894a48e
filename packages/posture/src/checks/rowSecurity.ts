import type { Policy, Relation } from "../collect/snapshot.ts";
import { sql } from "../mend.ts";
import { quoteIdentifier as quote, quoteRelation, quoteRole } from "../quote.ts";
import { nameOf, type Check, type Context, type Hit } from "./check.ts";
import { ownRelations } from "./grants.ts";

const isTable = ({ kind }: Relation): boolean => kind === "r" || kind === "p";
const tables = (context: Context): Relation[] => ownRelations(context).filter(isTable);
const policiesOf = ({ snapshot }: Context, table: Relation): Policy[] =>
  snapshot.policies.filter(
    ({ schema, relation }) => schema === table.schema && relation === table.name,
  );

/** Roles besides the owner and superusers that have any way to the relation or a column of it. */
function others(context: Context, relation: Relation): string[] {
  const supers = new Set(
    context.snapshot.roles.filter(({ superuser }) => superuser).map(({ name }) => name),
  );
  const ofColumns = context.snapshot.columns
    .filter((one) => one.schema === relation.schema && one.relation === relation.name)
    .flatMap(({ grants }) => grants);
  const names = [...relation.grants, ...ofColumns]
    .filter(({ grantee }) => grantee !== relation.owner && !supers.has(grantee ?? ""))
    .map(({ grantee }) => grantee ?? "PUBLIC");
  return [...new Set(names)];
}

function unprotected(context: Context): Hit[] {
  const byName = new Map(tables(context).map((table) => [nameOf(table), table]));
  const isRequired = (table: Relation): boolean =>
    context.policy.rowSecurity === "required" && context.policy.schemas.includes(table.schema);
  return tables(context)
    .filter((table) => !table.rowSecurity)
    .flatMap((table): Hit[] => {
      const parent = table.parents.find((name) => byName.get(name)?.rowSecurity === true);
      const readers = others(context, table);
      if (policiesOf(context, table).length > 0) return [];
      if (readers.length === 0 || (!isRequired(table) && parent === undefined)) return [];
      const about =
        parent === undefined
          ? ""
          : `Its parent ${parent} has row security, which does not bind who asks the part itself. `;
      return [
        {
          object: nameOf(table),
          detail: `${about}Open to ${readers.join(", ")}.`,
          mend: sql(`ALTER TABLE ${quoteRelation(table)} ENABLE ROW LEVEL SECURITY`),
        },
      ];
    });
}

function unforced(context: Context): Hit[] {
  return tables(context)
    .filter(({ rowSecurity, forced }) => rowSecurity && !forced)
    .map((table) => {
      const owner = context.snapshot.roles.find(({ name }) => name === table.owner);
      const isPlain = owner?.login === true && !owner.superuser && !owner.bypassRls;
      return {
        object: nameOf(table),
        severity: isPlain ? "medium" : "low",
        detail: `Its owner is ${table.owner}.`,
        mend: sql(`ALTER TABLE ${quoteRelation(table)} FORCE ROW LEVEL SECURITY`),
      };
    });
}

function idlePolicies(context: Context): Hit[] {
  return tables(context).flatMap((table): Hit[] => {
    const count = policiesOf(context, table).length;
    if (count > 0 && !table.rowSecurity)
      return [
        {
          object: nameOf(table),
          detail: `It has ${count} policies, and row security is off.`,
          mend: sql(`ALTER TABLE ${quoteRelation(table)} ENABLE ROW LEVEL SECURITY`),
        },
      ];
    const readers = table.grants.filter(({ grantee }) => grantee !== table.owner);
    if (count > 0 || !table.rowSecurity || readers.length === 0) return [];
    const names = [...new Set(readers.map(({ grantee }) => grantee))];
    return [
      {
        object: nameOf(table),
        severity: "low",
        detail:
          "Row security is on without a policy: whoever was given it sees nothing, until somebody turns it off to mend that.",
        mend: sql(
          ...names.map((name) => `REVOKE ALL ON ${quoteRelation(table)} FROM ${quoteRole(name)}`),
        ),
      },
    ];
  });
}

const bare = (expression: string | null): string =>
  (expression ?? "").toLowerCase().replace(/[\s()]/g, "");
/** One of several conditions, as PostgreSQL writes them out: the outermost brackets are the last. */
const isOrTrue = (expression: string | null): boolean =>
  /(^\(true or )|([^)] or true\)$)|(\) or true\)$)/i.test(expression ?? "");
const isAlways = (expression: string | null): boolean =>
  isOrTrue(expression) ||
  bare(expression) === "true" ||
  /^('?\w+'?)=\1$/.test(bare(expression).replaceAll("::text", ""));

const COMMANDS: Readonly<Record<string, string>> = {
  r: "SELECT",
  a: "INSERT",
  w: "UPDATE",
  d: "DELETE",
  "*": "everything",
};

const dropPolicy = ({ schema, relation, name }: Policy): string =>
  `DROP POLICY ${quote(name)} ON ${quoteRelation({ schema, name: relation })}`;

function alwaysTrue({ snapshot }: Context): Hit[] {
  return snapshot.policies
    .filter(({ permissive, using, check }) => permissive && (isAlways(using) || isAlways(check)))
    .map((policy) => ({
      object: `${policy.schema}.${policy.relation} ${policy.name}`,
      detail: `For ${COMMANDS[policy.command] ?? policy.command}, to ${policy.roles.map((role) => role ?? "PUBLIC").join(", ")}.`,
      mend: sql(dropPolicy(policy)),
    }));
}

function publicPolicies(context: Context): Hit[] {
  return context.snapshot.policies
    .filter(
      ({ roles, permissive, using, check }) =>
        permissive && roles.includes(null) && !isAlways(using) && !isAlways(check),
    )
    .flatMap((policy): Hit[] => {
      const table = tables(context).find(
        ({ schema, name }) => schema === policy.schema && name === policy.relation,
      );
      const names =
        table === undefined ? [] : others(context, table).filter((name) => name !== "PUBLIC");
      // Where one role alone has a grant, the policy is for that one whatever it says.
      if (table === undefined || names.length < 2) return [];
      const to = names.map(quote).join(", ");
      const on = quoteRelation(table);
      return [
        {
          object: `${policy.schema}.${policy.relation} ${policy.name}`,
          detail: `It holds for ${names.join(", ")} alike.`,
          mend: sql(`ALTER POLICY ${quote(policy.name)} ON ${on} TO ${to}`),
        },
      ];
    });
}

/** Every relation that a view reads, through other views. */
function sourcesOf(context: Context, view: string): string[] {
  const seen = new Set([view]);
  for (const name of seen)
    for (const { view: from, source } of context.snapshot.viewSources)
      if (from === name) seen.add(source);
  return [...seen].filter((name) => name !== view);
}

function viewsPastPolicies(context: Context): Hit[] {
  const guarded = new Set(
    context.snapshot.relations.filter(({ rowSecurity }) => rowSecurity).map(nameOf),
  );
  return ownRelations(context)
    .filter(({ kind, securityInvoker }) => kind === "m" || (kind === "v" && !securityInvoker))
    .flatMap((view): Hit[] => {
      const past = sourcesOf(context, nameOf(view)).filter((name) => guarded.has(name));
      const readers = others(context, view);
      if (past.length === 0 || readers.length === 0) return [];
      const on = quoteRelation(view);
      return [
        {
          object: nameOf(view),
          detail: `It shows ${readers.join(", ")} rows of ${past.join(", ")} as ${view.owner} sees them.`,
          mend:
            view.kind === "v"
              ? sql(`ALTER VIEW ${on} SET (security_invoker = true)`)
              : sql(
                  ...readers.map(
                    (name) => `REVOKE ALL ON ${on} FROM ${name === "PUBLIC" ? name : quote(name)}`,
                  ),
                ),
        },
      ];
    });
}

function leakproof({ snapshot }: Context): Hit[] {
  return snapshot.routines
    .filter((one) => one.leakproof && one.extension === null)
    .map((one) => ({
      object: `${nameOf(one)}(${one.parameters})`,
      mend: sql(`ALTER FUNCTION ${quoteRelation(one)}(${one.parameters}) NOT LEAKPROOF`),
    }));
}

/** L: which rows. */
export const rowSecurityChecks: readonly Check[] = [
  {
    id: "L1",
    title: "A table has no row security",
    severity: "high",
    why: "Who has the grant has every row: one stolen login is the whole practice.",
    how: "`pg_class.relrowsecurity`, partitions and children included; of every table that somebody besides its owner was given, wherever the policy requires it, and of a part whose parent has it",
    mend: "`ALTER TABLE … ENABLE ROW LEVEL SECURITY`, and a policy: without one nobody but the owner sees a row.",
    find: unprotected,
  },
  {
    id: "L2",
    title: "Row security does not bind the owner",
    severity: "medium",
    why: "Migrations, jobs and views that run as the owner see every row of everybody.",
    how: "`pg_class.relforcerowsecurity`; low where the owner cannot log in or passes by anyway",
    mend: "`ALTER TABLE … FORCE ROW LEVEL SECURITY`.",
    find: unforced,
  },
  {
    id: "L3",
    title: "Policies do nothing, or row security has none",
    severity: "high",
    why: "Who reads the policies believes that the table is protected, and row security is off.",
    how: "`pg_policy` against `pg_class.relrowsecurity`; low where it is on and no policy is there",
    mend: "Turn it on; or take the grants away that give nothing.",
    find: idlePolicies,
  },
  {
    id: "L4",
    title: "A policy is always true",
    severity: "high",
    why: "Permissive policies add up: beside `USING (true)` every other one is decoration. Reading counts too.",
    how: "the expressions of `pg_policy`: `true`, `… OR true`, and comparisons of a constant with itself",
    mend: "`DROP POLICY`, and one that names whose rows.",
    find: alwaysTrue,
  },
  {
    id: "L5",
    title: "A policy holds for PUBLIC where several roles have grants",
    severity: "low",
    why: "A role that gets a grant later gets the policy with it.",
    how: "`pg_policy.polroles`, where two roles or more have grants on the table",
    mend: "`ALTER POLICY … TO` the roles that it is meant for.",
    find: publicPolicies,
  },
  {
    id: "L6",
    title: "A view reads past row security",
    severity: "high",
    why: "A view reads as its owner unless it says otherwise, and a materialized view has no row security at all.",
    how: "`pg_depend` and `pg_rewrite`, through views of views; `security_invoker` is not set",
    mend: "`ALTER VIEW … SET (security_invoker = true)`; for a materialized view `REVOKE`.",
    find: viewsPastPolicies,
  },
  {
    id: "L7",
    title: "A function claims to leak nothing",
    severity: "high",
    why: "LEAKPROOF lets it run on rows before the policy hides them; one that tells what it saw tells all of them.",
    how: "`pg_proc.proleakproof` outside PostgreSQL and extensions",
    mend: "`ALTER FUNCTION … NOT LEAKPROOF`.",
    find: leakproof,
  },
];
