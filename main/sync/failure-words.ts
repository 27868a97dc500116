// Every way in which the line to the centre can fail, in words: what happened, who acts, what to do. Consoles, `sync status` and the
// doctor say the same.

import type { FaultView } from '../contract/devices.ts';
import type { RoundCode } from './round.ts';

export type FailureCode = RoundCode;

const network = {
  zh: '检查网线、专网和防火墙；没网时收件先存在本机，恢复后自动发送',
  en: 'Check cable, network and firewall; cases wait in the kiosk and go by themselves when the line is back',
};
const askCentre = {
  zh: '本机会继续重试；持续出现时联系受理平台运维',
  en: 'The kiosk goes on trying; if it stays, call those who run the intake platform',
};
const renew = {
  zh: '向平台管理方申请新证书，放到 central.tls 指出的位置，不必重启',
  en: 'Get a new certificate from those who run the platform and put it where central.tls says; no restart is needed',
};

const words: Record<FailureCode, Omit<FaultView, 'code'>> = {
  unreachable: { who: 'engineer', what: { zh: '连不上受理平台', en: 'The centre cannot be reached' }, todo: network },
  timeout: {
    who: 'engineer',
    what: { zh: '受理平台没有及时应答', en: 'The centre did not answer in time' },
    todo: network,
  },
  tooLarge: {
    who: 'engineer',
    what: { zh: '应答过大，不是受理平台发出的', en: 'An answer too large to be the centre’s' },
    todo: { zh: '检查代理服务器和 central.url', en: 'Check proxies and central.url' },
  },
  redirected: {
    who: 'engineer',
    what: { zh: '请求被转到别处（可能是上网认证页）', en: 'The request was sent elsewhere, as sign-in pages do' },
    todo: {
      zh: '让本机免于上网认证，检查 central.url',
      en: 'Free this machine from network sign-in; check central.url',
    },
  },
  stopped: {
    who: 'system',
    what: { zh: '发送程序正在停止', en: 'The sender is stopping' },
    todo: { zh: '无需处理', en: 'Nothing to do' },
  },
  tlsNotReady: {
    who: 'engineer',
    what: { zh: '本机证书或密钥文件不能使用', en: 'The certificate or key file of this kiosk cannot be used' },
    todo: {
      zh: '运行 npm run kiosk -- doctor 查看是哪个文件；密钥文件 chmod 600',
      en: 'npm run kiosk -- doctor says which file; chmod 600 for the key',
    },
  },
  serverNotTrusted: {
    who: 'engineer',
    what: {
      zh: '平台的证书不是由约定的机构签发的，可能有人冒充平台',
      en: 'Another authority signed the centre’s certificate: somebody may pose as the centre',
    },
    todo: {
      zh: '先与平台管理方核实；确实换了签发机构时，更新 central.tls.caFile',
      en: 'Ask those who run the platform first; if the authority really changed, replace central.tls.caFile',
    },
  },
  serverCertificateExpired: {
    who: 'engineer',
    what: { zh: '平台的证书已过期或尚未生效', en: 'The centre’s certificate has run out or is not valid yet' },
    todo: {
      zh: '先核对本机日期时间；时间正确时通知平台管理方换证书',
      en: 'Check the date of this machine first; if it is right, tell those who run the platform',
    },
  },
  serverNameMismatch: {
    who: 'engineer',
    what: { zh: '平台证书上的名称与配置的地址不符', en: 'The centre’s certificate is for another name' },
    todo: { zh: '检查 central.url 中的主机名', en: 'Check the host name in central.url' },
  },
  serverKeyNotPinned: {
    who: 'engineer',
    what: {
      zh: '平台出示的公钥与锁定的不一致，可能有人冒充平台',
      en: 'The centre shows another key than the pinned one: somebody may pose as the centre',
    },
    todo: {
      zh: '先与平台管理方核实；确实换了密钥时，更新 central.tls.pinSha256',
      en: 'Ask those who run the platform first; if the key really changed, replace central.tls.pinSha256',
    },
  },
  clientCertificateRefused: {
    who: 'engineer',
    what: { zh: '平台不认本机的证书', en: 'The centre does not accept this kiosk’s certificate' },
    todo: renew,
  },
  clientCertificateExpired: {
    who: 'engineer',
    what: { zh: '本机的证书已过期，平台不再接受', en: 'This kiosk’s certificate has run out and is refused' },
    todo: renew,
  },
  tlsFailed: {
    who: 'engineer',
    what: { zh: '与平台建立加密连接失败', en: 'No encrypted connection came about' },
    todo: {
      zh: '核对 central.url 的协议和端口是否为 https',
      en: 'Check that protocol and port of central.url are those of https',
    },
  },
  busy: {
    who: 'system',
    what: { zh: '受理平台繁忙，要求稍后再发', en: 'The centre is busy and asks for later' },
    todo: { zh: '无需处理，本机会按平台要求的时间重试', en: 'Nothing; the kiosk tries again when the centre said' },
  },
  unauthorised: {
    who: 'engineer',
    what: { zh: '平台不认本机的终端密钥', en: 'The centre does not accept this kiosk’s key' },
    todo: {
      zh: '核对 kiosk.id 和 central.kioskKeyFile，必要时请平台重新发放密钥',
      en: 'Compare kiosk.id and central.kioskKeyFile; have the platform give out a new key if need be',
    },
  },
  refused: {
    who: 'engineer',
    what: { zh: '平台拒绝了请求', en: 'The centre refuses the request' },
    todo: { zh: '联系受理平台运维，核对接口版本', en: 'Call those who run the platform; compare interface versions' },
  },
  httpStatus: { who: 'system', what: { zh: '受理平台出错', en: 'The centre failed' }, todo: askCentre },
  notJson: {
    who: 'engineer',
    what: { zh: '应答的不是受理平台（可能是网页）', en: 'Something else than the centre answered, perhaps a web page' },
    todo: { zh: '检查上网认证、代理和 central.url', en: 'Check network sign-in, proxies and central.url' },
  },
  badAnswer: {
    who: 'system',
    what: { zh: '平台的应答不合接口约定', en: 'An answer outside the contract' },
    todo: askCentre,
  },
  checksumMismatch: {
    who: 'system',
    what: { zh: '扫描件在路上损坏，平台没有收下', en: 'The scan was damaged on the way and not taken' },
    todo: { zh: '无需处理，会重新上传', en: 'Nothing; it is uploaded again' },
  },
  uploadConflict: {
    who: 'system',
    what: { zh: '平台上的上传进度与本机不一致', en: 'The upload stands elsewhere than the kiosk thought' },
    todo: { zh: '无需处理，会按平台的进度续传', en: 'Nothing; it goes on from where the centre stands' },
  },
  missingAnswers: {
    who: 'system',
    what: { zh: '平台漏答了部分数据', en: 'The centre left records without an answer' },
    todo: askCentre,
  },
  badReceipt: {
    who: 'engineer',
    what: {
      zh: '回执的签名不是平台的，数据留在本机',
      en: 'A receipt that the centre did not sign; the records stay here',
    },
    todo: {
      zh: '与平台管理方核对签名公钥，确认没有人冒充平台',
      en: 'Compare the public key with those who run the platform: nobody must pose as the centre',
    },
  },
  badPublicKey: {
    who: 'engineer',
    what: { zh: '平台给出的签名公钥无效', en: 'The centre’s public key is none' },
    todo: askCentre,
  },
  quarantined: {
    who: 'engineer',
    what: {
      zh: '本机硬盘被还原或复制过，平台已隔离，新数据暂不并入',
      en: 'This disk was restored or cloned: the centre has quarantined it and merges nothing new',
    },
    todo: {
      zh: '确认同一编号没有第二台机器在运行，再由技术员在“同步”中解除隔离',
      en: 'Make sure that no second machine runs under this number, then a technician ends it under Sync',
    },
  },
  storeFailed: {
    who: 'engineer',
    what: { zh: '本机数据库读写失败', en: 'The store of this kiosk failed' },
    todo: { zh: '检查磁盘空间，运行 npm run kiosk -- store check', en: 'Check the disk; npm run kiosk -- store check' },
  },
  senderCrashed: {
    who: 'engineer',
    what: { zh: '发送程序出错，会自动再试', en: 'The sender failed and tries again by itself' },
    todo: { zh: '把日志交给软件供应方', en: 'Give the log to those who made the software' },
  },
};

export const failureCodes: ReadonlySet<string> = new Set(Object.keys(words));
export const failureView = (code: FailureCode): FaultView => ({ code, ...words[code] });
