import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { root } from "../step.ts";

const OURS = "@sinetti";

/** A copy of the working tree in which a rule may be taken out; the installed packages are shared, ours are the copy's own. */
export class ScratchCopy {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "sinetti-mutants-")));

  constructor() {
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
      cwd: root,
      encoding: "utf8",
    });
    const present = listed
      .split("\0")
      .filter((path) => path !== "" && existsSync(join(root, path)));
    for (const path of present) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      cpSync(join(root, path), join(this.root, path));
    }
    this.#linkPackages();
  }

  #linkPackages(): void {
    const [from, to] = [join(root, "node_modules"), join(this.root, "node_modules")];
    mkdirSync(join(to, OURS), { recursive: true });
    for (const name of readdirSync(from))
      if (name !== OURS) symlinkSync(join(from, name), join(to, name));
    for (const name of readdirSync(join(from, OURS)))
      symlinkSync(readlinkSync(join(from, OURS, name)), join(to, OURS, name));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
