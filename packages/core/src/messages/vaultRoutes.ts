import type { AttachmentId, DraftId, FileId, MemberId } from "../brand.ts";
import { COMPARTMENTS } from "../authority.ts";
import { PHASES } from "../accessState.ts";
import { LIMITS } from "../limits.ts";
import { seenShape } from "../order.ts";
import {
  bool,
  code,
  fixedBytes,
  hash,
  id,
  list,
  maxBytes,
  nullable,
  optional,
  record,
  uint,
} from "../shape.ts";
import { batchKeyShape, wrapShape } from "../wrap.ts";
import { CHAIN_ROUTES, practiceTake } from "./chainRoutes.ts";
import { sealedShareShape } from "./gateRoutes.ts";
import { empty, LARGE_BODY, route } from "./route.ts";

const signed = maxBytes(LIMITS.statementBytes);
const seq = uint(LIMITS.chainLength);
const box = maxBytes(LIMITS.boxBytes);
const token = fixedBytes(32);
const CHAIN_PAGE = 1024;

const draftCell = record({ draft: id<DraftId>(), epoch: seq, revision: seq, box });

const openedFile = record({
  file: id<FileId>(),
  /** Statements of the access chain from the asked one on. */
  access: list(signed, { max: CHAIN_PAGE }),
  /** The caller's wraps of the newest epoch, by its teams and itself. */
  wraps: list(wrapShape, { max: LIMITS.wrapsPerStatement }),
  batchKeys: list(batchKeyShape, { max: LIMITS.wrapsPerStatement }),
  /** Statements of the record chain from the asked one on, each with the boxes of its headers in order (empty once erased). */
  records: list(record({ statement: signed, boxes: list(box, { max: LIMITS.entriesPerAppend }) }), {
    max: CHAIN_PAGE,
  }),
  /** Head of the record chain at the vault; null: nothing written yet. */
  head: nullable(seenShape),
  /** Whether the page ends before the head. */
  more: bool,
  /** Where they were asked for: the drafts. Left out where the caller may not write, or where they are too large for this answer. */
  drafts: optional(list(draftCell, { max: LIMITS.itemsPerBatch })),
});

const listedFile = record({
  file: id<FileId>(),
  compartment: code(COMPARTMENTS),
  phase: code(PHASES),
  rights: uint(7),
  /** Week on whose Monday the caller's grant ends; 0: never. */
  expires: seq,
  /** Head of the record chain; null: nothing written yet. */
  record: nullable(seenShape),
});

/** The routes of both vaults. */
export const VAULT_ROUTES = {
  ...CHAIN_ROUTES,
  practiceTake,
  /** Keeps wraps under the hash of the statement that will come; nothing is readable by them yet. */
  wrapsStage: route("/v1/wraps/stage", {
    request: record({
      items: list(
        record({ statement: hash, wraps: list(wrapShape, { max: LIMITS.wrapsPerStatement }) }),
        { min: 1, max: LIMITS.itemsPerBatch },
      ),
      batchKeys: list(batchKeyShape, { max: LIMITS.wrapsPerStatement }),
    }),
    answer: empty,
    maxBytes: LARGE_BODY,
  }),
  /** Takes accepted statements of access chains, contiguous for each file, idempotent by hash. */
  accessTake: route("/v1/access/take", {
    request: record({
      statements: list(signed, { min: 1, max: LIMITS.itemsPerBatch }),
      acceptances: list(signed, { min: 1, max: LIMITS.itemsPerBatch }),
      shares: list(sealedShareShape, { max: LIMITS.itemsPerBatch }),
    }),
    answer: empty,
    maxBytes: LARGE_BODY,
  }),
  /** Appends to record chains: one transaction for all; each statement is all or nothing and comes with its boxes in header order. */
  recordAppend: route("/v1/record/append", {
    request: record({
      appends: list(
        record({ statement: signed, boxes: list(box, { min: 1, max: LIMITS.entriesPerAppend }) }),
        { min: 1, max: LIMITS.itemsPerBatch },
      ),
    }),
    answer: empty,
    maxBytes: LARGE_BODY,
  }),
  /** Hands a restored vault what was appended after its backup: signed by their authors, brought by any reader of the file. */
  recordReturn: route("/v1/record/return", {
    request: record({
      appends: list(
        record({ statement: signed, boxes: list(box, { min: 1, max: LIMITS.entriesPerAppend }) }),
        { min: 1, max: LIMITS.itemsPerBatch },
      ),
    }),
    answer: empty,
    maxBytes: LARGE_BODY,
  }),
  /** Everything that a reader lacks of each file: statements since the known ones, wraps, entries. */
  fileOpen: route("/v1/file/open", {
    request: record({
      items: list(record({ file: id<FileId>(), access: seq, record: seq }), {
        min: 1,
        max: LIMITS.itemsPerBatch,
      }),
      /** False: headers alone, with empty lists of boxes. */
      boxes: bool,
      /** True: with the drafts of each file. */
      drafts: optional(bool),
    }),
    answer: record({ files: list(openedFile, { max: LIMITS.itemsPerBatch }) }),
  }),
  /** The files that the caller holds a grant on. */
  fileList: route("/v1/file/list", {
    request: record({ after: nullable(id<FileId>()) }),
    answer: record({ files: list(listedFile, { max: 1000 }), more: bool }),
  }),
  draftPut: route("/v1/draft/put", {
    request: record({ file: id<FileId>(), draft: id<DraftId>(), epoch: seq, revision: seq, box }),
    answer: record({ revision: seq }),
    maxBytes: LARGE_BODY,
  }),
  draftList: route("/v1/draft/list", {
    request: record({ file: id<FileId>() }),
    answer: record({
      drafts: list(draftCell, { max: LIMITS.itemsPerBatch }),
    }),
  }),
  draftDrop: route("/v1/draft/drop", {
    /** With `revision`: only while it is the one that stands; `conflict` otherwise. */
    request: record({ file: id<FileId>(), draft: id<DraftId>(), revision: optional(seq) }),
    answer: empty,
  }),
  attachmentPut: route("/v1/attachment/put", {
    request: record({
      file: id<FileId>(),
      attachment: id<AttachmentId>(),
      index: uint(LIMITS.chunksPerAttachment),
      box: maxBytes(LIMITS.chunkBytes),
    }),
    answer: empty,
    maxBytes: LIMITS.chunkBytes + 1024,
  }),
  attachmentGet: route("/v1/attachment/get", {
    request: record({
      file: id<FileId>(),
      attachment: id<AttachmentId>(),
      index: uint(LIMITS.chunksPerAttachment),
    }),
    answer: record({ box: maxBytes(LIMITS.chunkBytes) }),
  }),
  /** Vault `who` alone: cells by second token. */
  lookupPut: route("/v1/lookup/put", {
    request: record({
      file: id<FileId>(),
      cells: list(record({ token, cell: maxBytes(256) }), { min: 1, max: LIMITS.itemsPerBatch }),
    }),
    answer: empty,
  }),
  lookupFind: route("/v1/lookup/find", {
    request: record({ tokens: list(token, { min: 1, max: LIMITS.itemsPerBatch }) }),
    answer: record({
      found: list(record({ token, cells: list(maxBytes(256), { max: LIMITS.itemsPerBatch }) }), {
        max: LIMITS.itemsPerBatch,
      }),
    }),
  }),
  /** Takes away cells that led to a file which is erased; for who could read it until then, and privacy officers. */
  lookupDrop: route("/v1/lookup/drop", {
    request: record({
      file: id<FileId>(),
      cells: list(record({ token, cell: maxBytes(256) }), { min: 1, max: LIMITS.itemsPerBatch }),
    }),
    answer: empty,
  }),
  /** Vault `who` alone: the kit blob of a member; fetched by the kit key. */
  kitPut: route("/v1/kit/put", {
    request: record({ blob: maxBytes(LIMITS.cellBytes) }),
    answer: empty,
  }),
  kitGet: route("/v1/kit/get", {
    request: record({ member: id<MemberId>() }),
    answer: record({ blob: maxBytes(LIMITS.cellBytes) }),
  }),
} as const;
