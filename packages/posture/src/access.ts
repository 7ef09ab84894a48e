import type { Grant, Membership, Relation, Role, Snapshot } from "./collect/snapshot.ts";

/** What a role may do with a relation, and why. */
export interface AccessEdge {
  readonly role: string;
  /** `schema.name` */
  readonly relation: string;
  readonly privileges: readonly string[];
  /** From the role to what gives the access: `app`, `member of team`, `granted by owner`. */
  readonly path: readonly string[];
  /** `inherit`: at once; `set`: after SET ROLE. */
  readonly by: "inherit" | "set";
  /** Column that alone it reaches; null: the whole relation. */
  readonly column: string | null;
}

const TABLE_PRIVILEGES = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "TRUNCATE",
  "REFERENCES",
  "TRIGGER",
];
const WRITES = ["INSERT", "UPDATE", "DELETE"];

/** A role that another one can act as. */
export interface Reach {
  readonly role: string;
  readonly path: readonly string[];
  readonly by: "inherit" | "set";
  /** The memberships that lead there, in order. */
  readonly edges: readonly Membership[];
}

/**
 * Whom a role can act as, itself first, by the shortest way; where it inherits, that way. `takesAdmin`: also as whom it can make
 * itself, being allowed to give a membership to whom it likes.
 */
export function reachOf(
  name: string,
  { memberships, roles }: Pick<Snapshot, "memberships" | "roles">,
  { takesAdmin = false }: { takesAdmin?: boolean } = {},
): Reach[] {
  const reached = new Map<string, Reach>([
    [name, { role: name, path: [name], by: "inherit", edges: [] }],
  ]);
  const isOpen = (step: "inherit" | "set" | "admin", edge: Membership, from: Reach): boolean => {
    if (step === "inherit") return edge.inherit && from.by === "inherit";
    // To act as another role by SET ROLE takes SET at every step; what that role inherits comes with it.
    return edge.set || edge.inherit || (step === "admin" && edge.admin);
  };
  for (const step of ["inherit", "set", ...(takesAdmin ? (["admin"] as const) : [])] as const)
    for (const from of reached.values())
      for (const edge of memberships) {
        if (edge.member !== from.role || !isOpen(step, edge, from) || reached.has(edge.role))
          continue;
        const isGiver = !edge.set && !edge.inherit;
        const path = [...from.path, `${isGiver ? "may become member" : "member"} of ${edge.role}`];
        const by = step === "inherit" ? "inherit" : "set";
        reached.set(edge.role, { role: edge.role, path, by, edges: [...from.edges, edge] });
      }
  const isSuper = roles.some((role) => role.name === name && role.superuser);
  return isSuper ? [...reached.values()].slice(0, 1) : [...reached.values()];
}

function isAdmitted(snapshot: Snapshot, schema: string, reach: readonly Reach[]): boolean {
  const found = snapshot.schemas.find(({ name }) => name === schema);
  if (found === undefined) return false;
  const names = new Set<string | null>([null, ...reach.map(({ role }) => role)]);
  const isEverywhere = ["pg_read_all_data", "pg_write_all_data"].some((name) => names.has(name));
  return (
    isEverywhere ||
    names.has(found.owner) ||
    found.grants.some(({ grantee, privilege }) => privilege === "USAGE" && names.has(grantee))
  );
}

function granted(grants: readonly Grant[], grantee: string | null): Map<string, string[]> {
  const byGrantor = new Map<string, string[]>();
  for (const grant of grants) {
    if (grant.grantee !== grantee) continue;
    byGrantor.set(grant.grantor, [...(byGrantor.get(grant.grantor) ?? []), grant.privilege]);
  }
  return byGrantor;
}

function edgesOn(
  relation: Relation,
  reach: readonly Reach[],
  columns: Snapshot["columns"],
): AccessEdge[] {
  const whose = { role: reach[0]?.role ?? "", relation: `${relation.schema}.${relation.name}` };
  const edges: AccessEdge[] = [];
  const add = (
    step: Omit<Reach, "role" | "edges">,
    privileges: readonly string[],
    why: string,
    column: string | null = null,
  ): unknown =>
    edges.push({ ...whose, privileges, path: [...step.path, why], by: step.by, column });
  for (const step of reach) {
    if (step.role === relation.owner) add(step, TABLE_PRIVILEGES, "owner");
    else
      for (const [grantor, privileges] of granted(relation.grants, step.role))
        add(step, privileges, `granted by ${grantor}`);
    if (step.role === "pg_read_all_data") add(step, ["SELECT"], "reads everything");
    if (step.role === "pg_write_all_data") add(step, WRITES, "writes everything");
  }
  const self = { path: [whose.role], by: "inherit" as const };
  for (const [grantor, privileges] of granted(relation.grants, null))
    add(self, privileges, `granted to PUBLIC by ${grantor}`);
  for (const { name, grants } of columns)
    for (const step of [...reach, { ...self, role: null }])
      for (const [grantor, privileges] of granted(grants, step.role))
        if (step.role !== relation.owner)
          add(
            step,
            privileges,
            `granted by ${grantor}${step.role === null ? " to PUBLIC" : ""}`,
            name,
          );
  return edges;
}

function edgesOfSuperuser(role: Role, relations: readonly Relation[]): AccessEdge[] {
  return relations.map(({ schema, name }) => ({
    role: role.name,
    relation: `${schema}.${name}`,
    privileges: TABLE_PRIVILEGES,
    path: [role.name, "superuser"],
    by: "inherit",
    column: null,
  }));
}

/** Every way by which each role that may log in reaches each relation. Row security still holds where it is on. */
export function effectiveAccess(snapshot: Snapshot): AccessEdge[] {
  const columnsOf = Map.groupBy(
    snapshot.columns.filter(({ grants }) => grants.length > 0),
    ({ schema, relation }) => `${schema}.${relation}`,
  );
  return snapshot.roles
    .filter(({ login }) => login)
    .flatMap((role) => {
      if (role.superuser) return edgesOfSuperuser(role, snapshot.relations);
      const reach = reachOf(role.name, snapshot);
      return snapshot.relations
        .filter(({ schema }) => isAdmitted(snapshot, schema, reach))
        .flatMap((one) => edgesOn(one, reach, columnsOf.get(`${one.schema}.${one.name}`) ?? []));
    });
}
