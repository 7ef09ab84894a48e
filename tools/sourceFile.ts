import { globSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";

import { Visitor, parseSync } from "oxc-parser";

/** One `import`, `export … from` or `import()` of a source file. */
export interface Import {
  /** What stands between the quotes; undefined when it is computed at run time. */
  readonly specifier: string | undefined;
  /** The names taken: `*` for all of them; empty for a bare import. */
  readonly names: readonly string[];
  /** Erased before it runs. */
  readonly isType: boolean;
  readonly line: number;
}

export interface SourceFile {
  /** From the root, with slashes: `packages/core/src/suite.ts`. */
  readonly path: string;
  readonly package: string;
  readonly isTest: boolean;
  readonly imports: readonly Import[];
  /** Lines that read the clock: `new Date()` and `Date()`. */
  readonly clockLines: readonly number[];
}

type Parsed = ReturnType<typeof parseSync>;

const literal = /^(["'`])([^"'`$\\]*)\1$/;

function readStatic({ module }: Parsed, lineOf: (offset: number) => number): Import[] {
  const imports = module.staticImports.map((found) => ({
    specifier: found.moduleRequest.value,
    names: found.entries.map(({ importName }) => importName.name ?? "*"),
    isType: found.entries.length > 0 && found.entries.every((entry) => entry.isType),
    line: lineOf(found.start),
  }));
  const exported = module.staticExports.flatMap((found) =>
    found.entries.flatMap((entry) =>
      entry.moduleRequest
        ? [
            {
              specifier: entry.moduleRequest.value,
              names: [entry.importName.name ?? "*"],
              isType: entry.isType,
              line: lineOf(found.start),
            },
          ]
        : [],
    ),
  );
  return [...imports, ...exported];
}

function readDynamic(
  { module }: Parsed,
  source: string,
  lineOf: (offset: number) => number,
): Import[] {
  return module.dynamicImports.map(({ moduleRequest, start }) => ({
    specifier: literal.exec(source.slice(moduleRequest.start, moduleRequest.end))?.[2],
    names: ["*"],
    isType: false,
    line: lineOf(start),
  }));
}

function readClock({ program }: Parsed, lineOf: (offset: number) => number): number[] {
  const lines: number[] = [];
  new Visitor({
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === "Identifier" && callee.name === "Date" && given.length === 0)
        lines.push(lineOf(start));
    },
    CallExpression: ({ callee, start }) => {
      if (callee.type === "Identifier" && callee.name === "Date") lines.push(lineOf(start));
    },
  }).visit(program);
  return lines;
}

function readSourceFile(root: string, path: string): SourceFile {
  const source = readFileSync(join(root, path), "utf8");
  const parsed = parseSync(path, source);
  const lineOf = (offset: number): number => source.slice(0, offset).split("\n").length;
  const [, name = "", folder = ""] = path.split("/");
  return {
    path,
    package: name,
    isTest: folder === "test",
    imports: [...readStatic(parsed, lineOf), ...readDynamic(parsed, source, lineOf)],
    clockLines: readClock(parsed, lineOf),
  };
}

/** Every source and test file of the packages under `root`. */
export function readSourceFiles(root: string): SourceFile[] {
  const paths = globSync("packages/*/{src,test}/**/*.{ts,tsx,mts,js,mjs}", { cwd: root });
  return paths.map((path) => readSourceFile(root, path.split(sep).join("/")));
}

/** The path from the root that a relative specifier in `file` leads to. */
export function resolveRelative(file: SourceFile, specifier: string): string {
  return posix.join(posix.dirname(file.path), specifier);
}
