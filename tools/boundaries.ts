import { checkClock, checkImports } from "./importRules.ts";
import { checkOpening } from "./openingRules.ts";
import { readSourceFiles } from "./sourceFile.ts";
import { root } from "./step.ts";

const files = readSourceFiles(process.argv[2] ?? root);
const violations = [...checkImports(files), ...checkOpening(files), ...checkClock(files)];
for (const { path, line, why } of violations) console.error(`${path}:${line}: ${why}`);
if (files.length === 0) console.error("no source files found");
process.exitCode = violations.length === 0 && files.length > 0 ? 0 : 1;
