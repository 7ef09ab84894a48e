import { describe, expect, test } from "vitest";
import { mapBundle } from "@sinetti/practice";
import { responsibleTherapist } from "../src/records/importedRecord.ts";

const OPTIONS = {
  at: "2026-11-21T10:00:00Z",
  zone: "Europe/Helsinki",
  sha256: () => "0".repeat(64),
};
const episode = (id: string, display: string, rest: object = {}) => ({
  resourceType: "EpisodeOfCare",
  id,
  status: "finished",
  patient: { reference: "Patient/1" },
  careManager: { display },
  ...rest,
});
const encounter = (id: string, start: string, display: string) => ({
  resourceType: "Encounter",
  id,
  status: "finished",
  class: { code: "AMB" },
  subject: { reference: "Patient/1" },
  period: { start },
  participant: [{ individual: { display } }],
});

function whose(...resources: object[]): string | null {
  const patient = { resourceType: "Patient", id: "1", name: [{ family: "Korpi" }] };
  const entry = [patient, ...resources].map((resource) => ({ resource }));
  return responsibleTherapist(
    mapBundle({ resourceType: "Bundle", type: "collection", entry }, OPTIONS),
  );
}

describe("the responsible therapist of a bundle", () => {
  test("is nobody where nobody is named", () => {
    expect(whose()).toBeNull();
  });

  test("is the care manager of the running episode, then of the newest", () => {
    const old = episode("a", "Dr. Old", { period: { start: "2019-01-01" } });
    const newest = episode("b", "Dr. New", { period: { start: "2024-01-01" } });
    const running = episode("c", "Dr. Running", {
      status: "active",
      period: { start: "2021-01-01" },
    });
    expect(whose(old, newest)).toBe("Dr. New");
    expect(whose(newest, running, old)).toBe("Dr. Running");
  });

  test("is whom the newest encounter names, where no episode names anybody", () => {
    const [first, last] = [
      encounter("d", "2020-01-01T10:00:00Z", "Dr. First"),
      encounter("e", "2025-01-01T10:00:00Z", "Dr. Last"),
    ];
    expect(whose(last, first)).toBe("Dr. Last");
    expect(whose(last, episode("f", "Dr. Manager"))).toBe("Dr. Manager");
  });
});
