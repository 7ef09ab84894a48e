import { beforeAll, expect, test } from "vitest";
import { CoreError, verifyClientRelease } from "@sinetti/core";
import { generateSignKey, signClientRelease } from "@sinetti/core/secret";
import { TestPractice, loadSuite } from "../../../tools/testPractice.ts";

const manifest = new TextEncoder().encode('{"v":1}');

beforeAll(loadSuite);

test("a release is believed with its own key and manifest, and with no other of either", () => {
  const key = generateSignKey();
  const signed = signClientRelease(manifest, key);
  const check = (wish: Partial<Parameters<typeof verifyClientRelease>[1]>) => () =>
    verifyClientRelease(signed, { manifest, key: key.publicKey, ...wish });
  expect(check({})).not.toThrow();
  const refused = expect.objectContaining({ code: "bad-signature" });
  expect(check({ key: generateSignKey().publicKey })).toThrow(refused);
  expect(check({ manifest: new TextEncoder().encode('{"v":2}') })).toThrow(refused);
});

test("no bit of a release can be turned", () => {
  const key = generateSignKey();
  const signed = signClientRelease(manifest, key);
  for (let at = 0; at < signed.length; at++) {
    const turned = signed.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(() => verifyClientRelease(turned, { manifest, key: key.publicKey })).toThrow(CoreError);
  }
});

test("what the same key signed as something else is no release", () => {
  const practice = new TestPractice();
  const { founder } = practice;
  const order = practice.order(founder, "freeze", { member: null });
  expect(() => verifyClientRelease(order, { manifest, key: founder.statement.publicKey })).toThrow(
    expect.objectContaining({ code: "bad-signature" }),
  );
});
