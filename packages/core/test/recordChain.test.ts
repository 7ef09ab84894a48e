import { beforeAll, describe, expect, test } from "vitest";
import {
  LIMITS,
  ZERO_HASH,
  accessHead,
  applyAppend,
  bytesToId,
  checkAppendNow,
  decodeShape,
  encodeShape,
  practiceHead,
  randomBytes,
  readAppend,
  readStatement,
  recordStateShape,
  startRecord,
  type AccessState,
  type AppendBody,
  type EntryId,
  type Link,
  type RecordState,
} from "@sinetti/core";
import { signAppend } from "@sinetti/core/secret";
import { TestPractice, loadSuite, type TestMember } from "../../../tools/testPractice.ts";
import {
  accessLink,
  createFile,
  elapse,
  fold,
  give,
  grantBody,
  join,
  refusal,
  rekeyBody,
  subjectOf,
  teamGrant,
  openTeam,
  told,
} from "./acts.ts";

beforeAll(loadSuite);

/** A care file: holder (all rights), reader (read), writer (approved, read and write). */
function scene() {
  const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
  const holder = join(practice, ["therapist"]);
  const reader = join(practice, ["supervisor"]);
  const standIn = join(practice, ["therapist"]);
  const privacy = join(practice, ["privacy"]);
  elapse(practice, 3);
  const access = createFile(practice, holder, {
    compartment: "care",
    grants: [
      practice.grant(holder),
      practice.grant("recovery"),
      practice.grant(reader, { rights: 1 }),
      practice.grant(standIn, { rights: 3, term: "approved" }),
    ],
  });
  return {
    practice,
    holder,
    reader,
    standIn,
    privacy,
    access,
    record: startRecord(practice.id, access.file),
  };
}

const entry = () => ({
  id: bytesToId<EntryId>(randomBytes(16)),
  class: "entry" as const,
  box: ZERO_HASH,
  commit: new Uint8Array(32),
});

function append(
  practice: TestPractice,
  by: TestMember,
  {
    access,
    record,
    change = {},
  }: { access: AccessState; record: RecordState; change?: Partial<AppendBody> },
): Link {
  const body = {
    seen: practiceHead(practice.state),
    access: accessHead(access),
    epoch: 1,
    entries: [entry()],
    ...change,
  };
  return readStatement(
    signAppend(
      { practice: practice.id, file: access.file, device: by.device, head: record.head },
      body,
      by.statement.secret,
    ),
  );
}

describe("an append", () => {
  test("of 1 to 256 entries is taken, of none or 257 not", () => {
    const { practice, holder, access, record } = scene();
    const take = (count: number) =>
      refusal(() =>
        applyAppend(
          record,
          append(practice, holder, {
            access,
            record,
            change: { entries: Array.from({ length: count }, entry) },
          }),
          { access, practice: practice.state },
        ),
      );
    expect([
      take(0),
      take(1),
      take(LIMITS.entriesPerAppend),
      take(LIMITS.entriesPerAppend + 1),
    ]).toEqual(["malformed", "accepted", "accepted", "too-large"]);
  });

  test("is refused without the right to write; a stand-in's approved right counts", () => {
    const { practice, holder, reader, standIn, privacy, access, record } = scene();
    const take = (by: TestMember) =>
      refusal(() =>
        applyAppend(record, append(practice, by, { access, record }), {
          access,
          practice: practice.state,
        }),
      );
    expect([take(reader), take(privacy), take(practice.founder)]).toEqual([
      "not-granted",
      "not-granted",
      "not-granted",
    ]);
    expect([take(holder), take(standIn)]).toEqual(["accepted", "accepted"]);
  });

  test("leaves the state as it was when it is refused, and counts when it is taken", () => {
    const { practice, holder, reader, access, record } = scene();
    const before = structuredClone(record);
    expect(
      refusal(() =>
        applyAppend(record, append(practice, reader, { access, record }), {
          access,
          practice: practice.state,
        }),
      ),
    ).toBe("not-granted");
    expect(record).toEqual(before);
    const link = append(practice, holder, { access, record });
    const next = applyAppend(record, link, { access, practice: practice.state });
    expect(record).toEqual(before);
    expect(next).toMatchObject({
      head: { seq: 0, hash: link.hash },
      entries: 1,
      snapshotSeq: null,
    });
    expect(decodeShape(recordStateShape, encodeShape(recordStateShape, next))).toEqual(next);
  });

  test("follows the one before it and nothing else: no gap, no fork, no replay", () => {
    const { practice, holder, access, record } = scene();
    const first = append(practice, holder, { access, record });
    const other = append(practice, holder, { access, record });
    const next = applyAppend(record, first, { access, practice: practice.state });
    const take = (state: RecordState, link: Link) =>
      refusal(() => applyAppend(state, link, { access, practice: practice.state }));
    expect(take(next, first)).toBe("broken-chain");
    expect(take(next, other)).toBe("broken-chain");
    const second = append(practice, holder, { access, record: next });
    expect(take(record, second)).toBe("broken-chain");
    const onFork = append(practice, holder, {
      access,
      record: applyAppend(record, other, { access, practice: practice.state }),
    });
    expect(take(next, onFork)).toBe("broken-chain");
    expect(take(next, second)).toBe("accepted");
  });

  test("cites heads that never go down, of the practice and of the file", () => {
    const { practice, holder, reader, access, record } = scene();
    const old = { seen: practiceHead(practice.state), access: accessHead(access) };
    give(practice, reader, { kind: "freeze", body: { member: reader.member } });
    fold(
      practice,
      access,
      accessLink(practice, holder, {
        state: access,
        kind: "grant",
        body: grantBody(practice.grant(reader, { rights: 1, expires: practice.week + 2 })),
      }),
    );
    const next = applyAppend(record, append(practice, holder, { access, record }), {
      access,
      practice: practice.state,
    });
    const take = (change: Partial<AppendBody>) =>
      refusal(() =>
        applyAppend(next, append(practice, holder, { access, record: next, change }), {
          access,
          practice: practice.state,
        }),
      );
    expect(take({ seen: old.seen })).toBe("stale-head");
    expect(take({ access: old.access })).toBe("stale-head");
    expect(take({ seen: { ...practiceHead(practice.state), hash: ZERO_HASH } })).toBe("stale-head");
    expect(take({ access: { ...accessHead(access), hash: ZERO_HASH } })).toBe("stale-head");
    expect(take({ access: { seq: 99, hash: ZERO_HASH } })).toBe("stale-head");
    expect(take({})).toBe("accepted");
  });

  test("is of the epoch that it cites", () => {
    const { practice, holder, access, record } = scene();
    const before = accessHead(access);
    fold(
      practice,
      access,
      accessLink(practice, holder, { state: access, kind: "rekey", body: rekeyBody(2) }),
    );
    const take = (change: Partial<AppendBody>) =>
      refusal(() =>
        applyAppend(record, append(practice, holder, { access, record, change }), {
          access,
          practice: practice.state,
        }),
      );
    expect(take({ epoch: 1 })).toBe("stale-epoch");
    expect(take({ epoch: 3 })).toBe("stale-epoch");
    expect(take({ epoch: 2 })).toBe("accepted");
    expect(take({ epoch: 1, access: before })).toBe("accepted");
  });

  test("is refused on a closed file", () => {
    const { practice, holder, access, record } = scene();
    fold(
      practice,
      access,
      accessLink(practice, holder, { state: access, kind: "close", body: {} }),
    );
    expect(
      refusal(() =>
        applyAppend(record, append(practice, holder, { access, record }), {
          access,
          practice: practice.state,
        }),
      ),
    ).toBe("file-closed");
  });

  test("with a wrong signature, device, practice or file is refused", () => {
    const { practice, holder, reader, access, record } = scene();
    const take = (link: Link) =>
      refusal(() => applyAppend(record, link, { access, practice: practice.state }));
    expect(
      take(append(practice, { ...holder, statement: reader.statement }, { access, record })),
    ).toBe("bad-signature");
    expect(
      take(append(practice, { ...holder, device: bytesToId(randomBytes(16)) }, { access, record })),
    ).toBe("not-authorised");
    const elsewhere = createFile(practice, holder, {
      compartment: "care",
      grants: [practice.grant(holder), practice.grant("recovery")],
    });
    expect(take(append(practice, holder, { access: elsewhere, record }))).toBe("broken-chain");
    const own = append(practice, holder, { access, record });
    expect(
      refusal(() => applyAppend(record, own, { access: elsewhere, practice: practice.state })),
    ).toBe("stale-head");
    const foreign = new TestPractice({ week: 3000 });
    expect(
      refusal(() =>
        applyAppend(startRecord(foreign.id, access.file), own, {
          access,
          practice: practice.state,
        }),
      ),
    ).toBe("wrong-practice");
  });

  test("of a snapshot stands alone and is remembered", () => {
    const { practice, holder, access, record } = scene();
    const snapshot = { ...entry(), class: "snapshot" as const };
    const link = append(practice, holder, { access, record, change: { entries: [snapshot] } });
    expect(link.statement.kind).toBe("snapshot");
    expect(applyAppend(record, link, { access, practice: practice.state }).snapshotSeq).toBe(0);
    for (const entries of [
      [snapshot, entry()],
      [entry(), snapshot],
      [snapshot, { ...snapshot, id: entry().id }],
    ])
      expect(
        refusal(() =>
          readAppend(append(practice, holder, { access, record, change: { entries } })),
        ),
      ).toBe("malformed");
    const [one] = [entry()];
    expect(
      refusal(() =>
        readAppend(append(practice, holder, { access, record, change: { entries: [one, one] } })),
      ),
    ).toBe("malformed");
  });
});

describe("what a vault checks beside", () => {
  test("refuses who may write no more, a closed or erased file, an old epoch and one that is due, though a replay takes them", () => {
    const setups: Record<string, [string, (s: ReturnType<typeof scene>) => void]> = {
      "nothing has changed": ["accepted", () => undefined],
      "the member has ended": [
        "not-authorised",
        ({ practice, holder }) =>
          void give(practice, practice.founder, {
            kind: "member.end",
            body: { member: holder.member },
          }),
      ],
      "the device has ended": [
        "not-authorised",
        ({ practice, holder }) =>
          void give(practice, holder, { kind: "device.end", body: { device: holder.device } }),
      ],
      "the grant was revoked": [
        "not-granted",
        ({ practice, holder, privacy, access }) => {
          const order = practice.order(privacy, "revoke", {
            file: access.file,
            subject: subjectOf(holder),
          });
          fold(
            practice,
            access,
            accessLink(practice, privacy, { state: access, kind: "revoke", body: { order } }),
          );
        },
      ],
      "the file was closed": [
        "file-closed",
        ({ practice, holder, access }) =>
          void fold(
            practice,
            access,
            accessLink(practice, holder, { state: access, kind: "close", body: {} }),
          ),
      ],
      "the file was erased": [
        "file-erased",
        ({ practice, holder, privacy, access }) => {
          const order = practice.order(privacy, "erase", {
            file: access.file,
            reason: "retention",
          });
          fold(
            practice,
            access,
            accessLink(practice, privacy, {
              state: access,
              kind: "erase",
              body: { order, approvals: [practice.approval(holder, order)] },
            }),
          );
        },
      ],
      "a new epoch was opened": [
        "stale-epoch",
        ({ practice, holder, access }) =>
          void fold(
            practice,
            access,
            accessLink(practice, holder, { state: access, kind: "rekey", body: rekeyBody(2) }),
          ),
      ],
      "somebody else was revoked": [
        "stale-epoch",
        ({ practice, reader, privacy, access }) => {
          const order = practice.order(privacy, "revoke", {
            file: access.file,
            subject: subjectOf(reader),
          });
          fold(
            practice,
            access,
            accessLink(practice, privacy, { state: access, kind: "revoke", body: { order } }),
          );
        },
      ],
      "a reader has left": [
        "stale-epoch",
        ({ practice, reader }) =>
          void give(practice, practice.founder, {
            kind: "member.end",
            body: { member: reader.member },
          }),
      ],
    };
    for (const [what, [expected, change]] of Object.entries(setups)) {
      const all = scene();
      const { practice, holder, access, record } = all;
      const link = append(practice, holder, { access, record });
      change(all);
      expect(
        told(
          what,
          refusal(() => applyAppend(record, link, { access, practice: practice.state })),
        ),
      ).toBe(told(what, "accepted"));
      expect(
        told(
          what,
          refusal(() =>
            checkAppendNow(link, { access, practice: practice.state, week: practice.week }),
          ),
        ),
      ).toBe(told(what, expected));
    }
  });

  test("lets a stand-in team's member append, and not after leaving the team", () => {
    const { practice, holder, standIn, access, record } = scene();
    const { team } = openTeam(practice, "cover", { members: [standIn], approvers: [holder] });
    fold(
      practice,
      access,
      accessLink(practice, holder, {
        state: access,
        kind: "grant",
        body: grantBody(
          teamGrant(practice, team, { rights: 3, term: "approved", reason: "stand-in" }),
        ),
      }),
    );
    const order = practice.order(holder, "revoke", {
      file: access.file,
      subject: subjectOf(standIn),
    });
    fold(
      practice,
      access,
      accessLink(practice, holder, { state: access, kind: "revoke", body: { order } }),
    );
    fold(
      practice,
      access,
      accessLink(practice, holder, { state: access, kind: "rekey", body: rekeyBody(2) }),
    );
    const link = append(practice, standIn, { access, record, change: { epoch: 2 } });
    const now = () =>
      refusal(() =>
        checkAppendNow(link, { access, practice: practice.state, week: practice.week }),
      );
    expect(now()).toBe("accepted");
    give(practice, practice.founder, {
      kind: "team.remove",
      body: { team, member: standIn.member },
    });
    expect(now()).toBe("not-granted");
  });

  test("knows the cited access head", () => {
    const { practice, holder, access, record } = scene();
    const ahead = structuredClone(access);
    fold(practice, ahead, accessLink(practice, holder, { state: ahead, kind: "close", body: {} }));
    fold(practice, ahead, accessLink(practice, holder, { state: ahead, kind: "reopen", body: {} }));
    const link = append(practice, holder, { access: ahead, record });
    expect(
      refusal(() =>
        checkAppendNow(link, { access, practice: practice.state, week: practice.week }),
      ),
    ).toBe("stale-head");
    expect(refusal(() => applyAppend(record, link, { access, practice: practice.state }))).toBe(
      "stale-head",
    );
  });
});
