import type { DefaultGrant, Grant, Relation } from "../collect/snapshot.ts";
import { sql } from "../mend.ts";
import { quoteIdentifier as quote, quoteRelation, quoteRole } from "../quote.ts";
import { nameOf, type Check, type Context, type Hit, type Severity } from "./check.ts";

/** Relations that people made; those of an extension follow the extension. */
export const ownRelations = ({ snapshot }: Context): Relation[] =>
  snapshot.relations.filter(({ extension }) => extension === null);

/** A `REVOKE` as whoever gave: PostgreSQL takes back only what the one who asks has given. */
export function revoke(
  grant: { grantee: string | null; grantor: string },
  options: { privileges: readonly string[]; on: string; owner: string },
): string[] {
  const { privileges, on, owner } = options;
  const statement = `REVOKE ${privileges.join(", ")} ON ${on} FROM ${quoteRole(grant.grantee)}`;
  return grant.grantor === owner
    ? [statement]
    : [`SET ROLE ${quote(grant.grantor)}`, statement, "RESET ROLE"];
}

const said = (grantee: string | null): string => grantee ?? "PUBLIC";

/** Grants by who gave and who got, so that each makes one finding. */
function byPair(grants: readonly Grant[]): { one: Grant; privileges: string[] }[] {
  const groups = Map.groupBy(grants, ({ grantee, grantor }) => JSON.stringify([grantee, grantor]));
  return [...groups.values()].flatMap((group) => {
    const [one] = group;
    return one === undefined ? [] : [{ one, privileges: group.map(({ privilege }) => privilege) }];
  });
}

function publicDatabases(context: Context): Hit[] {
  const { databases, server } = context.snapshot;
  const users = new Set(context.access.map(({ role }) => role));
  const needy = context.snapshot.roles.filter(
    ({ name, superuser }) => users.has(name) && !superuser,
  );
  return databases
    .filter(({ allowsConnections, isTemplate }) => allowsConnections && !isTemplate)
    .flatMap((database) => {
      const open = database.grants.filter(({ grantee }) => grantee === null);
      const privileges = open.map(({ privilege }) => privilege);
      if (privileges.length === 0) return [];
      const on = `DATABASE ${quote(database.name)}`;
      const keep = database.name === server.database && privileges.includes("CONNECT") ? needy : [];
      const severity: Severity = privileges.includes("CREATE")
        ? "high"
        : privileges.includes("CONNECT")
          ? "medium"
          : "low";
      return [
        {
          object: `database ${database.name}`,
          severity,
          detail: `PUBLIC has ${privileges.join(", ")}.`,
          mend: sql(
            ...keep.map(({ name }) => `GRANT CONNECT ON ${on} TO ${quote(name)}`),
            `REVOKE ${privileges.join(", ")} ON ${on} FROM PUBLIC`,
          ),
        },
      ];
    });
}

function publicSchemas({ snapshot, policy }: Context): Hit[] {
  return snapshot.schemas.flatMap((schema): Hit[] => {
    const open = schema.grants.filter(({ grantee }) => grantee === null);
    const mayCreate = open.some(({ privilege }) => privilege === "CREATE");
    if (open.length === 0 || (!mayCreate && !policy.schemas.includes(schema.name))) return [];
    const keep = snapshot.roles
      .filter(({ name, superuser }) => !superuser && policy.roles?.[name]?.login === true)
      .map(({ name }) => `GRANT USAGE ON SCHEMA ${quote(schema.name)} TO ${quote(name)}`);
    return [
      {
        object: `schema ${schema.name}`,
        severity: mayCreate ? "high" : "low",
        detail: mayCreate
          ? "Anybody may put a function or table there that others then use."
          : "Anybody may look into it.",
        mend: sql(...keep, `REVOKE ALL ON SCHEMA ${quote(schema.name)} FROM PUBLIC`),
      },
    ];
  });
}

function publicRelations(context: Context): Hit[] {
  return ownRelations(context).flatMap((relation) =>
    byPair(relation.grants.filter(({ grantee }) => grantee === null)).map(
      ({ one, privileges }): Hit => ({
        object: nameOf(relation),
        severity: "high",
        detail: `PUBLIC has ${privileges.join(", ")}.`,
        mend: sql(
          ...revoke(one, { privileges, on: quoteRelation(relation), owner: relation.owner }),
        ),
      }),
    ),
  );
}

/** What the policy lets a role do with a relation. */
function declaredOn(context: Context, grantee: string, relation: Relation): ReadonlySet<string> {
  const all = context.policy.roles?.[grantee]?.relations ?? {};
  const words = [...(all[nameOf(relation)] ?? []), ...(all[`${relation.schema}.*`] ?? [])];
  return new Set(words.map((word) => word.toUpperCase()));
}

function undeclaredGrants(context: Context): Hit[] {
  if (context.policy.roles === undefined) return [];
  return ownRelations(context).flatMap((relation) => {
    const grants = relation.grants.filter(
      ({ grantee, privilege }) =>
        grantee !== null &&
        grantee !== relation.owner &&
        !declaredOn(context, grantee, relation).has(privilege),
    );
    return byPair(grants).map(({ one, privileges }): Hit => ({
      object: `${privileges.join(", ")} on ${nameOf(relation)} to ${said(one.grantee)}`,
      mend: sql(...revoke(one, { privileges, on: quoteRelation(relation), owner: relation.owner })),
    }));
  });
}

function undeclaredColumns(context: Context): Hit[] {
  if (context.policy.roles === undefined) return [];
  const { columns, relations } = context.snapshot;
  return columns.flatMap((column) => {
    const relation = relations.find(
      ({ schema, name }) => schema === column.schema && name === column.relation,
    );
    if (relation === undefined || relation.extension !== null) return [];
    const where = `${column.schema}.${column.relation}.${column.name}`;
    const grants = column.grants.filter(({ grantee, privilege }) => {
      const words = grantee === null ? [] : context.policy.roles?.[grantee]?.columns[where];
      return words?.some((word) => word.toUpperCase() === privilege) !== true;
    });
    return byPair(grants).map(({ one, privileges }): Hit => {
      const ofColumn = privileges.map((privilege) => `${privilege} (${quote(column.name)})`);
      const on = quoteRelation(relation);
      return {
        object: `${privileges.join(", ")} on ${where} to ${said(one.grantee)}`,
        mend: sql(...revoke(one, { privileges: ofColumn, on, owner: relation.owner })),
      };
    });
  });
}

const DEFAULT_KINDS: Readonly<Record<string, string>> = {
  r: "TABLES",
  S: "SEQUENCES",
  f: "FUNCTIONS",
  T: "TYPES",
  n: "SCHEMAS",
  L: "LARGE OBJECTS",
};

/** PostgreSQL gives these to PUBLIC by itself; F6 looks at the functions where that matters. */
const isBuiltIn = ({ schema, kind, grantee }: DefaultGrant): boolean =>
  schema === null && grantee === null && (kind === "f" || kind === "T");

function defaultPrivileges({ snapshot }: Context): Hit[] {
  const groups = Map.groupBy(
    snapshot.defaults.filter((one) => !isBuiltIn(one)),
    ({ owner, schema, kind, grantee }) => JSON.stringify([owner, schema, kind, grantee]),
  );
  return [...groups.values()].flatMap((group): Hit[] => {
    const [one] = group;
    if (one === undefined) return [];
    const kind = DEFAULT_KINDS[one.kind] ?? "TABLES";
    const where = one.schema === null ? "" : ` IN SCHEMA ${quote(one.schema)}`;
    const privileges = group.map(({ privilege }) => privilege).join(", ");
    return [
      {
        object: `${kind} of ${one.owner} in ${one.schema ?? "every schema"} to ${said(one.grantee)}`,
        severity: one.grantee === null ? "high" : "medium",
        detail: `Whatever is made there gives away ${privileges}.`,
        mend: sql(
          `ALTER DEFAULT PRIVILEGES FOR ROLE ${quote(one.owner)}${where} REVOKE ${privileges} ON ${kind} FROM ${quoteRole(one.grantee)}`,
        ),
      },
    ];
  });
}

function grantOptions(context: Context): Hit[] {
  return ownRelations(context).flatMap((relation) =>
    byPair(
      relation.grants.filter(({ grantable, grantee }) => grantable && grantee !== relation.owner),
    ).map(({ one, privileges }): Hit => {
      const on = quoteRelation(relation);
      const statement = `REVOKE GRANT OPTION FOR ${privileges.join(", ")} ON ${on} FROM ${quoteRole(one.grantee)} CASCADE`;
      return {
        object: `${nameOf(relation)} by ${said(one.grantee)}`,
        mend:
          one.grantor === relation.owner
            ? sql(statement)
            : sql(`SET ROLE ${quote(one.grantor)}`, statement, "RESET ROLE"),
      };
    }),
  );
}

function loginOwners(context: Context): Hit[] {
  const { roles } = context.snapshot;
  const tables = ownRelations(context).filter(({ kind }) => ["r", "p", "v", "m"].includes(kind));
  return [...Map.groupBy(tables, ({ owner }) => owner)].flatMap(([owner, owned]): Hit[] => {
    const role = roles.find(({ name }) => name === owner);
    const kind = context.policy.roles?.[owner]?.kind;
    if (role?.login !== true || role.superuser) return [];
    if (context.isDeclared && kind === "owner") return [];
    const heir = `${owner}_owner`.slice(0, 63);
    const make = roles.some(({ name }) => name === heir)
      ? []
      : [`CREATE ROLE ${quote(heir)} NOLOGIN`];
    return [
      {
        object: owner,
        severity: context.isDeclared ? "high" : "medium",
        detail: `It owns ${owned.length} relations, ${owned.slice(0, 3).map(nameOf).join(", ")}${owned.length > 3 ? " …" : ""}`,
        mend: sql(
          ...make,
          ...[...new Set(owned.map(({ schema }) => schema))].map(
            (schema) => `GRANT USAGE, CREATE ON SCHEMA ${quote(schema)} TO ${quote(heir)}`,
          ),
          ...owned.flatMap((relation) => {
            const [table, of] = [
              relation.kind === "m"
                ? "MATERIALIZED VIEW"
                : relation.kind === "v"
                  ? "VIEW"
                  : "TABLE",
              quoteRelation(relation),
            ];
            const rights = ["v", "m"].includes(relation.kind)
              ? "SELECT"
              : "SELECT, INSERT, UPDATE, DELETE";
            return [
              `ALTER ${table} ${of} OWNER TO ${quote(heir)}`,
              `GRANT ${rights} ON ${of} TO ${quote(owner)}`,
            ];
          }),
        ),
      },
    ];
  });
}

const CHANGING = new Set(["TRUNCATE", "TRIGGER", "REFERENCES", "MAINTAIN"]);

function changingGrants(context: Context): Hit[] {
  return ownRelations(context).flatMap((relation) => {
    const grants = relation.grants.filter(
      ({ grantee, privilege }) =>
        grantee !== null &&
        grantee !== relation.owner &&
        CHANGING.has(privilege) &&
        !(context.isDeclared && declaredOn(context, grantee, relation).has(privilege)),
    );
    return byPair(grants).map(({ one, privileges }): Hit => ({
      object: `${privileges.join(", ")} on ${nameOf(relation)} to ${said(one.grantee)}`,
      mend: sql(...revoke(one, { privileges, on: quoteRelation(relation), owner: relation.owner })),
    }));
  });
}

function undeclaredDatabases({ snapshot, policy }: Context): Hit[] {
  const { databases } = policy;
  if (databases === undefined) return [];
  return snapshot.databases
    .filter(
      ({ name, isTemplate, allowsConnections }) =>
        allowsConnections && !isTemplate && !databases.includes(name),
    )
    .map(({ name }) => ({
      object: name,
      mend: sql(`ALTER DATABASE ${quote(name)} WITH ALLOW_CONNECTIONS false`),
    }));
}

/** G: who was given what. */
export const grantChecks: readonly Check[] = [
  {
    id: "G1",
    title: "Everybody was given something",
    severity: "high",
    why: "PUBLIC is every role that will ever be: what it has nobody can be denied.",
    how: "access lists of databases (with what PostgreSQL gives by itself), schemas and relations; high for a relation and for CREATE, medium for CONNECT, low for TEMPORARY and USAGE",
    mend: "`REVOKE … FROM PUBLIC`; who needs it gets it by name first.",
    find: (context) => [
      ...publicDatabases(context),
      ...publicSchemas(context),
      ...publicRelations(context),
    ],
  },
  {
    id: "G2",
    title: "A grant on a relation is not declared",
    severity: "high",
    why: '"Limit access only to what is strictly necessary" was the first thing asked after Vastaamo. What is necessary is in the policy; this is not.',
    how: "`pg_class.relacl` against `relations` of the policy",
    mend: "`REVOKE`, as the role that granted it.",
    find: undeclaredGrants,
  },
  {
    id: "G3",
    title: "A grant on a column is not declared",
    severity: "medium",
    why: "Grants on columns do not show in a list of tables, so they stay.",
    how: "`pg_attribute.attacl` against `columns` of the policy",
    mend: "`REVOKE` the privilege on the column.",
    find: undeclaredColumns,
  },
  {
    id: "G4",
    title: "What will be made is given away beforehand",
    severity: "medium",
    why: "A table of tomorrow is readable the moment it is made, and no list of tables shows it today.",
    how: "`pg_default_acl`; high for PUBLIC",
    mend: "`ALTER DEFAULT PRIVILEGES … REVOKE`, and grants by name on each new table.",
    find: defaultPrivileges,
  },
  {
    id: "G5",
    title: "Somebody may give access on",
    severity: "medium",
    why: "Who reads what is then decided outside the policy, and taking it back takes what was given on with it.",
    how: "`WITH GRANT OPTION` in `pg_class.relacl`",
    mend: "`REVOKE GRANT OPTION FOR … CASCADE`.",
    find: grantOptions,
  },
  {
    id: "G6",
    title: "A role that logs in owns tables",
    severity: "medium",
    why: "An owner may drop, alter and grant, and row security does not bind them unless it is forced.",
    how: "`pg_class.relowner`; high against a declared policy, unless the role is declared as `owner`",
    mend: "Give the tables to a role without LOGIN, and their old owner what it uses.",
    find: loginOwners,
  },
  {
    id: "G7",
    title: "A role may empty, hook or bind a table",
    severity: "medium",
    why: "TRUNCATE passes by row security; TRIGGER runs one's own code in another's name; REFERENCES tells which values there are.",
    how: "`pg_class.relacl`, privileges TRUNCATE, TRIGGER, REFERENCES, MAINTAIN",
    mend: "`REVOKE` them.",
    find: changingGrants,
  },
  {
    id: "G8",
    title: "A database is not declared",
    severity: "medium",
    why: "A copy made for a test holds the same records with none of the care.",
    how: "`pg_database` against `databases` of the policy",
    mend: "Close it, look what it is, then drop it or declare it.",
    find: undeclaredDatabases,
  },
];
