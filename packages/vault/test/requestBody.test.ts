import { VAULT_ROUTES, encodeShape } from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CountedBody, nothing, piecesOf } from "../../../tools/countedBody.ts";
import type { TestPractice } from "../../../tools/testPractice.ts";
import { outcomeOf } from "./testFiles.ts";
import { TestVault, deviceOf, readReply, type Sent } from "./testVault.ts";

const { draftPut, practiceTake, status } = VAULT_ROUTES;
const MIB = 1024 * 1024;
const STRANGE_RUN = 4 * MIB;

let vault: TestVault;
let practice: TestPractice;
let sent: Sent;
beforeAll(async () => {
  vault = await TestVault.open("who");
  practice = await vault.practice();
  sent = { practice: practice.id, signer: deviceOf(practice.founder) };
});
afterAll(() => vault.close());

const runOf = ({ links }: TestPractice): Uint8Array => encodeShape(practiceTake.request, { links });

interface Posted {
  readonly at?: TestVault;
  readonly by?: Sent;
  /** What was signed. */
  readonly signed: Uint8Array;
  readonly body: CountedBody;
  readonly length?: number;
}

async function post(path: string, { at = vault, by = sent, ...rest }: Posted): Promise<string> {
  const { signed, body, length } = rest;
  const headers = at.sign(path, signed, by);
  if (length !== undefined) headers["content-length"] = String(length);
  return outcomeOf(await readReply(status, await at.raw(path, body.init(headers))));
}

describe("the body of a request", () => {
  const lengths: [string, number, boolean][] = [
    ["short, of a claimed length", 1000, true],
    ["long, of a claimed length", 200_000, true],
    ["long, of no claimed length", 200_000, false],
  ];
  test.each(lengths)(
    "that is another is refused before it is decoded: %s",
    async (_, bytes, is) => {
      const signed = encodeShape(draftPut.request, {
        file: "11".repeat(16) as never,
        draft: "22".repeat(16) as never,
        epoch: 1,
        revision: 1,
        box: new Uint8Array(bytes),
      });
      const length = is ? signed.length : undefined;
      const sendAs = (body: CountedBody): Promise<string> =>
        post(draftPut.path, { signed, body, ...(length === undefined ? {} : { length }) });
      expect(await sendAs(new CountedBody(piecesOf(signed, 777)))).toBe("unknown-file");
      expect(await sendAs(new CountedBody(nothing(signed.length)))).toBe("bad-signature");
      const changed = signed.with(signed.length - 1, 2);
      expect(await sendAs(new CountedBody(piecesOf(changed, 777)))).toBe("bad-signature");
      const cut = signed.subarray(0, -1);
      expect(await sendAs(new CountedBody(piecesOf(cut, 777)))).toBe("bad-signature");
    },
  );

  test("is taken in pieces of any size", async () => {
    for (const size of [1, 100, 10_000]) {
      const fresh = vault.strangePractice();
      const signed = runOf(fresh);
      const by = { practice: fresh.id, signer: deviceOf(fresh.founder) };
      const body = new CountedBody(piecesOf(signed, size));
      const headers = vault.sign(practiceTake.path, signed, by);
      expect((await vault.raw(practiceTake.path, body.init(headers))).status).toBe(200);
    }
  });

  test("is not read from a device that asks too fast", async () => {
    const at = await TestVault.open("who", { device: { perSecond: 1, burst: 1 } });
    const busy = await at.practice();
    const by = { practice: busy.id, signer: deviceOf(busy.founder) };
    const signed = runOf(busy);
    const body = new CountedBody(piecesOf(signed, 1000));
    expect(await post(practiceTake.path, { at, by, signed, body })).toBe("rate-limited");
    expect(body.pulled).toBe(0);
    await at.close();
  });
});

describe("a run that may bring the key that signed it", () => {
  const strange = (): Sent & { signed: Uint8Array } => {
    const fresh = vault.strangePractice();
    return { practice: fresh.id, signer: deviceOf(fresh.founder), signed: runOf(fresh) };
  };

  test("is not read beyond what a page of links takes, said or not", async () => {
    const { signed, ...by } = strange();
    const said = new CountedBody(nothing(STRANGE_RUN + 1));
    const length = STRANGE_RUN + 1;
    expect(await post(practiceTake.path, { by, signed, body: said, length })).toBe("too-large");
    expect(said.pulled).toBe(0);
    const unsaid = new CountedBody(nothing(3 * STRANGE_RUN));
    expect(await post(practiceTake.path, { by, signed, body: unsaid })).toBe("too-large");
    expect(unsaid.pulled).toBeLessThanOrEqual(STRANGE_RUN + 64 * 1024);
  });

  test("is not read at all for another service, or out of its window", async () => {
    const { signed, ...by } = strange();
    for (const change of [{ service: "00".repeat(16) }, { created: vault.now - 121 }]) {
      const body = new CountedBody(piecesOf(signed, 1000));
      const code = await post(practiceTake.path, { by: { ...by, ...change }, signed, body });
      expect(["wrong-service", "outside-window"]).toContain(code);
      expect(body.pulled).toBe(0);
    }
  });

  test("from one whom the vault knows may be as long as any", async () => {
    const signed = runOf(practice);
    const body = new CountedBody(nothing(STRANGE_RUN + MIB));
    expect(await post(practiceTake.path, { signed, body })).toBe("bad-signature");
    expect(body.pulled).toBe(STRANGE_RUN + MIB);
  });
});

/** A body of which one piece has come and the rest is withheld. */
function withheld(): { body: CountedBody; breakOff: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    await promise;
  };
  return { body: new CountedBody(pieces()), breakOff: () => reject(new Error("aborted")) };
}

describe("bodies that are held at once are bounded", () => {
  const limits = { each: 100_000, inAll: 150_000 };
  const length = 60_000;

  test("for a device and for all, until they are answered or break off", async () => {
    const at = await TestVault.open("who", { signedBodies: limits });
    const own = await at.practice();
    const other = own.add(["therapist"]);
    await at.handOver(own);
    const as = (member: typeof other): Sent => ({ practice: own.id, signer: deviceOf(member) });
    const signed = new Uint8Array(length);
    const sendAs = (member: typeof other, body: CountedBody): Promise<string> =>
      post(draftPut.path, { at, by: as(member), signed, body, length });
    const whole = (): CountedBody => new CountedBody(nothing(length));

    const first = withheld();
    const waiting = sendAs(own.founder, first.body);
    await first.body.asked;
    expect(await sendAs(own.founder, whole())).toBe("rate-limited");
    expect(await sendAs(other, whole())).toBe("malformed");
    const second = withheld();
    const alsoWaiting = sendAs(other, second.body);
    await second.body.asked;
    const third = own.add(["office"]);
    await at.handOver(own);
    expect(await sendAs(third, whole())).toBe("rate-limited");

    first.breakOff();
    expect(await waiting).toBe("malformed");
    expect(await sendAs(third, whole())).toBe("malformed");
    expect(await sendAs(own.founder, whole())).toBe("malformed");
    second.breakOff();
    expect(await alsoWaiting).toBe("malformed");
    await at.close();
  });

  test("for whoever is not known yet, apart from those who are", async () => {
    const at = await TestVault.open("who", { strangeBodies: limits });
    const known = await at.practice();
    const signed = new Uint8Array(length);
    const strange = (): Sent => {
      const fresh = at.strangePractice();
      return { practice: fresh.id, signer: deviceOf(fresh.founder) };
    };
    const first = withheld();
    const waiting = post(practiceTake.path, {
      at,
      by: strange(),
      signed,
      body: first.body,
      length,
    });
    await first.body.asked;
    const whole = (by: Sent): Promise<string> =>
      post(practiceTake.path, {
        at,
        by,
        signed,
        body: new CountedBody(nothing(length)),
        length,
      });
    expect(await whole(strange())).toBe("rate-limited");
    expect(await whole({ practice: known.id, signer: deviceOf(known.founder) })).toBe("malformed");
    first.breakOff();
    expect(await waiting).toBe("malformed");
    expect(await whole(strange())).toBe("malformed");
    await at.close();
  });
});
