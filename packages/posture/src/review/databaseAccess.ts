import type { PosturePolicy } from "../policy/policy.ts";
import type { Grant, Relation, Role, Snapshot } from "../collect/snapshot.ts";

/** What of a role's access a review decides on: that it may log in, whom it may act as, what it was given. */
export interface DatabaseAccess {
  /** The name that the operator gave the database. */
  readonly database: string;
  readonly role: string;
  /** From the role to where the right comes from. */
  readonly path: readonly string[];
  /** `LOGIN`, `MEMBER`, or privileges on an object: `INSERT, SELECT`. */
  readonly right: string;
  /** Attributes of a login, the role of a membership, or `schema.relation`. */
  readonly object: string;
  /** Unix seconds at which the role's password ends; null: never. */
  readonly validUntil: number | null;
  /**
   * `undeclared`: the declared policy knows nothing of it; `past-day`: its password has ended, and it may still log in;
   * `break-glass`: it is for some hours, and no review keeps it.
   */
  readonly risks: readonly ("undeclared" | "past-day" | "break-glass")[];
}

type Policy = Pick<PosturePolicy, "roles"> | null;
type Seen = Pick<Snapshot, "roles" | "memberships" | "relations" | "breakGlass">;

/** Every access of the roles of a database that a review decides on; what comes with PostgreSQL itself is left out. */
export function databaseAccess(
  snapshot: Seen,
  { database, policy, now }: { database: string; policy: Policy; now: Date },
): DatabaseAccess[] {
  const own = snapshot.roles.filter(({ isPredefined }) => !isPredefined);
  const nowSeconds = now.getTime() / 1000;
  const temporary = new Set(snapshot.breakGlass.map(({ role }) => role));
  const all = [
    ...own
      .filter(({ login }) => login)
      .map((role) => loginOf(role, { database, policy, nowSeconds })),
    ...snapshot.memberships
      .filter(({ member }) => own.some(({ name }) => name === member))
      .map(({ member, role, grantor }): DatabaseAccess => ({
        database,
        role: member,
        path: [member, `member of ${role}`, `granted by ${grantor}`],
        right: "MEMBER",
        object: role,
        validUntil: null,
        risks: isDeclaredMember(policy, member, role) ? [] : ["undeclared"],
      })),
    ...snapshot.relations.flatMap((relation) => grantsOn(relation, { database, policy })),
  ];
  return all.map((access) =>
    temporary.has(access.role) || temporary.has(access.object)
      ? { ...access, risks: [...access.risks, "break-glass"] }
      : access,
  );
}

/** Whether the declared policy runs the service by a role: it keeps its login, whatever a review says. */
export function isVital(role: string, policy: Policy): boolean {
  const kind = policy?.roles?.[role]?.kind;
  return kind !== undefined && ["application", "owner", "reader", "superuser"].includes(kind);
}

/** Whether no other superuser may log in, with an end that `lasts` accepts (Unix milliseconds; null: none). */
export function isLastSuperuser(
  role: string,
  roles: Snapshot["roles"],
  lasts: (validUntil: number | null) => boolean,
): boolean {
  const others = roles.filter(({ name }) => name !== role);
  return (
    roles.some(({ name, superuser }) => name === role && superuser) &&
    !others.some(({ superuser, login, validUntil }) => superuser && login && lasts(validUntil))
  );
}

function loginOf(
  role: Role,
  { database, policy, nowSeconds }: { database: string; policy: Policy; nowSeconds: number },
): DatabaseAccess {
  const validUntil = role.validUntil === null ? null : Math.floor(role.validUntil / 1000);
  const attributes = [
    role.superuser && "superuser",
    role.bypassRls && "bypassrls",
    role.createRole && "createrole",
    role.createDatabase && "createdb",
    role.replication && "replication",
  ].filter((each) => each !== false);
  return {
    database,
    role: role.name,
    path: [role.name],
    right: "LOGIN",
    object: attributes.length === 0 ? "plain" : attributes.join(", "),
    validUntil,
    risks: [
      ...(policy?.roles?.[role.name]?.login === true ? [] : (["undeclared"] as const)),
      ...(validUntil !== null && validUntil <= nowSeconds ? (["past-day"] as const) : []),
    ],
  };
}

function isDeclaredMember(policy: Policy, member: string, role: string): boolean {
  return policy?.roles?.[member]?.memberOf.some((each) => each.role === role) === true;
}

function grantsOn(
  relation: Relation,
  { database, policy }: { database: string; policy: Policy },
): DatabaseAccess[] {
  const object = `${relation.schema}.${relation.name}`;
  const others = relation.grants.filter(({ grantee }) => grantee !== relation.owner);
  const byWay = Map.groupBy(others, ({ grantee, grantor }) => JSON.stringify([grantee, grantor]));
  return [...byWay.values()].map((grants): DatabaseAccess => {
    const [{ grantee, grantor }] = grants as [Grant];
    const privileges = grants.map(({ privilege }) => privilege).toSorted();
    const role = grantee ?? "PUBLIC";
    return {
      database,
      role,
      path: [role, `granted by ${grantor}`],
      right: privileges.join(", "),
      object,
      validUntil: null,
      risks: isDeclaredGrant(policy, { grantee, relation, privileges }) ? [] : ["undeclared"],
    };
  });
}

function isDeclaredGrant(
  policy: Policy,
  {
    grantee,
    relation,
    privileges,
  }: { grantee: string | null; relation: Relation; privileges: readonly string[] },
): boolean {
  const declared = grantee === null ? undefined : policy?.roles?.[grantee]?.relations;
  const allowed: readonly string[] = [
    ...(declared?.[`${relation.schema}.${relation.name}`] ?? []),
    ...(declared?.[`${relation.schema}.*`] ?? []),
  ];
  return privileges.every((privilege) => allowed.includes(privilege.toLowerCase()));
}
