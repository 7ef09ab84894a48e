import { runSteps, staticSteps } from "./staticSteps.ts";
import { printSummary } from "./summary.ts";
import { runVitest } from "./vitestRun.ts";

/** The arguments name the Vitest projects to run; none means all of them. */
const projects = process.argv.slice(2);
// Tests wait for a page, a disk or a clock again and again; what reads the source alone takes those moments.
const [steps, tests] = await Promise.all([runSteps(staticSteps()), runVitest(projects)]);
printSummary(steps, tests);
