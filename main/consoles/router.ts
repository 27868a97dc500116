// Procedures of the manager's and the technician's consoles. Every act that changes something is audited, with its reason.

import { randomUUID } from 'node:crypto';
import { ORPCError } from '@orpc/server';
import type { Clock } from '../../devices/kit/clock.ts';
import type { ConsoleView, PortIdentity } from '../contract/console.ts';
import type { LockerReply } from '../../devices/locker/api.ts';
import { ok, type Result } from '../../devices/kit/result.ts';
import type { TraceEntry } from '../../devices/kit/trace.ts';
import { latest } from '../host/latest.ts';
import type { Kiosk } from '../host/kiosk.ts';
import { host, roleOf, type HostContext } from '../host/roles.ts';
import { createChecks } from './checks.ts';
import { createPorts, type PortSources } from './ports.ts';
import { askDoors, consoleView, type Doors } from './console-view.ts';
import { signIn } from './sign-in.ts';
import { renewInstall } from '../sync/install.ts';

const viewEveryMs = 2000;
const doorsEveryMs = 10_000;

type Refusal = { code: string; message: string; untilMs?: number };
const refuse = (code: string, message: string, untilMs?: number): ORPCError<'REFUSED', Refusal> =>
  new ORPCError('REFUSED', { data: { code, message, ...(untilMs === undefined ? {} : { untilMs }) } });

const every = (clock: Clock, ms: number, act: () => void): (() => void) => {
  const again = (): void => {
    stop = clock.after(ms, again);
    act();
  };
  let stop = clock.after(ms, again);
  return () => stop();
};

const outcomeWords = (result: PortIdentity): string =>
  'suggestions' in result
    ? `${result.outcome} by ${result.confidence}: ${result.suggestions.map(({ driver }) => driver).join(', ')}`
    : result.outcome;

/** What was begun as staff does not outlive the sign-in: it ends with the next value after it. */
async function* whileSignedIn<T>(context: HostContext, source: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const value of source) {
    if (roleOf(context) === 'citizen') return;
    yield value;
  }
}

export const consoleRouter = (
  kiosk: Kiosk,
  log: (event: string, detail?: Record<string, unknown>) => void,
  portSources?: PortSources,
) => {
  const { store, config } = kiosk;
  const checks = createChecks(kiosk);
  const ports = createPorts(kiosk, portSources);
  let doors: Doors = new Map();

  const staffOf = ({ channel }: HostContext): NonNullable<HostContext['channel']['staff']> => {
    // The role middleware let only staff through.
    if (!channel.staff) throw new ORPCError('FORBIDDEN');
    return channel.staff;
  };

  const audit = (context: HostContext, act: string, detail: string, isOk: boolean): void => {
    const { account, role } = staffOf(context);
    const written = store.audit({ who: account, role, act, detail, ok: isOk });
    if (!written.ok) log('auditFailed', { code: written.error.code, act });
  };

  const subscribe = (push: (view: ConsoleView) => void): (() => void) => {
    const show = (): void => push(consoleView(kiosk, doors, ports.list()));
    const stopDevices = kiosk.devices.onChange(show);
    const stopSender = kiosk.sender.onChange(show);
    const stopPorts = ports.watch(show);
    const stopShowing = every(kiosk.clock, viewEveryMs, show);
    const lookAtDoors = (): void => {
      // A citizen's own locker act must not wait behind a console's curiosity.
      if (kiosk.sessions.session()) return;
      void askDoors(kiosk, `console-${randomUUID()}`).then((found) => {
        doors = found;
        show();
      });
    };
    lookAtDoors();
    const stopLooking = every(kiosk.clock, doorsEveryMs, lookAtDoors);
    return () => {
      stopDevices();
      stopSender();
      stopPorts();
      stopShowing();
      stopLooking();
    };
  };

  const openCell = async (
    context: HostContext,
    cell: number,
    reason: string,
  ): Promise<{ opened: boolean; message: string }> => {
    const entry = kiosk.devices.ofKind('locker');
    const claim = entry && (await kiosk.devices.claim(entry.config.id, 'console', { timeoutMs: 5000 }));
    const answer = !claim?.ok
      ? claim
      : ((await claim.value
          .execute({ type: 'openCell', cell }, { id: `console-${randomUUID()}`, timeoutMs: 10_000 })
          .finally(() => claim.value.release())) as Result<LockerReply>);
    const opened = answer?.ok === true;
    audit(context, 'openCell', `cell ${cell}: ${reason}`, opened);
    if (opened) {
      const held = store.cellsInUse().find((use) => use.cell === cell);
      kiosk.reports.cellOpened({
        by: 'staff',
        cell,
        reason,
        ...(held ? { caseId: held.caseId, depositId: held.depositId } : {}),
      });
      return { opened, message: '' };
    }
    return { opened, message: answer && !answer.ok ? answer.error.message : 'no locker is configured' };
  };

  return {
    staff: {
      signIn: host.staff.signIn.handler(async ({ input, context }) => {
        const nowMs = kiosk.clock.now();
        const signed = await signIn(store, config.consoles, nowMs, input);
        if (!signed.ok) {
          const isLocked = signed.error.code === 'locked';
          const untilMs = isLocked ? store.account(input.account)?.lockedUntilMs : undefined;
          throw refuse(signed.error.code, signed.error.message, untilMs);
        }
        // The screen counts by the clock that it sees; the right itself ends by one that is never set.
        context.channel.staff = { ...signed.value, expiresAtMs: context.now() + signed.value.expiresAtMs - nowMs };
        return signed.value;
      }),
      signOut: host.staff.signOut.handler(({ context }) => {
        audit(context, 'signOut', '', true);
        kiosk.reports.auditHead();
        delete context.channel.staff;
        return {};
      }),
      view: host.staff.view.handler(({ signal, context }) =>
        whileSignedIn(
          context,
          latest(() => consoleView(kiosk, doors, ports.list()), subscribe, signal),
        ),
      ),
      audit: host.staff.audit.handler(({ input }) => ({
        lines: store.auditLines({
          limit: input.limit,
          ...(input.beforeSeq === undefined ? {} : { beforeSeq: input.beforeSeq }),
        }),
        chainIntact: store.verifyAudit().intact,
      })),
      check: host.staff.check.handler(({ input, context }) => {
        const { account, role } = staffOf(context);
        if (!kiosk.devices.get(input.deviceId)?.device.checks.some(({ name }) => name === input.check))
          throw refuse('notFound', 'no such check');
        return checks.run(input.deviceId, input.check, { account, role });
      }),
      sendNow: host.staff.sendNow.handler(({ context }) => {
        audit(context, 'sendNow', '', true);
        kiosk.sender.sendNow();
        return {};
      }),
      answerCheck: host.staff.answerCheck.handler(({ input }) => {
        checks.answer(input.questionId, input.yes);
        return {};
      }),
    },
    manager: {
      retryDeadLetter: host.manager.retryDeadLetter.handler(({ input, context }) => {
        const retried = store.retryDead(input.seq);
        audit(context, 'retryDeadLetter', `#${input.seq}: ${input.reason}`, retried.ok);
        if (!retried.ok) throw refuse(retried.error.code, retried.error.message);
        kiosk.sender.wake();
        return {};
      }),
      retryDeadLetters: host.manager.retryDeadLetters.handler(({ input, context }) => {
        const seqs = store.deadLetters().flatMap(({ seq, isDamaged }) => (isDamaged ? [] : [seq]));
        const retried = store.transact((): Result<number> => {
          for (const seq of seqs) {
            const one = store.retryDead(seq);
            if (!one.ok) return one;
          }
          return ok(seqs.length);
        });
        audit(context, 'retryDeadLetters', `#${seqs.join(', #')}: ${input.reason}`, retried.ok);
        if (!retried.ok) throw refuse(retried.error.code, retried.error.message);
        kiosk.sender.wake();
        return { retried: retried.value };
      }),
      openCell: host.manager.openCell.handler(({ input, context }) => openCell(context, input.cell, input.reason)),
      releaseCell: host.manager.releaseCell.handler(({ input, context }) => {
        const released = store.releaseCell(input.cell);
        audit(context, 'releaseCell', `cell ${input.cell}: ${input.reason}`, released.ok);
        if (!released.ok) throw refuse(released.error.code, released.error.message);
        return {};
      }),
    },
    technician: {
      renewInstall: host.technician.renewInstall.handler(({ input, context }) => {
        const renewed = renewInstall(store);
        audit(
          context,
          'renewInstall',
          renewed.ok ? `${renewed.value.epoch}: ${input.reason}` : input.reason,
          renewed.ok,
        );
        if (!renewed.ok) throw refuse(renewed.error.code, renewed.error.message);
        kiosk.sender.sendNow();
        return {};
      }),
      assignPort: host.technician.assignPort.handler(async ({ input, context }) => {
        if (!kiosk.devices.get(input.deviceId)) throw refuse('notFound', 'no such device');
        const saved = store.assign(input.deviceId, input.path);
        audit(context, 'assignPort', `${input.deviceId} → ${input.path}: ${input.reason}`, saved.ok);
        if (!saved.ok) throw refuse(saved.error.code, saved.error.message);
        await kiosk.devices.reassign(input.deviceId, input.path);
        await ports.refresh();
        return {};
      }),
      identifyPort: host.technician.identifyPort.handler(async function* ({ input, context, signal }) {
        const found = await ports.unassigned(input.path);
        if (!found.ok) throw refuse(found.error.code, found.error.message);
        let outcome = 'canceled';
        let isFound = false;
        try {
          for await (const event of ports.identify(found.value, signal)) {
            if (event.type === 'result') {
              outcome = outcomeWords(event.result);
              isFound = event.result.outcome === 'recognised' || event.result.outcome === 'named';
            }
            yield event;
          }
        } finally {
          audit(context, 'identifyPort', `${input.path}: ${outcome}`, isFound);
        }
      }),
      restartDevice: host.technician.restartDevice.handler(async ({ input, context }) => {
        audit(context, 'restartDevice', `${input.deviceId}: ${input.reason}`, true);
        await kiosk.devices.restart(input.deviceId);
        return {};
      }),
      trace: host.technician.trace.handler(({ input }) => {
        const entry = kiosk.devices.get(input.deviceId);
        if (!entry) throw refuse('notFound', 'no such device');
        let sent: TraceEntry | undefined;
        const lines = entry.device.trace().map((line) => {
          const words = entry.driver.explainTrace?.(line, sent);
          if (line.direction === 'out') sent = line;
          return words ? { ...line, words } : line;
        });
        return { lines };
      }),
    },
  };
};
