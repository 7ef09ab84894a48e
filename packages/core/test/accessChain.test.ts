import { beforeAll, describe, expect, test } from "vitest";
import {
  DEFAULT_POLICY,
  ZERO_HASH,
  ZERO_ID,
  accessHead,
  accessOf,
  accessStateShape,
  applyAccessStatement,
  bytesToId,
  checkAccessNow,
  decodeShape,
  encodeShape,
  grantsAt,
  isRekeyDue,
  mayRevoke,
  phaseAt,
  policyAt,
  practiceHead,
  randomBytes,
  readStatement,
  startAccess,
  subjectsToWrap,
  type AccessState,
  type Grant,
  type MemberId,
} from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";
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
  sealTo,
  subjectOf,
  teamGrant,
  tryAccess,
} from "./acts.ts";

beforeAll(loadSuite);

/** Grown: founder (admin), two therapists, a privacy officer, an office worker, a reviewer; a care file that `holder` made. */
function scene(
  options: { grants?: (practice: TestPractice, people: { second: TestMember }) => Grant[] } = {},
) {
  const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
  const people = {
    holder: join(practice, ["therapist"]),
    second: join(practice, ["therapist"]),
    privacy: join(practice, ["privacy"]),
    office: join(practice, ["office"]),
    reviewer: join(practice, ["reviewer"]),
    stranger: join(practice, ["therapist"]),
  };
  elapse(practice, 3);
  const state = createFile(practice, people.holder, {
    compartment: "care",
    grants: [
      practice.grant(people.holder),
      practice.grant("recovery"),
      ...(options.grants?.(practice, people) ?? [practice.grant(people.second)]),
    ],
  });
  return { practice, ...people, state };
}

const renewal = (
  subject: Grant["subject"],
  expires: number,
  options: { rights?: number; term?: Grant["term"] } = {},
) => ({
  subject,
  rights: 7,
  term: "standing" as const,
  expires,
  ...options,
});

describe("renew", () => {
  test("is refused to the subject, to who granted first, to who neither grants nor guards, and of what was not granted", () => {
    const { practice, state, holder, second, privacy, office, stranger } = scene();
    const renew = (by: TestMember, of: TestMember, options = {}) =>
      tryAccess(
        practice,
        state,
        accessLink(practice, by, {
          state,
          kind: "renew",
          body: renewal(subjectOf(of), practice.week + 13, options),
        }),
      );
    expect(renew(second, second)).toBe("not-authorised");
    expect(renew(holder, second)).toBe("not-authorised");
    expect(renew(office, second)).toBe("not-authorised");
    expect(renew(stranger, second)).toBe("not-authorised");
    expect(renew(practice.founder, second)).toBe("not-authorised");
    expect(renew(privacy, stranger)).toBe("not-granted");
    expect(renew(second, holder)).toBe("accepted");
    expect(renew(privacy, second)).toBe("accepted");
  });

  test("gives rights no wider, no standing term to what needs approval, no time beyond the policy", () => {
    const { practice, state, second, privacy } = scene({
      grants: (p, { second: to }) => [p.grant(to, { rights: 3, term: "approved" })],
    });
    const renew = (options: Parameters<typeof renewal>[2], expires = practice.week + 13) =>
      tryAccess(
        practice,
        state,
        accessLink(practice, privacy, {
          state,
          kind: "renew",
          body: renewal(subjectOf(second), expires, options),
        }),
      );
    expect(renew({ rights: 7, term: "approved" })).toBe("not-authorised");
    expect(renew({ rights: 0, term: "approved" })).toBe("not-authorised");
    expect(renew({ rights: 3, term: "standing" })).toBe("not-authorised");
    expect(renew({ rights: 3, term: "approved" }, practice.week + 15)).toBe("not-authorised");
    expect(renew({ rights: 3, term: "approved" }, practice.week)).toBe("not-authorised");
    expect(renew({ rights: 3, term: "approved" }, 0)).toBe("malformed");
    expect(renew({ rights: 3, term: "approved" })).toBe("accepted");
    expect(renew({ rights: 1, term: "approved" })).toBe("accepted");
  });

  test("never touches recovery", () => {
    const { practice, state, privacy } = scene();
    const subject = { type: "recovery" as const, id: ZERO_ID as MemberId };
    const link = accessLink(practice, privacy, {
      state,
      kind: "renew",
      body: renewal(subject, 0, { rights: 1 }),
    });
    expect(tryAccess(practice, state, link)).toBe("not-granted");
  });

  test("alone in the practice a therapist renews their own; with two the other does", () => {
    const practice = new TestPractice({
      week: 3000,
      founderRoles: ["admin", "therapist", "privacy"],
    });
    const { founder } = practice;
    const state = createFile(practice, founder, {
      compartment: "care",
      grants: [practice.grant(founder), practice.grant("recovery")],
    });
    elapse(practice, 5);
    const own = () =>
      accessLink(practice, founder, {
        state,
        kind: "renew",
        body: renewal(subjectOf(founder), practice.week + 13),
      });
    expect(tryAccess(practice, state, own())).toBe("accepted");
    const other = join(practice, ["privacy"]);
    expect(tryAccess(practice, state, own())).toBe("not-authorised");
    const byOther = accessLink(practice, other, {
      state,
      kind: "renew",
      body: renewal(subjectOf(founder), practice.week + 13),
    });
    expect(tryAccess(practice, state, byOther)).toBe("accepted");
  });

  test("whoever ends everybody else is not alone at once: nothing of their own is renewed or granted until quorumAge has passed", () => {
    const practice = new TestPractice({
      week: 3000,
      founderRoles: ["admin", "therapist", "privacy"],
    });
    const { founder } = practice;
    const colleague = join(practice, ["therapist"]);
    elapse(practice, 3);
    const state = createFile(practice, founder, {
      compartment: "care",
      grants: [practice.grant(founder), practice.grant("recovery")],
    });
    const attempt = (kind: "renew" | "grant") => {
      const expires = practice.week + 13;
      const link =
        kind === "renew"
          ? { state, kind, body: renewal(subjectOf(founder), expires) }
          : { state, kind, body: grantBody(practice.grant(founder, { expires })) };
      return tryAccess(practice, state, accessLink(practice, founder, link));
    };
    give(practice, founder, { kind: "member.end", body: { member: colleague.member } });
    for (const weeks of [0, 1]) {
      elapse(practice, weeks);
      expect([attempt("renew"), attempt("grant")]).toEqual(["not-authorised", "not-authorised"]);
    }
    elapse(practice, 1);
    expect([attempt("renew"), attempt("grant")]).toEqual(["accepted", "accepted"]);
  });

  test("whoever ends the third is not free at once of the rule on first grantors, and a replay knows no weeks", () => {
    const practice = new TestPractice({ week: 3000, founderRoles: ["admin", "therapist"] });
    const { founder } = practice;
    const [colleague, third] = [join(practice, ["therapist"]), join(practice, ["office"])];
    elapse(practice, 3);
    const state = createFile(practice, founder, {
      compartment: "care",
      grants: [
        practice.grant(founder),
        practice.grant("recovery"),
        practice.grant(colleague, { expires: practice.week + 4 }),
      ],
    });
    give(practice, founder, { kind: "member.end", body: { member: third.member } });
    const link = () =>
      accessLink(practice, founder, {
        state,
        kind: "renew",
        body: renewal(subjectOf(colleague), practice.week + 13),
      });
    elapse(practice, 1);
    expect(tryAccess(practice, state, link())).toBe("not-authorised");
    const replayed = structuredClone(state);
    const replay = { practice: practice.state, week: null };
    expect(refusal(() => applyAccessStatement(replayed, link(), replay))).toBe("accepted");
    elapse(practice, 1);
    expect(tryAccess(practice, state, link())).toBe("accepted");
  });

  test("keeps the first grantor, so that a renewal does not free them to renew", () => {
    const { practice, state, holder, second, privacy } = scene();
    fold(
      practice,
      state,
      accessLink(practice, privacy, {
        state,
        kind: "renew",
        body: renewal(subjectOf(second), practice.week + 2),
      }),
    );
    const link = accessLink(practice, holder, {
      state,
      kind: "renew",
      body: renewal(subjectOf(second), practice.week + 13),
    });
    expect(tryAccess(practice, state, link)).toBe("not-authorised");
  });
});

describe("revoke", () => {
  test("is refused to who neither guards, administers, grants nor holds it, and of recovery; a holder gives up their own", () => {
    const { practice, state, holder, second, privacy, office, reviewer, stranger } = scene();
    const revoke = (by: TestMember, of: Grant["subject"], file = state.file) => {
      const order = practice.order(by, "revoke", { file, subject: of });
      return tryAccess(
        practice,
        state,
        accessLink(practice, by, { state, kind: "revoke", body: { order } }),
      );
    };
    for (const each of [office, reviewer, stranger])
      expect(revoke(each, subjectOf(second))).toBe("not-authorised");
    expect(revoke(privacy, { type: "recovery", id: ZERO_ID as MemberId })).toBe("not-authorised");
    expect(revoke(privacy, subjectOf(stranger))).toBe("not-granted");
    expect(revoke(privacy, subjectOf(second), bytesToId(randomBytes(16)))).toBe("broken-chain");
    for (const each of [privacy, practice.founder, holder, second])
      expect(revoke(each, subjectOf(second))).toBe("accepted");
  });

  test.each(["process", "roster"] as const)(
    "of the last holder of a %s file, which nobody can grant again, is refused to everybody but the holder",
    (compartment) => {
      const { practice, holder, privacy } = scene();
      const state = createFile(practice, holder, {
        compartment,
        grants: [practice.grant(holder), practice.grant("recovery")],
      });
      const revoke = (by: TestMember): string => {
        const order = practice.order(by, "revoke", {
          file: state.file,
          subject: subjectOf(holder),
        });
        const link = accessLink(practice, by, { state, kind: "revoke", body: { order } });
        return tryAccess(practice, state, link);
      };
      for (const by of [privacy, practice.founder]) expect(revoke(by)).toBe("not-authorised");
      expect(revoke(holder)).toBe("accepted");
    },
  );

  test("is refused to a holder without the right to grant", () => {
    const { practice, state, holder, second } = scene({
      grants: (p, { second: to }) => [p.grant(to, { rights: 3 })],
    });
    const head = practiceHead(practice.state).seq;
    expect(
      mayRevoke(state, practice.state, {
        member: second.member,
        subject: subjectOf(holder),
        at: head,
      }),
    ).toBe(false);
    expect(
      mayRevoke(state, practice.state, {
        member: second.member,
        subject: subjectOf(second),
        at: head,
      }),
    ).toBe(true);
  });

  test("carries an order of this practice that verifies, of the right kind, by a device, at a known head", () => {
    const { practice, state, holder, second, privacy } = scene();
    const other = new TestPractice({ week: 3000 });
    const carry = (order: Uint8Array) =>
      tryAccess(
        practice,
        state,
        accessLink(practice, holder, { state, kind: "revoke", body: { order } }),
      );
    expect(
      carry(other.order(other.founder, "revoke", { file: state.file, subject: subjectOf(second) })),
    ).toBe("wrong-practice");
    expect(carry(practice.order(privacy, "erase", { file: state.file, reason: "retention" }))).toBe(
      "broken-chain",
    );
    const forged = practice.order({ ...privacy, statement: holder.statement }, "revoke", {
      file: state.file,
      subject: subjectOf(second),
    });
    expect(carry(forged)).toBe("bad-signature");
    expect(carry(new Uint8Array(0))).toBe("malformed");
    const stopped = practice.order(privacy, "revoke", {
      file: state.file,
      subject: subjectOf(second),
    });
    give(practice, practice.founder, { kind: "device.end", body: { device: privacy.device } });
    expect(carry(stopped)).toBe("accepted");
    expect(
      carry(practice.order(privacy, "revoke", { file: state.file, subject: subjectOf(second) })),
    ).toBe("not-authorised");
  });

  test("ends the grant, and the next write needs a new epoch without the subject", () => {
    const { practice, state, holder, second, privacy } = scene();
    expect(isRekeyDue(state, practice.state)).toBe(false);
    const order = practice.order(privacy, "revoke", {
      file: state.file,
      subject: subjectOf(second),
    });
    fold(
      practice,
      state,
      accessLink(practice, privacy, { state, kind: "revoke", body: { order } }),
    );
    expect(
      accessOf(state, practice.state, { member: second.member, week: practice.week }).standing,
    ).toBe(0);
    expect(isRekeyDue(state, practice.state)).toBe(true);
    expect(subjectsToWrap(state, practice.state)).not.toContainEqual(subjectOf(second));
    fold(
      practice,
      state,
      accessLink(practice, holder, { state, kind: "rekey", body: rekeyBody(2) }),
    );
    expect(isRekeyDue(state, practice.state)).toBe(false);
  });
});

describe("rekey", () => {
  test("is refused without the right to write, for another epoch, and on a closed file", () => {
    const { practice, state, holder, second, office } = scene({
      grants: (p, { second: to }) => [p.grant(to, { rights: 5 })],
    });
    const rekey = (by: TestMember, epoch: number) =>
      tryAccess(
        practice,
        state,
        accessLink(practice, by, { state, kind: "rekey", body: rekeyBody(epoch) }),
      );
    expect(rekey(office, 2)).toBe("not-granted");
    expect(rekey(second, 2)).toBe("not-granted");
    for (const epoch of [0, 1, 3]) expect(rekey(holder, epoch)).toBe("stale-epoch");
    expect(rekey(holder, 2)).toBe("accepted");
    fold(practice, state, accessLink(practice, holder, { state, kind: "close", body: {} }));
    expect(rekey(holder, 2)).toBe("file-closed");
  });

  test("is due when a member has ended, and drops them", () => {
    const { practice, state, holder, second } = scene();
    give(practice, practice.founder, { kind: "member.end", body: { member: second.member } });
    expect(isRekeyDue(state, practice.state)).toBe(true);
    fold(
      practice,
      state,
      accessLink(practice, holder, { state, kind: "rekey", body: rekeyBody(2) }),
    );
    expect(isRekeyDue(state, practice.state)).toBe(false);
    expect(grantsAt(state).map(({ grant }) => grant.subject.id)).not.toContain(second.member);
  });

  test("is due when a member has replaced their key, and names the new version", () => {
    const { practice, state, holder, second } = scene();
    give(practice, second, {
      kind: "member.rekey",
      body: {
        member: second.member,
        version: 2,
        key: holder.kem.publicKey,
        prior: new Uint8Array(72),
        kit: second.kit.publicKey,
      },
    });
    expect(isRekeyDue(state, practice.state)).toBe(true);
    fold(
      practice,
      state,
      accessLink(practice, holder, { state, kind: "rekey", body: rekeyBody(2) }),
    );
    expect(isRekeyDue(state, practice.state)).toBe(false);
    expect(
      grantsAt(state).find(({ grant }) => grant.subject.id === second.member)?.grant.keyVersion,
    ).toBe(2);
  });

  test("is due when somebody left a team that holds a grant, until team and file have new keys", () => {
    const practice = new TestPractice({ week: 3000 });
    const office = join(practice, ["office"]);
    const leaving = join(practice, ["office"]);
    const { team, site } = openTeam(practice, "office", { members: [office, leaving] });
    const state = createFile(practice, practice.founder, {
      compartment: "identity",
      site,
      grants: [
        practice.grant(practice.founder),
        practice.grant("recovery"),
        teamGrant(practice, team),
      ],
    });
    expect(isRekeyDue(state, practice.state)).toBe(false);
    give(practice, leaving, { kind: "team.remove", body: { team, member: leaving.member } });
    expect(
      accessOf(state, practice.state, { member: leaving.member, week: practice.week }).standing,
    ).toBe(0);
    expect(isRekeyDue(state, practice.state)).toBe(true);
    // Who does not sit in the team holds no key of it to replace.
    const due = (writer: MemberId): boolean => isRekeyDue(state, practice.state, { writer });
    expect([office, practice.founder, leaving].map(({ member }) => due(member))).toEqual([
      true,
      false,
      false,
    ]);
    give(practice, office, {
      kind: "team.rekey",
      body: {
        team,
        version: 2,
        key: office.kem.publicKey,
        prior: new Uint8Array(72),
        seals: [sealTo(office)],
      },
    });
    expect(isRekeyDue(state, practice.state)).toBe(true);
    fold(
      practice,
      state,
      accessLink(practice, office, { state, kind: "rekey", body: rekeyBody(2) }),
    );
    expect(isRekeyDue(state, practice.state)).toBe(false);
  });

  test("is not due after a grant, a renewal, a lapse or a rotation of recovery", () => {
    const { practice, state, holder, second, privacy, stranger } = scene();
    fold(
      practice,
      state,
      accessLink(practice, holder, {
        state,
        kind: "grant",
        body: grantBody(practice.grant(stranger)),
      }),
    );
    fold(
      practice,
      state,
      accessLink(practice, privacy, {
        state,
        kind: "renew",
        body: renewal(subjectOf(second), practice.week + 1),
      }),
    );
    elapse(practice, 8);
    expect(isRekeyDue(state, practice.state)).toBe(false);
  });
});

describe("close and reopen", () => {
  test("are refused to who neither guards nor grants, and twice; a closed file takes no grant", () => {
    const { practice, state, holder, second, privacy, office } = scene({
      grants: (p, { second: to }) => [p.grant(to, { rights: 3 })],
    });
    const phase = (by: TestMember, kind: "close" | "reopen") =>
      tryAccess(practice, state, accessLink(practice, by, { state, kind, body: {} }));
    for (const each of [second, office, practice.founder])
      expect(phase(each, "close")).toBe("not-authorised");
    expect(phase(holder, "reopen")).toBe("not-authorised");
    expect(phase(privacy, "close")).toBe("accepted");
    fold(practice, state, accessLink(practice, holder, { state, kind: "close", body: {} }));
    expect(phase(holder, "close")).toBe("file-closed");
    expect(phase(second, "reopen")).toBe("not-authorised");
    expect(
      tryAccess(
        practice,
        state,
        accessLink(practice, holder, {
          state,
          kind: "grant",
          body: grantBody(practice.grant(privacy)),
        }),
      ),
    ).toBe("file-closed");
    fold(practice, state, accessLink(practice, holder, { state, kind: "reopen", body: {} }));
    expect(phaseAt(state)).toBe("open");
    expect(phaseAt(state, 1)).toBe("closed");
  });
});

describe("erase", () => {
  test("is refused alone, to who neither guards nor grants, with approvals of another order, and ends everything", () => {
    const { practice, state, holder, second, privacy, office, reviewer } = scene();
    const erase = (by: TestMember, ...approvers: TestMember[]) => {
      const order = practice.order(by, "erase", { file: state.file, reason: "retention" });
      const approvals = approvers.map((each) => practice.approval(each, order));
      return tryAccess(
        practice,
        state,
        accessLink(practice, by, { state, kind: "erase", body: { order, approvals } }),
      );
    };
    expect(erase(privacy)).toBe("second-person-missing");
    expect(erase(privacy, privacy)).toBe("second-person-missing");
    expect(erase(privacy, reviewer)).toBe("second-person-missing");
    expect(erase(office, holder)).toBe("not-authorised");
    expect(erase(practice.founder, holder)).toBe("not-authorised");
    const order = practice.order(privacy, "erase", { file: state.file, reason: "retention" });
    const other = practice.order(privacy, "erase", { file: state.file, reason: "retention" });
    const stale = accessLink(practice, privacy, {
      state,
      kind: "erase",
      body: { order, approvals: [practice.approval(holder, other)] },
    });
    expect(tryAccess(practice, state, stale)).toBe("second-person-missing");
    expect(erase(holder, second)).toBe("accepted");
    expect(erase(privacy, office)).toBe("accepted");
    fold(
      practice,
      state,
      accessLink(practice, privacy, {
        state,
        kind: "erase",
        body: { order, approvals: [practice.approval(holder, order)] },
      }),
    );
    expect(phaseAt(state)).toBe("erased");
    expect(grantsAt(state)).toEqual([]);
    expect(erase(privacy, office)).toBe("file-erased");
    expect(
      tryAccess(
        practice,
        state,
        accessLink(practice, holder, {
          state,
          kind: "grant",
          body: grantBody(practice.grant(second)),
        }),
      ),
    ).toBe("file-erased");
  });

  test("a replay years later takes what the gate took", () => {
    const { practice, state, holder, privacy } = scene();
    const order = practice.order(privacy, "erase", { file: state.file, reason: "retention" });
    const link = accessLink(practice, privacy, {
      state,
      kind: "erase",
      body: { order, approvals: [practice.approval(holder, order)] },
    });
    give(practice, practice.founder, { kind: "member.end", body: { member: holder.member } });
    elapse(practice, 200);
    const replayed = structuredClone(state);
    applyAccessStatement(replayed, link, { practice: practice.state, week: null });
    expect(phaseAt(replayed)).toBe("erased");
  });
});

describe("expiry", () => {
  const rights = (
    practice: TestPractice,
    state: AccessState,
    { member }: TestMember,
    inGrace = false,
  ) => accessOf(state, practice.state, { member, week: practice.week, inGrace });

  test("ends a grant on the Monday of its week and not before", () => {
    const { practice, state, second } = scene({
      grants: (p, { second: to }) => [p.grant(to, { expires: p.week + 2 })],
    });
    elapse(practice, 1);
    expect(rights(practice, state, second)).toEqual({ standing: 7, approved: 0, lapsed: 0 });
    elapse(practice, 1);
    expect(rights(practice, state, second)).toEqual({ standing: 0, approved: 0, lapsed: 7 });
  });

  test("of a care grant in use leaves two weeks of grace, of another compartment none", () => {
    const { practice, state, second, holder } = scene({
      grants: (p, { second: to }) => [p.grant(to, { expires: p.week + 2 })],
    });
    const identity = createFile(practice, holder, {
      compartment: "identity",
      grants: [
        practice.grant(holder),
        practice.grant("recovery"),
        practice.grant(second, { expires: practice.week + 2 }),
      ],
    });
    elapse(practice, 3);
    expect(rights(practice, state, second, true).standing).toBe(7);
    expect(rights(practice, identity, second, true).standing).toBe(0);
    elapse(practice, 1);
    expect(rights(practice, state, second, true).standing).toBe(0);
  });

  test("of the last holder turns the grant into one that needs approval, never into nothing", () => {
    const { practice, state, holder, second } = scene();
    elapse(practice, 20);
    expect(rights(practice, state, holder)).toEqual({ standing: 0, approved: 7, lapsed: 0 });
    expect(rights(practice, state, second)).toEqual({ standing: 0, approved: 7, lapsed: 0 });
  });

  test("counts nobody who has left, nor a stand-in, as another holder", () => {
    const { practice, state, holder, second, stranger } = scene({
      grants: (p, { second: to }) => [p.grant(to)],
    });
    fold(
      practice,
      state,
      accessLink(practice, holder, {
        state,
        kind: "grant",
        body: grantBody(practice.grant(stranger, { term: "approved", rights: 3 })),
      }),
    );
    give(practice, practice.founder, { kind: "member.end", body: { member: second.member } });
    elapse(practice, 20);
    expect(rights(practice, state, holder).approved).toBe(7);
  });

  test("takes the right to grant, so that nobody prolongs themselves by granting", () => {
    const { practice, state, holder, stranger } = scene();
    elapse(practice, 20);
    const link = accessLink(practice, holder, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(stranger)),
    });
    expect(tryAccess(practice, state, link)).toBe("not-authorised");
  });

  test("is not looked at in a replay", () => {
    const { practice, state, holder } = scene();
    elapse(practice, 200);
    expect(accessOf(state, practice.state, { member: holder.member, week: null }).standing).toBe(7);
  });
});

describe("the chain of a file", () => {
  test("refuses a statement of another practice, file, place, predecessor, device, signature or kind", () => {
    const { practice, state, holder, second, stranger } = scene();
    const other = new TestPractice({ week: 3000 });
    const head = accessHead(state);
    const body = { seen: practiceHead(practice.state) };
    const sign = (
      place: Partial<Parameters<typeof signAccessStatement>[0]>,
      key = holder.statement,
    ) =>
      readStatement(
        signAccessStatement(
          { practice: practice.id, file: state.file, device: holder.device, head, ...place },
          { kind: "close", body },
          key.secret,
        ),
      );
    expect(tryAccess(practice, state, sign({ practice: other.id }))).toBe("wrong-practice");
    expect(tryAccess(practice, state, sign({ file: bytesToId(randomBytes(16)) }))).toBe(
      "broken-chain",
    );
    expect(tryAccess(practice, state, sign({ head: null }))).toBe("broken-chain");
    expect(tryAccess(practice, state, sign({ head: { seq: head.seq + 1, hash: head.hash } }))).toBe(
      "broken-chain",
    );
    expect(tryAccess(practice, state, sign({ head: { seq: head.seq, hash: ZERO_HASH } }))).toBe(
      "broken-chain",
    );
    expect(tryAccess(practice, state, sign({ device: bytesToId(randomBytes(16)) }))).toBe(
      "not-authorised",
    );
    expect(tryAccess(practice, state, sign({ device: second.device }))).toBe("bad-signature");
    expect(tryAccess(practice, state, sign({}, stranger.statement))).toBe("bad-signature");
    expect(
      tryAccess(
        practice,
        state,
        createLink(practice, holder, { compartment: "care", grants: [practice.grant(holder)] }),
      ),
    ).toBe("broken-chain");
    expect(tryAccess(practice, state, sign({}))).toBe("accepted");
  });

  test("cites of the practice chain never go down and are known", () => {
    const { practice, state, holder, stranger } = scene();
    const old = practiceHead(practice.state);
    const close = (seen: typeof old) =>
      tryAccess(
        practice,
        state,
        accessLink(practice, holder, { state, kind: "close", body: { seen } }),
      );
    expect(close({ seq: old.seq + 1, hash: old.hash })).toBe("stale-head");
    expect(close({ seq: old.seq, hash: ZERO_HASH })).toBe("stale-head");
    give(practice, stranger, { kind: "freeze", body: { member: stranger.member } });
    expect(close(old)).toBe("accepted");
    fold(
      practice,
      state,
      accessLink(practice, holder, {
        state,
        kind: "grant",
        body: grantBody(practice.grant(stranger)),
      }),
    );
    expect(close(old)).toBe("stale-head");
  });

  test("who had joined later or had ended at the cited head is nobody", () => {
    const { practice, state, holder } = scene();
    const early = practiceHead(practice.state);
    const late = join(practice, ["privacy"], [holder]);
    const by = accessLink(practice, late, { state, kind: "close", body: { seen: early } });
    expect(tryAccess(practice, state, by)).toBe("not-authorised");
    give(practice, practice.founder, { kind: "member.end", body: { member: holder.member } });
    expect(
      tryAccess(practice, state, accessLink(practice, holder, { state, kind: "close", body: {} })),
    ).toBe("not-authorised");
  });

  test("the end of a grant is judged by the policy at the cited head, whatever the policy became since", () => {
    const { practice, state, holder, stranger } = scene();
    const long = accessLink(practice, holder, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(stranger, { expires: practice.week + 14 })),
    });
    const created = createLink(practice, holder, {
      compartment: "care",
      grants: [practice.grant(holder), practice.grant("recovery")],
    });
    const policy = { ...DEFAULT_POLICY, grantWeeks: 1 };
    give(practice, practice.founder, { kind: "policy", body: { policy } });
    const { week } = practice;
    const now = accessLink(practice, holder, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(stranger, { expires: week + 3 })),
    });
    expect(tryAccess(practice, state, now)).toBe("not-authorised");
    expect(tryAccess(practice, state, long)).toBe("accepted");
    expect(refusal(() => startAccess(created, { practice: practice.state, week }))).toBe(
      "accepted",
    );
    const gate = { access: state, practice: practice.state, week };
    expect(refusal(() => checkAccessNow(long, gate))).toBe("not-authorised");
    expect(policyAt(practice.state, practiceHead(practice.state).seq - 1)).toEqual(DEFAULT_POLICY);
    expect(policyAt(practice.state)).toEqual(policy);
  });

  test("a file begins with a create of its own practice", () => {
    const { practice, state, holder } = scene();
    const start = (link: Parameters<typeof startAccess>[0]) =>
      refusal(() => startAccess(link, { practice: practice.state, week: practice.week }));
    expect(start(accessLink(practice, holder, { state, kind: "close", body: {} }))).toBe(
      "broken-chain",
    );
    const grants = [practice.grant(holder), practice.grant("recovery")];
    const created = createLink(practice, holder, { compartment: "care", grants });
    expect(start(created)).toBe("accepted");
    const broken = Uint8Array.from(created.signed);
    broken[3] = (broken[3] ?? 0) ^ 1;
    expect(start(readStatement(broken))).toBe("bad-signature");
  });

  test("its folded state survives its stored form", () => {
    const { practice, state, holder, second, privacy, stranger } = scene();
    fold(
      practice,
      state,
      accessLink(practice, holder, {
        state,
        kind: "grant",
        body: grantBody(practice.grant(stranger)),
      }),
    );
    const order = practice.order(privacy, "revoke", {
      file: state.file,
      subject: subjectOf(second),
    });
    fold(
      practice,
      state,
      accessLink(practice, privacy, { state, kind: "revoke", body: { order } }),
    );
    fold(
      practice,
      state,
      accessLink(practice, holder, { state, kind: "rekey", body: rekeyBody(2) }),
    );
    const stored = decodeShape(accessStateShape, encodeShape(accessStateShape, state));
    expect(stored).toEqual(state);
    expect(
      tryAccess(
        practice,
        stored,
        accessLink(practice, privacy, { state: stored, kind: "revoke", body: { order } }),
      ),
    ).toBe("order-reused");
  });
});
