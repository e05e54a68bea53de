import type { ConnectionId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { knownConnection } from '../session/chat-login.js';

interface Signature {
  timestamp: number;
  nonceStr: string;
  signature: string;
}

/** What WeCom's client gives to registered pages (`@wecom/jssdk`, the global `ww`), as far as it is used here. */
export interface WecomClient {
  register(options: {
    corpId: string;
    agentId: string;
    jsApiList: string[];
    getConfigSignature(url: string): Promise<Signature>;
    getAgentConfigSignature(url: string): Promise<Signature>;
  }): void;
  /** After it the global `WWOpenData` is there. */
  initOpenData(): Promise<unknown>;
  getCurExternalContact(): Promise<{ userId: string }>;
  scanQRCode(params: { needResult: true; scanType: ('qrCode' | 'barCode')[] }): Promise<{ resultStr: string }>;
  openEnterpriseChat(params: { userIds: string[]; externalUserIds: string[]; groupName: '' }): Promise<unknown>;
  getLocation(params: { type: 'gcj02' }): Promise<{ latitude: number; longitude: number; accuracy: number }>;
}

const script = 'https://wwcdn.weixin.qq.com/node/wework/wwopen/js/wecom-jssdk-2.4.0.js';
const loadTimeout = 10_000;
const used = ['getCurExternalContact', 'scanQRCode', 'getLocation', 'openEnterpriseChat'];

let client: Promise<WecomClient> | null = null;

/**
 * The client's interface, registered for this page. The platform's own script is fetched only where it is used and the
 * client has not brought it. Throws what refused: the network, the server, or nobody to ask.
 */
export function wecomClient(): Promise<WecomClient> {
  client ??= register().catch((error: unknown) => {
    client = null;
    throw error;
  });
  return client;
}

async function register(): Promise<WecomClient> {
  const connectionId = knownConnection() as ConnectionId | undefined;
  if (!connectionId) throw new Error('no connection');
  const path = `${location.pathname}${location.search}`;
  const [ww, signed] = await Promise.all([loaded(), api('pages.sign', { body: { connectionId, path } })]);
  const { corpId, agentId, timestamp, nonceStr, signature, agentSignature } = signed;
  ww.register({
    corpId,
    agentId,
    jsApiList: used,
    getConfigSignature: async () => ({ timestamp, nonceStr, signature }),
    getAgentConfigSignature: async () => ({ timestamp, nonceStr, signature: agentSignature ?? '' }),
  });
  return ww;
}

function own(): WecomClient | undefined {
  return (window as unknown as { ww?: WecomClient }).ww;
}

function loaded(): Promise<WecomClient> {
  const known = own();
  if (known) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const element = document.createElement('script');
    const failed = () => reject(new Error('the script of WeCom does not load'));
    const timer = setTimeout(failed, loadTimeout);
    element.src = script;
    element.onerror = failed;
    element.onload = () => {
      clearTimeout(timer);
      const ww = own();
      if (ww) resolve(ww);
      else failed();
    };
    document.head.append(element);
  });
}
