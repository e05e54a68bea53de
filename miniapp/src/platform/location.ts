import { wgs84ToGcj02 } from '@lianke/shared/geo/gcj02';
import Taro from '@tarojs/taro';
import { answered } from './answered.js';
import { chatClient } from './chat-client.js';
import { isDd, isH5 } from './host.js';

export interface Place {
  lat: number;
  lng: number;
  accuracy?: number;
  mock?: boolean;
}

/** DingTalk counts kinds of answers in `type`, and of positions in `coordinate`: 1 is GCJ-02. */
const inDingtalk = { type: 0, coordinate: '1', useCache: false, withReGeocode: false, targetAccuracy: '200' };

/** Where the phone is, GCJ-02 degrees; undefined when the person refuses or the phone cannot tell. */
export async function currentPlace(): Promise<Place | undefined> {
  try {
    if (isH5) {
      // The client knows better than the browser, and says when a position is made up; where it refuses, the browser is asked.
      const asked = chatClient()?.place();
      const told = asked && (await answered(asked).catch(() => undefined));
      if (told) return told;
      const found = await Taro.getLocation({ type: 'wgs84', isHighAccuracy: true, highAccuracyExpireTime: 8000 });
      const place = wgs84ToGcj02({ lat: found.latitude, lng: found.longitude });
      return { ...place, accuracy: Math.round(found.accuracy) };
    }
    const found = await Taro.getLocation((isDd ? inDingtalk : { type: 'gcj02' }) as { type: 'gcj02' });
    return {
      lat: Number(found.latitude),
      lng: Number(found.longitude),
      accuracy: Math.round(Number(found.accuracy) || 0),
      // DingTalk on Android says when another app made the position up.
      ...('isFromMock' in found && found.isFromMock === true ? { mock: true } : {}),
    };
  } catch {
    return undefined;
  }
}

/** Metres between two points (haversine on a sphere of 6,371 km). */
export function metresBetween(a: { lat: number; lng: number }, b: { lat: number; lng: number }): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180;
  const half =
    Math.sin(rad(b.lat - a.lat) / 2) ** 2 +
    Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lng - a.lng) / 2) ** 2;
  return Math.round(2 * 6_371_000 * Math.asin(Math.sqrt(half)));
}
