// Who the kiosk is to the centre, and who the centre is to the kiosk: the files of mutual TLS, and names for the ways in which the
// two can fail to agree. `exchange.ts` connects with what is loaded here.
//
//   central.tls ─▶ loadTls (mode of the key, both halves fit, until when) ─▶ TLS options ─▶ handshake ─fails─▶ tlsFaultOf

import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { fail, ok, type Result } from '../../devices/kit/result.ts';

export type TlsFiles = {
  /** The authority that signed the centre's certificate; the machine's own list does not count then. */
  caFile: string;
  certFile: string;
  /** Readable by its owner only. */
  keyFile: string;
  /** SHA-256 of the centre's public key (SPKI, DER), base64: another key is refused even when the authority signed it. */
  pinSha256?: string | undefined;
};

export type TlsFault =
  /** A file is missing, open to others, or none of what it should be. */
  | 'tlsNotReady'
  /** Another authority, or none, signed the centre's certificate. */
  | 'serverNotTrusted'
  /** Run out, or not valid yet: often this machine's clock. */
  | 'serverCertificateExpired'
  | 'serverNameMismatch'
  | 'serverKeyNotPinned'
  /** The centre does not know this kiosk's certificate. */
  | 'clientCertificateRefused'
  | 'clientCertificateExpired'
  /** No TLS came about, e.g. because plain HTTP is spoken there. */
  | 'tlsFailed';

export type Certificate = { subject: string; issuedAtMs: number; expiresAtMs: number };
export type TlsMaterial = { ca: Buffer; cert: Buffer; key: Buffer; pinSha256?: string; certificate: Certificate };

/** Days before the end of the certificate at which staff are told. */
export const certificateWarnDays = 30;

export class TlsError extends Error {
  readonly code: TlsFault;
  constructor(code: TlsFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const isReadByOthers = (path: string): boolean => process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;

/** Reads and checks the files. A certificate that has run out is loaded: the clock may be what is wrong. */
export const loadTls = ({ caFile, certFile, keyFile, pinSha256 }: TlsFiles): Result<TlsMaterial, 'tlsNotReady'> => {
  const refuse = (message: string): Result<never, 'tlsNotReady'> => fail('tlsNotReady', 'engineer', message);
  let file = caFile;
  try {
    const ca = readFileSync(caFile);
    void new X509Certificate(ca);
    file = certFile;
    const cert = readFileSync(certFile);
    const own = new X509Certificate(cert);
    file = keyFile;
    const key = readFileSync(keyFile);
    if (isReadByOthers(keyFile)) return refuse(`${keyFile} can be read by others: chmod 600`);
    if (!own.checkPrivateKey(createPrivateKey(key)))
      return refuse(`the key in ${keyFile} does not belong to the certificate in ${certFile}`);
    const certificate = {
      subject: own.subject.replaceAll('\n', ', '),
      issuedAtMs: Date.parse(own.validFrom),
      expiresAtMs: Date.parse(own.validTo),
    };
    return ok({ ca, cert, key, certificate, ...(pinSha256 === undefined ? {} : { pinSha256 }) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refuse(`${file} cannot be used (${code ?? String(error)})`);
  }
};

/** Changes when one of the files was replaced. */
export const stampOf = ({ caFile, certFile, keyFile }: TlsFiles): string =>
  [caFile, certFile, keyFile]
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found ? `${found.mtimeMs} ${found.size} ${found.ino} ${found.mode}` : 'missing';
    })
    .join('|');

export const keyHashOf = (certificate: Uint8Array | X509Certificate): string => {
  const { publicKey } = certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
};

/** What `tls.connect` takes. */
export const connectOptions = ({ ca, cert, key, pinSha256 }: TlsMaterial) => ({
  ca,
  cert,
  key,
  minVersion: 'TLSv1.2' as const,
  checkServerIdentity(host: string, peer: PeerCertificate): Error | undefined {
    const wrong = checkServerIdentity(host, peer);
    if (wrong) return wrong;
    if (pinSha256 === undefined || keyHashOf(peer.raw) === pinSha256) return undefined;
    return new TlsError('serverKeyNotPinned', 'the centre shows another key than the one that is pinned');
  },
});

const faults: readonly (readonly [RegExp, TlsFault])[] = [
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, 'serverCertificateExpired'],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, 'serverNameMismatch'],
  [/^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET|VERIFY)|CERT_|INVALID_CA|INVALID_PURPOSE)/, 'serverNotTrusted'],
  [/ALERT_CERTIFICATE_EXPIRED/, 'clientCertificateExpired'],
  [
    /ALERT_(UNKNOWN_CA|CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)|ALERT_NO_CERTIFICATE/,
    'clientCertificateRefused',
  ],
  [/^(ERR_SSL_|EPROTO)/, 'tlsFailed'],
];

/** The failure's own code, wherever in the chain of causes it stands. */
const codesOf = (error: unknown): string[] => {
  const codes: string[] = [];
  for (let inner = error; inner instanceof Error; inner = inner.cause)
    if ('code' in inner && typeof inner.code === 'string') codes.unshift(inner.code);
  return codes;
};

/** The TLS fault behind a connection that failed; nothing when it was something else. */
export const tlsFaultOf = (error: unknown, own: Certificate | undefined, nowMs: number): TlsError | undefined => {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if (inner instanceof TlsError) return inner;
  const codes = codesOf(error);
  for (const code of codes) {
    const fault = faults.find(([pattern]) => pattern.test(code))?.[1];
    if (fault === 'clientCertificateRefused' && own && own.expiresAtMs <= nowMs)
      return new TlsError(
        'clientCertificateExpired',
        `the centre refused a certificate that has run out (${code})`,
        error,
      );
    if (fault) return new TlsError(fault, code, error);
  }
  // Some servers close without a word on a certificate that has run out.
  if (own && own.expiresAtMs <= nowMs && codes.some((code) => /^(ECONNRESET|UND_ERR_SOCKET|EPIPE)$/.test(code)))
    return new TlsError('clientCertificateExpired', 'the centre closed on a certificate that has run out', error);
  return undefined;
};
