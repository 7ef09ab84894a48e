import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, expect, test, vi } from "vitest";

import { EXIT, failureOf } from "../../src/failure.ts";
import { Output } from "../../src/output.ts";
import { makeProgram } from "../../src/program.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sinetti-incident-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EXAMPLE = join(root, "docs/examples/vastaamo.yaml");
const inFolder = (name: string): string => join(folder, name);

interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const WHERE = ["--profile", inFolder("none"), "--server", "http://127.0.0.1:9"];

/** Keeps what is written to a stream in the meantime. */
function listen(stream: NodeJS.WriteStream): { said: () => string } {
  const spy = vi.spyOn(stream, "write").mockImplementation(() => true);
  const said = (): string => {
    const parts = spy.mock.calls.map(([part]) => Buffer.from(part as Uint8Array).toString());
    spy.mockRestore();
    return parts.join("");
  };
  return { said };
}

/** Runs `sinetti incident` where there is neither a device nor a server. */
async function incident(...args: string[]): Promise<Ran> {
  const [stdout, stderr] = [listen(process.stdout), listen(process.stderr)];
  const listeners = process.listeners("SIGINT");
  let exit: number = EXIT.done;
  try {
    const program = await makeProgram(["incident"]);
    await program.parseAsync([...WHERE, "incident", ...args], { from: "user" });
  } catch (error) {
    const failure = failureOf(error);
    exit = failure.exit;
    new Output({ isJson: args.includes("--json") }).fail(failure, { isSaid: false });
  } finally {
    process.exitCode = undefined;
    for (const one of process.listeners("SIGINT"))
      if (!listeners.includes(one)) process.off("SIGINT", one);
  }
  return { exit, stdout: stdout.said(), stderr: stderr.said() };
}

test("the program itself makes the report, without a device and without a server", () => {
  const main = join(root, "packages/cli/bin/sinetti.mjs");
  const args = [main, ...WHERE, "incident", "report", "--facts", EXAMPLE, "--format", "md"];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^# Incident Report: Psykoterapiakeskus Vastaamo/);
});

test("the schema that is printed is a file that the report takes; as JSON it is a JSON Schema", async () => {
  const facts = inFolder("skeleton.yaml");
  writeFileSync(facts, (await incident("schema")).stdout);
  const made = await incident("report", "--facts", facts, "--format", "md");
  expect([made.exit, made.stderr]).toEqual([0, ""]);
  expect(made.stdout).toMatch(/^# Incident Report: Example incident\n/);
  const schema = JSON.parse((await incident("schema", "--json")).stdout) as Record<string, unknown>;
  expect(schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
});

test.each(["md", "pdf", "json"])(
  "the example is written as %s, and the answer is the contract's",
  async (format) => {
    const out = inFolder(`report.${format}`);
    const { exit, stdout } = await incident(
      "report",
      "--facts",
      EXAMPLE,
      "--format",
      format,
      "--out",
      out,
      "--json",
    );
    const bytes = readFileSync(out);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      file: out,
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      statements: expect.any(Number) as number,
      notEstablished: 4,
    });
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  },
);

test("refused facts end with 6, by file, line and field, and leave what was there", async () => {
  const [facts, out] = [inFolder("bad.yaml"), inFolder("kept.md")];
  writeFileSync(
    facts,
    readFileSync(EXAMPLE, "utf8").replace("status: verified", "status: verifed"),
  );
  writeFileSync(out, "the report of yesterday");
  const said = await incident("report", "--facts", facts, "--format", "md", "--out", out);
  expect(said.exit).toBe(6);
  expect(said.stderr).toMatch(
    /bad\.yaml: line \d+, facts\[\d+\]\.status: .*did you mean verified\?/,
  );
  expect(said.stdout).toBe("");
  expect(readFileSync(out, "utf8")).toBe("the report of yesterday");
  const { error } = JSON.parse(
    (await incident("report", "--facts", facts, "--format", "md", "--out", out, "--json")).stdout,
  ) as { error: { exit: number; fields: string[] } };
  expect(error.exit).toBe(6);
  expect(error.fields).toHaveLength(1);
});

test("a name of the protected list is refused and nowhere repeated", async () => {
  const [facts, names, out] = [inFolder("named.yaml"), inFolder("names.txt"), inFolder("named.md")];
  writeFileSync(
    facts,
    readFileSync(EXAMPLE, "utf8").replace(
      "The company did not pay.",
      "Matti Virtaselle ei maksettu.",
    ),
  );
  writeFileSync(names, "# patients\nVirtanen, Matti\n");
  const said = await incident(
    "report",
    "--facts",
    facts,
    "--format",
    "md",
    "--out",
    out,
    "--protect",
    names,
  );
  expect(said.exit).toBe(6);
  expect(said.stderr).toContain("a name stands here that must not occur");
  expect(said.stderr + said.stdout).not.toMatch(/virta/i);
  expect(existsSync(out)).toBe(false);
});

test.each([
  ["a file that is not there", 6, ["--facts", "nowhere.yaml", "--format", "md"]],
  ["a format that there is not", 2, ["--facts", EXAMPLE, "--format", "docx"]],
  ["--json without a place to write to", 2, ["--facts", EXAMPLE, "--format", "md", "--json"]],
  [
    "a folder that is not there",
    2,
    ["--facts", EXAMPLE, "--format", "md", "--out", "/nowhere/x.md"],
  ],
])("%s ends with %i", async (_, exit, args) => {
  expect((await incident("report", ...args)).exit).toBe(exit);
});

test("bytes that are no text are refused", async () => {
  const facts = inFolder("latin1.yaml");
  writeFileSync(facts, Buffer.from([0x74, 0x3a, 0x20, 0xe4, 0x0a]));
  expect((await incident("report", "--facts", facts, "--format", "md")).exit).toBe(6);
});
