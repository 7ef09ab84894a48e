import { resolve } from "node:path";

import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { initPart, type MadePart, type PartPlan } from "../serve/initPart.ts";
import { readServeConfig } from "../serve/readServeConfig.ts";
import { PARTS, type Part } from "../serve/serveConfig.ts";
import { servePart } from "../serve/servePart.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

const SUMMARY: Record<Part, string> = {
  who: "Serve the vault of names, on your own PostgreSQL",
  what: "Serve the vault of notes, on your own PostgreSQL",
  gate: "Serve the gate, on your own PostgreSQL",
  app: "Serve the web client, and tell it where the services are",
};

/** `sinetti serve …`; a part speaks for itself, since its first line must come while it runs. */
export function addServeCommands(program: Command): void {
  const serve = program
    .command("serve")
    .description("Run one part of a system on its own host, in the foreground");
  for (const part of PARTS)
    serve
      .command(part)
      .description(SUMMARY[part])
      .requiredOption("--config <file>", "its configuration, YAML or JSON (sinetti serve init)")
      .addHelpText(
        "after",
        `\nExample:\n  $ sinetti serve ${part} --config /etc/sinetti/${part}.yaml\n\nThe first line on standard output says that it takes requests. SIGTERM stops it, SIGHUP has it take a new certificate.`,
      )
      .action(({ config: file }: { config: string }) =>
        servePart(readServeConfig(file, part), { configFile: resolve(file) }),
      );
  addCommand(serve, {
    usage: "init <part>",
    summary: "Make the keys and the configuration of who, what, gate or app (gate first)",
    options: [
      ["--out <dir>", "a new folder for them", "required"],
      ["--listen <address>", "address and port to listen on", "required"],
      ["--origin <urls...>", "origin of the web client: https://app.example.org", "required"],
      ["--certificate <file>", "TLS certificate with its chain, PEM; beyond loopback a must"],
      ["--key <file>", "its private key, PEM"],
      [
        "--database <address>",
        "HOST[:PORT]/NAME, or /FOLDER-OF-A-SOCKET[:PORT]/NAME (localhost/sinetti)",
      ],
      ["--database-ca <file>", "who signs the database's certificate, PEM; on another host a must"],
      ["--gate-key <hex>", "for who and what: the public key that `serve init gate` says"],
      ["--who <url>", "for app: where the browsers find the service"],
      ["--what <url>", "for app: the same"],
      ["--gate <url>", "for app: the same"],
    ],
    example:
      "sinetti serve init who --out /etc/sinetti --listen 10.0.0.2:443 --origin https://app.example.org --certificate who.pem --key who.key --gate-key 5c1f…",
    run: init,
  });
}

function readPart(text: string): Part {
  const part = PARTS.find((name) => name === text);
  if (part === undefined) throw new UsageError("who, what, gate or app");
  return part;
}

function readPlan(words: Words): PartPlan {
  const [certificate, key] = [words.text("certificate"), words.text("key")];
  if ((certificate === undefined) !== (key === undefined))
    throw new UsageError("--certificate and --key go together");
  const [databaseCa, gateKey] = [words.text("databaseCa"), words.text("gateKey")];
  const part = readPart(argument(words, 0));
  return {
    part,
    out: needed(words, "out"),
    listen: needed(words, "listen"),
    origins: words.list("origin"),
    database: words.text("database") ?? "localhost/sinetti",
    ...(certificate === undefined || key === undefined ? {} : { tls: { certificate, key } }),
    ...(databaseCa === undefined ? {} : { databaseCa }),
    ...(gateKey === undefined ? {} : { gateKey }),
    ...(part === "app"
      ? {
          services: {
            who: needed(words, "who"),
            what: needed(words, "what"),
            gate: needed(words, "gate"),
          },
        }
      : {}),
  };
}

function textOf(part: Part, { config, publicKey, script, installationCode }: MadePart): string {
  const lines = [`Made: ${config}`];
  if (script !== null)
    lines.push(`Make its database as a superuser of its cluster: psql --file=${script}`);
  if (part === "gate") lines.push(`Its public key, for both vaults (--gate-key): ${publicKey}`);
  if (installationCode !== null)
    lines.push(`The code that founds a practice, once: ${installationCode}`);
  lines.push(`Then: sinetti serve ${part} --config ${config}`);
  return lines.join("\n");
}

async function init(_shell: Shell, words: Words): Promise<Printed> {
  const plan = readPlan(words);
  const made = initPart(plan);
  return { json: { part: plan.part, ...made }, text: textOf(plan.part, made) };
}
