import { stringify } from "yaml";

import { hbaText } from "../accessLines.ts";
import { STRONG_EXTENSIONS } from "../checks/functions.ts";
import { STRONG_ROLES } from "../checks/roles.ts";
import type { Grant, Role, Snapshot } from "../collect/snapshot.ts";
import { policySchema, type DeclaredRole, type PosturePolicy } from "./policy.ts";

type Words = DeclaredRole["relations"][string];

const words = (grants: readonly Grant[]): Words =>
  [...new Set(grants.map(({ privilege }) => privilege.toLowerCase()))].sort() as Words;

const given = (grants: readonly Grant[], grantee: string): Grant[] =>
  grants.filter((grant) => grant.grantee === grantee);

function kindOf({ superuser, isBootstrap, login }: Role, isOwner: boolean): DeclaredRole["kind"] {
  // That another superuser should be one is for a person to say.
  if (superuser) return isBootstrap ? "superuser" : "person";
  if (isOwner) return "owner";
  return login ? "application" : "group";
}

function draftRole(role: Role, snapshot: Snapshot): DeclaredRole {
  const isOwner = snapshot.relations.some(({ owner }) => owner === role.name);
  const own = snapshot.relations.filter(
    ({ owner, extension }) => owner !== role.name && extension === null,
  );
  const relations = own.flatMap(({ schema, name, grants }): [string, Words][] => {
    const mine = given(grants, role.name);
    return mine.length === 0 ? [] : [[`${schema}.${name}`, words(mine)]];
  });
  const columns = snapshot.columns.flatMap(
    ({ schema, relation, name, grants }): [string, Words][] => {
      const mine = given(grants, role.name);
      return mine.length === 0 ? [] : [[`${schema}.${relation}.${name}`, words(mine)]];
    },
  );
  return {
    kind: kindOf(role, isOwner),
    login: role.login,
    attributes: [],
    memberOf: [
      ...new Set(
        snapshot.memberships
          .filter(({ member, role: of }) => member === role.name && !STRONG_ROLES.has(of))
          .map(({ role: of }) => of),
      ),
    ].map((of) => ({ role: of, admin: false })),
    relations: Object.fromEntries(relations),
    columns: Object.fromEntries(columns),
    functions: snapshot.routines
      .filter(
        ({ owner, extension, grants }) =>
          owner !== role.name && extension === null && given(grants, role.name).length > 0,
      )
      .map(({ schema, name, parameters }) => `${schema}.${name}(${parameters})`),
  };
}

/** What is there, as a policy to begin with: without what no policy should take over unread (powers, admin options, strong roles and extensions, slots, publications, lines that trust). */
export function draftPolicy(snapshot: Snapshot): PosturePolicy {
  const listen = snapshot.settings.get("listen_addresses")?.setting;
  const isHbaSeen = !snapshot.unseen.some(({ part }) => part === "hba");
  const lines = snapshot.hba.filter((line) => line.error === null && line.method !== "trust");
  const own = snapshot.relations.filter(({ extension }) => extension === null);
  return policySchema.parse({
    sinettiPosture: 1,
    schemas: [...new Set(own.map(({ schema }) => schema))],
    databases: snapshot.databases
      .filter(({ allowsConnections, isTemplate }) => allowsConnections && !isTemplate)
      .map(({ name }) => name),
    ...(listen === undefined
      ? {}
      : {
          listen: listen
            .split(",")
            .map((one) => one.trim())
            .filter((one) => one !== ""),
        }),
    ...(isHbaSeen ? { hba: [...new Set(lines.map(hbaText))] } : {}),
    roles: Object.fromEntries(
      snapshot.roles
        .filter(({ isPredefined }) => !isPredefined)
        .map((role) => [role.name, draftRole(role, snapshot)]),
    ),
    rowSecurity: own.some(({ rowSecurity }) => rowSecurity) ? "required" : "optional",
    extensions: snapshot.extensions
      .map(({ name }) => name)
      .filter((name) => !STRONG_EXTENSIONS.has(name)),
  });
}

const HEAD = `A draft of what was found, for \`sinetti posture --policy\`. It takes over what it saw:
read every line and take out what should not be, then have a second person read it.
`;

/** A policy as YAML. */
export function policyText(policy: PosturePolicy): string {
  return `${HEAD.trimEnd().replace(/^/gm, "# ")}\n${stringify(policy, { lineWidth: 0 })}`;
}
