import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

// Values stay text (ids have leading zeros); an event has no use for entities of its own, so a DTD is refused outright.
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, trimValues: true });

const text = z.string();
const base = z.object({
  ToUserName: text,
  FromUserName: text.default(''),
  MsgType: text.default(''),
  Event: text.default(''),
});

/** A decrypted push (WW/90240): only the parts that are worked on, with everything else dropped. */
export const wecomEvent = z.object({
  ...base.shape,
  EventKey: text.optional(),
  TaskId: text.optional(),
  ResponseCode: text.optional(),
  ChangeType: text.optional(),
  UserID: text.optional(),
  NewUserID: text.optional(),
});
export type WecomEvent = z.infer<typeof wecomEvent>;

/** Parses the plain text of a push. @throws Error when it is not an event */
export function parseEvent(xml: string): WecomEvent {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw new Error('a document type is not accepted');
  const parsed = parser.parse(xml) as { xml?: unknown };
  return wecomEvent.parse(parsed.xml);
}
