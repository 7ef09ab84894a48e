import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { LineCounter, isNode, parseDocument, type Document } from "yaml";
import type { z } from "zod";

import { InputError, UsageError } from "../inputError.ts";
import { findFileFaults } from "./configFiles.ts";
import { serveConfigShape, type Part, type ServeConfig } from "./serveConfig.ts";

const MOST_CHARACTERS = 100_000;
const REFUSED = "the configuration is not taken";

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(path, "the configuration cannot be read", { cause });
  }
}

/** YAML 1.2, and so JSON too; aliases are not followed. */
function parse(path: string, text: string): { document: Document; lines: LineCounter } {
  if (text.length > MOST_CHARACTERS) throw new InputError(path, "the configuration is too large");
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length === 0) return { document, lines };
  const fields = faults.map(
    ({ pos, message }) => `line ${lines.linePos(pos[0]).line}: ${message.split("\n")[0] ?? ""}`,
  );
  throw new InputError(path, REFUSED, { fields });
}

function contentOf(path: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new InputError(path, REFUSED, { fields: ["an alias (*) has no place in it"], cause });
  }
}

function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return lines.linePos(node.range?.[0] ?? 0).line;
  }
  return 1;
}

/** Says what is wrong and where, never what stands there: a key may have been put in by mistake. */
function describe(issue: z.core.$ZodIssue): { path: PropertyKey[]; problem: string }[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...issue.path, key], problem: "no such field" }));
  if (issue.code === "invalid_union" && issue.discriminator !== undefined)
    return [{ path: [issue.discriminator], problem: "who, what, gate or app" }];
  return [{ path: issue.path, problem: issue.message }];
}

const fieldOf = (path: readonly PropertyKey[]): string => path.map(String).join(".") || "the file";

/** Every path in it, absolute. */
function resolvePaths(config: ServeConfig, folder: string): ServeConfig {
  const at = (path: string): string => resolve(folder, path);
  const each = <T extends Record<string, string | undefined>>(paths: T): T =>
    Object.fromEntries(
      Object.entries(paths).map(([name, path]) => [name, path === undefined ? path : at(path)]),
    ) as T;
  const tls = config.tls === undefined ? {} : { tls: each(config.tls) };
  if (config.part === "app")
    return { ...config, ...tls, ...(config.site === undefined ? {} : { site: at(config.site) }) };
  const { database, metricsToken, posture } = config;
  const whole = {
    ...tls,
    ...(metricsToken === undefined ? {} : { metricsToken: at(metricsToken) }),
    ...(posture === undefined ? {} : { posture: each(posture) }),
    keys: each(config.keys),
    database: {
      ...database,
      ownerPassword: at(database.ownerPassword),
      appPassword: at(database.appPassword),
      posturePassword: at(database.posturePassword),
      ...(database.tls === undefined ? {} : { tls: each(database.tls) }),
    },
  };
  if (config.part === "gate")
    return { ...config, ...whole, installationCode: at(config.installationCode) } as ServeConfig;
  return { ...config, ...whole };
}

/**
 * The configuration of one part, with the files that it names looked at. Errors: InputError with every line and field that is
 * wrong, UsageError when it is another part's.
 */
export function readServeConfig(path: string, part?: Part): ServeConfig {
  const { document, lines } = parse(path, readText(path));
  const parsed = serveConfigShape.safeParse(contentOf(path, document));
  if (!parsed.success) {
    const fields = parsed.error.issues
      .flatMap(describe)
      .map((each) => ({ ...each, line: lineOf(document, each.path, lines) }))
      .map(({ path: at, problem, line }) => `line ${line}, ${fieldOf(at)}: ${problem}`);
    throw new InputError(path, REFUSED, { fields });
  }
  if (part !== undefined && parsed.data.part !== part)
    throw new UsageError(
      `${path}: this is the configuration of ${parsed.data.part}, not of ${part}`,
    );
  const config = resolvePaths(parsed.data, dirname(resolve(path)));
  const faults = findFileFaults(config);
  if (faults.length > 0) throw new InputError(path, REFUSED, { fields: faults });
  return config;
}
