import { dirname, join } from "node:path";

import { shiftClock } from "../packages/cli/src/faults/shiftClock.ts";

/** A service of ours on a clock that the test moves; the file that says how far lies beside the data folder. */
const { SINETTI_KEY_FILE = "", SINETTI_SERVICE = "" } = process.env;
const data = dirname(dirname(dirname(SINETTI_KEY_FILE)));
shiftClock(join(dirname(data), "clock"));
await import(SINETTI_SERVICE === "gate" ? "@sinetti/gate" : "@sinetti/vault");
