import Taro from '@tarojs/taro';
import { isH5 } from './host.js';
import { openMapOnH5 } from './map-link.js';

/** Offers the numbers when there are several, then calls. */
export async function callPhone(numbers: readonly string[]): Promise<void> {
  let number = numbers[0];
  if (numbers.length > 1) {
    try {
      const { tapIndex } = await Taro.showActionSheet({ itemList: numbers.slice(0, 6) });
      number = numbers[tapIndex];
    } catch {
      return;
    }
  }
  if (!number) return;
  if (isH5) location.href = `tel:${number}`;
  else void Taro.makePhoneCall({ phoneNumber: number }).catch(() => undefined);
}

/** Opens the map at a place, or searches it for an address where no point is known. */
export function navigateTo(target: { lat: number; lng: number; name: string } | { address: string }): void {
  if ('address' in target) {
    if (isH5) openMapOnH5(target.address);
    else void Taro.setClipboardData({ data: target.address });
    return;
  }
  if (isH5) openMapOnH5(target);
  else void Taro.openLocation({ latitude: target.lat, longitude: target.lng, name: target.name, address: target.name });
}

/** Puts text on the clipboard; the hosts say so themselves. */
export function copyText(text: string): void {
  void Taro.setClipboardData({ data: text }).catch(() => undefined);
}
