import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bytesToHex, weekOf, type PracticeId, type PracticeState } from "@sinetti/core";
import { signDocument } from "@sinetti/core/secret";
import { beforeAll, describe, expect, test } from "vitest";

import { TestPractice, loadSuite, type TestMember } from "../../../../tools/testPractice.ts";
import { borneFaults } from "../../src/posture/borneFaults.ts";
import {
  exceptionBytes,
  readExceptions,
  type SignedException,
} from "../../src/posture/signedExceptions.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const WEEK = weekOf(NOW.getTime() / 1000);

type Said = Omit<SignedException, "signatures">;

/** What a practice of an administrator, a privacy officer and a therapist may sign. */
class Signing {
  readonly practice = new TestPractice({ founderRoles: ["admin"], week: WEEK - 60 });
  readonly admin = this.practice.founder;
  readonly privacy = this.practice.add(["privacy"]);
  readonly therapist = this.practice.add(["therapist"]);

  said(wish: Partial<Said> = {}): Said {
    return {
      practice: this.practice.id,
      database: "who",
      check: "N2",
      object: "pg_hba: host all all 10.0.0.7/32 trust",
      reason: "until the report server moves",
      made: NOW.toISOString(),
      until: "2026-12-01",
      ...wish,
    };
  }

  by(members: readonly TestMember[], said = this.said()): SignedException {
    const signatures = members.map(({ device, statement }) => ({
      device,
      signed: bytesToHex(signDocument("postureException", exceptionBytes(said), statement)),
    }));
    return { ...said, signatures };
  }

  borne(exceptions: readonly SignedException[], others: readonly TestPractice[] = [], now = NOW) {
    const all = [this.practice, ...others];
    const practices = new Map(all.map(({ id, state }) => [id, state] as const));
    return borneFaults(exceptions, { practices, database: "who", now });
  }
}

beforeAll(loadSuite);

describe("a fault is borne", () => {
  test("by an administrator and a privacy officer, until its day", () => {
    const signing = new Signing();
    const { admin, privacy } = signing;
    const signed = signing.by([admin, privacy]);
    expect(signing.borne([signed])).toEqual([
      expect.objectContaining({
        until: "2026-12-01",
        signed: [
          {
            practice: signing.practice.id,
            reason: "until the report server moves",
            by: [admin.member, privacy.member],
          },
        ],
      }),
    ]);
    expect(signing.borne([signed], [], new Date("2026-12-01T23:00:00Z"))).toHaveLength(1);
    expect(signing.borne([signed], [], new Date("2026-12-02T00:00:00Z"))).toEqual([]);
  });

  test("by one person in a practice of one", () => {
    const practice = new TestPractice({ week: WEEK - 60 });
    const signing = new Signing();
    const alone = signing.by([practice.founder], signing.said({ practice: practice.id }));
    const practices = new Map([[practice.id, practice.state]]);
    expect(borneFaults([alone], { practices, database: "who", now: NOW })).toHaveLength(1);
  });
});

describe("a fault is not borne", () => {
  const signing = (): Signing => new Signing();

  test("by one of the two, by one twice, or by people without the roles", () => {
    const one = signing();
    const { admin, privacy, therapist } = one;
    for (const members of [[], [admin], [privacy], [admin, admin], [admin, therapist]])
      expect(one.borne([one.by(members)])).toEqual([]);
    const both = one.practice.add(["admin", "privacy"]);
    expect(one.borne([one.by([both])])).toEqual([]);
  });

  test("when a word of it was changed after it was signed, or it is of another database", () => {
    const one = signing();
    const signed = one.by([one.admin, one.privacy]);
    const changes: Partial<Said>[] = [
      { object: "pg_hba: host all all 0.0.0.0/0 trust" },
      { check: "R4" },
      { until: "2026-12-02" },
      { reason: "another" },
      { made: "2026-11-20T12:00:00.000Z" },
    ];
    for (const change of changes) expect(one.borne([{ ...signed, ...change }])).toEqual([]);
    expect(one.borne([one.by([one.admin, one.privacy], one.said({ database: "gate" }))])).toEqual(
      [],
    );
  });

  test("for longer than a month, nor from a day to come", () => {
    const one = signing();
    const members = [one.admin, one.privacy];
    expect(one.borne([one.by(members, one.said({ until: "2026-12-22" }))])).toHaveLength(1);
    for (const wish of [{ until: "2026-12-24" }, { made: "2026-11-25T00:00:00.000Z" }])
      expect(one.borne([one.by(members, one.said(wish))])).toEqual([]);
  });

  test("by a device that has ended, a frozen member, or one who is new in an old practice", () => {
    const ended = signing();
    const signed = ended.by([ended.admin, ended.privacy]);
    const endOrder = ended.practice.order(ended.privacy, "device.end", {
      device: ended.privacy.device,
    });
    ended.practice.apply(ended.practice.statement(ended.privacy, endOrder));
    expect(ended.borne([signed])).toEqual([]);

    const frozen = signing();
    const freeze = frozen.practice.order(frozen.privacy, "freeze", {
      member: frozen.privacy.member,
    });
    const held = frozen.by([frozen.admin, frozen.privacy]);
    frozen.practice.apply(frozen.practice.statement(frozen.privacy, freeze));
    expect(frozen.borne([held])).toEqual([]);

    const young = signing();
    const found = young.practice.state.members[young.privacy.member];
    if (found === undefined) throw new TypeError("no such member");
    found.joinedWeek = WEEK;
    expect(young.borne([young.by([young.admin, young.privacy])])).toEqual([]);
  });

  test("by one person who has just ended everybody else", () => {
    const practice = new TestPractice({ week: WEEK - 60 });
    const { founder } = practice;
    const colleague = practice.add(["therapist"]);
    const end = practice.order(founder, "member.end", { member: colleague.member });
    practice.apply(practice.statement(founder, end));
    const found = practice.state.members[colleague.member];
    if (found === undefined) throw new TypeError("no such member");
    const one = signing();
    const alone = one.by([founder], one.said({ practice: practice.id }));
    const practices = new Map([[practice.id, practice.state]]);
    const borneIn = (weeks: number): number => {
      found.endedWeek = WEEK - weeks;
      return borneFaults([alone], { practices, database: "who", now: NOW }).length;
    };
    expect(borneIn(0)).toBe(0);
    expect(borneIn(practice.state.quorumAgeWeeks)).toBe(0);
    expect(borneIn(practice.state.quorumAgeWeeks + 1)).toBe(1);
  });

  test("unless every practice in the database has signed, each for itself", () => {
    const one = signing();
    const other = new Signing();
    const own = one.by([one.admin, one.privacy]);
    const theirs = other.by([other.admin, other.privacy]);
    expect(one.borne([own], [other.practice])).toEqual([]);
    expect(one.borne([own, theirs], [other.practice])).toHaveLength(1);
    const practices = new Map<PracticeId, PracticeState | null>([
      [one.practice.id, one.practice.state],
      [other.practice.id, null],
    ]);
    expect(borneFaults([own, theirs], { practices, database: "who", now: NOW })).toEqual([]);
    expect(borneFaults([own], { practices: new Map(), database: "who", now: NOW })).toEqual([]);
  });
});

test("a file of exceptions that is damaged is refused, never taken for none", () => {
  const folder = mkdtempSync(join(tmpdir(), "sinetti-exceptions-"));
  try {
    const file = join(folder, "exceptions.json");
    expect(readExceptions(file)).toEqual([]);
    for (const content of ["", "{}", '{"sinettiExceptions":1,"exceptions":[{"check":"N2"}]}']) {
      writeFileSync(file, content);
      expect(() => readExceptions(file)).toThrow(expect.objectContaining({ name: "InputError" }));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
