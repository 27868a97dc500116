// The screens' Content-Security-Policy, the same in both shells.

/** `dockUrl`: training only, the one page that may be framed. */
export const contentSecurityPolicy = (dockUrl: string | undefined): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self' data:",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    `frame-src ${dockUrl === undefined ? "'none'" : new URL(dockUrl).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
