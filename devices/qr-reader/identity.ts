// Who a reader says it is. Honeywell's revision text has labelled lines; other makers' is told as it is.

export type ReaderIdentity = { model?: string; serialNumber?: string; firmware?: string };

export const identityOf = (text: string): ReaderIdentity => {
  const field = (label: string): string | undefined =>
    new RegExp(`${label}:[ :]*([^\\r\\n]*[^\\r\\n ])`).exec(text)?.[1]?.replace(/^\$ProjectRevision: */, '');
  const found = {
    model: field('Product Name'),
    serialNumber: field('Serial Number'),
    firmware: field('Software Revision'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};
