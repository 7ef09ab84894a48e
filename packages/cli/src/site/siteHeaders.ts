const YEAR_SECONDS = 31_536_000;

/** What a page may do here: nothing but what the web client needs. `services` are the exact origins that it may speak to. */
export function contentPolicy(services: readonly string[]): string {
  const directives = [
    "default-src 'none'",
    // libsodium is WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    // The UI library writes style sheets of its own.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...services].join(" ")}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
  ];
  return directives.join("; ");
}

const FEATURES_DENIED = [
  "accelerometer",
  "autoplay",
  "browsing-topics",
  "clipboard-read",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "gamepad",
  "geolocation",
  "gyroscope",
  "hid",
  "identity-credentials-get",
  "idle-detection",
  "local-fonts",
  "magnetometer",
  "microphone",
  "midi",
  "otp-credentials",
  "payment",
  "picture-in-picture",
  "screen-wake-lock",
  "serial",
  "storage-access",
  "usb",
  "window-management",
  "xr-spatial-tracking",
];
/** A code is scanned, a passkey made and used, a code copied. */
const FEATURES_USED = [
  "camera",
  "clipboard-write",
  "publickey-credentials-create",
  "publickey-credentials-get",
];

/** On every answer of a host that serves the web client. */
export const HOST_HEADERS: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": [
    ...FEATURES_DENIED.map((name) => `${name}=()`),
    ...FEATURES_USED.map((name) => `${name}=(self)`),
  ].join(", "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A name with the hash of what it holds never holds anything else; everything else is asked for again. */
export function cachingOf(path: string): string {
  return /^\/assets\/[^/]+-[\w-]{8}\.\w+$/.test(path)
    ? `public, max-age=${YEAR_SECONDS}, immutable`
    : "no-store";
}
