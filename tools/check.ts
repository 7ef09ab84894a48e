import { runSteps, staticSteps } from "./staticSteps.ts";
import { printSummary } from "./summary.ts";
import { runVitest } from "./vitestRun.ts";

/** The arguments name the Vitest projects to run; none means all of them. */
const projects = process.argv.slice(2);
const steps = await runSteps(staticSteps());
printSummary(steps, await runVitest(projects));
