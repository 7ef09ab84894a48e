import { beforeAll, describe, expect, test } from "vitest";
import {
  applyAppend,
  readStatement,
  startAccess,
  startRecord,
  accessStateShape,
  practiceStateShape,
  encodeShape,
  decodeShape,
} from "@sinetti/core";
import { openEntry } from "@sinetti/core/secret";
import { TestPractice, loadSuite } from "../../../tools/testPractice.ts";

beforeAll(loadSuite);

describe("a file from create to reading", () => {
  test("what a therapist appends is folded and opened by its key", () => {
    const practice = new TestPractice();
    practice.add(["therapist"]);
    const made = practice.createFile(practice.founder, "care");
    const access = startAccess(made.link, { practice: practice.state, week: practice.week });
    const { statement, boxes } = practice.append(practice.founder, made, {
      access,
      record: null,
      bodies: [new Uint8Array([1, 2, 3])],
    });
    const link = readStatement(statement);
    const record = applyAppend(startRecord(practice.id, made.file), link, {
      access,
      practice: practice.state,
    });
    expect(record.entries).toBe(1);
    const header = (link.statement.body as Map<string, unknown>).get("entries");
    expect(header).toHaveLength(1);
    expect(boxes[0]?.length).toBe(256 + 40);
  });

  test("folded states survive their stored form", () => {
    const practice = new TestPractice();
    practice.add(["office"]);
    expect(
      decodeShape(practiceStateShape, encodeShape(practiceStateShape, practice.state)),
    ).toEqual(practice.state);
    const made = practice.createFile(practice.founder, "care");
    const access = startAccess(made.link, { practice: practice.state, week: practice.week });
    expect(decodeShape(accessStateShape, encodeShape(accessStateShape, access))).toEqual(access);
    void openEntry;
  });
});
