import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Device } from "@sinetti/client";
import { bytesToHex } from "@sinetti/core";
import { signDocument } from "@sinetti/core/secret";
import { checks } from "@sinetti/posture";
import type { Command } from "commander";

import { InputError, UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import { readPassword } from "../password.ts";
import { plain } from "../posture/postureText.ts";
import {
  EXCEPTIONS_FILE,
  LONGEST_DAYS,
  exceptedFingerprint,
  exceptionBytes,
  isInTime,
  readExceptions,
  writeExceptions,
  type SignedException,
} from "../posture/signedExceptions.ts";
import { openProfile } from "../profile/profile.ts";
import { defaultData, type Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

const FILE = [
  "--file <file>",
  "the file of exceptions; exceptions.json of the data folder (SINETTI_DATA) when left out",
] as const;

const NEED = "It holds with the signatures of an administrator and of a privacy officer.";

/** `sinetti exception …`: a critical fault of a database that two persons bear until a day. */
export function addExceptionCommands(program: Command): void {
  const group = program
    .command("exception")
    .description("Bear a critical fault of a database until a day, signed by two persons");
  addCommand(group, {
    usage: "add <database> <check> <object>",
    summary:
      "Sign, with this device, that a fault is borne; needs no service, since none runs then",
    options: [
      ["--until <date>", `the last day, ${LONGEST_DAYS} days ahead at most`, "required"],
      ["--reason <text>", "why it cannot be mended before", "required"],
      FILE,
    ],
    example:
      'sinetti exception add who N2 "pg_hba: host all all 10.0.0.7/32 trust" --until 2026-12-01 --reason "until the report server moves"',
    run: add,
  });
  addCommand(group, {
    usage: "sign <fingerprint>",
    summary: "Sign, with this device, what a colleague has signed; read it first",
    options: [FILE],
    example: "sinetti exception sign 3f0c5d8e9a1b2c4d",
    run: sign,
  });
  addCommand(group, {
    usage: "list",
    summary: "List the exceptions of the file with their signatures",
    options: [FILE],
    example: "sinetti exception list",
    run: (_shell, words) => Promise.resolve(list(fileOf(words))),
  });
}

function fileOf(words: Words): string {
  const named = words.text("file");
  return named === undefined ? join(defaultData(), EXCEPTIONS_FILE) : resolve(named);
}

/** An unlocked device signs; neither a service nor the network is asked. */
async function withDevice<T>({ profile: folder }: Shell, work: (device: Device) => T): Promise<T> {
  const profile = openProfile(folder, { mayMake: false });
  try {
    const password = await readPassword({
      prompt: "Password",
      variables: ["SINETTI_PASSWORD"],
      isNew: false,
    });
    return work(await Device.unlock(profile.world, password));
  } finally {
    profile.close();
  }
}

type Signature = SignedException["signatures"][number];

function signatureOf(device: Device, one: Omit<SignedException, "signatures">): Signature {
  const signed = signDocument("postureException", exceptionBytes(one), device.statement);
  return { device: device.owner.device, signed: bytesToHex(signed) };
}

const rowOf = (one: SignedException) => ({
  ...one,
  fingerprint: exceptedFingerprint(one),
  signatures: one.signatures.map(({ device }) => device),
});

async function add(shell: Shell, words: Words): Promise<Printed> {
  const [database, check, object] = [0, 1, 2].map((index) => argument(words, index));
  if (checks.some(({ id, isFinal }) => id === check && isFinal === true))
    throw new UsageError(`${check ?? ""} is borne by nobody: what it finds is ended`);
  const file = fileOf(words);
  const others = readExceptions(file);
  const made = new Date();
  const added = await withDevice(shell, (device): SignedException => {
    const said = {
      practice: device.owner.practice,
      database: database ?? "",
      check: check ?? "",
      object: object ?? "",
      reason: needed(words, "reason"),
      made: made.toISOString(),
      until: needed(words, "until"),
    };
    const isDay = /^\d{4}-\d\d-\d\d$/.test(said.until) && !Number.isNaN(Date.parse(said.until));
    if (!isDay || !isInTime({ ...said, signatures: [] }, made))
      throw new UsageError(
        `--until: a day like 2026-12-01, not past and ${LONGEST_DAYS} days ahead at most`,
      );
    return { ...said, signatures: [signatureOf(device, said)] };
  });
  writeExceptions(file, [...others, added]);
  const fingerprint = exceptedFingerprint(added);
  return {
    json: { file, exception: rowOf(added) },
    text: `${file}: signed once. ${NEED} The other one: sinetti exception sign ${fingerprint}`,
  };
}

async function sign(shell: Shell, words: Words): Promise<Printed> {
  const file = fileOf(words);
  const fingerprint = argument(words, 0);
  if (!existsSync(file)) throw new InputError(file, "there is no such file");
  const all = readExceptions(file);
  const found = all.findLast((one) => exceptedFingerprint(one) === fingerprint);
  if (found === undefined) throw new InputError(file, `it holds no exception ${fingerprint}`);
  const signed = await withDevice(shell, (device): SignedException => {
    if (device.owner.practice !== found.practice)
      throw new UsageError("the exception is of another practice than this device's");
    const others = found.signatures.filter((one) => one.device !== device.owner.device);
    return { ...found, signatures: [...others, signatureOf(device, found)] };
  });
  writeExceptions(
    file,
    all.map((one) => (one === found ? signed : one)),
  );
  return {
    json: { file, exception: rowOf(signed) },
    text: `${file}: signed by ${signed.signatures.length} devices. ${NEED}`,
  };
}

function list(file: string): Printed {
  const rows = readExceptions(file).map(rowOf);
  const lines = rows.map(({ database, check, object, until, reason, signatures, fingerprint }) => [
    fingerprint,
    plain(database),
    plain(`${check} ${object}`),
    `until ${until}`,
    `${signatures.length} signatures`,
    plain(reason),
  ]);
  return {
    json: { file, exceptions: rows },
    text: rows.length === 0 ? "Nothing is borne." : table(lines),
  };
}
