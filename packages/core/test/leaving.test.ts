import { beforeAll, describe, expect, test } from "vitest";
import {
  accessOf,
  checkAccessNow,
  isRekeyDue,
  practiceHead,
  readOrder,
  subjectsToWrap,
  type AccessState,
  type Link,
} from "@sinetti/core";
import { TestPractice, loadSuite, type TestMember } from "../../../tools/testPractice.ts";
import {
  accessLink,
  createFile,
  createLink,
  elapse,
  fold,
  give,
  grantBody,
  join,
  openTeam,
  refusal,
  rekeyBody,
  subjectOf,
  teamGrant,
  tryAccess,
  told,
} from "./acts.ts";

beforeAll(loadSuite);

/** Four grown members, a care file that founder and therapist hold. */
function shared() {
  const practice = new TestPractice({ week: 3000 });
  const therapist = join(practice, ["therapist"]);
  const privacy = join(practice, ["privacy"]);
  const colleague = join(practice, ["therapist"]);
  elapse(practice, 3);
  const state = createFile(practice, practice.founder, {
    compartment: "care",
    grants: [
      practice.grant(practice.founder),
      practice.grant("recovery"),
      practice.grant(therapist),
    ],
  });
  return { practice, founder: practice.founder, therapist, privacy, colleague, state };
}

const rights = (practice: TestPractice, state: AccessState, { member }: TestMember) =>
  accessOf(state, practice.state, { member, week: practice.week });

describe("a lost role", () => {
  test("takes the rights that the table gives to no role left, and calls for a new epoch without them", () => {
    const { practice, founder, therapist, privacy, state } = shared();
    expect(rights(practice, state, therapist).standing).toBe(7);
    give(practice, founder, {
      kind: "member.role",
      body: { member: therapist.member, roles: ["office"] },
      approvers: [privacy],
    });
    expect(rights(practice, state, therapist)).toEqual({ standing: 0, approved: 0, lapsed: 0 });
    expect(isRekeyDue(state, practice.state)).toBe(true);
    expect(subjectsToWrap(state, practice.state)).not.toContainEqual(subjectOf(therapist));
    fold(
      practice,
      state,
      accessLink(practice, founder, { state, kind: "rekey", body: rekeyBody(2) }),
    );
    expect(isRekeyDue(state, practice.state)).toBe(false);
  });

  test("narrows a grant to what a role that is left may hold", () => {
    const { practice, founder, therapist, privacy, state } = shared();
    give(practice, founder, {
      kind: "member.role",
      body: { member: therapist.member, roles: ["supervisor"] },
      approvers: [privacy],
    });
    expect(rights(practice, state, therapist).standing).toBe(1);
  });

  test("leaves a creator's own file with whoever may still create such files", () => {
    const { practice, founder, therapist, privacy } = shared();
    const roster = createFile(practice, therapist, {
      compartment: "roster",
      grants: [practice.grant(therapist), practice.grant("recovery")],
    });
    expect(rights(practice, roster, therapist).standing).toBe(7);
    give(practice, founder, {
      kind: "member.role",
      body: { member: therapist.member, roles: ["therapist", "office"] },
      approvers: [privacy],
    });
    expect(rights(practice, roster, therapist).standing).toBe(7);
    give(practice, founder, {
      kind: "member.role",
      body: { member: therapist.member, roles: ["office"] },
      approvers: [privacy],
    });
    expect(rights(practice, roster, therapist).standing).toBe(0);
  });
});

describe("the last holder", () => {
  test("keeps a way in through approval when the only other holder is a team without anybody", () => {
    const practice = new TestPractice({ week: 3000 });
    const office = join(practice, ["office"]);
    const other = join(practice, ["office"]);
    const { team, site } = openTeam(practice, "office", { members: [office] });
    const state = createFile(practice, practice.founder, {
      compartment: "identity",
      site,
      grants: [
        practice.grant(practice.founder),
        practice.grant("recovery"),
        teamGrant(practice, team),
      ],
    });
    elapse(practice, 20);
    expect(rights(practice, state, practice.founder)).toEqual({
      standing: 0,
      approved: 0,
      lapsed: 7,
    });
    give(practice, practice.founder, {
      kind: "team.remove",
      body: { team, member: office.member },
    });
    expect(rights(practice, state, practice.founder)).toEqual({
      standing: 0,
      approved: 7,
      lapsed: 0,
    });
    expect(rights(practice, state, other)).toEqual({ standing: 0, approved: 0, lapsed: 0 });
  });
});

/** What the gate says of a statement whose author cites a head from before they left. */
function now(practice: TestPractice, state: AccessState | null, link: Link): string {
  return refusal(() =>
    checkAccessNow(link, { access: state, practice: practice.state, week: practice.week }),
  );
}

describe("a statement signed with an old head", () => {
  test("does nothing for a member who has left since, though a replay would take it", () => {
    const { practice, founder, therapist, colleague, state } = shared();
    const links = {
      grant: accessLink(practice, therapist, {
        state,
        kind: "grant",
        body: grantBody(practice.grant(colleague)),
      }),
      close: accessLink(practice, therapist, { state, kind: "close", body: {} }),
      rekey: accessLink(practice, therapist, { state, kind: "rekey", body: rekeyBody(2) }),
      create: createLink(practice, therapist, {
        compartment: "care",
        grants: [practice.grant(therapist), practice.grant("recovery")],
      }),
    };
    for (const [kind, link] of Object.entries(links))
      expect(told(kind, now(practice, kind === "create" ? null : state, link))).toBe(
        told(kind, "accepted"),
      );
    give(practice, founder, { kind: "member.end", body: { member: therapist.member } });
    for (const [kind, link] of Object.entries(links))
      expect(told(kind, now(practice, kind === "create" ? null : state, link))).toBe(
        told(kind, "not-authorised"),
      );
    expect(tryAccess(practice, state, links.grant)).toBe("accepted");
  });

  test("does nothing for a device that has ended, nor for a role that is lost", () => {
    const { practice, founder, therapist, privacy, colleague, state } = shared();
    const grant = accessLink(practice, therapist, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(colleague)),
    });
    const create = createLink(practice, colleague, {
      compartment: "care",
      grants: [practice.grant(colleague), practice.grant("recovery")],
    });
    give(practice, founder, { kind: "device.end", body: { device: therapist.device } });
    expect(now(practice, state, grant)).toBe("not-authorised");
    give(practice, founder, {
      kind: "member.role",
      body: { member: colleague.member, roles: ["office"] },
      approvers: [privacy],
    });
    expect(now(practice, null, create)).toBe("not-authorised");
  });

  test("does not wrap to a key that has been replaced since", () => {
    const { practice, therapist, colleague, state } = shared();
    const grant = accessLink(practice, therapist, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(colleague)),
    });
    give(practice, colleague, {
      kind: "member.rekey",
      body: {
        member: colleague.member,
        version: 2,
        key: therapist.kem.publicKey,
        prior: new Uint8Array(72),
        kit: colleague.kit.publicKey,
      },
    });
    expect(now(practice, state, grant)).toBe("stale-head");
  });

  test("erases nothing once its author or its second person has left", () => {
    const { practice, founder, therapist, privacy, state } = shared();
    const order = practice.order(privacy, "erase", { file: state.file, reason: "retention" });
    const approvals = [practice.approval(therapist, order)];
    const link = accessLink(practice, founder, {
      state,
      kind: "erase",
      body: { order, approvals },
    });
    expect(now(practice, state, link)).toBe("accepted");
    give(practice, founder, { kind: "member.end", body: { member: therapist.member } });
    expect(now(practice, state, link)).toBe("not-authorised");
    give(practice, founder, { kind: "member.end", body: { member: privacy.member } });
    expect(now(practice, state, link)).toBe("not-authorised");
  });

  test("still carries a stop whose author has left: it was obeyed on arrival", () => {
    const { practice, founder, therapist, privacy, state } = shared();
    const order = practice.order(privacy, "revoke", {
      file: state.file,
      subject: subjectOf(therapist),
    });
    give(practice, founder, { kind: "member.end", body: { member: privacy.member } });
    const link = accessLink(practice, founder, { state, kind: "revoke", body: { order } });
    expect(readOrder(order).seen.seq).toBeLessThan(practiceHead(practice.state).seq);
    expect(now(practice, state, link)).toBe("accepted");
  });
});
