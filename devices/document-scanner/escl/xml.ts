// A small strict XML reader for the two documents that an eSCL scanner sends. Pure, bounded, no document type and so no entity of
// anybody's own: a network device must not be able to fill the memory or to name a file.
//
//   text ─▶ tokens ─▶ one tree of elements ─▶ child(), text
//
// Prefixes are dropped: makers bind them as they like. Source: XML 1.0, 2 and 3.

export type XmlElement = {
  /** Without its prefix. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  /** The text directly inside, trimmed. */
  text: string;
};

type Open = {
  name: string;
  fullName: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
};

export const xmlLimits = { characters: 256 * 1024, depth: 32, elements: 5000 } as const;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

class XmlFault extends Error {}

const expand = (text: string): string =>
  text.replaceAll(/&([^;&]{0,12});|&/g, (_all, body: string | undefined) => {
    const known = body === undefined ? undefined : named[body];
    if (known !== undefined) return known;
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(body ?? '');
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16) : Number.NaN;
    if (!(point > 0 && point <= 0x10ffff)) throw new XmlFault('an entity that nobody declared');
    return String.fromCodePoint(point);
  });

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

const nameForm = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/;
const attributeForm = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

const tagOf = (body: string): { fullName: string; attributes: Record<string, string>; isEmpty: boolean } => {
  const isEmpty = body.endsWith('/');
  const inner = isEmpty ? body.slice(0, -1) : body;
  const fullName = nameForm.exec(inner)?.[0];
  if (fullName === undefined) throw new XmlFault('not a tag');
  const attributes: Record<string, string> = {};
  attributeForm.lastIndex = fullName.length;
  let end = fullName.length;
  for (let match = attributeForm.exec(inner); match; match = attributeForm.exec(inner)) {
    attributes[local(match[1] ?? '')] = expand(match[2] ?? match[3] ?? '');
    end = attributeForm.lastIndex;
  }
  if (inner.slice(end).trim() !== '') throw new XmlFault('a tag with more than attributes');
  return { fullName, attributes, isEmpty };
};

const closed = ({ name, attributes, children, text }: Open): XmlElement => ({
  name,
  attributes,
  children,
  text: text.trim(),
});

const read = (text: string): XmlElement => {
  if (text.length > xmlLimits.characters) throw new XmlFault('too long');
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const until = (mark: string): string => {
    const end = text.indexOf(mark, at);
    if (end < 0) throw new XmlFault('it ends in the middle');
    const piece = text.slice(at, end);
    at = end + mark.length;
    return piece;
  };
  const add = (element: XmlElement): void => {
    const parent = stack.at(-1);
    if (parent) parent.children.push(element);
    else if (root) throw new XmlFault('two roots');
    else root = element;
  };
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const words = text.slice(at, next < 0 ? text.length : next);
    const parent = stack.at(-1);
    if (parent) parent.text += expand(words);
    else if (words.trim() !== '') throw new XmlFault('text outside of the root');
    if (next < 0) break;
    at = next + 1;
    if (text.startsWith('?', at)) until('?>');
    else if (text.startsWith('!--', at)) until('-->');
    else if (text.startsWith('![CDATA[', at) && parent) {
      at += '![CDATA['.length;
      parent.text += until(']]>');
    } else if (text.startsWith('!', at)) throw new XmlFault('a document type');
    else if (text.startsWith('/', at)) {
      at += 1;
      const name = until('>').trim();
      const done = stack.pop();
      if (done?.fullName !== name) throw new XmlFault('tags that do not fit');
      add(closed(done));
    } else {
      const { fullName, attributes, isEmpty } = tagOf(until('>'));
      elements += 1;
      if (elements > xmlLimits.elements || stack.length >= xmlLimits.depth) throw new XmlFault('too much of it');
      const open: Open = { name: local(fullName), fullName, attributes, children: [], text: '' };
      if (isEmpty) add(closed(open));
      else stack.push(open);
    }
  }
  if (stack.length > 0 || !root) throw new XmlFault('it ends in the middle');
  return root;
};

/** The root element, or undefined when the text is not well-formed within the limits above. */
export const readXml = (text: string): XmlElement | undefined => {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof XmlFault) return undefined;
    throw error;
  }
};

/** The first element along a path of names. */
export const elementAt = (from: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((element, name) => element?.children.find((each) => each.name === name), from);

/** All elements of that name, however deep. */
export const elementsOf = (from: XmlElement | undefined, name: string): XmlElement[] =>
  (from?.children ?? []).flatMap((child) => [...(child.name === name ? [child] : []), ...elementsOf(child, name)]);

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeXml = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '');
