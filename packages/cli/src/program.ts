import { resolve } from "node:path";

import { Command } from "commander";

import { addAccessCommands } from "./commands/access.ts";
import { addBackupCommand } from "./commands/backup.ts";
import { addBenchCommand } from "./commands/bench.ts";
import { addCheckCommands } from "./commands/check.ts";
import { addClientCommands } from "./commands/client.ts";
import { addDeviceCommands } from "./commands/device.ts";
import { addDrillCommands } from "./commands/drill.ts";
import { addEraseCommands } from "./commands/erase.ts";
import { addExceptionCommands } from "./commands/exception.ts";
import { addExportCommands } from "./commands/export.ts";
import { addFreezeCommands } from "./commands/freeze.ts";
import { addFsckCommand } from "./commands/fsck.ts";
import { addGateCommands } from "./commands/gate.ts";
import { addHoldCommands } from "./commands/hold.ts";
import { addImportCommands } from "./commands/import.ts";
import { addIncidentCommands } from "./commands/incident.ts";
import { addMeasureCommands } from "./commands/measure.ts";
import { addMemberCommands } from "./commands/member.ts";
import { addNoteCommands } from "./commands/note.ts";
import { addOpeningsCommands } from "./commands/openings.ts";
import { addPatientCommands } from "./commands/patient.ts";
import { addPostureCommand } from "./commands/posture.ts";
import { addPracticeCommands } from "./commands/practice.ts";
import { addRecoveryCommands } from "./commands/recovery.ts";
import { addRefuseCommand } from "./commands/refuse.ts";
import { addRestoreCommand } from "./commands/restore.ts";
import { addResumeCommand } from "./commands/resume.ts";
import { addRetentionCommands } from "./commands/retention.ts";
import { addServeCommands } from "./commands/serve.ts";
import { addReviewCommands } from "./commands/review.ts";
import { addStartCommand } from "./commands/start.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addUpgradeCommand } from "./commands/upgrade.ts";
import { addWatchCommand } from "./commands/watch.ts";
import { programVersion } from "./programVersion.ts";
import { DEFAULT_SERVER, defaultProfile } from "./shell.ts";

/** The whole command line. */
export function makeProgram(): Command {
  const program = new Command("sinetti")
    .description("Sealed records for psychotherapy practices")
    .version(programVersion())
    .option("--profile <dir>", "the device", (dir: string) => resolve(dir), defaultProfile())
    .option("--server <url>", "address of the launcher", DEFAULT_SERVER)
    .option("--json", "one JSON object on standard output")
    .addHelpText("after", "\nExample:\n  $ sinetti patient list --json")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  addStartCommand(program);
  addServeCommands(program);
  addUpgradeCommand(program);
  addStatusCommand(program);
  addClientCommands(program);
  addPracticeCommands(program);
  addMemberCommands(program);
  addDeviceCommands(program);
  addPatientCommands(program);
  addNoteCommands(program);
  addMeasureCommands(program);
  addImportCommands(program);
  addAccessCommands(program);
  addExportCommands(program);
  addOpeningsCommands(program);
  addFreezeCommands(program);
  addRefuseCommand(program);
  addRecoveryCommands(program);
  addRetentionCommands(program);
  addHoldCommands(program);
  addEraseCommands(program);
  addFsckCommand(program);
  addPostureCommand(program);
  addCheckCommands(program);
  addExceptionCommands(program);
  addReviewCommands(program);
  addIncidentCommands(program);
  addBackupCommand(program);
  addRestoreCommand(program);
  addGateCommands(program);
  addResumeCommand(program);
  addWatchCommand(program);
  addBenchCommand(program);
  addDrillCommands(program);
  return program;
}
