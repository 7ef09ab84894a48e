import { asksNobody, hbaText, remoteLinesOf } from "../accessLines.ts";
import { reachOf } from "../access.ts";
import type { Membership, Role } from "../collect/snapshot.ts";
import { resetSetting, sql } from "../mend.ts";
import { quoteIdentifier as quote, quoteSetting } from "../quote.ts";
import type { Check, Context, Hit, Severity } from "./check.ts";

/** Predefined roles that reach past grants, with how bad that is. */
export const STRONG_ROLES: ReadonlyMap<string, Severity> = new Map([
  ["pg_execute_server_program", "high"],
  ["pg_write_server_files", "high"],
  ["pg_read_server_files", "high"],
  ["pg_read_all_data", "high"],
  ["pg_write_all_data", "high"],
  ["pg_create_subscription", "medium"],
  ["pg_signal_backend", "low"],
  ["pg_signal_autovacuum_worker", "low"],
  ["pg_checkpoint", "low"],
  ["pg_maintain", "medium"],
  ["pg_use_reserved_connections", "low"],
]);

const REVIEW_DAYS = 90;
const DAY_MS = 86_400_000;

const own = ({ snapshot }: Context): Role[] =>
  snapshot.roles.filter(({ isPredefined }) => !isPredefined);
const logins = (context: Context): Role[] => own(context).filter(({ login }) => login);
const declared = (context: Context, name: string) => context.policy.roles?.[name];
const isApplication = (context: Context, name: string): boolean =>
  declared(context, name)?.kind === "application";

/** The statement that ends a membership, by whomever it was given. */
export function revokeMembership(context: Context, edge: Membership, what = ""): string {
  const by =
    context.snapshot.server.versionNumber >= 160_000 ? ` GRANTED BY ${quote(edge.grantor)}` : "";
  return `REVOKE ${what}${quote(edge.role)} FROM ${quote(edge.member)}${by}`;
}

function withoutPassword(context: Context): Hit[] {
  const { hba, memberships, passwords } = context.snapshot;
  return logins(context).flatMap((role): Hit[] => {
    if (passwords.get(role.name) !== "none") return [];
    const lines = remoteLinesOf(role, hba, memberships);
    const trusting = lines.find(asksNobody);
    const asking = lines.find(({ method }) =>
      ["password", "md5", "scram-sha-256"].includes(method),
    );
    const line = trusting ?? asking;
    if (line === undefined) return [];
    return [
      {
        object: role.name,
        severity: trusting === undefined ? "medium" : "critical",
        detail: `Reached by the line "${hbaText(line)}".`,
        mend: sql(`ALTER ROLE ${quote(role.name)} NOLOGIN`),
      },
    ];
  });
}

function md5Passwords({ snapshot }: Context): Hit[] {
  return [...snapshot.passwords]
    .filter(([, method]) => method === "md5")
    .map(([name]) => ({ object: name, mend: sql(`ALTER ROLE ${quote(name)} PASSWORD NULL`) }));
}

function expiry(context: Context): Hit[] {
  const until = new Date(context.now.getTime() + REVIEW_DAYS * DAY_MS).toISOString().slice(0, 10);
  return logins(context)
    .filter(({ isBootstrap }) => !isBootstrap)
    .flatMap((role): Hit[] => {
      if (role.validUntil === null)
        return declared(context, role.name)?.neverEnds === undefined
          ? [
              {
                object: role.name,
                mend: sql(`ALTER ROLE ${quote(role.name)} VALID UNTIL '${until}'`),
              },
            ]
          : [];
      return role.validUntil < context.now.getTime()
        ? [
            {
              object: role.name,
              detail:
                "Its time is over, and it may still come in by a line that asks for no password.",
              mend: sql(`ALTER ROLE ${quote(role.name)} NOLOGIN`),
            },
          ]
        : [];
    });
}

function superusers(context: Context): Hit[] {
  const { sessions } = context.snapshot;
  return own(context)
    .filter(({ superuser, name, isBootstrap }) => {
      const kind = declared(context, name)?.kind;
      return superuser && kind !== "superuser" && !(isBootstrap && kind === undefined);
    })
    .map((role) => {
      const isAtWork = sessions.some((one) => one.role === role.name && one.address !== null);
      return {
        object: role.name,
        severity: context.isDeclared && isApplication(context, role.name) ? "critical" : "high",
        ...(isAtWork ? { detail: "It is connected over the network now." } : {}),
        mend: sql(`ALTER ROLE ${quote(role.name)} NOSUPERUSER`),
      };
    });
}

const ATTRIBUTES = [
  ["bypassRls", "bypassrls", "BYPASSRLS"],
  ["replication", "replication", "REPLICATION"],
  ["createRole", "createrole", "CREATEROLE"],
  ["createDatabase", "createdb", "CREATEDB"],
] as const;

function attributes(context: Context): Hit[] {
  const isFrom16 = context.snapshot.server.versionNumber >= 160_000;
  return own(context)
    .filter(({ superuser }) => !superuser)
    .flatMap((role) =>
      ATTRIBUTES.filter(
        ([key, word]) =>
          role[key] && declared(context, role.name)?.attributes.includes(word) !== true,
      ).map(([key, , word]): Hit => {
        const isLesser = key === "createDatabase" || (key === "createRole" && isFrom16);
        return {
          object: `${role.name} ${word}`,
          severity: key === "createDatabase" ? "low" : isLesser ? "medium" : "high",
          mend: sql(`ALTER ROLE ${quote(role.name)} NO${word}`),
        };
      }),
    );
}

function undeclaredLogins(context: Context): Hit[] {
  if (context.policy.roles === undefined) return [];
  return logins(context)
    .filter(({ name }) => declared(context, name)?.login !== true)
    .map(({ name }) => ({ object: name, mend: sql(`ALTER ROLE ${quote(name)} NOLOGIN`) }));
}

const isDeclaredEdge = (context: Context, { member, role, admin }: Membership): boolean =>
  declared(context, member)?.memberOf.some((one) => one.role === role && (!admin || one.admin)) ===
  true;

function strongMemberships(context: Context): Hit[] {
  const { memberships, roles } = context.snapshot;
  return memberships
    .filter((edge) => {
      const member = roles.find(({ name }) => name === edge.member);
      return (
        STRONG_ROLES.has(edge.role) &&
        member?.isPredefined === false &&
        !member.superuser &&
        !isDeclaredEdge(context, edge)
      );
    })
    .map((edge) => {
      const who = logins(context)
        .filter(({ name }) => name !== edge.member)
        .filter(({ name }) =>
          reachOf(name, context.snapshot).some(({ role }) => role === edge.member),
        )
        .map(({ name }) => name);
      return {
        object: `${edge.member} in ${edge.role}`,
        severity: STRONG_ROLES.get(edge.role) ?? "medium",
        ...(who.length > 0 ? { detail: `Through it also: ${who.join(", ")}.` } : {}),
        mend: sql(revokeMembership(context, edge)),
      };
    });
}

/** Whoever may change what stands in the database, and not only what the rows say. */
function ownersOf({ snapshot }: Context): ReadonlySet<string> {
  const { relations, routines, schemas, databases, roles, server } = snapshot;
  const owned = [
    ...relations.filter(({ extension }) => extension === null),
    ...routines.filter(({ extension, definer }) => extension === null && definer),
    ...schemas,
    ...databases.filter(({ name }) => name === server.database),
  ];
  const predefined = new Set(roles.filter((role) => role.isPredefined).map(({ name }) => name));
  return new Set(owned.map(({ owner }) => owner).filter((owner) => !predefined.has(owner)));
}

function climbing(context: Context): Hit[] {
  const { roles } = context.snapshot;
  const owners = ownersOf(context);
  return logins(context)
    .filter(({ name, superuser }) => isApplication(context, name) && !superuser)
    .flatMap(({ name }) =>
      reachOf(name, context.snapshot, { takesAdmin: true }).flatMap(
        ({ role, path, edges }): Hit[] => {
          const [edge] = edges;
          if (edge === undefined) return [];
          const isSuper = roles.some((one) => one.name === role && one.superuser);
          if (!isSuper && !owners.has(role)) return [];
          return [
            {
              object: `${name} as ${role}`,
              severity: isSuper ? "critical" : "high",
              detail: `By ${path.join(" → ")}.`,
              mend: sql(revokeMembership(context, edge)),
            },
          ];
        },
      ),
    );
}

function adminOptions(context: Context): Hit[] {
  return context.snapshot.memberships
    .filter((edge) => {
      const member = context.snapshot.roles.find(({ name }) => name === edge.member);
      return edge.admin && member?.superuser !== true && !isDeclaredEdge(context, edge);
    })
    .map((edge) => ({
      object: `${edge.member} over ${edge.role}`,
      mend: sql(revokeMembership(context, edge, "ADMIN OPTION FOR ")),
    }));
}

const WEAKENING: readonly (readonly [RegExp, Severity, (value: string) => boolean])[] = [
  [/^session_replication_role$/, "high", (value) => value === "replica"],
  [/^row_security$/, "medium", (value) => value !== "on"],
  [
    /^log_(statement|connections|disconnections|replication_commands)$/,
    "medium",
    (value) => /^(off|none|false|0|)$/.test(value),
  ],
  [/^pgaudit\./, "medium", (value) => /^(off|none|false|0|)$/.test(value)],
  [/^(session|local)_preload_libraries$/, "medium", (value) => value !== ""],
  [/^(search_path|role)$/, "low", () => true],
];

function overrides({ snapshot }: Context): Hit[] {
  return snapshot.roleSettings.flatMap(({ role, database, name, value }) => {
    const found = WEAKENING.find(([pattern, , isWeak]) => pattern.test(name) && isWeak(value));
    if (found === undefined) return [];
    const object = `${name} of ${role ?? "all roles"} in ${database ?? "all databases"}`;
    return [{ object, severity: found[1], mend: sql(resetSetting({ role, database, name })) }];
  });
}

function parameterGrants({ snapshot }: Context): Hit[] {
  return snapshot.parameters.map(({ parameter, grantee, privilege }) => ({
    object: `${privilege} ${parameter} to ${grantee ?? "PUBLIC"}`,
    severity: privilege === "ALTER SYSTEM" ? "high" : "medium",
    mend: sql(
      `REVOKE ${privilege} ON PARAMETER ${quoteSetting(parameter)} FROM ${grantee === null ? "PUBLIC" : quote(grantee)}`,
    ),
  }));
}

function uncapped(context: Context): Hit[] {
  return logins(context)
    .filter(({ superuser, connectionLimit }) => !superuser && connectionLimit === -1)
    .map(({ name }) => ({
      object: name,
      mend: sql(`ALTER ROLE ${quote(name)} CONNECTION LIMIT 50`),
    }));
}

function undeclaredMemberships(context: Context): Hit[] {
  if (context.policy.roles === undefined) return [];
  const { roles, memberships } = context.snapshot;
  return memberships
    .filter((edge) => {
      const member = roles.find(({ name }) => name === edge.member);
      const isKnown =
        STRONG_ROLES.has(edge.role) || isDeclaredEdge(context, { ...edge, admin: false });
      return member?.isPredefined === false && !member.superuser && !isKnown;
    })
    .map((edge) => ({
      object: `${edge.member} in ${edge.role}`,
      mend: sql(revokeMembership(context, edge)),
    }));
}

/** R: who can be somebody. */
export const roleChecks: readonly Check[] = [
  {
    id: "R1",
    title: "A role without a password can be reached from another machine",
    severity: "critical",
    why: "Vastaamo's root account had no password and was reached from the internet. Here one line more is enough, or is there already.",
    how: "the kind of password of each role with LOGIN, against the lines that let it in from outside; critical where one of them trusts, medium where one asks for a password that there is not",
    mend: "`ALTER ROLE … NOLOGIN`, or give it a password by `\\password` in psql, which sends only its hash.",
    needs: ["hba", "passwords"],
    find: withoutPassword,
  },
  {
    id: "R2",
    title: "A password is kept as an MD5 hash",
    severity: "high",
    why: "Who copies the hash logs in with it, and MD5 is guessed at billions a second.",
    how: "the kind of password in `pg_authid`; the hash itself is never read",
    mend: "Take the password away, set `password_encryption` to `scram-sha-256`, and give a new one by `\\password`.",
    needs: ["passwords"],
    find: md5Passwords,
  },
  {
    id: "R3",
    title: "A login never ends, or has ended and stays",
    severity: "low",
    why: "At Vastaamo an account with all rights stood unreviewed for sixteen months. What has an end is looked at again.",
    how: "`pg_roles.rolvaliduntil` of roles with LOGIN; not of a role by which a service runs and of which the policy says why it `neverEnds`",
    mend: "`ALTER ROLE … VALID UNTIL` in 90 days; `NOLOGIN` where the time is over.",
    find: expiry,
  },
  {
    id: "R4",
    title: "A superuser is not declared",
    severity: "high",
    why: "Vastaamo's application and its administrators used the account with all rights. Nothing in the database binds it.",
    how: "`pg_roles.rolsuper` against the policy; critical for a role that a policy declares as an application's",
    mend: "`ALTER ROLE … NOSUPERUSER`.",
    find: superusers,
  },
  {
    id: "R5",
    title: "A role has a power that is not declared",
    severity: "high",
    why: "BYPASSRLS reads every row, REPLICATION copies the server, CREATEROLE makes its own helpers.",
    how: "`pg_roles` against `attributes` of the policy",
    mend: "`ALTER ROLE … NOBYPASSRLS` and so on.",
    find: attributes,
  },
  {
    id: "R6",
    title: "A login is not declared",
    severity: "medium",
    why: "An account that nobody knows of is used by somebody who should not.",
    how: "`pg_roles.rolcanlogin` against `roles` of the policy",
    mend: "`ALTER ROLE … NOLOGIN`, or declare it.",
    find: undeclaredLogins,
  },
  {
    id: "R7",
    title: "A role reaches a predefined role that passes by every grant",
    severity: "high",
    why: "`pg_read_all_data` reads every table, `pg_execute_server_program` runs programs on the machine.",
    how: "`pg_auth_members`, with everybody who gets there through other roles",
    mend: "`REVOKE` the membership, or declare it.",
    find: strongMemberships,
  },
  {
    id: "R8",
    title: "An application's role can become an owner or a superuser",
    severity: "critical",
    why: "Row security does not bind an owner, and nothing binds a superuser; one SET ROLE after a break-in is enough.",
    how: "the shortest way through `pg_auth_members` from each role of kind `application`, by INHERIT, SET and, since who holds it makes itself a member, ADMIN; to owners of relations, schemas, the database and functions that run as their owner",
    mend: "`REVOKE` the first membership on the way.",
    find: climbing,
  },
  {
    id: "R9",
    title: "A role can give a membership on",
    severity: "medium",
    why: "Who may be what is then decided by whoever holds that role, not by the policy.",
    how: "`pg_auth_members.admin_option`",
    mend: "`REVOKE ADMIN OPTION FOR …`.",
    find: adminOptions,
  },
  {
    id: "R10",
    title: "A setting of a role or database takes a control away",
    severity: "medium",
    why: "Logging that is off for one role, or triggers that do not run for it, is off exactly where it is needed.",
    how: "`pg_db_role_setting`",
    mend: "`ALTER ROLE … RESET`.",
    find: overrides,
  },
  {
    id: "R11",
    title: "A role may change settings of the server",
    severity: "high",
    why: "With ALTER SYSTEM logging, TLS and the addresses that are listened on are theirs.",
    how: "`pg_parameter_acl`",
    mend: "`REVOKE … ON PARAMETER`.",
    find: parameterGrants,
  },
  {
    id: "R12",
    title: "A login may connect without limit",
    severity: "low",
    why: "A stolen password empties a database faster over many connections, and can shut everybody else out.",
    how: "`pg_roles.rolconnlimit`",
    mend: "`ALTER ROLE … CONNECTION LIMIT`.",
    find: uncapped,
  },
  {
    id: "R13",
    title: "A membership is not declared",
    severity: "medium",
    why: "Access that nobody decided on is what a review is to find.",
    how: "`pg_auth_members` against `memberOf` of the policy",
    mend: "`REVOKE` it, or declare it.",
    find: undeclaredMemberships,
  },
];
