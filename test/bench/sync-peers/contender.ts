// What each contender brings to the drain: a server, and a kiosk that has all documents on its disk before the watch starts.
// Each side runs in a process of its own (side.ts); between them is HTTP.

export type Served = {
  url: string;
  /** Documents that are safe at the server now. */ count(): Promise<number> | number;
};

export type Kiosk = {
  /** Sends everything; ends when this side knows that all has arrived. */
  drain(): Promise<void>;
};

export type Contender = {
  serve(folder: string): Promise<Served>;
  fill(folder: string, url: string, documents: readonly BenchDocument[]): Promise<Kiosk>;
};

export type BenchDocument = {
  ratingId: string;
  visitId: string;
  itemCode: string;
  level: number;
  reasons: string[];
  channel: 'ratingPad' | 'screen';
  ratedAt: string;
};

/** The same documents for everybody, in the shape of a rating. */
export const benchDocuments = (count: number): BenchDocument[] =>
  Array.from({ length: count }, (_, index) => {
    const digits = index.toString(16).padStart(12, '0');
    return {
      ratingId: `0190f3c0-0000-7000-8000-${digits}`,
      visitId: `0190f3c0-0000-7000-9000-${digits}`,
      itemCode: 'CATERING-OPEN',
      level: 1 + (index % 5),
      reasons: index % 5 === 0 ? ['waitedLong'] : [],
      channel: index % 2 === 0 ? 'ratingPad' : 'screen',
      ratedAt: new Date(Date.UTC(2026, 10, 20) + index * 1000).toISOString(),
    };
  });
