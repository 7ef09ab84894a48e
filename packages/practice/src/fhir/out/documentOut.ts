import type { Attachment, CareDocument, Letter } from "../../records/care.ts";
import type { Coding, SourceDocument } from "../../records/fields.ts";
import type { Released } from "../../records/portal.ts";
import { withoutUndefined } from "../elements.ts";
import { textToBase64 } from "../embeddedText.ts";
import type { OutContext, OutMapper } from "./outMapper.ts";
import { fhirList, fhirText, part, toConcept } from "./parts.ts";
import type { OutResource } from "./vocabulary.ts";

interface Document {
  readonly id: string;
  readonly title: string;
  readonly kind?: Coding | undefined;
  readonly on?: string | undefined;
  readonly at: string;
  readonly author?: string | undefined;
  readonly text?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly attachment?: Attachment | undefined;
}

/** A DocumentReference; its text stands in a Binary, its attachment in the package beside the bundle. */
function documentReference(
  document: Document,
  context: OutContext,
): [OutResource, ...OutResource[]] {
  const { id, title, kind, on, at, author, text, mediaType, attachment } = document;
  const hasText = text !== undefined && text !== "";
  const path = attachment === undefined ? undefined : context.documentPath(attachment.id);
  const name = fhirText(title);
  const written = hasText
    ? {
        attachment: {
          contentType: "text/plain; charset=utf-8",
          url: `Binary/${id}-text`,
          title: name,
        },
      }
    : undefined;
  const attached =
    attachment === undefined
      ? undefined
      : {
          attachment: withoutUndefined({
            contentType: mediaType === undefined ? "application/octet-stream" : fhirText(mediaType),
            url: path,
            size: Math.min(attachment.sizeBytes, 2_147_483_647),
            title: name,
          }),
        };
  const by = fhirText(author);
  const reference = withoutUndefined({
    resourceType: "DocumentReference",
    id,
    status: "current",
    type: kind === undefined ? { text: name } : toConcept(kind),
    subject: context.subject,
    date: at,
    author: by === undefined ? undefined : [{ display: by }],
    description: name,
    content: fhirList([written, attached]) ?? [
      { attachment: withoutUndefined({ title: name, creation: on }) },
    ],
  });
  if (!hasText) return [reference];
  const binary = part({
    resourceType: "Binary",
    id: `${id}-text`,
    contentType: "text/plain; charset=utf-8",
    data: textToBase64(text),
  });
  return [reference, binary];
}

/** A document → DocumentReference, its text → Binary. */
export const documentOut: OutMapper<CareDocument> = ({ id, body }, context) => {
  const { title, kind, on, at, author, text, mediaType, attachment } = body;
  return documentReference(
    { id, title, kind, on, at, author, text, mediaType, attachment },
    context,
  );
};

/** A letter → DocumentReference with the addressee in its description. */
export const letterOut: OutMapper<Letter> = ({ id, body }, context) => {
  const { title, to, on, at, text, attachment } = body;
  return documentReference(
    { id, title: `${title} → ${to}`, kind: { text: "Letter" }, on, at, text, attachment },
    context,
  );
};

/** What was released to the patient → DocumentReference. */
export const releasedOut: OutMapper<Released> = ({ id, body }, context) => {
  const { title, kind, at, text } = body;
  return documentReference({ id, title, kind: { text: `Released ${kind}` }, at, text }, context);
};

/** Originals that are no FHIR (rows of a table, texts) → DocumentReference; FHIR originals come out as they came in. */
export const sourceDocumentOut: OutMapper<SourceDocument> = ({ id, body }, context) => {
  const text = body.documents.map(({ content }) => content).join("\n");
  const title = `${body.sourceType}: ${body.sourceId}`;
  return documentReference({ id, title, kind: { text: "Original" }, at: body.at, text }, context);
};
