import type { Invitee } from "@sinetti/client";

/** A person who is being written down. */
export type PersonWish = Invitee;

export const nobody: PersonWish = { name: "", roles: ["therapist"], site: null };

const plain = (name: string): string => name.replace(/\s+/g, " ").trim();

/** Whether there is enough of a person for a slip: a name and roles; a reviewer has no other role. */
export const isWhole = ({ name, roles }: PersonWish): boolean =>
  plain(name) !== "" && roles.length > 0 && !(roles.includes("reviewer") && roles.length > 1);

/** The list with more people: whoever stands there already under that name is the later one. */
export function withPeople(
  list: readonly PersonWish[],
  more: readonly PersonWish[],
): readonly PersonWish[] {
  const added = more.filter(isWhole).map((person) => ({ ...person, name: plain(person.name) }));
  const names = new Set(added.map(({ name }) => name));
  return [...list.filter(({ name }) => !names.has(name)), ...added];
}
