import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/sinetti.mjs", import.meta.url));
const root = dirname(dirname(dirname(dirname(bin))));
/** Under npm, the machine's own Node, which may be older than the pinned one. */
const node = process.env["npm_node_execpath"] ?? process.execPath;

const main = `
if (process.argv[2] === "wait") {
  process.on("SIGTERM", () => { console.log("ended"); process.exit(5); });
  setInterval(() => undefined, 1000);
  console.log("waiting");
} else {
  console.log(JSON.stringify({ args: process.argv.slice(2), node: process.versions.node.split(".")[0] }));
  process.exitCode = 3;
}
`;

describe("the program sinetti", () => {
  let copy: string;
  let link: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "sinetti-bin-"));
    for (const folder of ["bin", "src"])
      mkdirSync(join(copy, "packages/cli", folder), { recursive: true });
    cpSync(bin, join(copy, "packages/cli/bin/sinetti.mjs"));
    writeFileSync(join(copy, "packages/cli/src/main.ts"), main);
    writeFileSync(join(copy, "package.json"), '{"type":"module"}');
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    link = join(copy, "sinetti");
    symlinkSync(join(copy, "packages/cli/bin/sinetti.mjs"), link);
  });

  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  it("runs on the pinned Node, through a link, with its arguments and its exit code", () => {
    const { status, stdout } = spawnSync(node, [link, "note", "list", "a b"], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual({ args: ["note", "list", "a b"], node: "24" });
    expect(status).toBe(3);
  });

  it("passes a signal on", async () => {
    const child = spawn(node, [link, "wait"], { stdio: ["ignore", "pipe", "inherit"] });
    const said: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk.toString("utf8")));
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    const [code] = (await once(child, "close")) as [number | null];
    expect(said.join("")).toBe("waiting\nended\n");
    expect(code).toBe(5);
  });

  it("ends with the shell that npx runs it in", async () => {
    const command = `"${node}" "${link}" wait; true`;
    const shell = spawn("sh", ["-c", command], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, npm_command: "exec" },
    });
    const said: string[] = [];
    shell.stdout.on("data", (chunk: Buffer) => said.push(chunk.toString("utf8")));
    await once(shell.stdout, "data");
    shell.kill("SIGKILL");
    await once(shell, "close");
    expect(said.join("")).toBe("waiting\nended\n");
  });

  it("says what to do when nothing is installed", () => {
    rmSync(join(copy, "node_modules"));
    const { status, stderr } = spawnSync(node, [link], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain("npm install");
  });
});
