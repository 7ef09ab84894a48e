import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { root } from "../step.ts";

/** What stops a violation: the own check of imports, or the linter. */
type Guard = "boundaries" | "lint";

interface Plant {
  readonly name: string;
  readonly guard: Guard;
  /** Files by path; the first is the one that must be named. */
  readonly files: Readonly<Record<string, string>>;
}

const secret = 'export { openEntry } from "@sinetti/core/secret";\n';
const plant = (name: string, guard: Guard, path: string, source: string): Plant => ({
  name,
  guard,
  files: { [path]: source },
});

const services = ["vault", "gate"].flatMap((service) => {
  const other = service === "vault" ? "gate" : "vault";
  const path = `packages/${service}/src/planted.ts`;
  return [
    plant(`${service}: core/secret`, "boundaries", path, secret),
    plant(
      `${service}: core/secret, dynamically`,
      "boundaries",
      path,
      'await import("@sinetti/core/secret");\n',
    ),
    plant(
      `${service}: core/secret, as a computed name`,
      "boundaries",
      path,
      'await import("@sinetti/core" + "/secret");\n',
    ),
    plant(
      `${service}: core's files by a relative path`,
      "boundaries",
      path,
      'import "../../core/src/secret.ts";\n',
    ),
    plant(
      `${service}: core's files by a deep path`,
      "boundaries",
      path,
      'import "@sinetti/core/src/secret.ts";\n',
    ),
    plant(
      `${service}: a loader of modules`,
      "boundaries",
      path,
      'import { createRequire } from "node:module";\nvoid createRequire;\n',
    ),
    plant(`${service}: ${other}`, "boundaries", path, `import "@sinetti/${other}";\n`),
    plant(`${service}: client`, "boundaries", path, 'import "@sinetti/client";\n'),
    plant(`${service}: practice`, "boundaries", path, 'import "@sinetti/practice";\n'),
    plant(`${service}: its own tests`, "boundaries", path, 'import "../test/planted.ts";\n'),
  ];
});

const impure = [
  ["node:fs", 'import "node:fs";\n'],
  ["fs", 'import "fs";\n'],
  ["fs, dynamically", 'export const fs = await import("fs");\n'],
  ["process", "export const planted = process.pid;\n"],
  ["Buffer", 'export const planted = Buffer.from("");\n'],
  ["console", "console.log(1);\n"],
  ["Date.now", "export const planted = Date.now();\n"],
  ["Math.random", "export const planted = Math.random();\n"],
  ["fetch", 'export const planted = fetch("http://localhost");\n'],
  ["setTimeout", "export const planted = setTimeout(() => undefined, 1);\n"],
  ["globalThis", "export const planted = globalThis;\n"],
  ["crypto", "export const planted = crypto.randomUUID();\n"],
  ["document", "export const planted = document.title;\n"],
] as const;

const pure = ["core", "practice"].flatMap((name) => [
  ...impure.map(([what, source]) =>
    plant(`${name}: ${what}`, "lint", `packages/${name}/src/planted.ts`, source),
  ),
  plant(
    `${name}: new Date()`,
    "boundaries",
    `packages/${name}/src/planted.ts`,
    "export const planted = new Date();\n",
  ),
  plant(
    `${name}: another package of ours`,
    "boundaries",
    `packages/${name}/src/planted.ts`,
    'import "@sinetti/client";\n',
  ),
]);

const opensBy = [
  'import { kemDecapsulate } from "./suite.ts";\nvoid kemDecapsulate;\n',
  'import { boxOpen as seal } from "./suite.ts";\nvoid seal;\n',
  'export { argon2id as hash } from "./suite.ts";\n',
  'export * from "./suite.ts";\n',
  'import * as suite from "./suite.ts";\nvoid suite;\n',
  'import "shamir-secret-sharing";\n',
];

const opening: Plant[] = ["service", "index"].flatMap((entry) =>
  opensBy.map((source) => ({
    name: `core: ${entry}.ts reaches a module that opens: ${source.split("\n")[0]}`,
    guard: "boundaries" as const,
    files: {
      "packages/core/src/planted.ts": source,
      "packages/core/src/between.ts": 'import "./planted.ts";\n',
      [`packages/core/src/${entry}.ts`]: 'import "./between.ts";\n',
    },
  })),
);

const gateKey: Plant = {
  name: "core: the gate's own key opens more than a box",
  guard: "boundaries",
  files: {
    "packages/core/src/gateKey.ts":
      'import { boxOpen, kemDecapsulate } from "./suite.ts";\nvoid [boxOpen, kemDecapsulate];\n',
    "packages/core/src/service.ts": 'import "./gateKey.ts";\n',
  },
};

const others: Plant[] = [
  ...opening,
  gateKey,
  plant(
    "core: the primitives past the suite",
    "boundaries",
    "packages/core/src/planted.ts",
    'import "libsodium-wrappers-sumo";\n',
  ),
  plant("client: Node", "lint", "packages/client/src/planted.ts", 'import "node:fs";\n'),
  plant(
    "cli: a service's code",
    "boundaries",
    "packages/cli/src/planted.ts",
    'import "@sinetti/vault";\n',
  ),
  plant(
    "a test: another package's files",
    "boundaries",
    "packages/vault/test/planted.ts",
    'import "../../core/src/suite.ts";\n',
  ),
  plant(
    "a promise that nobody waits for",
    "lint",
    "packages/vault/src/planted.ts",
    "const work = async () => undefined;\nwork();\n",
  ),
  plant("console in a service", "lint", "packages/gate/src/planted.ts", "console.log(1);\n"),
  {
    name: "a cycle",
    guard: "lint",
    files: {
      "packages/vault/src/planted.ts":
        'import { b } from "./plantedToo.ts";\nexport const a = () => b;\n',
      "packages/vault/src/plantedToo.ts":
        'import { a } from "./planted.ts";\nexport const b = () => a;\n',
    },
  },
];

const KEPT = [".oxlintrc.json", ".gitignore", "package.json", "tsconfig.base.json"];

describe("the boundaries between the packages", () => {
  let copy: string;

  const guards: Readonly<Record<Guard, (path: string) => string[]>> = {
    boundaries: () => [join(root, "tools/boundaries.ts"), copy],
    lint: (path) => [join(root, "node_modules/oxlint/bin/oxlint"), "--deny-warnings", path],
  };

  const run = (guard: Guard, path: string): { status: number | null; output: string } => {
    const done = spawnSync(process.execPath, guards[guard](path), { cwd: copy, encoding: "utf8" });
    return { status: done.status, output: done.stdout + done.stderr };
  };

  const write = (path: string, source: string): void => {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), source);
  };

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "sinetti-boundaries-"));
    for (const name of KEPT) cpSync(join(root, name), join(copy, name));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const name of ["core", "practice", "client", "vault", "gate", "cli"]) {
      cpSync(
        join(root, "packages", name, "tsconfig.json"),
        join(copy, "packages", name, "tsconfig.json"),
        {
          recursive: true,
        },
      );
    }
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each([...services, ...pure, ...others])("refuse $name ($guard)", ({ guard, files }) => {
    const paths = Object.keys(files);
    for (const [path, source] of Object.entries(files)) write(path, source);
    const { status, output } = run(guard, paths[0] ?? "");
    for (const path of paths) rmSync(join(copy, path));
    expect(status).toBe(1);
    expect(output).toContain(paths[0]);
  });

  it.each(["boundaries", "lint"] as const)("let through what is allowed (%s)", (guard) => {
    write(
      "packages/vault/src/planted.ts",
      'import { verifyStatement } from "@sinetti/core";\nexport const planted = verifyStatement;\n',
    );
    write(
      "packages/vault/test/planted.ts",
      'import { openEntry } from "@sinetti/core/secret";\nexport const planted = openEntry;\n',
    );
    expect(run(guard, "packages/vault/src/planted.ts")).toMatchObject({ status: 0 });
  });
});
