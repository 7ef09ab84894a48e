import { spawn } from "node:child_process";

const LONGEST_MS = 60_000;

/** Of a mail, a pager or a telephone: that somebody must look, and nothing of whom or what. */
const TEXT =
  "Sinetti has raised an alarm. Look at your own screen or the gate's log; do not answer this.";

/** Has a program tell a person; it gets kinds and one fixed sentence, no name and no id. Throws when it fails. */
export function runProgram(program: string, kinds: readonly string[]): Promise<void> {
  const { PATH = "", HOME = "" } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [], {
      cwd: "/",
      env: { PATH, HOME, SINETTI_ALARMS: kinds.join(","), SINETTI_TEXT: TEXT },
      stdio: ["ignore", "ignore", "inherit"],
      timeout: LONGEST_MS,
      killSignal: "SIGKILL",
    });
    child.once("error", (cause) => reject(new Error("the program cannot be run", { cause })));
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`the program ended with ${code ?? "a signal"}`)),
    );
  });
}
