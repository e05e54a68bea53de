import { chatInDingtalk, placeInDingtalk, scanInDingtalk } from './dingtalk-page.js';
import { chatHost } from './host.js';
import { wecomClient } from './wecom-page.js';

/** What a phone can do for a page through the chat client around it. Photos need none: the browser's own picker opens the camera. */
export interface ChatClient {
  /** The text of a bar or QR code; throws when cancelled or refused. */
  scan(): Promise<string>;
  /** GCJ-02 degrees; throws when refused. */
  place(): Promise<{ lat: number; lng: number; accuracy: number; mock?: boolean }>;
  /** Opens the chat with an external contact or a colleague; throws when refused. */
  chat(person: { kind: 'external' | 'member'; userid: string }): Promise<void>;
}

const wecom: ChatClient = {
  async scan() {
    const { resultStr } = await (await wecomClient()).scanQRCode({ needResult: true, scanType: ['qrCode', 'barCode'] });
    // Bar codes come as `EAN_13,6901234567892`.
    return resultStr.replace(/^[A-Z]+_?\d*,/, '');
  },
  async place() {
    const found = await (await wecomClient()).getLocation({ type: 'gcj02' });
    return { lat: Number(found.latitude), lng: Number(found.longitude), accuracy: Math.round(Number(found.accuracy)) };
  },
  async chat({ kind, userid }) {
    const [userIds, externalUserIds] = kind === 'member' ? [[userid], []] : [[], [userid]];
    await (await wecomClient()).openEnterpriseChat({ userIds, externalUserIds, groupName: '' });
  },
};

const dingtalk: ChatClient = {
  scan: scanInDingtalk,
  place: placeInDingtalk,
  chat: ({ userid }) => chatInDingtalk(userid),
};

/** The client around an H5 page; undefined in any other browser. */
export function chatClient(): ChatClient | undefined {
  const host = chatHost();
  if (host === 'browser') return undefined;
  return host === 'wecom' ? wecom : dingtalk;
}

/** Whether the person closed the scanner himself. */
export function wasCancelled(error: unknown): boolean {
  const { errMsg, errorCode } = (typeof error === 'object' && error !== null ? error : {}) as {
    errMsg?: string;
    errorCode?: string;
  };
  return errorCode === '-1' || /cancel/i.test(errMsg ?? '');
}
