import { z } from 'zod';
import type { Connection } from '../connection.js';
import type { MissedPush } from '../port/platform.js';
import type { DingApi } from './ding-api.js';
import { eventKey, readDingEvent } from './event.js';

/** Pages of two hundred that are read in one go. */
const maxPages = 25;

const entry = z.looseObject({ call_back_tag: z.string().min(1), event_time: z.coerce.number().optional() });
const page = z.object({
  // Samples quote booleans as text (D19).
  has_more: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
  failed_list: z.array(entry).nullish(),
});
const payload = z.looseObject({});

/**
 * Events that the platform could not deliver by HTTP and gave up after its last attempt (reference B11). Whether reading
 * takes them off its list is not stated: what stays comes again and is known by its key.
 */
export async function failedEvents(api: DingApi, connection: Connection): Promise<MissedPush[]> {
  if (connection.settings.push !== 'http') return [];
  const found = new Map<string, MissedPush>();
  for (let read = 0; read < maxPages; read++) {
    const before = found.size;
    const answer = await api.old(connection, 'call_back/get_call_back_failed_result', null, page);
    for (const one of answer.failed_list ?? []) {
      const push = pushOf(one);
      if (push) found.set(push.key, push);
    }
    if (!answer.has_more || found.size === before) break;
  }
  return [...found.values()];
}

/** An entry as the push would have said it: its payload stands under the tag's own name, or under `callbackData`. */
function pushOf(one: z.infer<typeof entry>): MissedPush | null {
  const tag = one.call_back_tag;
  const own = payload.safeParse(one[tag] ?? one.callbackData ?? {});
  if (!own.success) return null;
  const { corpid, ...data } = own.data;
  const body = JSON.stringify({ EventType: tag, EventTime: one.event_time, CorpId: corpid, ...data });
  try {
    return readDingEvent(body).kind === 'other' ? null : { body, key: eventKey(body) };
  } catch {
    return null;
  }
}
