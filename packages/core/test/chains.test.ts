import { beforeAll, expect, test } from "vitest";
import {
  accessHead,
  applyAppend,
  epochAt,
  readAppend,
  readStatement,
  startAccess,
  startRecord,
} from "@sinetti/core";
import {
  checkFileKey,
  deriveFileKey,
  gateHalfFromBytes,
  openEntry,
  openWrap,
} from "@sinetti/core/secret";
import { TestPractice, loadSuite } from "../../../tools/testPractice.ts";
import { fold, accessLink, refusal, subjectOf } from "./acts.ts";

beforeAll(loadSuite);

test("a file from create to reading: what one therapist appends, another whom it was granted to opens, and a third does not", () => {
  const practice = new TestPractice({ week: 3000 });
  const reader = practice.add(["therapist"]);
  const outsider = practice.add(["therapist"]);
  const { founder } = practice;
  const made = practice.createFile(founder, "care", {
    grants: [practice.grant(reader, { rights: 1 })],
  });
  const access = startAccess(made.link, { practice: practice.state, week: practice.week });
  const body = new TextEncoder().encode("a note");
  const { statement, boxes } = practice.append(founder, made, {
    access,
    record: null,
    bodies: [body],
  });

  const link = readStatement(statement);
  const record = applyAppend(startRecord(practice.id, made.file), link, {
    access,
    practice: practice.state,
  });
  expect(record.entries).toBe(1);

  const context = {
    practice: practice.id,
    file: made.file,
    compartment: access.compartment,
    epoch: 1,
  };
  const wrap = made.wraps.find(({ subject }) => subject.id === reader.member);
  const [header] = readAppend(link).entries;
  const [box] = boxes;
  if (wrap === undefined || header === undefined || box === undefined)
    throw new TypeError("the file was not made as asked");
  const key = deriveFileKey(
    { member: openWrap(wrap, reader.kem, context), gate: gateHalfFromBytes(made.share) },
    context,
  );
  checkFileKey(key, epochAt(access).commit);
  expect(openEntry(key, context, { header, box })).toEqual(body);
  expect(refusal(() => openWrap(wrap, outsider.kem, context))).toBe("open-failed");
});

test("the order of a revocation reaches the chain through anybody who may speak in the practice", () => {
  const practice = new TestPractice({ week: 3000 });
  const reader = practice.add(["therapist"]);
  const messenger = practice.add(["office"]);
  const { founder } = practice;
  const made = practice.createFile(founder, "care", { grants: [practice.grant(reader)] });
  const state = startAccess(made.link, { practice: practice.state, week: practice.week });
  const order = practice.order(founder, "revoke", { file: made.file, subject: subjectOf(reader) });
  fold(
    practice,
    state,
    accessLink(practice, messenger, { state, kind: "revoke", body: { order } }),
  );
  expect(accessHead(state).seq).toBe(1);
});
