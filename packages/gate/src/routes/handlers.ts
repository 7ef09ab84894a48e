import { type GATE_ROUTES, type Author, type Shaped } from "@sinetti/core";

import { readAccess } from "./accessRead.ts";
import { submitAccess } from "./accessSubmit.ts";
import { readBudget } from "./budgetRead.ts";
import { changeCanary } from "./canarySet.ts";
import { confirmClock } from "./clockConfirm.ts";
import type { Handler } from "./exchange.ts";
import { dropInvitations, listInvitations, putInvitations } from "./invitations.ts";
import { readLog, readLogChain } from "./logRead.ts";
import { lookUp } from "./lookup.ts";
import { approveOpening } from "./openingApprove.ts";
import { approveOrder, cancelOrder, proposeOrder, readPendingOrders } from "./orders.ts";
import { listPasskeys, putPasskey, removePasskey } from "./passkeys.ts";
import { askForLook, readPosture } from "./postureRead.ts";
import { readPractice, readStatus } from "./practiceRead.ts";
import { submitPractice } from "./practiceSubmit.ts";
import { readReview } from "./reviewRead.ts";
import { release } from "./release.ts";
import { readRecordHeads, resume } from "./resume.ts";
import { takeStop } from "./stop.ts";
import { readStops } from "./stopsRead.ts";
import { askTopUp, topUp } from "./topUp.ts";

type Routes = typeof GATE_ROUTES;
/** Routes that are not signed by somebody whom the chain names, and the one whose answer goes on. */
export type OtherRoute =
  | "practiceCreate"
  | "hints"
  | "rendezvousPut"
  | "rendezvousGet"
  | "invitationGet"
  | "invitationAnswer";
/** Routes that are. */
export type SignedRoute = Exclude<keyof Routes, OtherRoute>;

type Handlers = {
  readonly [K in SignedRoute]: Handler<Shaped<Routes[K]["request"]>, Shaped<Routes[K]["answer"]>>;
};

/** What answers each signed route. */
export const HANDLERS: Handlers = {
  practiceRead: readPractice,
  practiceSubmit: submitPractice,
  status: readStatus,
  postureRead: readPosture,
  postureLook: askForLook,
  stop: takeStop,
  stopsRead: readStops,
  accessSubmit: submitAccess,
  accessRead: readAccess,
  reviewRead: readReview,
  release,
  orderPropose: proposeOrder,
  orderPending: readPendingOrders,
  orderApprove: approveOrder,
  orderCancel: cancelOrder,
  logRead: readLog,
  logChain: readLogChain,
  openingApprove: approveOpening,
  budgetRead: readBudget,
  canarySet: changeCanary,
  lookup: lookUp,
  clockConfirm: confirmClock,
  recordHeads: readRecordHeads,
  resume,
  invitationPut: putInvitations,
  invitationList: listInvitations,
  invitationDrop: dropInvitations,
  passkeyPut: putPasskey,
  passkeyList: listPasskeys,
  passkeyRemove: removePasskey,
  topUpChallenge: askTopUp,
  topUp,
};

/** Who may sign a request besides a device: keys of paper do little, and only what brings them back to a device. */
export const SIGNERS: Partial<Record<SignedRoute, readonly Author["by"][]>> = {
  practiceRead: ["device", "kit", "recovery", "code"],
  practiceSubmit: ["device", "kit", "recovery", "code"],
  status: ["device", "kit", "recovery", "code"],
  orderPropose: ["device", "kit", "recovery", "code"],
  orderPending: ["device", "kit", "recovery", "code"],
  orderApprove: ["device", "code"],
  openingApprove: ["device", "recovery", "code"],
  stop: ["device", "code"],
};

/** What a restored gate answers before two of the staff have resumed it; it releases nothing. */
export const WHILE_RESTORED: ReadonlySet<SignedRoute> = new Set<SignedRoute>([
  "practiceRead",
  "practiceSubmit",
  "status",
  "postureRead",
  "postureLook",
  "stop",
  "stopsRead",
  "accessSubmit",
  "accessRead",
  "orderPropose",
  "orderPending",
  "orderApprove",
  "orderCancel",
  "logRead",
  "logChain",
  "budgetRead",
  "clockConfirm",
  "recordHeads",
  "resume",
]);
