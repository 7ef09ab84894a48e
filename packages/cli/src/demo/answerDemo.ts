import { approveDevice } from "@sinetti/client";
import { z } from "zod";

import { failureOf } from "../failure.ts";
import type { Answer, AnswerDemo } from "../start/webServer.ts";
import { asMember, type Demo } from "./demoMember.ts";
import { DEMO_STAFF } from "./staff.ts";

const MOST_DEVICES = 50;
const wishShape = z.strictObject({ role: z.string().max(32), code: z.string().max(512) });

/**
 * What the web client asks of a demonstration: who is on the staff, and that one of them approves the device which shows a code. The
 * device makes its own keys and the approval is the ceremony's own; only the second pair of hands is missing.
 */
export function answerDemo(demo: Demo): AnswerDemo {
  let approved = 0;
  let queue: Promise<unknown> = Promise.resolve();
  // A profile is held by one at a time.
  const inTurn = (work: () => Promise<Answer>): Promise<Answer> => {
    const next = queue.then(work);
    queue = next.catch(() => undefined);
    return next;
  };
  return async (path, body) => {
    if (path === "/demo/roles" && body === null) return { status: 200, body: roles() };
    if (path !== "/demo/device" || body === null) return null;
    const wish = readWish(body);
    const member = DEMO_STAFF.find(({ device }) => device === wish?.role);
    if (wish === null || member === undefined) return { status: 400, body: { error: "malformed" } };
    if (approved >= MOST_DEVICES) return { status: 429, body: { error: "too-many" } };
    approved++;
    return inTurn(() => approve(demo, { device: member.device, code: wish.code }));
  };
}

function roles(): { id: string; name: string; roles: readonly string[] }[] {
  return DEMO_STAFF.map(({ device, name, roles: held }) => ({ id: device, name, roles: held }));
}

function readWish(body: string): z.infer<typeof wishShape> | null {
  try {
    return wishShape.parse(JSON.parse(body));
  } catch {
    return null;
  }
}

async function approve(
  demo: Demo,
  { device, code }: { device: string; code: string },
): Promise<Answer> {
  try {
    await asMember(demo, device, ({ context }) => approveDevice(context, code));
    return { status: 200, body: { ok: true } };
  } catch (error) {
    return { status: 409, body: { error: failureOf(error).code } };
  }
}
