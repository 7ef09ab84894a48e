import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import * as core from "@sinetti/core";
import * as secret from "@sinetti/core/secret";
import * as service from "@sinetti/core/service";
import {
  decoderNames,
  faultsByChance,
  faultsOf,
  soundRefused,
  type Decoder,
  type Decoders,
} from "../../../tools/decoderFaults.ts";
import { hostileBytes, plannedBytes } from "../../../tools/hostileBytes.ts";
import { hostileText, plannedTexts } from "../../../tools/hostileText.ts";
import { loadSuite } from "../../../tools/testPractice.ts";
import { memberDecoders } from "./decoders/memberDecoders.ts";
import { deviceDecoders, insideDecoders, sealedDecoders } from "./decoders/sealedDecoders.ts";
import { shapeDecoders } from "./decoders/shapeDecoders.ts";
import { goldenDecoders, signedDecoders } from "./decoders/signedDecoders.ts";
import { namedDecoders, shareDecoders, textDecoders } from "./decoders/textDecoders.ts";

/** What a name of core must begin with to read what others wrote. */
const FORM =
  /^(?:accepts|apply|bytesTo|check|decode|find|hpkeOpen|join|open|parse|read|start|to[A-Z]\w+Key$|verify)|FromBytes$|^(?:Run|Hint)Reader$/;
/** They decide about values that were read, and read none. */
const DECIDING = [
  "acceptsLink",
  "bytesToHex",
  "checkAccessNow",
  "checkAppendNow",
  "checkOrder",
  "joinRecoveryShares",
];
/** Each try stretches a password with 64 MiB, so it has a test of its own. */
const COSTLY = ["openPasswordSlot"];
const MINUTES = 600_000;
const { CoreError } = core;
const isTyped = (error: unknown): boolean => error instanceof CoreError;

let bytes: Decoders<Uint8Array>;
let texts: Decoders<string>;
beforeAll(async () => {
  await loadSuite();
  const shares = await shareDecoders();
  bytes = {
    ...shapeDecoders(),
    ...goldenDecoders(),
    ...signedDecoders(),
    ...memberDecoders(),
    ...sealedDecoders(),
    ...deviceDecoders(),
    ...insideDecoders(),
    ...namedDecoders(),
    ...shares.bytes,
  };
  texts = { ...textDecoders(), ...shares.texts };
});

test("every decoder that core exports is tried here", () => {
  const named = decoderNames([core, service, secret], FORM);
  const run = [...Object.keys(bytes), ...Object.keys(texts)].flatMap((name) => name.split(" "));
  const tried = [...run, ...COSTLY];
  expect(named.filter((name) => !tried.includes(name) && !DECIDING.includes(name))).toEqual([]);
  expect(DECIDING.filter((name) => !named.includes(name))).toEqual([]);
});

test("every sound value that is changed here is taken as it is", () => {
  expect([...soundRefused(bytes), ...soundRefused(texts)]).toEqual([]);
});

describe(
  "whatever bytes it gets, a decoder gives a value or refuses with a CoreError",
  { timeout: MINUTES },
  () => {
    test("what no chance would find", () => {
      const planned = faultsOf(bytes, isTyped, ({ valid, cost }) => plannedBytes(valid, cost));
      expect(planned).toEqual([]);
    });

    test("a few of the slot of a password", () => {
      const password = { password: "a long sentence", deviceFactor: core.randomBytes(32) };
      const salt = secret.generateSlotSalt();
      const slot = secret.sealPasswordSlot(secret.generateMasterKey(), { ...password, salt });
      const valid = [slot.sealed];
      const decode = (sealed: Uint8Array): unknown =>
        secret.openPasswordSlot({ ...slot, sealed }, password);
      const few = [new Uint8Array(0), slot.sealed.subarray(1)];
      expect(faultsOf({ slot: { valid, decode } }, isTyped, () => few)).toEqual([]);
    });

    test("arbitrary, injured, changed inside, and sound ones of another kind", () => {
      const strangers = Object.values(bytes).flatMap(({ valid }) => valid);
      const inputs = ({ valid }: Decoder<Uint8Array>): fc.Arbitrary<Uint8Array> =>
        fc.oneof(
          { weight: 5, arbitrary: hostileBytes(valid) },
          { weight: 1, arbitrary: fc.constantFrom(...strangers) },
        );
      expect(faultsByChance(bytes, isTyped, inputs)).toEqual([]);
    });
  },
);

describe(
  "whatever text it gets, a decoder gives a value or refuses with a CoreError",
  { timeout: MINUTES },
  () => {
    test("what no chance would find", () => {
      expect(faultsOf(texts, isTyped, ({ valid }) => plannedTexts(valid))).toEqual([]);
    });

    test("arbitrary and changed", () => {
      expect(faultsByChance(texts, isTyped, ({ valid }) => hostileText(valid))).toEqual([]);
    });
  },
);
