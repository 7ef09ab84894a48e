import { describe, expect, test } from "vitest";

import { policyRejectionText } from "../src/policy/rejection.ts";
import { readPolicy } from "../src/policy/readPolicy.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const rejectionsOf = (text: string): string[] => {
  const read = readPolicy(text, NOW);
  return read.ok ? [] : read.rejections.map(policyRejectionText);
};

describe("a declared policy", () => {
  test("is taken with nothing but its version, and refused without it", () => {
    expect(rejectionsOf("sinettiPosture: 1\n")).toEqual([]);
    expect(rejectionsOf("schemas: [clinic]\n")[0]).toMatch(/^line 1, sinettiPosture: /);
    expect(rejectionsOf("sinettiPosture: 2\n")).toEqual(["line 1, sinettiPosture: expected 1"]);
  });

  test("names line and field of a word that does not exist", () => {
    const text = "sinettiPosture: 1\nroles:\n  app:\n    kind: application\n    superuser: true\n";
    expect(rejectionsOf(text)).toEqual([
      "line 5, roles.app.superuser: there is no such field; a role has kind, login, neverEnds, attributes, memberOf, relations, columns, functions",
    ]);
    expect(rejectionsOf("sinettiPosture: 1\nroles:\n  app: { kind: king }\n")[0]).toMatch(
      /^line 3, roles\.app\.kind: expected superuser, owner, /,
    );
  });

  test("takes a login that never ends from a role by which a service runs alone, with its reason", () => {
    const role = (kind: string, why = "it runs by it"): string =>
      `sinettiPosture: 1\nroles:\n  app:\n    kind: ${kind}\n    neverEnds: "${why}"\n`;
    expect(rejectionsOf(role("application"))).toEqual([]);
    expect(rejectionsOf(role("person"))).toEqual([
      "line 5, roles.app.neverEnds: the login of a person ends",
    ]);
    expect(rejectionsOf(role("application", ""))).toHaveLength(1);
  });

  test("refuses an exception that lasts more than a year, has no date, or a fingerprint of another form", () => {
    const exception = (until: string, fingerprint = "0123456789abcdef"): string =>
      `sinettiPosture: 1\nexceptions:\n  - fingerprint: "${fingerprint}"\n    reason: moved in spring\n${until}`;
    expect(rejectionsOf(exception("    until: 2027-11-20\n"))).toEqual([]);
    expect(rejectionsOf(exception("    until: 2027-12-01\n"))).toEqual([
      "line 5, exceptions[0].until: an exception lasts a year at most",
    ]);
    expect(rejectionsOf(exception(""))[0]).toMatch(/^line 3, exceptions\[0\]\.until: /);
    expect(rejectionsOf(exception("    until: 2027-01-01\n", "zz"))[0]).toMatch(
      /^line 3, exceptions\[0\]\.fingerprint: has another form/,
    );
  });

  test("refuses what is not YAML, stands twice, grows by aliases, or is nested without end", () => {
    expect(rejectionsOf("sinettiPosture: 1\nlisten: [\n")[0]).toMatch(/^line \d+, \.: /);
    expect(rejectionsOf("sinettiPosture: 1\nsinettiPosture: 1\n")[0]).toMatch(/^line 2, \.: /);
    expect(rejectionsOf("a: &a [x]\nsinettiPosture: 1\nlisten: *a\n")).not.toEqual([]);
    expect(rejectionsOf("[".repeat(10_000))).toEqual(["line 1, .: the file is nested too deeply"]);
    expect(rejectionsOf("x".repeat(1_000_001))).toEqual(["line 1, .: the file is too large"]);
  });
});
