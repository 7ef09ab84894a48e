import { resolve } from "node:path";

import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { readServeConfig } from "../serve/readServeConfig.ts";
import { handOver, restorePart } from "../serve/restorePart.ts";
import type { ServiceConfig } from "../serve/serveConfig.ts";
import type { Shell } from "../shell.ts";
import { addCommand, needed, type Words } from "./command.ts";

const CONFIG = [
  "--config <file>",
  "the configuration that the part is served with",
  "required",
] as const;

/** `sinetti restore hand-over` and `restore part`, for parts on PostgreSQL of their own. */
export function addRestorePartCommands(restore: Command): void {
  addCommand(restore, {
    usage: "hand-over",
    summary:
      "Write what a stopped part holds for one that was brought back to an earlier moment, to be carried to its host",
    options: [
      CONFIG,
      ["--to <part>", "who, what or gate: the part that was brought back", "required"],
      ["--out <dir>", "an empty folder, or one that is not there yet", "required"],
    ],
    example: "sinetti restore hand-over --config /etc/sinetti/gate.yaml --to who --out ./for-who",
    run: hand,
  });
  addCommand(restore, {
    usage: "part [folders...]",
    summary:
      "After PostgreSQL brought a part back to an earlier moment: take what the others handed over; it starts still, until two of the staff resume it (sinetti resume)",
    options: [CONFIG],
    example: "sinetti restore part --config /etc/sinetti/who.yaml ./for-who",
    run: take,
  });
}

function readPart(words: Words): ServiceConfig {
  const config = readServeConfig(resolve(needed(words, "config")));
  if (config.part === "app") throw new UsageError("--config: the app has no database");
  return config;
}

/** A vault and the gate hand each other; the two vaults must not hear of each other's files. */
function readTarget(words: Words, from: ServiceConfig["part"]): ServiceConfig["part"] {
  const to = needed(words, "to");
  const known = from === "gate" ? (["who", "what"] as const) : (["gate"] as const);
  const found = known.find((part) => part === to);
  if (found === undefined) throw new UsageError(`--to: from ${from}, ${known.join(" or ")}`);
  return found;
}

async function hand(_: Shell, words: Words): Promise<Printed> {
  const config = readPart(words);
  const [to, folder] = [readTarget(words, config.part), resolve(needed(words, "out"))];
  const { practices } = await handOver(config, { to, folder });
  return {
    json: { from: config.part, to, folder, practices },
    text: `${practices.length} practices written into ${folder}. Carry it to the host of ${to}: sinetti restore part --config FILE ${folder}`,
  };
}

async function take(shell: Shell, words: Words): Promise<Printed> {
  const config = readPart(words);
  if (words.args.length === 0)
    shell.output.log(
      "Nothing was handed over: what the other parts have accepted since is not in this one, and devices that have seen it stop hard.",
    );
  const restored = await restorePart(config, words.args);
  const { practices, links, statements, stops, erased, lostWraps } = restored;
  const lines = [
    `${config.part} is restored: ${practices.length} practices; taken ${links} links, ${statements} statements, ${stops} stops, ${erased} erasures.`,
    ...(lostWraps === 0
      ? []
      : [
          `${lostWraps} grants were given since, and what opens the record for them is lost: give them again.`,
        ]),
    "Serve it. It opens and writes nothing until two of the staff resume it: sinetti resume.",
  ];
  return { json: { part: config.part, ...restored }, text: lines.join("\n") };
}
