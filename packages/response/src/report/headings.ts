import type { Place } from "../facts/places.ts";

/** A section of the report: its heading, and the labels below it with the place of the facts that stand there. */
export interface SectionPlan {
  readonly level: 2 | 3;
  readonly heading: string;
  /** Facts that stand right below the heading. */
  readonly place?: Place;
  readonly note?: Place;
  readonly labels?: readonly (readonly [label: string, place: Place])[];
}

/** Every heading and label of the incident report, in order; none is ever left out. */
export const sectionPlans: readonly SectionPlan[] = [
  { level: 2, heading: "Executive Summary", place: "summary" },
  {
    level: 2,
    heading: "Incident Details",
    labels: [
      ["Discovery Date", "incident.discoveryDate"],
      ["Incident Date", "incident.incidentDate"],
      ["Affected Organization", "incident.organization"],
      ["Sector", "incident.sector"],
      ["Geography", "incident.geography"],
    ],
  },
  { level: 2, heading: "Timeline of Events" },
  {
    level: 3,
    heading: "Initial Access",
    labels: [
      ["Date/Time", "initialAccess.time"],
      ["Vector", "initialAccess.vector"],
      ["Details", "initialAccess.details"],
    ],
  },
  { level: 3, heading: "Lateral Movement", labels: [["Details", "lateralMovement.details"]] },
  { level: 3, heading: "Data Exfiltration/Impact", labels: [["Details", "impactEvents.details"]] },
  {
    level: 3,
    heading: "Detection & Response",
    labels: [
      ["Date/Time", "response.time"],
      ["Response actions taken", "response.actions"],
    ],
  },
  {
    level: 2,
    heading: "Attack Methodology",
    labels: [
      ["Initial Access", "method.initialAccess"],
      ["Persistence", "method.persistence"],
      ["Privilege Escalation", "method.privilegeEscalation"],
      ["Defense Evasion", "method.defenseEvasion"],
      ["Credential Access", "method.credentialAccess"],
      ["Discovery", "method.discovery"],
      ["Lateral Movement", "method.lateralMovement"],
      ["Collection", "method.collection"],
      ["Exfiltration", "method.exfiltration"],
      ["Impact", "method.impact"],
    ],
  },
  {
    level: 2,
    heading: "Impact Assessment",
    labels: [
      ["Financial", "impact.financial"],
      ["Data Breach", "impact.dataBreach"],
      ["Operational", "impact.operational"],
      ["Reputational", "impact.reputational"],
      ["Human", "impact.human"],
    ],
  },
  {
    level: 2,
    heading: "Indicators of Compromise",
    note: "indicators.note",
    labels: [
      ["Network indicators", "indicators.network"],
      ["File indicators", "indicators.file"],
      ["Behavioral indicators", "indicators.behavioral"],
    ],
  },
  {
    level: 2,
    heading: "Response Actions",
    labels: [
      ["Containment measures", "actions.containment"],
      ["Eradication steps", "actions.eradication"],
      ["Recovery actions", "actions.recovery"],
    ],
  },
  { level: 2, heading: "Lessons Learned", place: "lessons" },
  { level: 2, heading: "Recommendations", place: "recommendations" },
];
