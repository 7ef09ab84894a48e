import {
  LABELS,
  ZERO_HASH,
  accessHead,
  bytesToHex,
  bytesToId,
  practiceHead,
  randomBytes,
  readStatement,
  type AttachmentId,
  type Grant,
  type Hash,
  type HoldId,
  type Link,
  type Wire,
} from "@sinetti/core";
import { signAcceptance } from "@sinetti/core/service";
import { generateSignKey, signAppend } from "@sinetti/core/secret";
import { readAppend, type AppendBody } from "../../src/recordChain.ts";
import { accessLink, createLink, fold, grantBody, rekeyBody, subjectOf } from "../acts.ts";
import { resign, type GoldenScene } from "./scene.ts";
import type { Vector, Vectors } from "./vector.ts";

type Content = Map<string, Wire>;

/** Vectors of the first statement of a file. */
export function createVectors(scene: GoldenScene): { valid: Vectors; invalid: Vectors } {
  const { practice, founder, therapist, office } = scene;
  const create = (
    code: string,
    grants: Grant[],
    options: { by?: typeof founder; counted?: boolean; compartment?: "care" | "roster" } = {},
  ): Vector => {
    const { by = founder, compartment = "care", ...rest } = options;
    return {
      check: "create",
      week: practice.week,
      input: bytesToHex(createLink(practice, by, { compartment, grants, ...rest }).signed),
      code,
    };
  };
  const own = practice.grant(founder);
  const recovery = practice.grant("recovery");
  return {
    valid: { "create-care": create("accepted", [own, recovery, practice.grant(therapist)]) },
    invalid: {
      "create-care-by-office": create("not-authorised", [own, recovery], { by: office }),
      "create-without-recovery": create("not-authorised", [own]),
      "create-without-a-granter": create("not-authorised", [
        practice.grant(founder, { rights: 3 }),
        recovery,
      ]),
      "create-granting-care-to-office": create("not-authorised", [
        own,
        recovery,
        practice.grant(office),
      ]),
      "create-granting-a-roster-to-a-colleague": create(
        "not-authorised",
        [own, recovery, practice.grant(therapist)],
        { compartment: "roster", counted: false },
      ),
      "create-granting-recovery-to-write": create("not-authorised", [
        own,
        practice.grant("recovery", { rights: 3 }),
      ]),
      "create-grant-without-rights": create("malformed", [
        own,
        recovery,
        practice.grant(therapist, { rights: 0 }),
      ]),
      "create-grant-twice": create("malformed", [
        own,
        recovery,
        practice.grant(therapist),
        practice.grant(therapist),
      ]),
      "create-grant-without-end": create("malformed", [
        own,
        recovery,
        practice.grant(therapist, { expires: 0 }),
      ]),
      "create-grant-too-long": create("not-authorised", [
        own,
        recovery,
        practice.grant(therapist, { expires: practice.week + 15 }),
      ]),
      "create-grant-to-an-unknown-key": create("stale-head", [
        own,
        recovery,
        practice.grant(therapist, { keyVersion: 2 }),
      ]),
      "create-care-without-case": create("malformed", [own, recovery], { counted: false }),
    },
  };
}

/** Vectors of statements that come after the create of the base file. */
export function accessVectors(scene: GoldenScene): { valid: Vectors; invalid: Vectors } {
  const { practice, founder, therapist, office, access: state } = scene;
  const vector = (code: string, link: Link | Uint8Array, before: Link[] = []): Vector => ({
    check: "access",
    week: practice.week,
    before: before.map(({ signed }) => bytesToHex(signed)),
    input: bytesToHex("signed" in link ? link.signed : link),
    code,
  });
  const grant = (by: typeof founder, to: Grant) =>
    accessLink(practice, by, { state, kind: "grant", body: grantBody(to) });
  const renew = (by: typeof founder, options: { rights?: number; expires?: number }) =>
    accessLink(practice, by, {
      state,
      kind: "renew",
      body: {
        subject: subjectOf(therapist),
        rights: 5,
        term: "standing",
        expires: practice.week + 13,
        ...options,
      },
    });
  const order = practice.order(founder, "revoke", {
    file: state.file,
    subject: subjectOf(therapist),
  });
  const revoke = accessLink(practice, founder, { state, kind: "revoke", body: { order } });
  const revoked = fold(practice, structuredClone(state), revoke);
  const regrant = accessLink(practice, founder, {
    state: revoked,
    kind: "grant",
    body: grantBody(practice.grant(therapist)),
  });
  const regranted = fold(practice, structuredClone(revoked), regrant);
  const byStranger = practice.order(office, "revoke", {
    file: state.file,
    subject: subjectOf(therapist),
  });
  const ofAnother = practice.order(founder, "revoke", {
    file: bytesToId(randomBytes(16)),
    subject: subjectOf(therapist),
  });
  const erase = practice.order(founder, "erase", { file: state.file, reason: "retention" });
  const hold = bytesToId<HoldId>(new Uint8Array(16).fill(7));
  const holdBy = (by: typeof founder, on = state) =>
    accessLink(practice, by, {
      state: on,
      kind: "hold",
      body: { hold, reason: "claim", until: practice.week + 8 },
    });
  const placed = holdBy(founder);
  const onHold = fold(practice, structuredClone(state), placed);
  const lift = practice.order(founder, "unhold", { file: state.file, hold });
  const seconded = (
    kind: "erase" | "unhold",
    { on, approvers }: { on: typeof state; approvers: (typeof founder)[] },
  ) => {
    const given = kind === "erase" ? erase : lift;
    const approvals = approvers.map((each) => practice.approval(each, given));
    return accessLink(practice, founder, { state: on, kind, body: { order: given, approvals } });
  };
  const close = accessLink(practice, founder, { state, kind: "close", body: {} });
  const closed = fold(practice, structuredClone(state), close);
  const changed = (change: (content: Content) => void) =>
    resign(close.signed, { label: LABELS.statement, key: founder.statement }, change);
  const { seq } = practiceHead(practice.state);
  const older = { seq: seq - 1, hash: practice.state.heads[seq - 1] as Hash };
  return {
    valid: {
      "access-revoke": vector("accepted", revoke),
      "access-close": vector("accepted", close),
      "access-hold": vector("accepted", placed),
      "access-unhold": vector(
        "accepted",
        seconded("unhold", { on: onHold, approvers: [therapist] }),
        [placed],
      ),
      "access-erase": vector("accepted", seconded("erase", { on: state, approvers: [therapist] })),
      "access-rekey": vector(
        "accepted",
        accessLink(practice, founder, { state, kind: "rekey", body: rekeyBody(2) }),
      ),
    },
    invalid: {
      "grant-by-nobody-of-the-file": vector(
        "not-authorised",
        grant(office, practice.grant(therapist, { rights: 1 })),
      ),
      "grant-to-office-of-care": vector(
        "not-authorised",
        grant(founder, practice.grant(office, { rights: 1 })),
      ),
      "grant-to-oneself": vector(
        "not-authorised",
        grant(therapist, practice.grant(therapist, { rights: 5 })),
      ),
      "grant-of-more-than-held": vector(
        "not-authorised",
        grant(therapist, practice.grant(founder)),
      ),
      "grant-to-recovery": vector("not-authorised", grant(founder, practice.grant("recovery"))),
      "grant-on-a-closed-file": vector(
        "file-closed",
        accessLink(practice, founder, {
          state: closed,
          kind: "grant",
          body: grantBody(practice.grant(therapist)),
        }),
        [close],
      ),
      "grant-with-a-wrap-of-another-epoch": vector(
        "stale-epoch",
        accessLink(practice, founder, {
          state,
          kind: "grant",
          body: grantBody(practice.grant(therapist), 2),
        }),
      ),
      "renew-by-its-subject": vector("not-authorised", renew(therapist, {})),
      "renew-by-its-first-grantor": vector("not-authorised", renew(founder, {})),
      "renew-wider": vector("not-authorised", renew(founder, { rights: 7 })),
      "revoke-order-replayed": vector(
        "order-reused",
        accessLink(practice, therapist, { state: regranted, kind: "revoke", body: { order } }),
        [revoke, regrant],
      ),
      "revoke-by-a-stranger": vector(
        "not-authorised",
        accessLink(practice, founder, { state, kind: "revoke", body: { order: byStranger } }),
      ),
      "revoke-of-another-file": vector(
        "broken-chain",
        accessLink(practice, founder, { state, kind: "revoke", body: { order: ofAnother } }),
      ),
      "revoke-of-what-is-not-granted": vector(
        "not-granted",
        accessLink(practice, founder, {
          state: revoked,
          kind: "revoke",
          body: {
            order: practice.order(founder, "revoke", {
              file: state.file,
              subject: subjectOf(therapist),
            }),
          },
        }),
        [revoke],
      ),
      "rekey-epoch-skipped": vector(
        "stale-epoch",
        accessLink(practice, founder, { state, kind: "rekey", body: rekeyBody(3) }),
      ),
      "rekey-epoch-repeated": vector(
        "stale-epoch",
        accessLink(practice, founder, { state, kind: "rekey", body: rekeyBody(1) }),
      ),
      "rekey-without-write": vector(
        "not-granted",
        accessLink(practice, therapist, { state, kind: "rekey", body: rekeyBody(2) }),
      ),
      "erase-alone": vector(
        "second-person-missing",
        accessLink(practice, founder, {
          state,
          kind: "erase",
          body: { order: erase, approvals: [] },
        }),
      ),
      "erase-on-hold": vector(
        "on-hold",
        seconded("erase", { on: onHold, approvers: [therapist] }),
        [placed],
      ),
      "hold-by-nobody-of-the-file": vector("not-authorised", holdBy(office)),
      "hold-placed-again": vector("order-reused", holdBy(founder, onHold), [placed]),
      "unhold-alone": vector(
        "second-person-missing",
        seconded("unhold", { on: onHold, approvers: [] }),
        [placed],
      ),
      "unhold-of-nothing-held": vector(
        "not-granted",
        seconded("unhold", { on: state, approvers: [therapist] }),
      ),
      "reopen-of-an-open-file": vector(
        "not-authorised",
        accessLink(practice, founder, { state, kind: "reopen", body: {} }),
      ),
      "access-citing-an-older-head": vector(
        "stale-head",
        accessLink(practice, founder, { state, kind: "close", body: { seen: older } }),
      ),
      "access-citing-an-unknown-head": vector(
        "stale-head",
        accessLink(practice, founder, {
          state,
          kind: "close",
          body: { seen: { seq, hash: ZERO_HASH } },
        }),
      ),
      "access-wrong-prev": vector(
        "broken-chain",
        changed((content) => content.set("prev", new Uint8Array(32))),
      ),
      "access-moved-to-another-file": vector(
        "broken-chain",
        changed((content) => content.set("id", new Uint8Array(16).fill(3))),
      ),
      "access-unknown-kind": vector(
        "malformed",
        changed((content) => content.set("kind", "transfer")),
      ),
      "access-kind-of-prototype": vector(
        "malformed",
        changed((content) => content.set("kind", "__proto__")),
      ),
      "access-second-create": vector(
        "broken-chain",
        changed((content) => content.set("kind", "create")),
      ),
    },
  };
}

/** Vectors of appends after the first append of the base file, and of the gate's acceptances. */
export function recordVectors(scene: GoldenScene): { valid: Vectors; invalid: Vectors } {
  const { practice, founder, therapist, office, access, append } = scene;
  const first = readStatement(append.statement);
  const head = { seq: 0, hash: first.hash };
  const [header] = readAppend(first).entries;
  if (header === undefined) throw new TypeError("the base append is empty");
  const fresh = (n: number) => ({
    ...header,
    id: bytesToId<typeof header.id>(new Uint8Array(16).fill(n)),
  });
  const body = {
    seen: practiceHead(practice.state),
    access: accessHead(access),
    epoch: 1,
    entries: [fresh(1)],
  };
  const place = { practice: practice.id, file: access.file, device: founder.device, head };
  const sign = (
    change: Partial<AppendBody>,
    by = founder,
    at: Partial<typeof place> | { head: null } = {},
  ) =>
    signAppend({ ...place, device: by.device, ...at }, { ...body, ...change }, by.statement.secret);
  const vector = (code: string, statement: Uint8Array): Vector => ({
    check: "record",
    input: bytesToHex(statement),
    code,
  });
  const good = sign({});
  const changed = (change: (content: Content) => void) =>
    resign(good, { label: LABELS.statement, key: founder.statement }, change);
  const item = {
    chain: "record" as const,
    id: access.file,
    seq: 0,
    hash: first.hash,
    share: null,
  };
  const carried = { id: bytesToId<AttachmentId>(new Uint8Array(16).fill(8)), chunks: ZERO_HASH };
  const accept = (
    code: string,
    items: (typeof item)[],
    { key = practice.gate, of = practice.id } = {},
  ): Vector => ({
    check: "acceptance",
    statement: bytesToHex(first.signed),
    input: bytesToHex(signAcceptance({ practice: of, week: practice.week, items }, key.secret)),
    code,
  });
  const forked = { ...item, hash: ZERO_HASH };
  return {
    valid: {
      append: vector("accepted", good),
      "append-of-an-attachment": vector(
        "accepted",
        sign({ entries: [{ ...fresh(1), class: "attachment", attachment: carried }] }),
      ),
      acceptance: accept("accepted", [item]),
    },
    invalid: {
      "append-epoch-too-old": vector("stale-epoch", sign({ epoch: 0 })),
      "append-epoch-too-new": vector("stale-epoch", sign({ epoch: 2 })),
      "append-without-write": vector("not-granted", sign({}, therapist)),
      "append-by-nobody-of-the-file": vector("not-granted", sign({}, office)),
      "append-by-unknown-device": vector(
        "not-authorised",
        sign({}, { ...founder, device: bytesToId(new Uint8Array(16).fill(4)) }),
      ),
      "append-signed-by-another": vector(
        "bad-signature",
        sign({}, { ...founder, statement: therapist.statement }),
      ),
      "append-wrong-prev": vector(
        "broken-chain",
        sign({}, founder, { head: { seq: 0, hash: ZERO_HASH } }),
      ),
      "append-first-again": vector("broken-chain", sign({}, founder, { head: null })),
      "append-citing-unknown-access-head": vector(
        "stale-head",
        sign({ access: { seq: 0, hash: ZERO_HASH } }),
      ),
      "append-citing-unknown-practice-head": vector(
        "stale-head",
        sign({ seen: { ...body.seen, hash: ZERO_HASH } }),
      ),
      "append-citing-older-practice-head": vector(
        "stale-head",
        sign({ seen: { seq: 1, hash: practice.state.heads[1] as Hash } }),
      ),
      "append-one-entry-twice": vector("malformed", sign({ entries: [fresh(1), fresh(1)] })),
      "append-empty": vector("malformed", sign({ entries: [] })),
      "append-with-a-snapshot-inside": vector(
        "malformed",
        sign({ entries: [fresh(1), { ...fresh(2), class: "snapshot" }] }),
      ),
      "append-of-an-attachment-without-its-chunks": vector(
        "malformed",
        sign({ entries: [{ ...fresh(1), class: "attachment" }] }),
      ),
      "append-of-an-entry-with-chunks": vector(
        "malformed",
        sign({ entries: [{ ...fresh(1), attachment: carried }] }),
      ),
      "append-of-unknown-kind": vector(
        "malformed",
        changed((content) => content.set("kind", "prepend")),
      ),
      "append-moved-to-another-file": vector(
        "broken-chain",
        changed((content) => content.set("id", new Uint8Array(16).fill(3))),
      ),
      "acceptance-by-another-key": accept("bad-signature", [item], { key: generateSignKey() }),
      "acceptance-of-another-practice": accept("wrong-practice", [item], {
        of: "77".repeat(16) as typeof practice.id,
      }),
      "acceptance-of-a-fork": accept("forked-chain", [forked]),
      "acceptance-of-both-sides": accept("forked-chain", [item, forked]),
    },
  };
}
