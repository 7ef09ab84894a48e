import { resolve } from "node:path";

import { Command } from "commander";

import { programVersion } from "./programVersion.ts";
import { DEFAULT_SERVER, defaultProfile } from "./shell.ts";

type AddCommands = (program: Command) => void;

/** What the words of the command line stand for, in the order of the help. */
const COMMANDS: readonly (readonly [words: string, load: () => Promise<AddCommands>])[] = [
  ["start", async () => (await import("./commands/start.ts")).addStartCommand],
  ["serve", async () => (await import("./commands/serve.ts")).addServeCommands],
  ["upgrade", async () => (await import("./commands/upgrade.ts")).addUpgradeCommand],
  ["status", async () => (await import("./commands/status.ts")).addStatusCommand],
  ["client", async () => (await import("./commands/client.ts")).addClientCommands],
  ["practice", async () => (await import("./commands/practice.ts")).addPracticeCommands],
  ["member", async () => (await import("./commands/member.ts")).addMemberCommands],
  ["device", async () => (await import("./commands/device.ts")).addDeviceCommands],
  ["patient", async () => (await import("./commands/patient.ts")).addPatientCommands],
  ["note", async () => (await import("./commands/note.ts")).addNoteCommands],
  ["measure", async () => (await import("./commands/measure.ts")).addMeasureCommands],
  ["import", async () => (await import("./commands/import.ts")).addImportCommands],
  ["access", async () => (await import("./commands/access.ts")).addAccessCommands],
  ["export", async () => (await import("./commands/export.ts")).addExportCommands],
  ["openings", async () => (await import("./commands/openings.ts")).addOpeningsCommands],
  ["freeze thaw approve", async () => (await import("./commands/freeze.ts")).addFreezeCommands],
  ["refuse", async () => (await import("./commands/refuse.ts")).addRefuseCommand],
  ["recovery", async () => (await import("./commands/recovery.ts")).addRecoveryCommands],
  ["retention", async () => (await import("./commands/retention.ts")).addRetentionCommands],
  ["hold", async () => (await import("./commands/hold.ts")).addHoldCommands],
  ["erase", async () => (await import("./commands/erase.ts")).addEraseCommands],
  ["fsck", async () => (await import("./commands/fsck.ts")).addFsckCommand],
  ["posture", async () => (await import("./commands/posture.ts")).addPostureCommand],
  ["check", async () => (await import("./commands/check.ts")).addCheckCommands],
  ["exception", async () => (await import("./commands/exception.ts")).addExceptionCommands],
  ["review", async () => (await import("./commands/review.ts")).addReviewCommands],
  ["break-glass", async () => (await import("./commands/breakGlass.ts")).addBreakGlassCommands],
  ["incident", async () => (await import("./commands/incident.ts")).addIncidentCommands],
  ["backup", async () => (await import("./commands/backup.ts")).addBackupCommand],
  ["restore", async () => (await import("./commands/restore.ts")).addRestoreCommand],
  ["gate", async () => (await import("./commands/gate.ts")).addGateCommands],
  ["resume", async () => (await import("./commands/resume.ts")).addResumeCommand],
  ["watch", async () => (await import("./commands/watch.ts")).addWatchCommand],
  ["bench", async () => (await import("./commands/bench.ts")).addBenchCommand],
  ["drill", async () => (await import("./commands/drill.ts")).addDrillCommands],
];

/**
 * The command line: the commands that these arguments mean, the whole of it where they mean none. Loading all of them
 * takes longer than most of them run.
 */
export async function makeProgram(args: readonly string[] = []): Promise<Command> {
  const program = new Command("sinetti")
    .description("Sealed records for psychotherapy practices")
    .version(programVersion())
    .option("--profile <dir>", "the device", (dir: string) => resolve(dir), defaultProfile())
    .option("--server <url>", "address of the launcher", DEFAULT_SERVER)
    .option("--json", "one JSON object on standard output")
    .addHelpText("after", "\nExample:\n  $ sinetti patient list --json")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  const [word = ""] = program.parseOptions([...args]).operands;
  const meant = COMMANDS.filter(([words]) => words.split(" ").includes(word));
  const loaded = (meant.length > 0 ? meant : COMMANDS).map(([, load]) => load());
  for (const addCommands of await Promise.all(loaded)) addCommands(program);
  return program;
}
