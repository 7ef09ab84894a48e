import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Output, table } from "../src/output.ts";

describe("what a command prints", () => {
  let out: string;
  let err: string;

  beforeEach(() => {
    out = "";
    err = "";
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      out += String(chunk);
      return true;
    });
    vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
      err += String(chunk);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is one line of JSON on standard output with --json, and text without", () => {
    new Output({ isJson: true }).print({ json: { a: 1 }, text: "one" });
    new Output({ isJson: false }).print({ json: { a: 1 }, text: "one" });
    expect(out).toBe('{"a":1}\none\n');
    expect(err).toBe("");
  });

  it("brings alarms to standard error and into the object, and leaves lists as they are", () => {
    const output = new Output({ isJson: true });
    output.alarm("look");
    output.print({ json: { a: 1 }, text: "" });
    output.print({ json: [], text: "" });
    expect(out).toBe('{"a":1,"alarms":["look"]}\n[]\n');
    expect(err).toBe("ALARM: look\n");
  });

  it("says a failure on standard error, and as an object with --json", () => {
    const failure = { exit: 3, code: "frozen", message: "You are frozen." };
    new Output({ isJson: true }).fail(failure, { isSaid: false });
    expect(err).toBe("You are frozen.\n");
    expect(JSON.parse(out)).toEqual({
      error: { code: "frozen", exit: 3, message: "You are frozen." },
    });
  });

  it("draws no bar where nobody looks", async () => {
    const result = await new Output({ isJson: true }).progress(async (move) => {
      move(1, 2);
      return Promise.resolve(7);
    });
    expect({ result, err }).toEqual({ result: 7, err: "" });
  });

  it("puts rows into columns", () => {
    expect(
      table([
        ["a", "bb", ""],
        ["ccc", "d", "e"],
      ]),
    ).toBe("a    bb\nccc  d   e");
  });
});
