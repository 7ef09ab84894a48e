import type { Person, RetentionFacts } from "@sinetti/practice";

/** What a person's entry says about how long their record is kept. */
export function personFacts(person: Person | undefined): RetentionFacts {
  const { birthDate, deceased } = person ?? {};
  return {
    ...(birthDate === undefined ? {} : { born: birthDate }),
    ...(deceased?.on === undefined ? {} : { died: deceased.on }),
  };
}
