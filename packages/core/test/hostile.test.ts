import { beforeAll, describe, expect, test } from "vitest";
import {
  acceptsLink,
  applyPracticeStatement,
  decodeCbor,
  encodeCbor,
  policyAt,
  practiceHead,
  readAcceptance,
  readRequestHeaders,
  readStatement,
  rolesAt,
  sitsInTeam,
  type Hash,
} from "@sinetti/core";
import { signAcceptance } from "@sinetti/core/service";
import {
  generateKemKey,
  generateMasterKey,
  generateSignKey,
  hpkeOpen,
  lookupSiteKey,
  recoverySecretFromBytes,
  sealPasskeySlot,
} from "@sinetti/core/secret";
import { TestPractice, loadSuite } from "../../../tools/testPractice.ts";
import {
  accessLink,
  createFile,
  elapse,
  fold,
  give,
  grantBody,
  join,
  openTeam,
  refusal,
  sealTo,
  subjectOf,
  teamGrant,
  tryAccess,
  tryOrder,
} from "./acts.ts";

beforeAll(loadSuite);

/** Three grown members: founder (therapist, admin, privacy), a therapist, an office worker. */
function grown() {
  const practice = new TestPractice({ week: 3000 });
  const therapist = join(practice, ["therapist"]);
  const office = join(practice, ["office"]);
  elapse(practice, 3);
  return { practice, founder: practice.founder, therapist, office };
}

describe("input that an attacker shapes", () => {
  test.each([
    ["a lone continuation byte", [0x61, 0xff]],
    ["a surrogate", [0x63, 0xed, 0xa0, 0x80]],
    ["an overlong form", [0x62, 0xc0, 0x80]],
    ["a cut sequence", [0x62, 0xe2, 0x82]],
    ["above U+10FFFF", [0x64, 0xf4, 0x90, 0x80, 0x80]],
    ["two keys that a lax reader makes one", [0xa2, 0x61, 0xfe, 1, 0x61, 0xff, 2]],
  ])("text with %s is malformed", (_name, bytes) => {
    expect(refusal(() => decodeCbor(Uint8Array.from(bytes)))).toBe("malformed");
  });

  test("text of one to four bytes a character round-trips", () => {
    for (const text of ["a", "ä", "€", "😀", "\u{10ffff}", "\ud7ff\ue000"])
      expect(decodeCbor(encodeCbor(text))).toBe(text);
  });

  test("an encapsulated key with a point of low order fails as open-failed", () => {
    expect(refusal(() => hpkeOpen(generateKemKey(), new Uint8Array(0), new Uint8Array(1136)))).toBe(
      "open-failed",
    );
  });

  test("a request time with a leading zero is another form, and malformed", () => {
    const input = (created: string): string =>
      `sinetti=("@method" "@path" "content-digest" "sinetti-service");created=${created};nonce="${"00".repeat(16)}";keyid="${"00".repeat(16)}.device.${"00".repeat(16)}";alg="ed25519";tag="sinetti/1/request"`;
    const read = (created: string) => () =>
      readRequestHeaders("/v1/x", (name) =>
        name === "signature-input"
          ? input(created)
          : name === "signature"
            ? `sinetti=:${"A".repeat(86)}==:`
            : name === "content-digest"
              ? `sha-256=:${"A".repeat(43)}=:`
              : "00".repeat(16),
      );
    expect(refusal(read("0123"))).toBe("malformed");
    expect(refusal(read("123"))).toBe("accepted");
  });

  test("secrets of the wrong length are refused, never derived from", () => {
    expect(refusal(() => recoverySecretFromBytes(new Uint8Array(0)))).toBe("malformed");
    expect(refusal(() => lookupSiteKey(new Uint8Array(31)))).toBe("malformed");
    const prf = new Uint8Array(0);
    expect(
      refusal(() =>
        sealPasskeySlot(generateMasterKey(), { credential: prf, salt: new Uint8Array(32), prf }),
      ),
    ).toBe("malformed");
  });

  test("an acceptance that names two hashes at one place is a fork, in whatever order", () => {
    const practice = new TestPractice({ week: 3000 });
    const link = readStatement(practice.genesis);
    const here = {
      chain: "practice" as const,
      id: link.statement.id,
      seq: 0,
      hash: link.hash,
      share: null,
    };
    const other = { ...here, hash: "22".repeat(32) as Hash };
    const sign = (items: (typeof here)[]) =>
      readAcceptance(
        signAcceptance({ practice: practice.id, week: 3000, items }, practice.gate.secret),
      );
    expect(refusal(() => acceptsLink(sign([here, other]), link))).toBe("forked-chain");
    expect(refusal(() => acceptsLink(sign([other, here]), link))).toBe("forked-chain");
    expect(acceptsLink(sign([here]), link)).toBe(true);
  });
});

describe("seats of a team", () => {
  test("a team is not opened with one member twice, nor is a seated member added again", () => {
    const { practice, founder, therapist } = grown();
    const twice = practice.order(founder, "team.open", {
      team: "ab".repeat(16) as never,
      kind: "cover",
      site: null,
      key: founder.kem.publicKey,
      seals: [sealTo(therapist), sealTo(therapist)],
    });
    expect(
      tryOrder(practice, {
        by: founder,
        order: twice,
        approvals: [practice.approval(therapist, twice)],
      }),
    ).toBe("broken-chain");
    const { team } = openTeam(practice, "cover", { members: [therapist], approvers: [therapist] });
    const again = practice.order(founder, "team.add", {
      team,
      version: 1,
      seal: sealTo(therapist),
    });
    expect(
      tryOrder(practice, {
        by: founder,
        order: again,
        approvals: [practice.approval(therapist, again)],
      }),
    ).toBe("broken-chain");
  });

  test("a role that does not fit a team any more ends the seat", () => {
    const { practice, founder, office, therapist } = grown();
    const { team } = openTeam(practice, "office", { members: [office], approvers: [therapist] });
    expect(sitsInTeam(practice.state, { team, member: office.member })).toBe(true);
    give(practice, founder, {
      kind: "member.role",
      body: { member: office.member, roles: ["reviewer"] },
      approvers: [therapist],
    });
    expect(rolesAt(practice.state, office.member)).toEqual(["reviewer"]);
    expect(sitsInTeam(practice.state, { team, member: office.member })).toBe(false);
  });
});

describe("grants", () => {
  test("a revoke order is used once: replayed after a new grant it is order-reused", () => {
    const { practice, founder, therapist } = grown();
    const state = createFile(practice, founder, {
      compartment: "care",
      grants: [practice.grant(founder), practice.grant("recovery"), practice.grant(therapist)],
    });
    const order = practice.order(founder, "revoke", {
      file: state.file,
      subject: subjectOf(therapist),
    });
    fold(
      practice,
      state,
      accessLink(practice, founder, { state, kind: "revoke", body: { order } }),
    );
    fold(
      practice,
      state,
      accessLink(practice, founder, {
        state,
        kind: "grant",
        body: grantBody(practice.grant(therapist)),
      }),
    );
    const replay = accessLink(practice, therapist, { state, kind: "revoke", body: { order } });
    expect(tryAccess(practice, state, replay)).toBe("order-reused");
  });

  test("nobody prolongs or widens their own grant by granting again", () => {
    const { practice, founder, therapist } = grown();
    const state = createFile(practice, founder, {
      compartment: "care",
      grants: [
        practice.grant(founder),
        practice.grant("recovery"),
        practice.grant(therapist, { rights: 5 }),
      ],
    });
    const own = accessLink(practice, therapist, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(therapist)),
    });
    expect(tryAccess(practice, state, own)).toBe("not-authorised");
  });

  test("with three staff the first grantor does not prolong by granting again what only another may renew", () => {
    const { practice, founder, therapist } = grown();
    const state = createFile(practice, founder, {
      compartment: "care",
      grants: [practice.grant(founder), practice.grant("recovery"), practice.grant(therapist)],
    });
    elapse(practice, 2);
    const longer = accessLink(practice, founder, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(therapist)),
    });
    expect(tryAccess(practice, state, longer)).toBe("not-authorised");
  });

  test("who holds less than a right does not grant it", () => {
    const { practice, founder, therapist } = grown();
    const third = join(practice, ["therapist"], [therapist]);
    const state = createFile(practice, founder, {
      compartment: "care",
      grants: [
        practice.grant(founder),
        practice.grant("recovery"),
        practice.grant(therapist, { rights: 5 }),
      ],
    });
    const wide = accessLink(practice, therapist, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(third)),
    });
    expect(tryAccess(practice, state, wide)).toBe("not-authorised");
    const narrow = accessLink(practice, therapist, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(third, { rights: 5 })),
    });
    expect(tryAccess(practice, state, narrow)).toBe("accepted");
  });

  test("a grant to a team stays a team's, whoever of it grants", () => {
    const { practice, founder, office, therapist } = grown();
    const { team, site } = openTeam(practice, "office", {
      members: [office],
      approvers: [therapist],
    });
    const state = createFile(practice, founder, {
      compartment: "identity",
      site,
      grants: [practice.grant(founder), practice.grant("recovery"), teamGrant(practice, team)],
    });
    const given = accessLink(practice, office, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(therapist)),
    });
    expect(tryAccess(practice, state, given)).toBe("accepted");
  });
});

describe("a statement is folded whole or not at all", () => {
  test("a refused order leaves the practice as it was", () => {
    const { practice, founder, therapist } = grown();
    const before = structuredClone(practice.state);
    const order = practice.order(therapist, "policy", { policy: policyAt(practice.state) });
    const link = readStatement(practice.statement(founder, order));
    expect(
      refusal(() => applyPracticeStatement(practice.state, link, { week: practice.week })),
    ).toBe("not-authorised");
    expect(practice.state).toEqual(before);
    expect(practiceHead(practice.state).seq).toBe(2);
  });
});

test("a statement of the practice chain that no device signed is refused, whoever accepted it", () => {
  const { practice, founder, therapist } = grown();
  const order = practice.order(founder, "freeze", { member: therapist.member });
  const forged = practice.statement({ ...founder, statement: generateSignKey() }, order);
  const take = (signed: Uint8Array) =>
    refusal(() =>
      applyPracticeStatement(practice.state, readStatement(signed), { week: practice.week }),
    );
  expect(take(forged)).toBe("bad-signature");
  expect(take(practice.statement(founder, order))).toBe("accepted");
});
