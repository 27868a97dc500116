// Settings of one eSCL scanner. Its address is given by the installer: looking for scanners by multicast would make a kiosk take
// whatever answers first.

import { z } from 'zod';

const addressForm = /^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/;

export const esclConfigSchema = z
  .strictObject({
    /**
     * Root of the service, e.g. `http://192.168.1.20/eSCL`, `https://…:443/eSCL`, or `http://127.0.0.1:60000/eSCL` for a USB scanner
     * behind ipp-usb.
     */
    url: z.string().max(300).regex(addressForm, 'an address such as http://192.168.1.20/eSCL'),
    /**
     * SHA-256 fingerprint of the scanner's own certificate (https). Printers sign theirs themselves: with a fingerprint exactly this
     * one is taken, without it the certificate must be signed by an authority that the machine knows.
     */
    certificateSha256: z
      .string()
      .regex(/^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/, '32 bytes in hex')
      .optional(),
    /** Some devices answer only to this name, e.g. `localhost` (HP behind ipp-usb). */
    hostHeader: z
      .string()
      .regex(/^[A-Za-z0-9.:[\]-]{1,100}$/)
      .optional(),
    /** What is written into ScanSettings. */
    version: z
      .string()
      .regex(/^\d\.\d{1,2}$/)
      .default('2.0'),
    /** Area scanned, cut to what the scanner has. A4. */
    widthMm: z.number().positive().max(500).default(210),
    heightMm: z.number().positive().max(1000).default(297),
    /** Feeder pages in one go, at most. */
    pageLimit: z.int().min(1).max(100).default(50),
    /** Between two pages; some scanners answer "no more" when they are asked too soon. */
    pageGapMs: z.int().min(0).max(10_000).default(1000),
    /**
     * Whether the scanner knows that its feeder is empty. Off for servers that always say "empty" before a scan, such as AirSane: then
     * only the job tells.
     */
    knowsEmptyFeeder: z.boolean().default(true),
    /**
     * The scanner stands at this kiosk alone. Then a job that is still open at it is one of ours that was left behind (power cut, lost
     * answer), and is ended before a scan; otherwise it is somebody else's and is waited for.
     */
    isExclusive: z.boolean().default(false),
    /** How often an idle scanner is asked how it is. */
    heartbeatMs: z.int().min(5000).max(600_000).default(30_000),
    /** Largest picture that is taken. */
    pageLimitMb: z.int().min(1).max(200).default(50),
  })
  .refine(({ url, certificateSha256 }) => certificateSha256 === undefined || url.startsWith('https:'), {
    message: 'a certificate belongs to an https address',
    path: ['certificateSha256'],
  });

export type EsclConfig = z.infer<typeof esclConfigSchema>;

/** Path of the service without a slash at its end; `/eSCL` when the address has none. */
export const rootPath = ({ url }: Pick<EsclConfig, 'url'>): string => {
  const path = new URL(url).pathname.replace(/\/+$/, '');
  return path === '' ? '/eSCL' : path;
};
