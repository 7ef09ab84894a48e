import { decodeShape, encodeShape, parseId, shapes, type DraftId } from "@sinetti/core";

import type { Client } from "./client.ts";
import { ClientError } from "./errors.ts";
import { authorTime } from "./records/body.ts";
import type { Device } from "./device.ts";

const PREFIX = "form/";
const FORM_BYTES = 1024 * 1024;
const { maxBytes, nullable, record, text } = shapes;
const cellShape = record({
  form: text(64),
  about: nullable(text(64)),
  changes: nullable(text(64)),
  at: text(32),
  body: maxBytes(FORM_BYTES),
});

/** What a form is for. Two that are for the same are one draft. */
export interface FormPlace {
  /** Which form: `plan`, `person`, … */
  readonly form: string;
  /** The patient whose record it is in; null: nobody yet. */
  readonly about: string | null;
  /** The entry that it changes; null: something new. */
  readonly changes: string | null;
}

/** A form that was begun and not signed. */
export interface FormDraft extends FormPlace {
  /** What is signed from it takes this id as its entry's, so that it is signed once. */
  readonly id: DraftId;
  /** ISO instant of the last change. */
  readonly at: string;
  readonly body: unknown;
}

/** The forms that this device holds, each sealed in a cell of its own whose name says nothing of what it is for; no service gets them. */
export class FormDrafts {
  readonly #client: Client;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Keeps a form as it is now. Error: `input-rejected` beyond a mebibyte. */
  keep(place: FormPlace, { id, body }: Pick<FormDraft, "id" | "body">): Promise<void> {
    const { context } = this.#client;
    const { form, about, changes } = place;
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    if (bytes.length > FORM_BYTES) throw new ClientError("input-rejected", { detail: "form" });
    const cell = { form, about, changes, at: authorTime(context), body: bytes };
    const change = context.device.seal(PREFIX + id, encodeShape(cellShape, cell));
    return this.#inTurn(() => context.device.write([change]));
  }

  /** All that was begun, the newest first. */
  list(): Promise<FormDraft[]> {
    const { device } = this.#client.context;
    return this.#inTurn(async () => {
      const found = await Promise.all(
        (await device.list(PREFIX)).map((name) => readCell(device, name)),
      );
      return found.filter((each) => each !== null).sort((a, b) => (a.at < b.at ? 1 : -1));
    });
  }

  /** Strikes forms: signed, or thrown away. */
  drop(ids: readonly DraftId[]): Promise<void> {
    const { device } = this.#client.context;
    return this.#inTurn(() => device.write(ids.map((id) => ({ name: PREFIX + id, value: null }))));
  }

  /** What is struck must not be written again by a change that was on its way. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(run, run);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

async function readCell(device: Device, name: string): Promise<FormDraft | null> {
  const bytes = await device.read(name);
  if (bytes === null) return null;
  const { body, ...cell } = decodeShape(cellShape, bytes, FORM_BYTES * 2);
  const words = new TextDecoder("utf-8", { fatal: true }).decode(body);
  return { ...cell, id: parseId<DraftId>(name.slice(PREFIX.length)), body: JSON.parse(words) };
}
