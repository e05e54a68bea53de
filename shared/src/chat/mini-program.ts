import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';

/** Whether a text is the appid of a mini-program. */
export const isMiniAppId = (text: string): boolean => /^wx[0-9A-Za-z]{16}$/.test(text);

/** Appid of the mini-program that is bound to WeCom's app (关联小程序) and built from ours. */
export const miniAppId = z
  .string()
  .trim()
  .refine(isMiniAppId, 'mini_app_id' satisfies ShapeText);

/** What a 小程序通知 holds, in characters (WW/90236): a message that does not fit stays a card. */
export const miniNoticeLimits = { least: 4, title: 12, description: 12, items: 10, key: 10, value: 30 } as const;
