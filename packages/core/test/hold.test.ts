import { beforeAll, describe, expect, test } from "vitest";
import {
  LIMITS,
  applyAccessStatement,
  bytesToId,
  checkAccessNow,
  holdsNow,
  phaseAt,
  randomBytes,
  type AccessState,
  type HoldId,
  type Link,
  type Role,
} from "@sinetti/core";
import { TestPractice, loadSuite, type TestMember } from "../../../tools/testPractice.ts";
import { accessLink, createFile, elapse, fold, give, join, told, tryAccess } from "./acts.ts";

beforeAll(loadSuite);

/** Grown, one of each role and a therapist who holds a care file; `second` reads it without the right to grant. */
function scene() {
  const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
  const of = (role: Role) => join(practice, [role]);
  const people = {
    holder: of("therapist"),
    second: of("therapist"),
    therapist: of("therapist"),
    supervisor: of("supervisor"),
    office: of("office"),
    privacy: of("privacy"),
    otherPrivacy: of("privacy"),
    admin: of("admin"),
    reviewer: of("reviewer"),
  };
  elapse(practice, 3);
  const state = createFile(practice, people.holder, {
    compartment: "care",
    grants: [
      practice.grant(people.holder),
      practice.grant(people.second, { rights: 3 }),
      practice.grant("recovery"),
    ],
  });
  return { practice, people, state };
}

const freshHold = (): HoldId => bytesToId<HoldId>(randomBytes(16));

function holdLink(
  practice: TestPractice,
  by: TestMember,
  {
    state,
    hold = freshHold(),
    until = null,
  }: { state: AccessState; hold?: HoldId; until?: number | null },
): Link {
  return accessLink(practice, by, { state, kind: "hold", body: { hold, reason: "claim", until } });
}

function ordered(
  practice: TestPractice,
  by: TestMember,
  act: { state: AccessState; approvers: TestMember[] } & (
    | { kind: "erase" }
    | { kind: "unhold"; hold: HoldId }
  ),
): Link {
  const { state, kind, approvers } = act;
  const { file } = state;
  const order =
    act.kind === "erase"
      ? practice.order(by, "erase", { file, reason: "request" })
      : practice.order(by, "unhold", { file, hold: act.hold });
  const approvals = approvers.map((each) => practice.approval(each, order));
  return accessLink(practice, by, { state, kind, body: { order, approvals } });
}

describe("a hold", () => {
  test("is placed by nobody but a privacy officer or who holds the right to grant", () => {
    const { practice, people, state } = scene();
    const { holder, privacy, otherPrivacy, ...others } = people;
    for (const [name, by] of Object.entries(others))
      expect(told(name, tryAccess(practice, state, holdLink(practice, by, { state })))).toBe(
        told(name, "not-authorised"),
      );
    for (const by of [holder, privacy, otherPrivacy])
      expect(tryAccess(practice, state, holdLink(practice, by, { state }))).toBe("accepted");
  });

  test("stops an erasure that has its second person, on a closed file too", () => {
    const { practice, people, state } = scene();
    const { holder, privacy, otherPrivacy } = people;
    const erase = () =>
      tryAccess(
        practice,
        state,
        ordered(practice, privacy, { state, kind: "erase", approvers: [otherPrivacy] }),
      );
    expect(erase()).toBe("accepted");
    fold(practice, state, accessLink(practice, holder, { state, kind: "close", body: {} }));
    fold(practice, state, holdLink(practice, holder, { state }));
    expect(erase()).toBe("on-hold");
    fold(practice, state, accessLink(practice, holder, { state, kind: "reopen", body: {} }));
    expect(erase()).toBe("on-hold");
    expect(phaseAt(state)).toBe("open");
  });

  test("of a day ends on the Monday of its week and not before; one that is over is not placed", () => {
    const { practice, people, state } = scene();
    const { privacy, otherPrivacy } = people;
    const until = practice.week + 4;
    expect(
      tryAccess(practice, state, holdLink(practice, privacy, { state, until: practice.week })),
    ).toBe("malformed");
    fold(practice, state, holdLink(practice, privacy, { state, until }));
    const erase = () =>
      tryAccess(
        practice,
        state,
        ordered(practice, privacy, { state, kind: "erase", approvers: [otherPrivacy] }),
      );
    elapse(practice, 3);
    expect(erase()).toBe("on-hold");
    elapse(practice, 1);
    expect(erase()).toBe("accepted");
  });

  test("that has no end stops a replay too; one with an end is left to who knows the week", () => {
    const { practice, people, state } = scene();
    const { privacy, otherPrivacy } = people;
    const replay = (held: AccessState): string => {
      const link = ordered(practice, privacy, {
        state: held,
        kind: "erase",
        approvers: [otherPrivacy],
      });
      try {
        applyAccessStatement(structuredClone(held), link, {
          practice: practice.state,
          week: null,
        });
      } catch (error) {
        return (error as { code: string }).code;
      }
      return "accepted";
    };
    const dated = structuredClone(state);
    fold(practice, dated, holdLink(practice, privacy, { state, until: practice.week + 4 }));
    expect(replay(dated)).toBe("accepted");
    fold(practice, state, holdLink(practice, privacy, { state }));
    expect(replay(state)).toBe("on-hold");
  });

  test("is not placed twice under one id, on an erased file, nor beyond sixteen", () => {
    const { practice, people, state } = scene();
    const { privacy, otherPrivacy } = people;
    const erased = structuredClone(state);
    fold(
      practice,
      erased,
      ordered(practice, privacy, { state: erased, kind: "erase", approvers: [otherPrivacy] }),
    );
    expect(tryAccess(practice, erased, holdLink(practice, privacy, { state: erased }))).toBe(
      "file-erased",
    );
    const hold = freshHold();
    fold(practice, state, holdLink(practice, privacy, { state, hold }));
    expect(tryAccess(practice, state, holdLink(practice, privacy, { state, hold }))).toBe(
      "order-reused",
    );
    for (let n = 1; n < LIMITS.holdsPerFile; n++)
      fold(practice, state, holdLink(practice, privacy, { state }));
    expect(tryAccess(practice, state, holdLink(practice, privacy, { state }))).toBe("too-large");
  });
});

describe("an unhold", () => {
  test("is refused to everybody but a privacy officer, alone, and self-approved", () => {
    const { practice, people, state } = scene();
    const { privacy, otherPrivacy, reviewer, ...others } = people;
    const hold = freshHold();
    fold(practice, state, holdLink(practice, people.holder, { state, hold }));
    const lift = (by: TestMember, ...approvers: TestMember[]) =>
      tryAccess(practice, state, ordered(practice, by, { state, kind: "unhold", hold, approvers }));
    for (const [name, by] of Object.entries({ ...others, reviewer }))
      expect(told(name, lift(by, privacy))).toBe(told(name, "not-authorised"));
    expect(lift(privacy)).toBe("second-person-missing");
    expect(lift(privacy, privacy)).toBe("second-person-missing");
    expect(lift(privacy, reviewer)).toBe("second-person-missing");
    expect(lift(privacy, otherPrivacy)).toBe("accepted");
    expect(lift(privacy, people.holder)).toBe("accepted");
  });

  test("lifts one hold and no other, once; then the file can be erased", () => {
    const { practice, people, state } = scene();
    const { privacy, otherPrivacy } = people;
    const [first, second] = [freshHold(), freshHold()];
    fold(practice, state, holdLink(practice, privacy, { state, hold: first }));
    fold(practice, state, holdLink(practice, privacy, { state, hold: second }));
    const lift = (hold: HoldId) =>
      ordered(practice, privacy, { state, kind: "unhold", hold, approvers: [otherPrivacy] });
    const erase = () =>
      tryAccess(
        practice,
        state,
        ordered(practice, privacy, { state, kind: "erase", approvers: [otherPrivacy] }),
      );
    expect(tryAccess(practice, state, lift(freshHold()))).toBe("not-granted");
    fold(practice, state, lift(first));
    expect(holdsNow(state, null).map(({ hold }) => hold)).toEqual([second]);
    expect(tryAccess(practice, state, lift(first))).toBe("not-granted");
    expect(erase()).toBe("on-hold");
    fold(practice, state, lift(second));
    expect(erase()).toBe("accepted");
  });

  test("by who has left is refused now, and stands in a replay of what was accepted", () => {
    const { practice, people, state } = scene();
    const { privacy, otherPrivacy } = people;
    const hold = freshHold();
    fold(practice, state, holdLink(practice, privacy, { state, hold }));
    const link = ordered(practice, privacy, {
      state,
      kind: "unhold",
      hold,
      approvers: [otherPrivacy],
    });
    give(practice, practice.founder, {
      kind: "member.end",
      body: { member: privacy.member },
    });
    const now = () =>
      checkAccessNow(link, { access: state, practice: practice.state, week: practice.week });
    expect(now).toThrow(expect.objectContaining({ code: "not-authorised" }));
    fold(practice, state, link);
    expect(holdsNow(state, null)).toEqual([]);
  });
});
