import { describe, expect, it } from "vitest";

import {
  isWhole,
  nobody,
  withPeople,
  type PersonWish,
} from "../src/features/invitations/staffRows.ts";

const person = (name: string, more: Partial<PersonWish> = {}): PersonWish => ({
  ...nobody,
  name,
  ...more,
});

describe("the list of those who get a slip", () => {
  it("takes nobody without a name or roles, and no reviewer with another role", () => {
    expect(isWhole(person(" "))).toBe(false);
    expect(isWhole(person("Anna", { roles: [] }))).toBe(false);
    expect(isWhole(person("Anna", { roles: ["reviewer", "therapist"] }))).toBe(false);
    expect(isWhole(person("Anna", { roles: ["reviewer"] }))).toBe(true);
    expect(withPeople([], [person(""), person("Anna Aalto")])).toHaveLength(1);
  });

  it("holds everybody once, as they were written down last", () => {
    const list = withPeople(
      [person("Anna Aalto"), person("Ben Berg")],
      [person(" Anna  Aalto ", { roles: ["office"] })],
    );
    expect(list.map(({ name, roles }) => [name, roles.join()])).toEqual([
      ["Ben Berg", "therapist"],
      ["Anna Aalto", "office"],
    ]);
  });
});
