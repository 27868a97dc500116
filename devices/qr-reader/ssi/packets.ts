// SSI packets of the host, and the numbers of the protocol (Zebra/Symbol Simple Serial Interface, SE955 integration manual chapter 10).
//
//   byte   0        1        2               3        4 …      last two
//          length   opcode   source          status   data     checksum, high byte first
//          without  what     0 reader        bits     –        two's complement of the sum of
//          checksum it is    4 host          below             all bytes before it

import type { CommandBytes, QrProtocol } from '../protocol.ts';
import type { SsiQrConfig } from './config.ts';

export const fromReader = 0x00;
export const fromHost = 0x04;

export const opcodes = {
  replyRevision: 0xa4,
  requestRevision: 0xa3,
  paramSend: 0xc6,
  ack: 0xd0,
  nak: 0xd1,
  startSession: 0xe4,
  stopSession: 0xe5,
  beep: 0xe6,
  decodeData: 0xf3,
} as const;

/** What else may stand in a packet on this wire: image, capabilities, identity, events, aim, LED, enable, disable. */
export const knownOpcodes: ReadonlySet<number> = new Set([
  ...Object.values(opcodes),
  0xa6,
  0xb1,
  0xc4,
  0xc5,
  0xc7,
  0xc8,
  0xd2,
  0xd3,
  0xd4,
  0xe7,
  0xe8,
  0xe9,
  0xea,
  0xeb,
  0xf6,
]);

export const statusBits = { sentAgain: 0x01, moreFollows: 0x02, permanent: 0x08 } as const;
export const headBytes = 4;
export const checksumBytes = 2;

/** CMD_NAK's causes. */
export const nakCauses = { resend: 1, badContext: 2, denied: 6 } as const;

export const checksumOf = (bytes: Uint8Array): number => {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return (0x10000 - (sum & 0xffff)) & 0xffff;
};

export const hostPacket = (opcode: number, data: readonly number[] = [], status = 0): Uint8Array => {
  const message = [headBytes + data.length, opcode, fromHost, status, ...data];
  const checksum = checksumOf(Uint8Array.from(message));
  return Uint8Array.from([...message, checksum >> 8, checksum & 0xff]);
};

export const ackPacket = hostPacket(opcodes.ack);
export const nakPacket = hostPacket(opcodes.nak, [nakCauses.resend]);

const noBeep = 0xff;
const oneShortBeep = 0x00;
const hostTrigger = [0x8a, 0x08] as const;
const packetedData = [0xee, 0x01] as const;
const wakeUpGapMs = 50;

const commandsOf = (config: SsiQrConfig, status: number): CommandBytes => ({
  question: hostPacket(opcodes.requestRevision, [], status),
  beep: hostPacket(opcodes.beep, [oneShortBeep], status),
  ...(config.setsMode
    ? {
        setUp: hostPacket(
          opcodes.paramSend,
          [noBeep, ...packetedData, ...(config.isTriggered ? hostTrigger : [])],
          status,
        ),
      }
    : {}),
  ...(config.isTriggered
    ? {
        triggerOn: hostPacket(opcodes.startSession, [], status),
        triggerOff: hostPacket(opcodes.stopSession, [], status),
      }
    : {}),
});

export const ssiProtocol = (config: SsiQrConfig): QrProtocol => ({
  commands: commandsOf(config, 0),
  answered: ['question', 'setUp', 'triggerOn', 'triggerOff', 'beep'],
  isQuestionAnsweredByIdentity: true,
  replyTimeoutMs: config.replyTimeoutMs,
  gapMs: config.wakesUp ? wakeUpGapMs : 0,
  nak: nakPacket,
  again: { times: 2, commands: commandsOf(config, statusBits.sentAgain) },
  ...(config.wakesUp ? { wakeUp: Uint8Array.of(0) } : {}),
});
