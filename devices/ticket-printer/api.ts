// What every ticket printer offers, whatever its command language.

import type { Device } from '../kit/device.ts';

/**
 * A picture of one bit a dot. Rows from the top, each padded to whole bytes: the highest bit is the leftmost dot, 1 is black, as
 * GS v 0 wants it. 8 dots are a millimetre.
 */
export type DotImage = { widthDots: number; heightDots: number; dots: Uint8Array };

export type TicketBlock =
  | {
      type: 'text';
      text: string;
      /** Multiple of the normal character, 1–3. */
      size?: 1 | 2 | 3;
      align?: 'left' | 'center' | 'right';
      bold?: boolean;
    }
  /** Label on the left, value on the right edge of the same line (wraps when too long). */
  | { type: 'pair'; label: string; value: string }
  | { type: 'rule' }
  | { type: 'feed'; lines: number }
  | { type: 'qr'; data: string; moduleDots?: number }
  | { type: 'barcode'; data: string }
  /** A seal, a logo. Wider than the paper: the ticket is refused. */
  | { type: 'image'; image: DotImage; align?: 'left' | 'center' | 'right' };

/** The printer adds the cut. */
export type TicketDocument = {
  blocks: readonly TicketBlock[];
  isReprint?: boolean;
  /**
   * Pictures of single characters, drawn by whoever has a font: 24 dots high, 24 wide (12 for ASCII). A line with a character that
   * the printer does not have is printed as a picture when all of its characters are here; `glyphsToDraw` in layout.ts names them.
   */
  rasterGlyphs?: Readonly<Record<string, DotImage>>;
};

export type PrinterCommand =
  | { type: 'print'; document: TicketDocument }
  /** Asks for fresh status; no paper moves. */
  | { type: 'refreshStatus' };

export type PrinterReply =
  /** The printer itself confirmed that the job was printed: by process id (GS ( H) or by a queued status answer (GS r). */
  | { type: 'printed'; confirmedBy: 'processId' | 'fence' }
  /** All bytes were taken, no confirmation came, and nothing says that it failed. The screen asks the person. */
  | { type: 'unconfirmed'; reason: string }
  | { type: 'status' };

export type PrinterNotice =
  | { type: 'firstByteSent'; id: string }
  /** The job stands still until someone acts (paper, cover); it goes on by itself afterwards. */
  | { type: 'waitingForPaper'; id: string }
  | { type: 'resumed'; id: string }
  /** After a job was given up in the middle: the printer threw the rest away. */
  | { type: 'bufferCleared'; id: string }
  /** … or it did not say so: the rest may come out when the paper is loaded. */
  | { type: 'mayStillPrint'; id: string }
  | { type: 'ticketTaken' }
  /** Nobody took it, and the presenter took it back. */
  | { type: 'ticketRetracted' };

export type TicketPrinter = Device<PrinterCommand, PrinterReply, PrinterNotice>;
