import {
  IconAddressBook,
  IconSearch,
  IconSun,
  IconCalendar,
  IconDatabase,
  IconFileImport,
  IconForms,
  IconHourglass,
  IconListCheck,
  IconReceipt,
  IconEye,
  IconEyeCheck,
  IconSettings,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

import type { Role } from "@sinetti/core";

/** One screen of the frame. */
export interface Screen {
  /** Its path, with the parameters of the router: `/records/$patient`. */
  readonly path: string;
  /** Its key in the catalogue `app`, under `screens`; also its name in the command palette. */
  readonly name: string;
  /** Null: reached from another screen, not from the navigation. */
  readonly icon: Icon | null;
  /** Who finds it in the navigation; null: everybody. What a role cannot open is absent, not greyed. */
  readonly roles: readonly Role[] | null;
  readonly load: () => Promise<{ default: ComponentType }>;
}

/** The screens in the order of the navigation. */
export const SCREENS: readonly Screen[] = [
  {
    path: "/today",
    name: "today",
    icon: IconSun,
    roles: ["therapist", "supervisor", "office", "privacy"],
    load: () => import("../features/today/Today.tsx"),
  },
  {
    path: "/calendar",
    name: "calendar",
    icon: IconCalendar,
    roles: ["therapist", "office"],
    load: () => import("../features/calendar/Calendar.tsx"),
  },
  {
    path: "/caseload",
    name: "caseload",
    icon: IconAddressBook,
    roles: ["therapist"],
    load: () => import("../features/caseload/Caseload.tsx"),
  },
  {
    path: "/supervision",
    name: "supervision",
    icon: IconEyeCheck,
    roles: ["supervisor"],
    load: () => import("../features/supervision/Supervision.tsx"),
  },
  {
    path: "/records/$patient",
    name: "record",
    icon: null,
    roles: ["therapist", "supervisor"],
    load: () => import("../features/record/Record.tsx"),
  },
  {
    path: "/find",
    name: "find",
    icon: IconSearch,
    roles: ["office"],
    load: () => import("../features/office/Find.tsx"),
  },
  {
    path: "/register",
    name: "register",
    icon: null,
    roles: ["therapist", "office"],
    load: () => import("../features/registration/Register.tsx"),
  },
  {
    path: "/watch",
    name: "watch",
    icon: IconEye,
    roles: ["privacy"],
    load: () => import("../features/watch/Watch.tsx"),
  },
  {
    path: "/review",
    name: "review",
    icon: IconListCheck,
    roles: ["privacy"],
    load: () => import("../features/review/Review.tsx"),
  },
  {
    path: "/patients/$patient",
    name: "patient",
    icon: null,
    roles: ["therapist", "office"],
    load: () => import("../features/office/Patient.tsx"),
  },
  {
    path: "/invoices",
    name: "invoices",
    icon: IconReceipt,
    roles: ["therapist", "office", "admin"],
    load: () => import("../features/invoices/Invoices.tsx"),
  },
  {
    path: "/invoices/new/$patient",
    name: "bill",
    icon: null,
    roles: ["therapist", "office"],
    load: () => import("../features/invoices/NewInvoice.tsx"),
  },
  {
    path: "/invoices/$unit/$year/$number",
    name: "document",
    icon: null,
    roles: ["therapist", "office"],
    load: () => import("../features/invoices/Document.tsx"),
  },
  {
    path: "/import",
    name: "import",
    icon: IconFileImport,
    roles: ["therapist"],
    load: () => import("../features/import/Import.tsx"),
  },
  {
    path: "/export/$patient",
    name: "export",
    icon: null,
    roles: ["therapist"],
    load: () => import("../features/export/Export.tsx"),
  },
  {
    path: "/retention",
    name: "retention",
    icon: IconHourglass,
    roles: ["therapist", "privacy", "admin"],
    load: () => import("../features/retention/Retention.tsx"),
  },
  {
    path: "/posture",
    name: "posture",
    icon: IconDatabase,
    roles: ["admin", "privacy"],
    load: () => import("../features/posture/Posture.tsx"),
  },
  {
    path: "/templates",
    name: "templates",
    icon: IconForms,
    roles: ["admin"],
    load: () => import("../features/templates/Templates.tsx"),
  },
  {
    path: "/people",
    name: "people",
    icon: IconUsers,
    roles: null,
    load: () => import("../features/people/People.tsx"),
  },
  {
    path: "/invitations",
    name: "invitations",
    icon: null,
    roles: ["admin"],
    load: () => import("../features/invitations/Invitations.tsx"),
  },
  {
    path: "/settings",
    name: "settings",
    icon: IconSettings,
    roles: null,
    load: () => import("../features/settings/Settings.tsx"),
  },
];

/** The screens of somebody with these roles. */
export const screensOf = (roles: readonly Role[]): Screen[] =>
  SCREENS.filter(
    (screen) => screen.roles === null || screen.roles.some((role) => roles.includes(role)),
  );
