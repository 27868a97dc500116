// `policy`: Chromium's managed policies, which forbid what flags cannot: printed, or installed where Chromium looks for them.

import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { chromiumPolicy } from '../shell/chromium/flags.ts';
import { isPolicyInstalled, policyPath } from '../shell/chromium/window.ts';
import { stringOf, type Command } from './command.ts';

export const policy: Command = {
  usage: 'policy',
  summary: { zh: '输出或安装 Chromium 管控策略', en: 'print or install Chromium’s managed policies' },
  options: {
    install: { type: 'boolean', help: { zh: '安装（需要管理员权限）', en: 'install them (needs root)' } },
    path: { type: 'string', value: 'FILE', help: { zh: `安装到哪里，默认 ${policyPath}`, en: `where; ${policyPath}` } },
  },
  async run({ values, isJson }, io) {
    const path = stringOf(values['path']) ?? policyPath;
    const text = JSON.stringify(chromiumPolicy, undefined, 2);
    if (values['install'] !== true) {
      io.out(text);
      return 0;
    }
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      // Chromium reads the folder at any time: a whole file takes the place of the old one.
      const fresh = `${path}.${process.pid}.new`;
      await writeFile(fresh, `${text}\n`);
      await chmod(fresh, 0o644);
      await rename(fresh, path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      const isDenied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
      if (isJson) io.out(JSON.stringify({ path, installed: false, code }));
      io.err(
        io.language === 'zh'
          ? `没有装上 ${path}(${code})${isDenied ? ',请用管理员权限再运行一次（sudo）' : ''}`
          : `${path} was not installed (${code})${isDenied ? '; run it again as root (sudo)' : ''}`,
      );
      return 1;
    }
    const isInstalled = await isPolicyInstalled(path);
    if (isJson) io.out(JSON.stringify({ path, installed: isInstalled }));
    else
      io.out(
        io.language === 'zh'
          ? `已安装 ${path}，重新打开 Chromium 后生效`
          : `Installed ${path}; it holds from the next start of Chromium`,
      );
    return isInstalled ? 0 : 1;
  },
};
