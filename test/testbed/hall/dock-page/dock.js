// The dock's page: one card a device with its picture and its knobs, refreshed while somebody looks at it. No framework.

import { make, pictures, valueName } from './pictures.js';

const texts = {
  zh: {
    title: '模拟设备',
    hint: '在这里做人会做的动作：放证、出示二维码、取票、关柜门',
    faults: '故障与线路',
    state: '状态',
    go: '执行',
    emptyField: '读卡区是空的',
    codesSent: '已送出的码',
    printed: '已打印小票',
    noPaper: '没有纸',
    unplugged: '没有接上',
    ready: '就绪',
    open: '开',
    shut: '关',
    lost: '模拟设备没有应答',
    other: 'English',
  },
  en: {
    title: 'Simulated devices',
    hint: 'Do here what people do: lay a card, show a code, take a ticket, shut a door',
    faults: 'Faults and cable',
    state: 'State',
    go: 'Do it',
    emptyField: 'Nothing on the reader',
    codesSent: 'Codes sent',
    printed: 'Tickets printed',
    noPaper: 'No paper',
    unplugged: 'not plugged in',
    ready: 'ready',
    open: 'open',
    shut: 'shut',
    lost: 'The simulated devices do not answer',
    other: '中文',
  },
};

const refreshMs = 700;
const query = new URLSearchParams(location.search);
const only = query.get('only')?.split(',');
let language = query.get('lang') === 'en' ? 'en' : 'zh';
let devices = [];

const trouble = document.querySelector('#trouble');
const showTrouble = (text) => {
  trouble.hidden = text === undefined;
  trouble.textContent = text ?? '';
};

const ask = async (path, options) => {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
};

/** Names of knobs that break something; everything else is what people do. */
const isFault = ({ name, isOfLink, argument }) =>
  isOfLink ||
  /fault|jam$|^jam|^free$|unknown|random|bytes$|^occupy|^break|^fill|^deny/i.test(name) ||
  (Array.isArray(argument) && argument.length === 2 && argument[0] === 'on' && argument[1] === 'off');

const isOn = (look, name) =>
  (Array.isArray(look.faults) && look.faults.includes(name)) ||
  look.on?.includes?.(name) ||
  (name === 'mute' && look.link?.isMute) ||
  (name === 'slow' && look.isSlow) ||
  (name === 'byteByByte' && look.link?.isByteByByte);

const drawKnob = (device, knob, look, turn) => {
  const title = knob.title[language];
  const { name, argument } = knob;
  if (argument === undefined) return make('button', { type: 'button', onclick: () => turn(name) }, title);
  if (typeof argument === 'string') {
    const input = make('input', { 'aria-label': title, placeholder: argument, autocomplete: 'off' });
    input.value = device.typed[name] ?? '';
    input.addEventListener('input', () => (device.typed[name] = input.value));
    const go = () => turn(name, input.value === '' ? undefined : input.value);
    input.addEventListener('keydown', (event) => event.key === 'Enter' && go());
    const button = make('button', { type: 'button', class: 'main', onclick: go }, texts[language].go);
    return make('div', { class: 'knob' }, make('span', {}, title), make('div', { class: 'typed' }, input, button));
  }
  if (argument.join() === 'on,off') {
    const pressed = isOn(look, name) === true;
    return make(
      'button',
      {
        type: 'button',
        class: 'small',
        'aria-pressed': String(pressed),
        onclick: () => turn(name, pressed ? 'off' : 'on'),
      },
      title,
    );
  }
  const choices = argument.map((value) =>
    make(
      'button',
      {
        type: 'button',
        class: 'small',
        'aria-pressed': name === 'fault' ? String(look.fault === value && value !== 'none') : undefined,
        onclick: () => turn(name, value),
      },
      valueName(value, language),
    ),
  );
  return make('div', { class: 'knob' }, make('span', {}, title), make('div', { class: 'choices' }, ...choices));
};

const drawKnobs = (device, knobs, look, turn) => {
  const drawn = knobs.map((knob) => drawKnob(device, knob, look, turn));
  const plain = drawn.filter((element) => element.tagName === 'BUTTON');
  const wide = drawn.filter((element) => element.tagName !== 'BUTTON');
  return [...(plain.length > 0 ? [make('div', { class: 'plain' }, ...plain)] : []), ...wide];
};

const valueText = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** A section that stays open over the redrawing of its card. */
const foldable = (device, name, title, ...children) => {
  const details = make('details', { open: device.opened.has(name) }, make('summary', {}, title), ...children);
  details.addEventListener('toggle', () => (details.open ? device.opened.add(name) : device.opened.delete(name)));
  return details;
};

const isTyping = (card) => card.contains(document.activeElement) && document.activeElement.tagName === 'INPUT';

const draw = (device) => {
  const { kind, title, path, knobs, look, card } = device;
  const words = texts[language];
  const key = JSON.stringify([look, language]);
  // Redrawing under a finger or a caret loses the touch or the text.
  if (device.drawn === key || isTyping(card)) return;
  device.drawn = key;
  const turn = (knob, argument) => turnKnob(device, knob, argument);
  const picture = pictures[kind];
  const shown = knobs.filter(({ name }) => !picture?.offers.includes(name));
  // What the caller added has no path and no cable: all of its knobs are in plain sight.
  const acts = shown.filter((knob) => path === undefined || !isFault(knob));
  const faults = shown.filter((knob) => path !== undefined && isFault(knob));
  const isBroken =
    look.link?.isPlugged === false ||
    look.isPlugged === false ||
    (look.status !== undefined && look.status !== 'Default') ||
    look.link?.isMute ||
    look.faults?.length > 0 ||
    (look.fault && look.fault !== 'none');
  const scroll = card.querySelector('.strip')?.scrollTop ?? 0;
  card.className = `card${isBroken ? ' faulty' : ''}`;
  card.replaceChildren(
    make('h2', {}, make('span', { class: 'lamp' }), title[language]),
    make('div', { class: 'path' }, path ?? ''),
    make('div', { class: 'picture' }, ...(picture ? [picture.draw({ look, words, language, turn })] : [])),
    ...drawKnobs(device, acts, look, turn),
    ...(faults.length > 0 ? [foldable(device, 'faults', words.faults, ...drawKnobs(device, faults, look, turn))] : []),
    foldable(
      device,
      'state',
      words.state,
      make(
        'dl',
        {},
        ...Object.entries(look).flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, valueText(value))]),
      ),
    ),
  );
  const strip = card.querySelector('.strip');
  if (strip) strip.scrollTop = scroll;
};

const turnKnob = async (device, knob, argument) => {
  try {
    device.look = await ask(`/devices/${encodeURIComponent(device.kind)}/knobs/${encodeURIComponent(knob)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(argument === undefined ? {} : { argument }),
    });
    showTrouble();
    draw(device);
  } catch (error) {
    showTrouble(`${device.title[language]}: ${error.message}`);
  }
};

const refresh = async () => {
  if (document.visibilityState !== 'visible') return;
  await Promise.all(
    devices.map(async (device) => {
      try {
        device.look = await ask(`/devices/${encodeURIComponent(device.kind)}/look`);
        draw(device);
      } catch {
        showTrouble(`${device.title[language]}: ${texts[language].lost}`);
      }
    }),
  );
};

const speak = () => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-words]'))
    element.textContent = texts[language][element.dataset.words];
  document.querySelector('#language').textContent = texts[language].other;
  devices.forEach(draw);
};

document.querySelector('#language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  speak();
});

/** Cards may come later (the caller's own knobs), so the list is asked for again now and then. */
const findDevices = async () => {
  const listed = await ask('/devices').catch(() => undefined);
  if (!listed) {
    showTrouble(texts[language].lost);
    return;
  }
  const cards = document.querySelector('#cards');
  for (const found of listed) {
    if (only && !only.includes(found.kind)) continue;
    if (devices.some(({ kind }) => kind === found.kind)) continue;
    const card = make('section', { class: 'card', 'data-kind': found.kind });
    cards.append(card);
    devices = [...devices, { ...found, look: {}, card, typed: {}, opened: new Set() }];
  }
};

speak();
await findDevices();
await refresh();
setInterval(refresh, refreshMs);
setInterval(findDevices, 5000);
