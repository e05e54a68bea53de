import Taro from '@tarojs/taro';
import { isH5 } from './host.js';

export type Scan = { kind: 'code'; text: string } | { kind: 'none' } | { kind: 'impossible' };

/** What chat clients offer pages for reading codes, once their script is loaded and allowed. */
interface ScanBridge {
  scanQRCode(options: {
    needResult: 1;
    scanType: ('qrCode' | 'barCode')[];
    success(answer: { resultStr: string }): void;
    fail(): void;
    cancel(): void;
  }): void;
}

function bridgeScan(bridge: ScanBridge): Promise<Scan> {
  return new Promise((resolve) =>
    bridge.scanQRCode({
      needResult: 1,
      scanType: ['qrCode', 'barCode'],
      // Bar codes come as `EAN_13,6901234567892`.
      success: ({ resultStr }) => resolve({ kind: 'code', text: resultStr.replace(/^[A-Z]+_?\d*,/, '') }),
      fail: () => resolve({ kind: 'impossible' }),
      cancel: () => resolve({ kind: 'none' }),
    }),
  );
}

/** Reads one bar or QR code with the camera; `impossible` where the host gives pages no scanner. */
export async function scanCode(): Promise<Scan> {
  if (isH5) {
    const bridge = (window as unknown as { wx?: Partial<ScanBridge> }).wx;
    return bridge?.scanQRCode ? bridgeScan(bridge as ScanBridge) : { kind: 'impossible' };
  }
  try {
    const { result } = await Taro.scanCode({ scanType: ['qrCode', 'barCode'] });
    return { kind: 'code', text: result };
  } catch (error) {
    const message = String((error as { errMsg?: string }).errMsg ?? '');
    return /cancel/i.test(message) ? { kind: 'none' } : { kind: 'impossible' };
  }
}
