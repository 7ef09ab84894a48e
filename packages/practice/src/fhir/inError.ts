import type { BundleItem } from "./bundle.ts";
import { codeableConcept } from "./elements.ts";
import type { MapContext } from "./mapping.ts";

const ERROR_FIELDS = ["status", "lifecycleStatus", "verificationStatus"] as const;

/** Whether the source says that a resource was entered in error; told once where there is somebody to tell. */
export function isEnteredInError(item: BundleItem, context?: MapContext): boolean {
  const field = ERROR_FIELDS.find((name) => saysInError(item.resource[name]));
  if (field === undefined || item.resource.resourceType === "Patient") return false;
  context?.warn({ code: "entered-in-error", resourceIndex: item.index, field });
  return true;
}

function saysInError(status: unknown): boolean {
  if (typeof status === "string") return status === "entered-in-error";
  const codings = codeableConcept.safeParse(status).data?.coding ?? [];
  return codings.some(({ code }) => code === "entered-in-error");
}
