import type { ConnectionId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { knownConnection } from '../session/chat-login.js';

/** The client's interface for pages. A plain expression: the mini-programs' packages must carry none of the library. */
function load() {
  return process.env.TARO_ENV === 'h5'
    ? Promise.all([
        import('dingtalk-jsapi/lib/ddSdk'),
        import('dingtalk-jsapi/api/biz/util/scan'),
        import('dingtalk-jsapi/api/device/geolocation/get'),
        import('dingtalk-jsapi/platform'),
        import('dingtalk-jsapi/api/biz/chat/openSingleChat'),
      ])
    : Promise.reject(new Error('h5 only'));
}

const used = ['biz.util.scan', 'device.geolocation.get', 'biz.chat.openSingleChat'];

/** The company's id, once the page is known to the client. */
let configured: Promise<string> | null = null;

/** Shows the client once that the page is the app's (`dd.config`); throws what refused. */
function configure(): Promise<string> {
  configured ??= config().catch((error: unknown) => {
    configured = null;
    throw error;
  });
  return configured;
}

async function config(): Promise<string> {
  const connectionId = knownConnection() as ConnectionId | undefined;
  if (!connectionId) throw new Error('no connection');
  const path = `${location.pathname}${location.search}`;
  const [[{ ddSdk }], signed] = await Promise.all([load(), api('pages.sign', { body: { connectionId, path } })]);
  const dd = ddSdk.getExportSdk();
  const { agentId, corpId, timestamp: timeStamp, nonceStr, signature } = signed;
  await new Promise<void>((resolve, reject) => {
    // Before it is configured the library takes `ready` for its bridge alone.
    dd.config({ agentId, corpId, timeStamp, nonceStr, signature, type: 0, jsApiList: used });
    dd.ready(() => resolve());
    dd.error((error: unknown) => reject(error));
  });
  return corpId;
}

/** Reads a bar or QR code with the client's scanner. */
export async function scanInDingtalk(): Promise<string> {
  const [[, { default: scan }]] = await Promise.all([load(), configure()]);
  const { text } = (await scan({ type: 'all' })) as { text: string };
  return text;
}

/** Opens the chat with a colleague. */
export async function chatInDingtalk(userId: string): Promise<void> {
  const [[, , , , { default: openSingleChat }], corpId] = await Promise.all([load(), configure()]);
  await openSingleChat({ corpId, userId });
}

/** Where the phone is by the client's word, GCJ-02 degrees; a position made up by another app is marked. */
export async function placeInDingtalk(): Promise<{ lat: number; lng: number; accuracy: number; mock?: boolean }> {
  const [[, , { default: get }]] = await Promise.all([load(), configure()]);
  const found = await get({ targetAccuracy: 200, coordinate: 1, withReGeocode: false, useCache: false });
  const place = { lat: Number(found.latitude), lng: Number(found.longitude), accuracy: Math.round(found.accuracy) };
  return found.isFromMock ? { ...place, mock: true } : place;
}
