import type { Paper } from "@sinetti/paper";
import {
  CERTIFICATE_WORDS,
  type CertificateLanguage,
  type CertificateWords,
} from "./certificateWords.ts";
import type { Certificate, CertifiedFile, CertifiedPerson } from "./erasureCertificate.ts";

const mono = (text: string) => [{ text, mono: true }];

/** The certificate as it is printed, in English where nothing else is said. */
export function certificatePaper(
  certificate: Certificate,
  { language = "en" }: { language?: CertificateLanguage } = {},
): Paper {
  const words = CERTIFICATE_WORDS[language];
  const { request, practice, finished, inBackupsUntil, files } = certificate;
  return {
    title: words.title,
    language,
    footer: `${practice} · ${words.erasure.toLowerCase()} ${request}`,
    made: finished,
    blocks: [
      { type: "heading", level: 1, text: words.title },
      { type: "fields", rows: headRows(certificate, words) },
      { type: "paragraph", text: words.backups(words.day(inBackupsUntil)) },
      { type: "paragraph", text: words.destroyed, tone: "quiet" },
      ...files.flatMap((file) => [
        {
          type: "heading" as const,
          level: 2 as const,
          text: `${words.compartment[file.compartment]}: ${words.entries(file.entries)}`,
        },
        { type: "fields" as const, rows: fileRows(file, words) },
      ]),
      { type: "paragraph", text: words.compare, tone: "quiet" },
    ],
  };
}

function headRows(
  { practice, request, reason, files, finished }: Certificate,
  words: CertificateWords,
) {
  const total = files.reduce((sum, { entries }) => sum + entries, 0);
  return [
    { label: words.practice, value: practice },
    { label: words.erasure, value: mono(request) },
    { label: words.why, value: words.reason[reason] },
    { label: words.what, value: words.counted(files.length, total) },
    {
      label: words.finished,
      value: `${words.day(finished.slice(0, 10))} ${finished.slice(11, 16)} UTC`,
    },
  ];
}

function fileRows(
  { idHash, order, orderedBy, approvedBy, head, acceptance, week }: CertifiedFile,
  words: CertificateWords,
) {
  const say = ({ name, member, isPaperCode }: CertifiedPerson): string =>
    isPaperCode ? words.paperCode : (name ?? member ?? words.unknown);
  return [
    { label: words.orderedBy, value: say(orderedBy) },
    {
      label: words.approvedBy,
      value: approvedBy.length === 0 ? words.approvedByNobody : approvedBy.map(say).join(", "),
    },
    { label: words.week, value: words.day(week) },
    { label: words.idHash, value: mono(idHash) },
    { label: words.order, value: mono(order) },
    { label: words.statement(head.seq), value: mono(head.hash) },
    { label: words.acceptance, value: mono(acceptance) },
  ];
}
