import { z } from "zod";
import type { CareDocument } from "../records/care.ts";
import type { BundleItem } from "./bundle.ts";
import {
  codeableConcept,
  conceptText,
  fhirAttachment,
  fhirDateTime,
  period,
  reference,
  toAt,
  toCoding,
  toLine,
  toPartialDate,
  toText,
  withoutUndefined,
} from "./elements.ts";
import type { CodeableConcept } from "./elements.ts";
import { base64ToText, narrativeToText } from "./embeddedText.ts";
import { readFields } from "./fhirError.ts";
import type { MapContext, MappedRecord, Mapper } from "./mapping.ts";

const reportFields = z.object({
  status: z.string().min(1),
  code: codeableConcept,
  effectiveDateTime: fhirDateTime.optional(),
  effectivePeriod: period.optional(),
  issued: fhirDateTime.optional(),
  performer: z.array(reference).optional(),
  conclusion: z.string().optional(),
  result: z.array(reference).optional(),
  presentedForm: z.array(fhirAttachment).optional(),
});

/** DiagnosticReport → a document: its conclusion, what its results are called, and any plain text presented. */
export const mapDiagnosticReport: Mapper = (item, context) => {
  const fields = readFields(reportFields, item);
  const results = (fields.result ?? []).flatMap(({ display }) => toLine(display) ?? []);
  const parts = [
    fields.conclusion,
    results.join("\n"),
    ...(fields.presentedForm ?? []).map(attachmentText),
  ];
  const when = fields.effectiveDateTime ?? fields.effectivePeriod?.start ?? fields.issued;
  return documentRecord(item, context, {
    type: fields.code,
    when,
    author: context.nameOf(fields.performer?.[0]),
    status: fields.status,
    parts,
    mediaType: fields.presentedForm?.[0]?.contentType,
  });
};

const documentReferenceFields = z.object({
  status: z.string().min(1),
  type: codeableConcept.optional(),
  description: z.string().optional(),
  date: fhirDateTime.optional(),
  author: z.array(reference).optional(),
  content: z.array(z.object({ attachment: fhirAttachment })).min(1),
});

/** DocumentReference → a document: the text of plain-text content; other content stays in the original. */
export const mapDocumentReference: Mapper = (item, context) => {
  const fields = readFields(documentReferenceFields, item);
  const [first] = fields.content;
  return documentRecord(item, context, {
    type: fields.type,
    title: fields.description ?? first?.attachment.title,
    when: fields.date ?? first?.attachment.creation,
    author: context.nameOf(fields.author?.[0]),
    status: fields.status,
    parts: fields.content.map(({ attachment }) => attachmentText(attachment)),
    mediaType: first?.attachment.contentType,
  });
};

const section = z.object({
  title: z.string().optional(),
  text: z.object({ div: z.string().optional() }).optional(),
  get section() {
    return z.array(section).optional();
  },
});
const compositionFields = z.object({
  status: z.string().min(1),
  type: codeableConcept,
  title: z.string().optional(),
  date: fhirDateTime.optional(),
  author: z.array(reference).optional(),
  section: z.array(section).optional(),
});

/** Composition → a document: its sections in words. */
export const mapComposition: Mapper = (item, context) => {
  const fields = readFields(compositionFields, item);
  return documentRecord(item, context, {
    type: fields.type,
    title: fields.title,
    when: fields.date,
    author: context.nameOf(fields.author?.[0]),
    status: fields.status,
    parts: (fields.section ?? []).flatMap(sectionTexts),
    mediaType: undefined,
  });
};

function documentRecord(
  item: BundleItem,
  context: MapContext,
  fields: {
    type: CodeableConcept | undefined;
    title?: string | undefined;
    when: string | undefined;
    author: string | undefined;
    status: string;
    parts: readonly (string | undefined)[];
    mediaType: string | undefined;
  },
): MappedRecord[] {
  const body: CareDocument = withoutUndefined({
    v: 1 as const,
    type: "document" as const,
    at: toAt([fields.when], context.at),
    title: toLine(fields.title) ?? conceptText(fields.type) ?? item.resource.resourceType,
    kind: toCoding(fields.type),
    on: toPartialDate(fields.when),
    author: fields.author,
    mediaType: toLine(fields.mediaType),
    status: toLine(fields.status),
    text: toText(fields.parts.filter((part) => part !== undefined && part !== "").join("\n\n")),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
}

function attachmentText({ contentType, data }: z.infer<typeof fhirAttachment>): string | undefined {
  if (data === undefined || !/^text\//i.test(contentType ?? "")) return undefined;
  const text = base64ToText(data);
  return text !== undefined && /html/i.test(contentType ?? "") ? narrativeToText(text) : text;
}

function sectionTexts({ title, text, section: inner }: z.infer<typeof section>): string[] {
  const own = [title, text?.div === undefined ? undefined : narrativeToText(text.div)].filter(
    (part) => part !== undefined && part !== "",
  );
  return [...(own.length > 0 ? [own.join("\n")] : []), ...(inner ?? []).flatMap(sectionTexts)];
}
