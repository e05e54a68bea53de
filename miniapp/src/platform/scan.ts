import Taro from '@tarojs/taro';
import { chatClient, wasCancelled } from './chat-client.js';
import { isH5 } from './host.js';

export type Scan = { kind: 'code'; text: string } | { kind: 'none' } | { kind: 'impossible' };

/** Reads one bar or QR code with the camera; `impossible` where the host gives pages no scanner. */
export async function scanCode(): Promise<Scan> {
  if (isH5) {
    const client = chatClient();
    if (!client) return { kind: 'impossible' };
    try {
      return { kind: 'code', text: await client.scan() };
    } catch (error) {
      return wasCancelled(error) ? { kind: 'none' } : { kind: 'impossible' };
    }
  }
  try {
    const { result } = await Taro.scanCode({ scanType: ['qrCode', 'barCode'] });
    return { kind: 'code', text: result };
  } catch (error) {
    const message = String((error as { errMsg?: string }).errMsg ?? '');
    return /cancel/i.test(message) ? { kind: 'none' } : { kind: 'impossible' };
  }
}
