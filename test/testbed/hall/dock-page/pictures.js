// What each kind of device looks like, drawn from its `look`. Beside each drawing stand the
// knobs that it offers itself, so that the card need not show them twice.

export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === 'onclick') element.addEventListener('click', value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
};

const cardNames = {
  resident: { zh: '居民身份证', en: 'Resident card' },
  residentLongTerm: { zh: '居民身份证（长期）', en: 'Resident card, long-term' },
  uyghurWoman: { zh: '居民身份证（维吾尔族）', en: 'Resident card, Uyghur name' },
  child: { zh: '居民身份证（儿童）', en: 'Resident card, child' },
  hmtPermit: { zh: '港澳台居住证', en: 'HMT permit' },
  foreigner2017: { zh: '外国人永居证 2017', en: 'Foreigner 2017' },
  foreigner2023: { zh: '外国人永居证 2023', en: 'Foreigner 2023' },
};

/** The name of a value in the reader's language, or the value itself. */
export const valueName = (value, language) =>
  cardNames[value]?.[language] ??
  { on: { zh: '开', en: 'On' }, off: { zh: '关', en: 'Off' } }[value]?.[language] ??
  value;

const reader = ({ look, words, language }) =>
  make(
    'div',
    { class: 'reader' },
    look.card
      ? make('div', { class: 'idcard' }, make('b', {}, valueName(look.card, language)), make('i'))
      : make('span', {}, words.emptyField),
  );

const codeReader = ({ look, words }) =>
  make(
    'div',
    { class: `window${look.isScanning ? ' scanning' : ''}` },
    make('span', {}, `${words.codesSent} ${look.sentCodes ?? 0}`),
  );

const strip = (ticket, isCut) =>
  make(
    'div',
    { class: `strip${isCut ? ' cut' : ''}` },
    ticket.lines.join('\n'),
    ...ticket.qr.map((text) =>
      make('img', { src: `/qr.svg?text=${encodeURIComponent(text)}`, alt: text, title: text }),
    ),
    ...ticket.barcodes.map((text) => make('div', { class: 'bars' }, `▌║▌│║ ${text} ║│▌║▌`)),
  );

const printer = ({ look, words }) => {
  const tickets = look.tickets ?? [];
  const last = tickets.at(-1);
  const isPrinting = (look.pending?.lines?.length ?? 0) > 0;
  return make(
    'div',
    {},
    make('div', { class: `slot${look.paper === 'out' ? ' out' : ''}` }),
    isPrinting ? strip(look.pending, false) : last && strip(last, last.cut),
    make('div', { class: 'older' }, look.paper === 'out' ? words.noPaper : `${words.printed} ${tickets.length}`),
  );
};

const levelNames = {
  zh: ['', '非常不满意', '不满意', '基本满意', '满意', '非常满意'],
  en: ['', 'Very bad', 'Bad', 'Fair', 'Good', 'Very good'],
};

const pad = ({ look, language, turn }) =>
  make(
    'div',
    { class: `pad${look.isPrompting ? ' lit' : ''}` },
    ...[5, 4, 3, 2, 1].map((level) =>
      make(
        'button',
        { type: 'button', onclick: () => turn('press', String(level)) },
        make('b', {}, String(level)),
        make('span', {}, levelNames[language][level]),
      ),
    ),
  );

const cabinet = ({ look, words, turn }) =>
  make(
    'div',
    { class: 'cabinet' },
    ...(look.doors ?? []).map(({ lock, door, jammed }) => {
      const isOpen = door === 'open';
      return make(
        'button',
        {
          type: 'button',
          class: `${isOpen ? 'open' : ''}${jammed ? ' jammed' : ''}`,
          onclick: () => turn(isOpen ? 'shutDoor' : 'openDoor', String(lock)),
        },
        String(lock),
        make('small', {}, isOpen ? words.open : words.shut),
      );
    }),
  );

const scanner = ({ look, words }) => {
  const state = !look.isPlugged ? words.unplugged : look.status === 'Default' ? words.ready : look.status;
  const sheet = String(look.picture ?? '')
    .toLowerCase()
    .replace(' ', '-');
  return make('div', { class: 'flatbed' }, make('div', { class: `sheet ${sheet}` }), make('span', {}, state));
};

/** kind → drawing, and the knobs that the drawing offers itself. */
export const pictures = {
  'id-card-reader': { draw: reader, offers: [] },
  'qr-reader': { draw: codeReader, offers: [] },
  'ticket-printer': { draw: printer, offers: [] },
  'rating-pad': { draw: pad, offers: ['press'] },
  'document-scanner': { draw: scanner, offers: [] },
  locker: { draw: cabinet, offers: ['openDoor', 'shutDoor'] },
};
