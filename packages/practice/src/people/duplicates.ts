import type { Person } from "../records/identity.ts";
import { normaliseName } from "./lookupFields.ts";

/** A patient as a caseload knows them. */
export interface KnownPatient {
  readonly patient: string;
  readonly name: string;
  readonly born?: string | undefined;
}

/** How alike two people are: the same name and birth date, or the name alone. */
export type Likeness = "name-born" | "name";

function namesOf({ name, preferredName, formerNames }: Person): Set<string> {
  const whole = [name, ...formerNames].flatMap(({ family, given, text }) => {
    const firsts = [given.join(" "), given[0] ?? "", preferredName ?? ""];
    return [text ?? "", ...firsts.map((first) => `${first} ${family ?? ""}`)];
  });
  return new Set(whole.map(normaliseName).filter((each) => each !== ""));
}

/** Patients of a caseload who may be this person; a birth date that is known on both sides and differs rules one out. */
export function findAlike(
  person: Person,
  known: readonly KnownPatient[],
): { patient: string; name: string; likeness: Likeness }[] {
  const names = namesOf(person);
  const { birthDate } = person;
  return known.flatMap(({ patient, name, born }) => {
    if (!names.has(normaliseName(name))) return [];
    const likeness = likenessOf(birthDate, born);
    return likeness === null ? [] : [{ patient, name, likeness }];
  });
}

/** Null: two birth dates that cannot be the same; of a part that is known it is enough that it does not differ. */
function likenessOf(one: string | undefined, other: string | undefined): Likeness | null {
  if (one === undefined || other === undefined) return "name";
  return one.startsWith(other) || other.startsWith(one) ? "name-born" : null;
}
