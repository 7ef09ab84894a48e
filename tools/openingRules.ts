import type { Violation } from "./importRules.ts";
import { resolveRelative } from "./sourceFile.ts";
import type { Import, SourceFile } from "./sourceFile.ts";

const SUITE = "packages/core/src/suite.ts";
const SODIUM = "libsodium-wrappers-sumo";
const SHARES = "shamir-secret-sharing";

/** The entries of core that a service may import. */
const SERVICE_ENTRIES = ["packages/core/src/index.ts", "packages/core/src/service.ts"];

/** The primitives of the suite that turn sealed bytes or a password into something readable. */
const opening = /(Open|Decapsulate|^argon2id)$/;

/** What a service may open all the same: the gate's own halves, under its own key-encryption key. */
const exceptions: Readonly<Record<string, string>> = {
  "packages/core/src/gateKey.ts": "boxOpen",
};

function findOpening(file: SourceFile, found: Import): string | undefined {
  if (found.specifier === SHARES) return `${SHARES} joins shares`;
  if (!found.specifier?.startsWith(".") || resolveRelative(file, found.specifier) !== SUITE)
    return undefined;
  const name = found.names.find(
    (taken) => (taken === "*" || opening.test(taken)) && exceptions[file.path] !== taken,
  );
  return name === undefined ? undefined : `takes ${name} from the suite`;
}

function findReachable(
  files: ReadonlyMap<string, SourceFile>,
  entries: readonly string[],
): Set<string> {
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = files.get(path);
    if (!file || reached.has(path)) continue;
    reached.add(path);
    for (const { specifier, isType } of file.imports) {
      if (!isType && specifier?.startsWith(".")) waiting.push(resolveRelative(file, specifier));
    }
  }
  return reached;
}

function checkSuite(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) =>
    file.imports
      .filter(({ specifier }) => specifier === SODIUM && file.path !== SUITE && !file.isTest)
      .map(({ line }) => ({ path: file.path, line, why: `only the suite imports ${SODIUM}` })),
  );
}

/** No module that opens anything can be reached from what a service imports. */
export function checkOpening(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reachable = [...findReachable(byPath, SERVICE_ENTRIES)].flatMap(
    (path) => byPath.get(path) ?? [],
  );
  const opened = reachable.flatMap((file) =>
    file.imports.flatMap((found) => {
      const what = findOpening(file, found);
      return what === undefined
        ? []
        : [{ path: file.path, line: found.line, why: `${what}, and a service can reach it` }];
    }),
  );
  return [...checkSuite(files), ...opened];
}
