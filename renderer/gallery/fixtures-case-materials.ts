// Handing over materials: the list, and each way of capture in every phase.

import type { Coach, MaterialState, ScreenOf } from '../../main/contract/view.ts';
import { faults, materials, page, places, view, type Fixture } from './fixtures-case-base.ts';

type MaterialsScreen = ScreenOf<'materials'>;
type Capture = NonNullable<MaterialsScreen['current']>;

const coach = (place: Coach['place'], phase: Coach['phase'] = 'waiting', help: Coach['help'] = 'none'): Coach => ({
  phase,
  place,
  help,
});

const begun: MaterialState[] = [
  {
    material: materials.nameNotice,
    state: 'done',
    way: 'qr',
    pages: [],
    found: { zh: '二维码已读取', en: 'The code was read' },
  },
  { material: materials.lease, state: 'partly', way: 'camera', pages: [page('a'), page('b'), page('c')] },
  { material: materials.floorPlan, state: 'todo', pages: [] },
  {
    material: materials.health,
    state: 'done',
    way: 'library',
    pages: [],
    found: { zh: '已从电子证照库调取（JY1*********02）', en: 'Fetched from the library (JY1*********02)' },
  },
  { material: materials.fireSafety, state: 'todo', pages: [] },
  { material: materials.licence, state: 'todo', pages: [] },
];

const screen = (change: Partial<MaterialsScreen> = {}): MaterialsScreen => ({
  type: 'materials',
  materials: begun,
  camera: { state: 'unknown' },
  canGoOn: false,
  ...change,
});

const capture = (name: string, current: Capture, change: Partial<MaterialsScreen> = {}): Fixture =>
  view(`materials ${name}`, screen({ current, ...change }), 3);

/** Before anything of it was handed over. */
const untouched = (id: string): Partial<MaterialsScreen> => ({
  materials: begun.map((m) => (m.material.id === id ? { material: m.material, state: 'todo', pages: [] } : m)),
});

const withPages = (id: string, count: number): MaterialState[] =>
  begun.map((m) =>
    m.material.id === id
      ? { ...m, state: 'partly', pages: Array.from({ length: count }, (_, i) => page(`${id}-${i}`)) }
      : m,
  );

export const materialsFixtures: Fixture[] = [
  view('materials list', screen(), 3),
  view(
    'materials list complete',
    screen({ materials: begun.map((m) => ({ ...m, state: m.material.required ? 'done' : m.state })), canGoOn: true }),
    3,
  ),
  capture('camera', { materialId: 'lease', way: 'camera', coach: coach(places.camera) }),
  capture(
    'camera first page',
    { materialId: 'fireSafety', way: 'camera', coach: coach(places.camera, 'waiting', 'hint') },
    { camera: { state: 'ready' } },
  ),
  capture(
    'camera full',
    { materialId: 'lease', way: 'camera', coach: coach(places.camera) },
    { materials: withPages('lease', 20), camera: { state: 'ready' } },
  ),
  capture(
    'camera missing',
    { materialId: 'lease', way: 'camera', coach: coach(places.camera) },
    { camera: { state: 'missing', wanted: { labelHint: 'no such camera', rotationDeg: 0 } } },
  ),
  capture('scanner', { materialId: 'floorPlan', way: 'scanner', coach: coach(places.scanner) }),
  capture('scanner hint', {
    materialId: 'floorPlan',
    way: 'scanner',
    coach: coach(places.scanner, 'waiting', 'otherWay'),
  }),
  capture('scanner working', {
    materialId: 'floorPlan',
    way: 'scanner',
    coach: coach(places.scanner, 'working'),
    percent: 42,
  }),
  capture(
    'scanner done',
    { materialId: 'floorPlan', way: 'scanner', coach: coach(places.scanner, 'done') },
    { materials: withPages('floorPlan', 2) },
  ),
  capture('scanner jam', {
    materialId: 'floorPlan',
    way: 'scanner',
    coach: coach(places.scanner, 'failed'),
    failure: faults.scannerJam,
  }),
  capture('scanner unavailable', {
    materialId: 'floorPlan',
    way: 'scanner',
    coach: { ...coach(places.scanner, 'unavailable'), fault: faults.scannerJam },
  }),
  capture('code', { materialId: 'nameNotice', way: 'qr', coach: coach(places.qr) }, untouched('nameNotice')),
  capture(
    'code hint',
    { materialId: 'nameNotice', way: 'qr', coach: coach(places.qr, 'waiting', 'hint') },
    untouched('nameNotice'),
  ),
  capture(
    'code wrong',
    {
      materialId: 'nameNotice',
      way: 'qr',
      coach: coach(places.qr),
      failure: faults.codeNotRecognised,
    },
    untouched('nameNotice'),
  ),
  capture('code done', { materialId: 'nameNotice', way: 'qr', coach: coach(places.qr, 'done') }),
  capture('library', { materialId: 'health', way: 'library', coach: coach(places.camera) }, untouched('health')),
  capture(
    'library working',
    { materialId: 'health', way: 'library', coach: coach(places.camera, 'working') },
    untouched('health'),
  ),
  capture(
    'library none',
    {
      materialId: 'health',
      way: 'library',
      coach: coach(places.camera, 'failed'),
      failure: faults.notInLibrary,
    },
    untouched('health'),
  ),
  capture('library done', { materialId: 'health', way: 'library', coach: coach(places.camera, 'done') }),
];
