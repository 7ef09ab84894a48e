import {
  COMPARTMENTS,
  ERASE_REASONS,
  parseId,
  type Compartment,
  type EraseReason,
  type FileId,
  type Hash,
} from "@sinetti/core";
import { hexToBytes, bytesToHex } from "@sinetti/core";
import type { Context } from "../context.ts";
import { hardStop } from "../errors.ts";

/** One file of an erasure. */
export interface ErasureFile {
  readonly file: FileId;
  readonly vault: "who" | "what";
  readonly compartment: Compartment;
  /** Entries that the record held when its erasure was proposed. */
  readonly entries: number;
  /** The order to erase it, once it lies at the gate. */
  readonly order: Hash | null;
}

/** A cell of the lookup that leads to the patient. */
export interface ErasureCell {
  readonly token: Uint8Array;
  readonly cell: Uint8Array;
}

/** An erasure that this device has proposed: what it needs when the records are gone. */
export interface Erasure {
  /** What the two people name it by: the beginnings of the patient's case ids, `1f0a22b3-77c01d9e`. */
  readonly request: string;
  /** Null once nothing of the patient is left here. */
  readonly patient: { readonly identity: FileId; readonly name: string } | null;
  readonly reason: EraseReason;
  readonly files: readonly ErasureFile[];
  readonly cells: readonly ErasureCell[];
  /** ISO instant by this device's clock; null: not yet. */
  readonly finished: string | null;
}

const PREFIX = "erasure/";

interface Written extends Omit<Erasure, "cells" | "reason"> {
  readonly v: 1;
  readonly reason: string;
  readonly cells: readonly { readonly token: string; readonly cell: string }[];
}

/** Keeps an erasure on this device, sealed. */
export async function keepErasure(context: Context, erasure: Erasure): Promise<void> {
  const cells = erasure.cells.map(({ token, cell }) => ({
    token: bytesToHex(token),
    cell: bytesToHex(cell),
  }));
  const written: Written = { v: 1, ...erasure, cells };
  const body = new TextEncoder().encode(JSON.stringify(written));
  await context.device.write([context.device.seal(PREFIX + erasure.request, body)]);
}

/** Drops an erasure that was taken back. */
export async function dropErasure(context: Context, request: string): Promise<void> {
  await context.device.write([{ name: PREFIX + request, value: null }]);
}

function knownCompartment(compartment: string): Compartment {
  const known = COMPARTMENTS.find((each) => each === compartment);
  if (known === undefined) throw hardStop("an erasure on this device is out of shape");
  return known;
}

function readWritten(cell: Uint8Array): Erasure {
  const { v: _v, reason, ...written } = JSON.parse(new TextDecoder().decode(cell)) as Written;
  const known = ERASE_REASONS.find((each) => each === reason);
  if (known === undefined) throw hardStop("an erasure on this device is out of shape");
  return {
    ...written,
    reason: known,
    files: written.files.map((each) => ({
      ...each,
      file: parseId<FileId>(each.file),
      compartment: knownCompartment(each.compartment),
    })),
    cells: written.cells.map(({ token, cell: sealed }) => ({
      token: hexToBytes(token),
      cell: hexToBytes(sealed),
    })),
  };
}

/** The erasures that this device has proposed. */
export async function keptErasures(context: Context): Promise<Erasure[]> {
  const kept: Erasure[] = [];
  for (const name of await context.device.list(PREFIX)) {
    const cell = await context.device.read(name);
    if (cell !== null) kept.push(readWritten(cell));
  }
  return kept;
}
