import {
  liveDevice,
  type DeviceId,
  type EntryHeader,
  type EntryId,
  type MemberId,
} from "@sinetti/core";
import { openEntry } from "@sinetti/core/secret";
import { CoreError } from "@sinetti/core";
import type { Context } from "./context.ts";
import { ClientError, hardStop } from "./errors.ts";
import type { KnownFile } from "./fileCache.ts";

/** An opened entry. */
export interface Entry {
  readonly id: EntryId;
  readonly class: EntryHeader["class"];
  readonly body: Uint8Array;
  /** Who signed the append that carried it. */
  readonly member: MemberId;
  readonly device: DeviceId;
  /** Place of the append in the record chain. */
  readonly seq: number;
  /** Place of the practice chain that its author knew. */
  readonly seen: number;
}

/** Opens the entries of a file that is inside a lease, in chain order, from the newest snapshot on unless `all`. Hard stop: one does not open. */
export function readEntries(
  context: Context,
  file: KnownFile,
  { all = true }: { all?: boolean } = {},
): Entry[] {
  const from = all ? 0 : (file.record.snapshotSeq ?? 0);
  return file.links.slice(from).flatMap((each) => readLinkEntries(context, file, each));
}

function readLinkEntries(
  context: Context,
  file: KnownFile,
  { link, body, boxes }: KnownFile["links"][number],
): Entry[] {
  const key = file.keys.get(body.epoch);
  if (key === undefined || boxes === null)
    throw new ClientError("refused", { detail: "the record is not open" });
  const author = liveDevice(context.practice.state, link.statement.device, body.seen.seq);
  if (author === null) throw hardStop("an entry by nobody");
  const { practice, compartment } = file.access;
  const { device, seq } = link.statement;
  const base = { member: author.member, device, seq, seen: body.seen.seq };
  return body.entries.map((header, index) => {
    try {
      const opened = openEntry(
        key,
        { practice, file: file.file, compartment, epoch: body.epoch },
        { header, box: boxes[index] as Uint8Array },
      );
      return { id: header.id, class: header.class, body: opened, ...base };
    } catch (error) {
      throw error instanceof CoreError ? hardStop("an entry does not open", error) : error;
    }
  });
}
