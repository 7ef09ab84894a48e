import * as core from "@sinetti/core";
import { bytesToId, encodeShape, randomBytes } from "@sinetti/core";
import { releaseInfo } from "@sinetti/core/service";
import * as secret from "@sinetti/core/secret";
import { introductionShape } from "../../src/introduction.ts";
import { LABELS, labelled } from "../../src/labels.ts";
import { pad } from "../../src/padding.ts";
import { releaseAnswerShape } from "../../src/release.ts";
import { id, record } from "../../src/shape.ts";
import { Secret } from "../../src/secretValue.ts";
import { boxSeal, hkdf } from "../../src/suite.ts";
import type { Decoders } from "../../../../tools/decoderFaults.ts";

const practice = "11".repeat(16) as core.PracticeId;
const member = "33".repeat(16) as core.MemberId;
const device = "66".repeat(16) as core.DeviceId;
const file = "22".repeat(16) as core.FileId;
const context = { practice, file, compartment: "care" as const, epoch: 1 };

/** Seals as they come from outside. */
export function sealedDecoders(): Decoders<Uint8Array> {
  const kem = secret.generateKemKey();
  const seed = randomBytes(32);
  const next = randomBytes(32);
  const { publicKey } = secret.kemKeyFromSeed(Uint8Array.from(seed));
  const team = { practice, team: bytesToId<core.TeamId>(randomBytes(16)), version: 1, member };
  const owner = { practice, owner: member, version: 2 };
  const key = secret.deriveFileKey(secret.generateHalves(), context);
  const prior = secret.deriveFileKey(secret.generateHalves(), context);
  const draft = bytesToId<core.DraftId>(randomBytes(16));
  const attachment = bytesToId<core.AttachmentId>(randomBytes(16));
  const attachmentKey = secret.generateAttachmentKey();
  const site = secret.lookupSiteKey(randomBytes(32));
  const term = { field: "code" as const, value: "140388-9028" };
  const subject = { type: "member" as const, id: member };
  const batch = secret.createBatch(practice, { subject, keyVersion: 1, key: kem.publicKey }).sealed;
  return {
    hpkeOpen: {
      valid: [secret.hpkeSeal(kem.publicKey, seed, seed)],
      decode: (input) => secret.hpkeOpen(kem, seed, input),
      cost: 4,
    },
    openTeamSeed: {
      valid: [secret.sealTeamSeed(seed, kem.publicKey, team)],
      decode: (input) => secret.openTeamSeed(input, kem, { context: team, publicKey }),
      cost: 4,
    },
    checkSeed: { valid: [seed], decode: (input) => secret.checkSeed(input, publicKey), cost: 4 },
    openPriorSeed: {
      valid: [secret.sealPriorSeed("member", { next, prior: seed }, owner)],
      decode: (input) => secret.openPriorSeed("member", next, { sealed: input, context: owner }),
    },
    openPriorKey: {
      valid: [secret.sealPriorKey(key, prior, context)],
      decode: (input) => secret.openPriorKey(key, input, context),
    },
    openDraft: {
      valid: [secret.sealDraft(key, context, { draft, body: seed })],
      decode: (input) => secret.openDraft(key, context, { draft, box: input }),
    },
    openChunk: {
      valid: [],
      decode: (input) =>
        secret.openChunk(
          attachmentKey,
          { practice, file, attachment, index: 0, final: true },
          input,
        ),
    },
    openLookupCell: {
      valid: [secret.sealLookupCell(site, term, file)],
      decode: (input) => secret.openLookupCell(site, term, input),
    },
    openBatchKey: {
      valid: [batch.sealed],
      decode: (input) => secret.openBatchKey({ ...batch, sealed: input }, kem, practice),
      cost: 4,
    },
    "(batch key with its own id)": {
      valid: [batch.sealed],
      decode: (input) => {
        const renamed = { ...batch, sealed: input };
        const own = core.batchIdOf(practice, renamed);
        return secret.openBatchKey({ ...renamed, batch: own }, kem, practice);
      },
      cost: 4,
    },
  };
}

/** What lies on the disk of a device. */
export function deviceDecoders(): Decoders<Uint8Array> {
  const master = secret.generateMasterKey();
  const prf = randomBytes(32);
  const passkey = secret.sealPasskeySlot(master, { credential: prf, salt: prf, prf });
  const locked = { v: 1 as const, practice, member, device, slots: [] };
  const seeds = {
    v: 1 as const,
    statement: prf,
    request: prf,
    member: [{ version: 1, seed: prf }],
    local: prf,
    recovery: new Uint8Array(0),
  };
  const local = secret.localKey(seeds);
  return {
    openDeviceSeeds: {
      valid: [secret.sealDeviceSeeds(master, locked, seeds)],
      decode: (input) => secret.openDeviceSeeds(master, { ...locked, sealed: input }),
    },
    openLocalCell: {
      valid: [secret.sealLocalCell(local, "outbox", prf)],
      decode: (input) => secret.openLocalCell(local, "outbox", input),
    },
    openPasskeySlot: {
      valid: [passkey.sealed],
      decode: (input) => secret.openPasskeySlot({ ...passkey, sealed: input }, prf),
    },
  };
}

/** What somebody sealed who has the key, so that the seal stops nothing: any plaintext. */
export function insideDecoders(): Decoders<Uint8Array> {
  const slip = secret.generateSlip();
  const kit = secret.generateKit();
  const kem = secret.generateKemKey();
  const seed = randomBytes(32);
  const publicKey = secret.generateSignKey().publicKey;
  const request = "aa".repeat(32) as core.Hash;
  const seeds = [{ version: 1, seed }];
  const released = {
    file,
    outcome: "released" as const,
    epoch: 1,
    share: seed,
    access: null,
    record: null,
  };
  const offered = { practice, member, roles: ["admin" as const], practiceName: "P", name: "N" };
  const introduction = {
    v: 1 as const,
    device: { device, statementKey: publicKey, requestKey: publicKey },
    key: kem.publicKey,
    kit: publicKey,
  };
  const asked = { v: 1 as const, device: introduction.device, ephemeral: kem.publicKey };
  const made = secret.createDeviceCode({ ...asked, person: null });
  const slipBox = (label: Uint8Array, plain: Uint8Array): Uint8Array =>
    boxSeal(hkdf(Secret.reveal(slip), label), label, plain);
  const kitBox = (plain: Uint8Array): Uint8Array => {
    const key = hkdf(Secret.reveal(kit), labelled(LABELS.kitSeal));
    return boxSeal(key, labelled(LABELS.kitBlob), plain);
  };
  return {
    openOffer: {
      valid: [secret.sealOffer(slip, { ...offered, until: 1 })],
      decode: (input) => secret.openOffer(slip, input),
    },
    "(inside an offer)": {
      valid: [],
      decode: (input) =>
        secret.openOffer(slip, slipBox(labelled(LABELS.invitationOffer), pad(input))),
    },
    "(inside an introduction)": {
      valid: [encodeShape(introductionShape, introduction)],
      decode: (input) => {
        const place = encodeShape(record({ practice: id(), member: id() }), { practice, member });
        const info = labelled(LABELS.invitationAnswer, place);
        return secret.openIntroduction(slip, { practice, member }, slipBox(info, input));
      },
    },
    openIntroduction: {
      valid: [secret.sealIntroduction(slip, { practice, member }, introduction)],
      decode: (input) => secret.openIntroduction(slip, { practice, member }, input),
    },
    openKitBlob: {
      valid: [secret.sealKitBlob(kit, { practice, member, seeds })],
      decode: (input) => secret.openKitBlob(kit, input, { practice, member }),
    },
    "(inside a kit blob)": {
      valid: [],
      decode: (input) => secret.openKitBlob(kit, kitBox(input), { practice, member }),
    },
    readDeviceRequest: {
      valid: [made.blob],
      decode: (input) => secret.readDeviceRequest(made.code, input),
    },
    openDeviceAnswer: {
      valid: [
        secret.sealDeviceAnswer(made.code, asked, { practice, root: publicKey, member, seeds }),
      ],
      decode: (input) => secret.openDeviceAnswer(made.code, kem, input),
      cost: 4,
    },
    openReleaseAnswer: {
      valid: [encodeShape(releaseAnswerShape, { v: 1, items: [released], warn: ["care"] })],
      decode: (input) =>
        secret.openReleaseAnswer(
          kem,
          request,
          secret.hpkeSeal(kem.publicKey, releaseInfo(request), input),
        ),
      cost: 4,
    },
  };
}
