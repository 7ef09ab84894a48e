import { resolveRelative } from "./sourceFile.ts";
import type { Import, SourceFile } from "./sourceFile.ts";

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly why: string;
}

const CORE = "@sinetti/core";
const PAPER = "@sinetti/paper";
const service = [CORE, `${CORE}/service`];
const device = [...service, `${CORE}/secret`, "@sinetti/practice", PAPER];
const program = [...device, `${PAPER}/pdf`, "@sinetti/client", "@sinetti/response"];

/** What of ours each package may import. Whatever is not here is refused; no service may import what opens. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  paper: [],
  practice: [PAPER],
  response: [PAPER],
  posture: [],
  vault: service,
  gate: service,
  client: device,
  drill: program,
  cli: [...program, "@sinetti/drill", "@sinetti/posture"],
  web: [CORE, "@sinetti/practice", PAPER, `${PAPER}/pdf`, "@sinetti/client"],
};

/** A test of a service plays the device that speaks to it. */
const allowedInTests: Readonly<Record<string, readonly string[]>> = {
  vault: [`${CORE}/secret`],
  gate: [`${CORE}/secret`],
};

/** Ways to load a module that this check could not follow. */
const loaders = new Set([
  "node:module",
  "module",
  "node:vm",
  "vm",
  "node:worker_threads",
  "worker_threads",
]);
const guarded = new Set([
  "core",
  "paper",
  "practice",
  "response",
  "vault",
  "gate",
  "client",
  "posture",
]);

function whyRelative(file: SourceFile, specifier: string): string | undefined {
  const target = resolveRelative(file, specifier);
  const home = `packages/${file.package}/`;
  if (target.startsWith(home)) {
    const leavesSource = !file.isTest && !target.startsWith(`${home}src/`);
    return leavesSource ? "source imports only source" : undefined;
  }
  if (file.isTest && (target.startsWith("tools/") || target.startsWith("packages/cli/bin/")))
    return undefined;
  return "another package is imported by its name, not by its files";
}

function whyOurs(file: SourceFile, specifier: string): string | undefined {
  const names = [
    ...(allowed[file.package] ?? []),
    ...(file.isTest ? (allowedInTests[file.package] ?? []) : []),
  ];
  if (file.isTest) names.push(...ownEntries(file.package), ...paperInTests(file.package));
  return names.includes(specifier) ? undefined : `${file.package} may not import ${specifier}`;
}

/** A test looks at the printed page itself. */
function paperInTests(name: string): string[] {
  return (allowed[name] ?? []).includes(PAPER) ? [`${PAPER}/pdf`] : [];
}

function ownEntries(name: string): string[] {
  const own = `@sinetti/${name}`;
  if (name === "core") return [own, `${own}/service`, `${own}/secret`];
  return name === "paper" ? [own, `${own}/pdf`] : [own];
}

function whyRefused(file: SourceFile, { specifier }: Import): string | undefined {
  const isGuarded = guarded.has(file.package) && !file.isTest;
  if (specifier === undefined)
    return isGuarded ? "imports what is only known at run time" : undefined;
  if (specifier.startsWith(".")) return whyRelative(file, specifier);
  if (specifier.startsWith("@sinetti/")) return whyOurs(file, specifier);
  if (specifier.startsWith("/") || specifier.startsWith("file:"))
    return "imports by an absolute path";
  if (isGuarded && loaders.has(specifier))
    return `${specifier} can load what this check does not see`;
  return undefined;
}

/** Who imports what they may not. */
export function checkImports(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) =>
    file.imports.flatMap((found) => {
      const why = whyRefused(file, found);
      return why === undefined ? [] : [{ path: file.path, line: found.line, why }];
    }),
  );
}

/** Who reads the clock in a package that is given the time. */
export function checkClock(files: readonly SourceFile[]): Violation[] {
  const timeless = files.filter(
    (file) =>
      !file.isTest && ["core", "paper", "practice", "response", "posture"].includes(file.package),
  );
  return timeless.flatMap(({ path, clockLines }) =>
    clockLines.map((line) => ({ path, line, why: "reads the clock; time is passed in" })),
  );
}
