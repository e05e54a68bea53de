import { wecomClient } from './wecom-page.js';

/** The platform's own element for names, once the page is registered (WW/91958). */
interface OpenData {
  bind(element: Element): void;
}

declare global {
  interface Window {
    /** Put into the page by WeCom's client. */
    WWOpenData?: OpenData;
  }
}

let ready: Promise<OpenData> | null = null;

/** Has WeCom's client fill a `ww-open-data` element. What it refuses leaves the words that stand there. */
export async function bindOpenData(element: Element): Promise<void> {
  ready ??= started().catch((error: unknown) => {
    ready = null;
    throw error;
  });
  await ready.then((data) => data.bind(element)).catch(() => undefined);
}

async function started(): Promise<OpenData> {
  await (await wecomClient()).initOpenData();
  const data = window.WWOpenData;
  if (!data) throw new Error('WeCom brings no WWOpenData');
  return data;
}
