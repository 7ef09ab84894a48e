import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { bytesToHex, initSuite } from "@sinetti/core";
import type { Command } from "commander";

import { failureOf } from "../failure.ts";
import { InputError, UsageError } from "../inputError.ts";
import { readInterval } from "../input/interval.ts";
import type { Printed } from "../output.ts";
import type { Shell } from "../shell.ts";
import { buildSite, copySite } from "../site/buildSite.ts";
import { makeReleaseKey, readPublicKey, signSite } from "../site/releaseKey.ts";
import { SiteError } from "../site/siteError.ts";
import { MANIFEST, SIGNATURE } from "../site/siteManifest.ts";
import { verifySite, type SiteTruth } from "../site/verifySite.ts";
import { Unanswered } from "../unanswered.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

/** `sinetti client`: the web client as it is released and served. */
export function addClientCommands(program: Command): void {
  const client = program
    .command("client")
    .description("Release the web client, and verify what is served");
  addCommand(client, {
    usage: "build",
    summary: "Build the web client into a folder for a static host",
    options: [["--out <dir>", "an empty or new folder", "required"]],
    example: "sinetti client build --out ./release",
    run: build,
  });
  addCommand(client, {
    usage: "key",
    summary: "Make a release key; keep it off every host that serves",
    options: [["--out <file>", "file of the secret half", "required"]],
    example: "sinetti client key --out release.key",
    run: makeKey,
  });
  addCommand(client, {
    usage: "sign <dir>",
    summary: "Sign the manifest of a built web client",
    options: [["--key <file>", "the release key", "required"]],
    example: "sinetti client sign ./release --key release.key",
    run: sign,
  });
  addVerifyCommand(client);
}

function addVerifyCommand(client: Command): void {
  addCommand(client, {
    usage: "verify <url>",
    summary: "Compare what a host serves with the release, byte by byte; run it from another host",
    options: [
      ["--key <public>", "public half of the release key, 64 digits or a file"],
      ["--manifest <file>", "manifest.json of the release"],
      ["--services <urls...>", "the services' addresses; those that the site names when left out"],
      ["--every <time>", "go on, so often: 30m, 1h; ends at the first difference"],
    ],
    example: "sinetti client verify https://app.example.org --key 5c1f… --every 1h",
    run: verify,
  });
}

async function build(shell: Shell, words: Words): Promise<Printed> {
  const out = resolve(needed(words, "out"));
  copySite(await buildSite({ onBuild: () => shell.output.log("building …") }), out);
  return { json: { dir: out }, text: `${out}: the web client and its ${MANIFEST}.` };
}

async function loadSuite(): Promise<void> {
  await initSuite((length) => randomBytes(length));
}

async function makeKey(_shell: Shell, words: Words): Promise<Printed> {
  await loadSuite();
  const file = resolve(needed(words, "out"));
  const key = bytesToHex(makeReleaseKey(file));
  return {
    json: { file, key },
    text: `${file}: the release key. Keep it off every host that serves.\nIts public half, for sinetti client verify --key: ${key}`,
  };
}

async function sign(_shell: Shell, words: Words): Promise<Printed> {
  await loadSuite();
  const dir = resolve(argument(words, 0));
  const { version, files, key } = signSite(dir, resolve(needed(words, "key")));
  return {
    json: { dir, version, files, key: bytesToHex(key) },
    text: `${dir}/${SIGNATURE}: ${files} files of version ${version}, signed.`,
  };
}

function readTruth(words: Words): SiteTruth {
  const [keyText, file] = [words.text("key"), words.text("manifest")];
  if (keyText === undefined && file === undefined)
    throw new UsageError("--key or --manifest: what the site says of itself proves nothing");
  const key = keyText === undefined ? null : readPublicKey(keyText);
  if (keyText !== undefined && key === null)
    throw new UsageError("--key: 64 hexadecimal digits, or a file that holds them");
  const given = words.list("services");
  const services = given.length === 0 ? null : given.map(originOf);
  return { key, services, manifest: file === undefined ? null : readManifestFile(resolve(file)) };
}

function readManifestFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new InputError(path, "the file cannot be read", { cause });
  }
}

function originOf(text: string): string {
  if (!URL.canParse(text)) throw new UsageError("--services: an address like https://who.example");
  return new URL(text).origin;
}

const LISTEN_MS = 250;
async function verify(shell: Shell, words: Words): Promise<Printed> {
  await loadSuite();
  const url = argument(words, 0);
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
    throw new UsageError("an address like https://app.example.org");
  const truth = readTruth(words);
  const every = words.text("every");
  const everyMs = every === undefined ? null : readInterval(every, "--every");
  for (;;) {
    const verified = await lookOnce(shell, { url, truth, goesOn: everyMs !== null });
    if (everyMs === null || shell.interrupt.isAsked)
      return {
        json: { url, ...verified },
        text: `${url} serves version ${verified?.version ?? "?"}: ${verified?.files ?? 0} files and their headers are the release.`,
      };
    await waitFor(everyMs, shell);
  }
}

/** In short steps: a person who stops the command does not wait for the hour. */
async function waitFor(ms: number, { interrupt }: Shell): Promise<void> {
  const until = Date.now() + ms;
  while (Date.now() < until && !interrupt.isAsked) await sleep(Math.min(LISTEN_MS, ms));
}

/** A host that does not answer is not a wrong one: whoever goes on says so and looks again. */
async function lookOnce(
  { output }: Shell,
  { url, truth, goesOn }: { url: string; truth: SiteTruth; goesOn: boolean },
): Promise<Awaited<ReturnType<typeof verifySite>> | null> {
  try {
    const verified = await verifySite(url, truth);
    if (goesOn) output.log(`${new Date().toISOString()} ${verified.version} is served as released`);
    return verified;
  } catch (error) {
    if (!goesOn || error instanceof SiteError) throw error;
    if (!(error instanceof Unanswered)) throw error;
    output.log(`${new Date().toISOString()} ${failureOf(error).message}`);
    return null;
  }
}
