// What may be typed as an account and as a PIN; the same rules as the contract's, so that nothing is sent that must be refused.

export const accountMost = 32;
export const pinLimits = { least: 6, most: 12 } as const;

/** Accounts are small letters, digits and `._-`; capitals become small, all else is left out. */
export const cleanAccount = (typed: string): string =>
  typed
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '')
    .slice(0, accountMost);

export const cleanPin = (typed: string): string => typed.replaceAll(/\D/g, '').slice(0, pinLimits.most);

export const isAccount = (account: string): boolean => account.length >= 2;
export const isPin = (pin: string): boolean => pin.length >= pinLimits.least;
