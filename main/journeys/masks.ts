// Personal data leaves the host masked: first 3 and last 2 of a document's number, the surname of a name.

/** `11010119900307002X` → `110*************2X`; the birth date inside is always hidden. */
export const maskNumber = (number: string): string =>
  number.length <= 5
    ? '*'.repeat(number.length)
    : `${number.slice(0, 3)}${'*'.repeat(number.length - 5)}${number.slice(-2)}`;

/** `张三` → `张*`, `欧阳小明` → `欧**明`; Latin names keep initials. */
export const maskName = (name: string): string => {
  if (/^[\p{Script=Latin}\s,.'-]+$/u.test(name))
    return name.replaceAll(/\p{L}+/gu, (word) => `${word.slice(0, 1)}${'*'.repeat(Math.max(0, word.length - 1))}`);
  const letters = Array.from(name);
  if (letters.length <= 1) return name;
  if (letters.length === 2) return `${letters[0]}*`;
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`;
};

/** `13812345678` → `138******78`. */
export const maskPhone = maskNumber;

/** Keeps the street-level part, hides the house. */
export const maskAddress = (address: string): string => {
  const letters = Array.from(address);
  const shown = Math.min(9, Math.ceil(letters.length / 2));
  return `${letters.slice(0, shown).join('')}${'*'.repeat(Math.max(0, letters.length - shown))}`;
};
