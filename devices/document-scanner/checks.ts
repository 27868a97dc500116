// Health checks of a scanner that gives pages, whatever its protocol. Before it: a started device; after it: the technician's screen.

import { randomUUID } from 'node:crypto';
import type { CheckVerdict, HealthCheck } from '../kit/device.ts';
import type { Result } from '../kit/result.ts';
import type { DocumentScanner, ScanReply } from './api.ts';

const deadlineMs = 30_000;
const pageDeadlineMs = 120_000;

const failed = (result: Extract<Result<ScanReply>, { ok: false }>): CheckVerdict => ({
  passed: false,
  code: result.error.code,
  detail: result.error.message,
});

const checkOptions = async (device: DocumentScanner): Promise<CheckVerdict> => {
  const result = await device.execute({ type: 'listOptions' }, { id: randomUUID(), timeoutMs: deadlineMs });
  if (!result.ok) return failed(result);
  // Listing its options also renews what is known of the scanner.
  const can = device.identity().capabilities;
  if (!can.some((capability) => capability.endsWith('dpi')))
    return { passed: false, code: 'unsupportedCommand', detail: `no usable resolution: ${can.join(', ')}` };
  return { passed: true, code: 'ok', detail: can.join(', ') };
};

const checkLine = async (device: DocumentScanner): Promise<CheckVerdict> => {
  const result = await device.execute({ type: 'testLine' }, { id: randomUUID(), timeoutMs: deadlineMs });
  if (!result.ok) return failed(result);
  const lengthBytes = result.value.type === 'lineScanned' ? result.value.lengthBytes : 0;
  return { passed: true, code: 'ok', detail: `a test line came, ${lengthBytes} bytes` };
};

/** A sheet-fed scanner has no glass; one that was not found yet is taken for the ordinary kind. */
const sourceOf = (device: DocumentScanner): 'platen' | 'feeder' => {
  const { capabilities } = device.identity();
  return capabilities.includes('feeder') && !capabilities.includes('platen') ? 'feeder' : 'platen';
};

const questions = {
  platen: {
    ready: {
      zh: '请在玻璃板上放一张有字的纸，盖好盖子。放好了吗？',
      en: 'Put a printed sheet on the glass and close the lid. Is it there?',
    },
    moved: { zh: '扫描灯走过整页并回到原位了吗？', en: 'Did the lamp pass over the whole sheet and go back?' },
  },
  feeder: {
    ready: { zh: '请在进纸口放一张有字的纸。放好了吗？', en: 'Put one printed sheet into the feeder. Is it there?' },
    moved: { zh: '纸被平整地送过去了吗？', en: 'Did the sheet pass through smoothly?' },
  },
} as const;

const checkPage =
  (device: DocumentScanner): HealthCheck['run'] =>
  async (ask) => {
    const source = sourceOf(device);
    const isReady = await ask(questions[source].ready);
    if (!isReady) return { passed: false, code: 'notPrepared', detail: 'nobody put a sheet on the glass' };
    const result = await device.execute(
      { type: 'scanPage', source, colour: 'grey', resolutionDpi: 150 },
      { id: randomUUID(), timeoutMs: pageDeadlineMs },
    );
    if (!result.ok) return failed(result);
    const hasMoved = await ask(questions[source].moved);
    if (!hasMoved)
      return { passed: false, code: 'lampStill', detail: 'a page came, but the person saw no lamp moving' };
    return { passed: true, code: 'ok', detail: 'a page came and the lamp was seen' };
  };

export const scannerChecks = (device: DocumentScanner): readonly HealthCheck[] => [
  {
    name: 'listsOptions',
    scope: 'internal',
    title: { zh: '扫描仪应答并列出功能', en: 'The scanner answers and lists its options' },
    run: () => checkOptions(device),
  },
  // Without a glass a line cannot be scanned: the feeder would draw in a whole sheet for it.
  ...(sourceOf(device) === 'platen'
    ? [
        {
          name: 'scansLine',
          scope: 'external',
          title: { zh: '低分辨率试扫几毫米', en: 'Scans a few millimetres at low resolution' },
          run: () => checkLine(device),
        } as const,
      ]
    : []),
  {
    name: 'scansPage',
    scope: 'interactive',
    title: { zh: '扫描一页并观察', en: 'Scans a page while somebody watches' },
    run: checkPage(device),
  },
];
