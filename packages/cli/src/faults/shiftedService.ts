import { dirname } from "node:path";

import { clockFile } from "./driftingClocks.ts";
import { shiftClock } from "./shiftClock.ts";

/** A service of ours, on a clock that the drill moves; it lies beside the folder of the service. */
const { SINETTI_KEY_FILE = "", SINETTI_SERVICE = "" } = process.env;
shiftClock(clockFile(dirname(dirname(dirname(SINETTI_KEY_FILE))), SINETTI_SERVICE));
await import(SINETTI_SERVICE === "gate" ? "@sinetti/gate" : "@sinetti/vault");
