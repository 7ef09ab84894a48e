import {
  DEFAULT_POLICY,
  LABELS,
  ZERO_HASH,
  bytesToHex,
  bytesToId,
  hexToBytes,
  practiceHead,
  practiceIdOf,
  randomBytes,
  readOrder,
  type Hash,
  type OrderId,
  type PracticeId,
  type Wire,
} from "@sinetti/core";
import { generateSignKey, signApproval, signGenesis, signOrder } from "@sinetti/core/secret";
import { readGenesis } from "../../src/practiceChain.ts";
import { hashOrder } from "../../src/order.ts";
import { introduction, testMember } from "../../../../tools/testPractice.ts";
import { sealTo } from "../acts.ts";
import { resign, type GoldenScene } from "./scene.ts";
import type { Vectors } from "./vector.ts";

type Content = Map<string, Wire>;

/** Vectors of genesis statements. */
export function genesisVectors({ practice }: GoldenScene): { valid: Vectors; invalid: Vectors } {
  const { root } = practice.recovery;
  const genesis = readGenesis(practice.genesis);
  const vector = (signed: Uint8Array, code: string, id: PracticeId = practiceIdOf(signed)) => ({
    check: "genesis",
    practice: id,
    week: 3000,
    input: bytesToHex(signed),
    code,
  });
  const changed = (change: (content: Content) => void) =>
    resign(practice.genesis, { label: LABELS.statement, key: root }, change);
  const other = generateSignKey();
  return {
    valid: { genesis: vector(practice.genesis, "accepted") },
    invalid: {
      "genesis-root-swapped": vector(
        signGenesis({ ...genesis, root: other.publicKey }, other),
        "wrong-practice",
        practice.id,
      ),
      "genesis-signed-by-another-key": vector(signGenesis(genesis, other), "bad-signature"),
      "genesis-founder-without-admin": vector(
        signGenesis({ ...genesis, founder: { ...genesis.founder, roles: ["therapist"] } }, root),
        "not-authorised",
      ),
      "genesis-reviewer-with-another-role": vector(
        signGenesis(
          { ...genesis, founder: { ...genesis.founder, roles: ["admin", "reviewer"] } },
          root,
        ),
        "malformed",
      ),
      "genesis-version-2": vector(
        changed((content) => content.set("v", 2)),
        "unknown-version",
      ),
      "genesis-version-0": vector(
        changed((content) => content.set("v", 0)),
        "unknown-version",
      ),
      "genesis-not-first": vector(
        changed((content) => content.set("seq", 1)),
        "broken-chain",
      ),
      "genesis-with-a-device": vector(
        changed((content) => content.set("device", new Uint8Array(16).fill(1))),
        "broken-chain",
      ),
    },
  };
}

/** Vectors of statements that come after the base practice chain. */
export function practiceVectors(scene: GoldenScene): { valid: Vectors; invalid: Vectors } {
  const { practice, founder, therapist, office } = scene;
  const vector = (statement: Uint8Array, code: string, week = practice.week) => ({
    check: "practice",
    week,
    input: bytesToHex(statement),
    code,
  });
  const freeze = practice.order(founder, "freeze", { member: office.member });
  const good = practice.statement(founder, freeze);
  const changed = (change: (content: Content) => void) =>
    resign(good, { label: LABELS.statement, key: founder.statement }, change);
  const weaker = practice.order(founder, "policy", { policy: { ...DEFAULT_POLICY, topUp: 13 } });
  const again = practice.order(founder, "policy", { policy: { ...DEFAULT_POLICY, topUp: 14 } });
  const other = "77".repeat(16) as PracticeId;
  const foreign = signOrder(
    {
      practice: other,
      author: { by: "device", id: founder.device },
      seen: practiceHead(practice.state),
      kind: "freeze",
      body: { member: null },
    },
    founder.statement.secret,
  );
  const unseen = signOrder(
    {
      practice: practice.id,
      author: { by: "device", id: founder.device },
      seen: { seq: 1, hash: ZERO_HASH },
      kind: "freeze",
      body: { member: null },
    },
    founder.statement.secret,
  );
  const replayed = practice.state.orders;
  const joined = Object.keys(replayed)[0] ?? "";
  const reused = resign(freeze, { label: LABELS.order, key: founder.statement }, (content) =>
    content.set("id", hexToBytes(joined)),
  );
  const over = signApproval(
    {
      practice: practice.id,
      order: hashOrder(weaker),
      author: { by: "device", id: therapist.device },
      until: practice.week,
    },
    therapist.statement.secret,
  );
  const asOrder = resign(practice.approval(therapist, weaker), {
    label: LABELS.order,
    key: therapist.statement,
  });
  const by = (member: typeof founder, order: Uint8Array, approvals: Uint8Array[] = []) =>
    practice.statement(member, order, approvals);
  const cover = practice.order(founder, "team.open", {
    team: bytesToId(randomBytes(16)),
    kind: "cover",
    site: null,
    key: founder.kem.publicKey,
    seals: [sealTo(therapist), sealTo(therapist)],
  });
  const twice = practice.order(
    founder,
    "member.add",
    introduction({ ...testMember(["office"]), member: therapist.member }),
  );
  return {
    valid: {
      "order-freeze": vector(good, "accepted"),
      "order-approved-policy": vector(
        by(founder, weaker, [practice.approval(therapist, weaker)]),
        "accepted",
      ),
    },
    invalid: {
      "statement-wrong-prev": vector(
        changed((content) => content.set("prev", new Uint8Array(32))),
        "broken-chain",
      ),
      "statement-wrong-seq": vector(
        changed((content) => content.set("seq", 9)),
        "broken-chain",
      ),
      "statement-wrong-practice": vector(
        changed((content) => content.set("practice", new Uint8Array(16).fill(7))),
        "wrong-practice",
      ),
      "statement-of-another-chain": vector(
        changed((content) => content.set("chain", "record")),
        "broken-chain",
      ),
      "statement-version-2": vector(
        changed((content) => content.set("v", 2)),
        "unknown-version",
      ),
      "statement-version-0": vector(
        changed((content) => content.set("v", 0)),
        "unknown-version",
      ),
      "statement-unknown-field": vector(
        changed((content) => content.set("extra", 1)),
        "malformed",
      ),
      "statement-missing-field": vector(
        changed((content) => content.delete("kind")),
        "malformed",
      ),
      "statement-unknown-chain": vector(
        changed((content) => content.set("chain", "patients")),
        "malformed",
      ),
      "statement-kind-not-of-its-order": vector(
        changed((content) => content.set("kind", "thaw")),
        "broken-chain",
      ),
      "statement-by-unknown-device": vector(
        changed((content) => content.set("device", new Uint8Array(16).fill(9))),
        "not-authorised",
      ),
      "statement-signed-by-another": vector(
        resign(good, { label: LABELS.statement, key: therapist.statement }),
        "bad-signature",
      ),
      "statement-signed-as-order": vector(
        resign(good, { label: LABELS.order, key: founder.statement }),
        "bad-signature",
      ),
      "statement-week-going-back": vector(good, "broken-chain", 2999),
      "statement-cut": vector(good.subarray(0, -1), "malformed"),
      "order-of-another-practice": vector(by(founder, foreign), "wrong-practice"),
      "order-id-used-before": vector(by(founder, reused), "order-reused"),
      "order-citing-unknown-head": vector(by(founder, unseen), "stale-head"),
      "order-signed-by-another": vector(
        by(founder, resign(freeze, { label: LABELS.order, key: therapist.statement })),
        "bad-signature",
      ),
      "order-signed-as-statement": vector(
        by(founder, resign(freeze, { label: LABELS.statement, key: founder.statement })),
        "bad-signature",
      ),
      "order-version-2": vector(withVersion2(scene, freeze), "unknown-version"),
      "order-without-authority": vector(
        by(office, practice.order(office, "policy", { policy: DEFAULT_POLICY })),
        "not-authorised",
      ),
      "order-without-second-person": vector(by(founder, weaker), "second-person-missing"),
      "order-approved-by-its-author": vector(
        by(founder, weaker, [practice.approval(founder, weaker)]),
        "second-person-missing",
      ),
      "approval-of-another-order": vector(
        by(founder, weaker, [practice.approval(therapist, again)]),
        "second-person-missing",
      ),
      "approval-over": vector(by(founder, weaker, [over]), "second-person-missing"),
      "approval-signed-as-order": vector(by(founder, weaker, [asOrder]), "bad-signature"),
      "member-added-twice": vector(
        by(founder, twice, [practice.approval(therapist, twice)]),
        "broken-chain",
      ),
      "team-with-one-member-twice": vector(
        by(founder, cover, [practice.approval(therapist, cover)]),
        "broken-chain",
      ),
      "thaw-of-nothing-frozen": vector(
        by(founder, practice.order(founder, "thaw", { freeze: readOrder(freeze).id })),
        "not-authorised",
      ),
    },
  };
}

/** A statement around an order of version 2, which cannot be made by the writer of statements. */
function withVersion2({ practice, founder }: GoldenScene, order: Uint8Array): Uint8Array {
  const newer = resign(order, { label: LABELS.order, key: founder.statement }, (content) =>
    content.set("v", 2),
  );
  return resign(
    practice.statement(founder, order),
    { label: LABELS.statement, key: founder.statement },
    (content) => {
      (content.get("body") as Content).set("order", newer);
    },
  );
}

/** Vectors of rounds of review, made after all others so that the randomness of those stays what it was. */
export function reviewVectors({ practice, founder, therapist }: GoldenScene): {
  valid: Vectors;
  invalid: Vectors;
} {
  const vector = (order: Uint8Array, by: typeof founder, code: string) => ({
    check: "practice",
    week: practice.week,
    input: bytesToHex(practice.statement(by, order, [])),
    code,
  });
  const body = { snapshot: "ab".repeat(32) as Hash, edges: 300 };
  const close = {
    round: "cd".repeat(16) as OrderId,
    decisions: "ef".repeat(32) as Hash,
    kept: 290,
    narrowed: 2,
    revoked: 8,
    left: 0,
  };
  return {
    valid: {
      "order-review-open": vector(
        practice.order(founder, "review.open", body),
        founder,
        "accepted",
      ),
    },
    invalid: {
      "order-review-open-by-therapist": vector(
        practice.order(therapist, "review.open", body),
        therapist,
        "not-authorised",
      ),
      "order-review-open-of-nothing": vector(
        practice.order(founder, "review.open", { ...body, edges: 0 }),
        founder,
        "malformed",
      ),
      "order-review-close-of-no-round": vector(
        practice.order(founder, "review.close", close),
        founder,
        "broken-chain",
      ),
    },
  };
}

/** Vectors of declared policies, made after all others so that the randomness of those stays what it was. */
export function posturePolicyVectors({ practice, founder, therapist, office }: GoldenScene): {
  valid: Vectors;
  invalid: Vectors;
} {
  const vector = (statement: Uint8Array, code: string) => ({
    check: "practice",
    week: practice.week,
    input: bytesToHex(statement),
    code,
  });
  const body = { database: "who" as const, policy: "ab".repeat(32) as Hash, replaces: null };
  const by = (member: typeof founder, order: Uint8Array, approvers: (typeof founder)[]) =>
    practice.statement(
      member,
      order,
      approvers.map((each) => practice.approval(each, order)),
    );
  const order = practice.order(founder, "posture.policy", body);
  const promoted = practice.order(founder, "member.role", {
    member: therapist.member,
    roles: ["therapist", "privacy"],
  });
  const changed = (change: (body: Content) => void) =>
    resign(order, { label: LABELS.order, key: founder.statement }, (content) =>
      change((content.get("act") as Content).get("body") as Content),
    );
  const malformed = (change: (body: Content) => void) =>
    vector(
      resign(
        by(founder, order, []),
        { label: LABELS.statement, key: founder.statement },
        (content) => (content.get("body") as Content).set("order", changed(change)),
      ),
      "malformed",
    );
  const invalid = {
    "order-posture-policy-alone": vector(by(founder, order, []), "second-person-missing"),
    "order-posture-policy-approved-by-no-privacy-officer": vector(
      by(founder, order, [therapist, office]),
      "second-person-missing",
    ),
    "order-posture-policy-by-therapist": vector(
      by(therapist, practice.order(therapist, "posture.policy", body), [founder]),
      "not-authorised",
    ),
    "order-posture-policy-replacing-what-was-not-approved": vector(
      by(
        founder,
        practice.order(founder, "posture.policy", {
          ...body,
          replaces: "cd".repeat(32) as Hash,
        }),
        [office],
      ),
      "broken-chain",
    ),
    "order-posture-policy-of-no-database": malformed((content) => content.set("database", "app")),
    "order-posture-policy-of-half-a-hash": malformed((content) =>
      content.set("policy", new Uint8Array(16)),
    ),
    "order-posture-policy-that-names-no-predecessor": malformed((content) =>
      content.delete("replaces"),
    ),
  };
  const before = by(founder, promoted, [office]);
  practice.apply(before);
  const approved = vector(by(founder, order, [therapist]), "accepted");
  return {
    valid: { "order-posture-policy": { ...approved, before: [bytesToHex(before)] } },
    invalid,
  };
}
