import { beforeAll, expect, test } from "vitest";
import { CoreError, verifyDocument } from "@sinetti/core";
import { generateSignKey, signClientRelease, signDocument } from "@sinetti/core/secret";
import { loadSuite } from "../../../tools/testPractice.ts";

const document = new TextEncoder().encode('{"v":1}');
const kind = "postureException" as const;
const refused = expect.objectContaining({ code: "bad-signature" });

beforeAll(loadSuite);

test("a document is believed with its own key, kind and bytes, and with no other of them", () => {
  const key = generateSignKey();
  const signed = signDocument(kind, document, key);
  const own = { document, key: key.publicKey };
  expect(() => verifyDocument(kind, signed, own)).not.toThrow();
  expect(() => verifyDocument(kind, signed, { ...own, key: generateSignKey().publicKey })).toThrow(
    refused,
  );
  expect(() =>
    verifyDocument(kind, signed, { ...own, document: new TextEncoder().encode('{"v":2}') }),
  ).toThrow(refused);
  expect(() => verifyDocument("deploymentStatement", signed, own)).toThrow(refused);
});

test("no bit of it can be turned", () => {
  const key = generateSignKey();
  const signed = signDocument(kind, document, key);
  for (let at = 0; at < signed.length; at++) {
    const turned = signed.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(() => verifyDocument(kind, turned, { document, key: key.publicKey })).toThrow(CoreError);
  }
});

test("what the same key signed as a release is no document", () => {
  const key = generateSignKey();
  const release = signClientRelease(document, key);
  expect(() => verifyDocument(kind, release, { document, key: key.publicKey })).toThrow(refused);
});
