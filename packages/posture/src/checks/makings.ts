import type { CatalogueGrant, Grant } from "../collect/snapshot.ts";
import { sql } from "../mend.ts";
import { quoteIdentifier as quote, quoteRelation, quoteRole } from "../quote.ts";
import type { Check, Context, Hit, Severity } from "./check.ts";
import { revoke } from "./grants.ts";

interface Place {
  /** `schema clinic` */
  readonly object: string;
  readonly on: string;
  readonly owner: string;
  readonly grants: readonly Grant[];
}

function places({ snapshot }: Context): Place[] {
  const { schemas, databases, tablespaces, server } = snapshot;
  const here = databases.filter(({ name }) => name === server.database);
  return [
    ...schemas.map((one) => ({ ...one, kind: "schema" })),
    ...here.map((one) => ({ ...one, kind: "database" })),
    ...tablespaces.map((one) => ({ ...one, kind: "tablespace" })),
  ].map(({ kind, name, owner, grants }) => ({
    object: `${kind} ${name}`,
    on: `${kind.toUpperCase()} ${quote(name)}`,
    owner,
    grants,
  }));
}

function makers(context: Context): Hit[] {
  const { roles } = context.snapshot;
  const isMaker = (grantee: string): boolean =>
    roles.some(({ name, superuser }) => name === grantee && superuser) ||
    context.policy.roles?.[grantee]?.kind === "owner";
  return places(context).flatMap(({ object, on, owner, grants }) =>
    grants
      .filter(({ privilege, grantee }) => privilege === "CREATE" && grantee !== owner)
      // What everybody has in a schema or database is G1's.
      .filter(({ grantee }) =>
        grantee === null ? object.startsWith("tablespace ") : !isMaker(grantee),
      )
      .map((one): Hit => {
        const isApplication = context.policy.roles?.[one.grantee ?? ""]?.kind === "application";
        return {
          object: `${object} by ${one.grantee ?? "PUBLIC"}`,
          severity: context.isDeclared && isApplication ? "high" : "medium",
          mend: sql(...revoke(one, { privileges: ["CREATE"], on, owner })),
        };
      }),
  );
}

/** Catalogues with secrets, or with values of tables, in them. */
const SECRET_CATALOGUES = new Set([
  "pg_authid",
  "pg_largeobject",
  "pg_statistic",
  "pg_statistic_ext_data",
  "pg_subscription",
  "pg_user_mapping",
]);
const FILE_FUNCTIONS = /^(pg_read_(binary_)?file|pg_file_|lo_import|lo_export)/;
/** What `readerStatements` gives a role that only looks. */
const READERS = new Set([
  "pg_file_settings",
  "pg_hba_file_rules",
  "pg_ident_file_mappings",
  "pg_show_all_file_settings",
  "pg_stat_file",
]);

function catalogueSeverity({ kind, name }: CatalogueGrant): Severity {
  if (READERS.has(name)) return "low";
  const isBad = kind === "function" ? FILE_FUNCTIONS.test(name) : SECRET_CATALOGUES.has(name);
  return isBad ? "high" : "medium";
}

function revokeCatalogue({ kind, schema, name, part, privilege, grantee }: CatalogueGrant): string {
  const of = quoteRelation({ schema, name });
  const what = kind === "column" ? `${privilege} (${quote(part ?? "")})` : privilege;
  const on = kind === "function" ? `FUNCTION ${of}(${part ?? ""})` : `TABLE ${of}`;
  return `REVOKE ${what} ON ${on} FROM ${quoteRole(grantee)}`;
}

function givenCatalogues(context: Context): Hit[] {
  const { server, catalogueGrants } = context.snapshot;
  const isReader = (grantee: string | null): boolean =>
    grantee === server.role || context.policy.roles?.[grantee ?? ""]?.kind === "reader";
  return catalogueGrants
    .filter(({ name, grantee }) => !(READERS.has(name) && isReader(grantee)))
    .map((one): Hit => {
      const { kind, name, part, privilege, grantee } = one;
      const of =
        kind === "function"
          ? `${name}(${part ?? ""})`
          : kind === "column"
            ? `${name}.${part ?? ""}`
            : name;
      return {
        object: `${privilege} on ${of} to ${grantee ?? "PUBLIC"}`,
        severity: catalogueSeverity(one),
        mend: sql(revokeCatalogue(one)),
      };
    });
}

/** A loop, since there may be millions, and none has a name. */
const CLOSE_LARGE_OBJECTS = `DO $$ DECLARE one oid; BEGIN
  FOR one IN SELECT m.oid FROM pg_largeobject_metadata m, aclexplode(m.lomacl) x WHERE x.grantee = 0
  LOOP EXECUTE format('REVOKE ALL ON LARGE OBJECT %s FROM PUBLIC', one); END LOOP; END $$`;

function largeObjects({ snapshot, policy }: Context): Hit[] {
  return snapshot.largeObjects.flatMap(({ owner, count, open }): Hit[] => {
    if (open > 0)
      return [
        {
          object: `large objects of ${owner}`,
          severity: "high",
          detail: `PUBLIC has ${open} of ${count}.`,
          mend: sql(CLOSE_LARGE_OBJECTS),
        },
      ];
    if (policy.ciphertext.length === 0) return [];
    return [
      {
        object: `large objects of ${owner}`,
        detail: `There are ${count}, and nothing says what is in them.`,
        mend: {
          kind: "person",
          text: "Look what they are (SELECT oid, lomowner FROM pg_largeobject_metadata); SELECT lo_unlink(oid) ends one.",
        },
      },
    ];
  });
}

/** G, further: who may make things, and what was given away that comes with PostgreSQL or stands in no table. */
export const makingChecks: readonly Check[] = [
  {
    id: "G9",
    title: "A role may make things where others use them",
    severity: "medium",
    why: "A function or table that it makes is found by whoever names one like it, and runs with their rights; what is made belongs to who made it.",
    how: "CREATE on schemas, the database and tablespaces, of roles that are neither the owner nor declared as `owner`; high for an application's",
    mend: "`REVOKE CREATE` from whoever was given it.",
    find: makers,
  },
  {
    id: "G10",
    title: "A part of PostgreSQL itself was given away",
    severity: "medium",
    why: "A catalogue of passwords, large objects or samples of rows, or a function that reads the server's files, passes by every grant on a table, and no list of tables shows it.",
    how: "access lists in `pg_catalog` and `information_schema` against what initdb gave (`pg_init_privs`); high for catalogues with secrets and functions that reach files; what a role that only looks needs is low, and nothing where it is declared as `reader`",
    mend: "`REVOKE` it from whoever was given it.",
    find: givenCatalogues,
  },
  {
    id: "G11",
    title: "Large objects lie beside the tables",
    severity: "medium",
    why: "They stand in no table: no row security binds who reads them, and no check sees what is in them.",
    how: "`pg_largeobject_metadata`; high where PUBLIC was given one, medium where there are any under a policy that declares ciphertext",
    mend: "`REVOKE ALL ON LARGE OBJECT … FROM PUBLIC`; `lo_unlink` what nobody needs.",
    find: largeObjects,
  },
];
