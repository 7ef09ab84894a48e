import type { Mutant } from "./mutant.ts";

const core = (name: string): string => `packages/core/src/${name}.ts`;

/** At least one mutant for each attack class of `docs/threat-model.md`, in its order. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: "a public key from the server is accepted",
    patch: {
      path: core("rendezvous"),
      find: 'ensure(equalSecret(commitment(secret, blob), committed), "open-failed");',
      replace: "void committed;",
    },
    test: {
      file: "packages/client/test/hostile.test.ts",
      name: "a hostile gate > swaps the keys of a device that waits for its approval: nothing is signed",
    },
  },
  {
    attack: "the server adds a member",
    patch: {
      path: core("practiceChain"),
      find: "verifyStatement(link.signed, sequencerKey(state, link, order));",
      replace: "void sequencerKey(state, link, order);",
    },
    test: {
      file: "packages/core/test/hostile.test.ts",
      name: "a statement of the practice chain that no device signed is refused, whoever accepted it",
    },
  },
  {
    attack: "version or KDF downgrade",
    patch: {
      path: core("shape"),
      find: 'if (wire !== 1) throw new CoreError("unknown-version");',
      replace: "",
    },
    test: {
      file: "packages/core/test/golden.test.ts",
      name: "golden vectors > invalid/statement-version-0",
    },
  },
  {
    attack: "cut and paste between records",
    patch: {
      path: core("entry"),
      find: "encodeShape(aadShape, { v: 1, ...context, entry: header.id, class: header.class }),",
      replace: `encodeShape(aadShape, {
      v: 1,
      ...context,
      file: "00".repeat(16) as typeof context.file,
      entry: header.id,
      class: header.class,
    }),`,
    },
    test: {
      file: "packages/core/test/sealing.test.ts",
      name: "an entry > opens in its place and nowhere else, always as open-failed",
    },
  },
  {
    attack: "key overwriting",
    patch: {
      path: core("seed"),
      find: "own.every((byte, index) => byte === publicKey[index]),",
      replace: "own.length === publicKey.length,",
    },
    test: {
      file: "packages/core/test/sealing.test.ts",
      name: "seeds > of a team open for the member, in their version, and only when they give the chain's key",
    },
  },
  {
    attack: "decryption oracles",
    patch: {
      path: core("entry"),
      find: 'ensure(bytesToHash(sha256(box)) === header.box, "open-failed");',
      replace: 'ensure(bytesToHash(sha256(box)) === header.box, "malformed");',
    },
    test: {
      file: "packages/core/test/sealing.test.ts",
      name: "an entry > opens in its place and nowhere else, always as open-failed",
    },
  },
  {
    attack: "salamanders, partitioning oracles",
    patch: {
      path: core("entry"),
      find: 'ensure(equalSecret(hkdf(ek, labelled(LABELS.entryCommit)), header.commit), "open-failed");',
      replace: "void equalSecret;",
    },
    test: {
      file: "packages/core/test/sealing.test.ts",
      name: "an entry > is not opened under a key that the header does not commit to, even where the seal would open",
    },
  },
  {
    attack: "cross-protocol signatures",
    patch: {
      path: core("labels"),
      find: "approval: `${SUITE}approval`,",
      replace: "approval: `${SUITE}order`,",
    },
    test: {
      file: "packages/core/test/formats.test.ts",
      name: "labels > are unique, of suite 1, and none is the beginning of another labelled string",
    },
  },
  {
    attack: "nonce reuse",
    patch: {
      path: core("suite"),
      find: "const nonce = randomBytes(24);",
      replace: "const nonce = new Uint8Array(24);",
    },
    test: {
      file: "packages/core/test/suite.test.ts",
      name: "XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03 A.3.1) > takes a fresh nonce each time",
    },
  },
  {
    attack: "reorder, replay, rollback, fork",
    patch: {
      path: core("statement"),
      find: 'ensure(statement.prev === (head === null ? ZERO_HASH : head.hash), "broken-chain");',
      replace: "void ZERO_HASH;",
    },
    test: {
      file: "packages/core/test/recordChain.test.ts",
      name: "an append > follows the one before it and nothing else: no gap, no fork, no replay",
    },
  },
  {
    attack: "reorder, replay, rollback, fork",
    patch: {
      path: "packages/client/src/openFiles.ts",
      find: 'throw hardStop("the vault is behind what a reader has seen");',
      replace: "return;",
    },
    test: {
      file: "packages/client/test/hostile.test.ts",
      name: "a hostile vault > withholds the newest statement that a reader has reported: hard stop",
    },
  },
  {
    attack: "length and compression leaks",
    patch: {
      path: core("padding"),
      find: "const needed = length + 1;\n",
      replace: "const needed = length + 1;\n  if (needed > 0) return needed;\n",
    },
    test: {
      file: "packages/core/test/sealing.test.ts",
      name: "an entry > has the size of its class, up to the limit",
    },
  },
  {
    attack: "offline password cracking at the server",
    patch: {
      path: "packages/client/src/deviceCeremony.ts",
      find: "const device = bytesToId<DeviceId>(randomBytes(16));",
      replace:
        "const device = bytesToId<DeviceId>(\n    randomBytes(16).map((byte, at) => byte ^ (wish.password.codePointAt(at) ?? 0)),\n  );",
    },
    test: {
      file: "packages/client/test/password.test.ts",
      name: "what leaves a new device is the same whatever the password is",
    },
  },
  {
    attack: "budget bypass, counter rollback",
    patch: {
      path: "packages/gate/src/policyBudget.ts",
      find: "return weighCase(spent, this.limits(budgetClass), this.#extra);",
      replace:
        "return weighCase({ ...spent, tenMinutes: 0 }, this.limits(budgetClass), this.#extra);",
    },
    test: {
      file: "packages/gate/test/release.test.ts",
      name: "the budget > stops at 12 cases in ten minutes, counts cases and not files, and goes on when the window has passed",
    },
  },
  {
    attack: "top-up without its person",
    patch: {
      path: "packages/gate/src/assertion.ts",
      find: 'hold(answered.has("verified"), "user-verified");',
      replace: "",
    },
    test: {
      file: "packages/gate/test/topUp.test.ts",
      name: "a top-up > is refused for another origin, another relying party, and without verification",
    },
  },
  {
    attack: "top-up without its person",
    patch: {
      path: "packages/gate/src/routes/topUp.ts",
      find: 'allow(countsFrom(passkey) <= time, "too-early");',
      replace: "",
    },
    test: {
      file: "packages/gate/test/topUp.test.ts",
      name: "a top-up > is refused with a passkey that is too young, beside one that is not",
    },
  },
  {
    attack: "a wrong recovery share gives silent garbage",
    patch: {
      path: core("recoveryShare"),
      find: "const isRight = commitRecoverySecret(secret) === shares[0]?.commit;",
      replace: "const isRight = shares.length > 0;",
    },
    test: {
      file: "packages/core/test/recoveryShare.test.ts",
      name: "shares that do not belong together are named > wrong recovery share gives silent garbage: a false value never gives another secret",
    },
  },
  {
    attack: "a quorum counted twice",
    patch: {
      path: core("quorum"),
      find: "(youth.practice || !youth.isYoung(member)) &&",
      replace: "",
    },
    test: {
      file: "packages/core/test/quorum.test.ts",
      name: "with three staff or more > two young friends of a stolen administrator are still nobody",
    },
  },
  {
    attack: "a quorum counted twice",
    patch: {
      path: core("quorum"),
      find: "isAsked(member) &&",
      replace: "",
    },
    test: {
      file: "packages/core/test/posturePolicy.test.ts",
      name: "the declared policy of a database > is not approved by its administrator, another role, a young or frozen officer, or the paper code",
    },
  },
  {
    attack: "a second person is shown another order",
    patch: {
      path: "packages/client/src/pending.ts",
      find: 'if (hashOrder(signed) !== hash) throw hardStop("an order under another hash than its own");',
      replace: "",
    },
    test: {
      file: "packages/client/test/hostile.test.ts",
      name: "a hostile gate > shows one waiting order under the hash of another: hard stop, and nobody has approved what they did not see",
    },
  },
  {
    attack: "a stop that one service vetoes",
    patch: {
      path: "packages/client/src/giveOrder.ts",
      find: "if (error instanceof ClientError && !mayLackPerson)",
      replace: "if (mayLackPerson)",
    },
    test: {
      file: "packages/client/test/hostile.test.ts",
      name: "a hostile gate > refuses a stop, or answers nonsense: both vaults obey it all the same",
    },
  },
  {
    attack: "a failed check that can be clicked away",
    patch: {
      path: core("release"),
      find: "verifySigned(LABELS.receipt, gateKey, signed);",
      replace: "void verifySigned;",
    },
    test: {
      file: "packages/client/test/hostile.test.ts",
      name: "a hostile gate > signs its receipt with another key: hard stop",
    },
  },
];
