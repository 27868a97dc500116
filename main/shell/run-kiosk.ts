// Starts the whole kiosk from one configuration file: host, supervision, and the window that this machine can paint.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../devices/kit/clock.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { findChromium, isPolicyInstalled, openChromium, policyPath } from './chromium/window.ts';
import { findElectron, runElectron } from './electron/launch.ts';
import { startNodeHost } from './host-process.ts';
import { supervise, type KioskWindow, type Supervision } from './supervise.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type RunOptions = {
  configPath: string;
  config: KioskConfig;
  /** Fixed port of the loopback door; 0 takes any. */
  port?: number;
  /** Environment of the host, e.g. where SANE finds its configuration. */
  environment?: Record<string, string>;
  /** Opens the window; default: this machine's Chromium, or the printed address where there is none or no display. */
  openWindow?: (url: string) => Promise<KioskWindow>;
  /** Demo only: further flags, such as a camera made of a file. */
  extraFlags?: readonly string[];
  say(line: string): void;
  onCannotStart?(code: string, message: string): void;
};

/** The Node that runs this; its version is pinned by the project's own `node` package. */
export const nodePath = (): string => {
  const pinned = join(root, 'node_modules/node/bin/node');
  return existsSync(pinned) ? pinned : process.execPath;
};

const hasDisplay = (): boolean =>
  process.platform === 'win32' || Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);

/** A window that a person opens: the address is printed, and nothing can be known of its end. */
const printedWindow =
  (say: RunOptions['say']) =>
  async (url: string): Promise<KioskWindow> => {
    say(`请在本机浏览器中打开（链接只能用一次） / Open in this machine's browser (the link works once):\n  ${url}`);
    return { onClosed: () => undefined, close: () => Promise.resolve() };
  };

const chromiumWindow =
  (options: RunOptions, chromiumPath: string) =>
  async (url: string): Promise<KioskWindow> =>
    openChromium(url, {
      chromiumPath,
      timeZone: options.config.kiosk.timeZone,
      fullscreen: options.config.window.fullscreen,
      widthPx: options.config.panel.widthPx,
      heightPx: options.config.panel.heightPx,
      isRoot: process.getuid?.() === 0,
      ...(options.extraFlags ? { extraFlags: options.extraFlags } : {}),
    });

export const runKiosk = async (
  options: RunOptions,
): Promise<Supervision & { host: () => ReturnType<typeof startNodeHost> | undefined }> => {
  const { say } = options;
  const electronPath = options.openWindow || options.config.window.shell === 'chromium' ? undefined : findElectron();
  if (electronPath !== undefined && hasDisplay()) {
    say(`窗口 / Window: Electron (${electronPath})`);
    return { ...runElectron({ ...options, electronPath }), host: () => undefined };
  }
  const chromiumPath = findChromium();
  let openWindow = options.openWindow;
  if (!openWindow) {
    const canPaint = chromiumPath !== undefined && hasDisplay();
    openWindow = canPaint ? chromiumWindow(options, chromiumPath) : printedWindow(say);
    if (canPaint) say(`窗口 / Window: Chromium (${chromiumPath})`);
    else
      say(
        chromiumPath === undefined
          ? '本机没有 Chromium / No Chromium on this machine'
          : '本机没有显示器 / This machine has no display',
      );
    if (canPaint && !(await isPolicyInstalled()))
      say(
        `提示：未安装 Chromium 管控策略 / Note: the managed policy is not installed: npm run kiosk -- policy --install  (${policyPath})`,
      );
  }
  let host: ReturnType<typeof startNodeHost> | undefined;
  const supervision = supervise({
    clock: systemClock,
    port: options.port ?? 0,
    startHost() {
      host = startNodeHost({
        nodePath: nodePath(),
        hostScript: join(root, 'main/host/main.ts'),
        configPath: options.configPath,
        compileCache: join(root, '.cache/compiled'),
        ...(options.environment ? { environment: options.environment } : {}),
      });
      return host;
    },
    openWindow,
    log: (event, detail) => say(`${event}${detail ? ` ${JSON.stringify(detail)}` : ''}`),
    onCannotStart: (code, message) =>
      options.onCannotStart ? options.onCannotStart(code, message) : say(`${code}: ${message}`),
  });
  return { ...supervision, host: () => host };
};
