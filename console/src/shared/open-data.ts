import type { WithheldNames } from '@lianke/shared/chat/withheld';
import { api } from '../api/client.js';

type Connection = NonNullable<WithheldNames['connection']>;

/** WeCom's own script for names in browsers (`jwxwork-1.0.0.js`, WW/91958), as far as it is used here. */
interface OpenData {
  agentConfig(options: {
    corpid: string;
    agentid: string;
    timestamp: number;
    nonceStr: string;
    signature: string;
    jsApiList: string[];
    success(): void;
    fail(error: unknown): void;
  }): void;
  bind(element: Element): void;
}

declare global {
  interface Window {
    /** Put into the page by WeCom's script. */
    WWOpenData?: OpenData;
  }
}

const loadTimeout = 10_000;
let ready: Promise<OpenData> | null = null;

/** Has WeCom fill a `ww-open-data` element. Whatever it refuses (nobody is logged in there, say) leaves the words that stand there. */
export async function bindOpenData(element: Element, connection: Connection): Promise<void> {
  ready ??= started(connection);
  await ready.then((data) => data.bind(element)).catch(() => undefined);
}

async function started({ id, corpId, agentId, script }: Connection): Promise<OpenData> {
  const path = `${window.location.pathname}${window.location.search}`;
  const [data, signed] = await Promise.all([loaded(script), api('pages.sign', { body: { connectionId: id, path } })]);
  const { timestamp, nonceStr, agentSignature: signature } = signed;
  await new Promise<void>((success, fail) => {
    const own = { corpid: corpId, agentid: agentId, timestamp, nonceStr, signature: signature ?? '' };
    data.agentConfig({ ...own, jsApiList: [], success, fail });
  });
  // The script has put the rest of itself in its own place.
  return window.WWOpenData ?? data;
}

function loaded(script: string): Promise<OpenData> {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script');
    const failed = () => reject(new Error('the script of WeCom does not load'));
    const timer = setTimeout(failed, loadTimeout);
    element.src = script;
    // The platform tells apps apart by where they are.
    element.referrerPolicy = 'origin';
    element.onerror = failed;
    element.onload = () => {
      clearTimeout(timer);
      const data = window.WWOpenData;
      if (data) resolve(data);
      else failed();
    };
    document.head.append(element);
  });
}
