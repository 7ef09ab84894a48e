import type {
  CodeChange,
  Contact,
  IdentityBody,
  IdentityLinks,
  Person,
} from "../records/identity.ts";

/** An identity file as it stands: who the patient is, all codes ever held, contacts, and the other files. */
export interface PatientIdentity {
  person?: Person;
  codeChanges: CodeChange[];
  contacts: { entry: string; contact: Contact }[];
  links: Pick<IdentityLinks, "office" | "care" | "portal" | "process">;
}

/** What an identity file's entries add up to, in chain order; retracted and replaced entries fall away. */
export function foldIdentity(
  entries: readonly { entry: string; body: IdentityBody }[],
): PatientIdentity {
  const gone = new Set<string>();
  for (const { body } of entries) {
    if (body.type === "retraction") gone.add(body.entry);
    if (body.type === "contact" && body.replaces !== undefined) gone.add(body.replaces);
  }
  const identity: PatientIdentity = { codeChanges: [], contacts: [], links: {} };
  for (const { entry, body } of entries) {
    if (gone.has(entry)) continue;
    if (body.type === "person") identity.person = body;
    if (body.type === "codeChange") identity.codeChanges.push(body);
    if (body.type === "contact") identity.contacts.push({ entry, contact: body });
    if (body.type === "links") {
      const { office, care, portal, process } = body;
      identity.links = {
        ...identity.links,
        ...(office !== undefined && { office }),
        ...(care !== undefined && { care }),
        ...(portal !== undefined && { portal }),
        ...(process !== undefined && { process }),
      };
    }
  }
  return identity;
}

/** The patient's name as shown: preferred or first given name and family name, else the whole text, else "". */
export function displayName(person: Person): string {
  const first = person.preferredName ?? person.name.given[0];
  const parts = [first, person.name.family].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(" ") : (person.name.text ?? "");
}
