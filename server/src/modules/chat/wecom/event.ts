import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { ChatEvent } from '../port/platform.js';

// Values stay text (ids have leading zeros); an event has no use for entities of its own, so a DTD is refused outright.
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, trimValues: true });

const text = z.string();
const base = z.object({
  ToUserName: text.default(''),
  FromUserName: text.default(''),
  MsgType: text.default(''),
  Event: text.default(''),
  /** In the place of `Event` for apps of the directory, whose contacts change in this envelope (A13). */
  InfoType: text.optional(),
});

const optionIds = z.object({ OptionId: z.union([text, z.array(text)]).optional() });
const selected = z.object({ QuestionKey: text, OptionIds: optionIds.or(z.literal('')) });

/** A decrypted push (WW/90240): only the parts that are worked on, with everything else dropped. */
export const wecomEvent = z.object({
  ...base.shape,
  /** What a person wrote to the app (WW/90239). */
  Content: text.optional(),
  MsgId: text.optional(),
  CreateTime: text.optional(),
  /** What the app's menu scanned. */
  ScanCodeInfo: z
    .object({ ScanResult: text.default('') })
    .or(z.literal(''))
    .optional(),
  EventKey: text.optional(),
  TaskId: text.optional(),
  ResponseCode: text.optional(),
  /** What was chosen in a `button_selection` (WW/90240). */
  SelectedItems: z
    .object({ SelectedItem: z.union([selected, z.array(selected)]) })
    .or(z.literal(''))
    .optional(),
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

/** What is written to the app, and codes scanned by its menu; null for everything else. */
function readWords(event: WecomEvent): ChatEvent | null {
  const { FromUserName: userid, ScanCodeInfo } = event;
  if (event.MsgType === 'text' && event.Content !== undefined)
    return { kind: 'words', userid, by: 'text', text: event.Content, key: `msg:${event.MsgId ?? ''}` };
  if (event.Event !== 'scancode_push' && event.Event !== 'scancode_waitmsg') return null;
  if (!ScanCodeInfo || ScanCodeInfo.ScanResult === '') return null;
  // Two scans of one second are two events only when they found different codes (A12).
  const text = ScanCodeInfo.ScanResult;
  const key = `scan:${userid}:${event.CreateTime ?? ''}:${event.EventKey ?? ''}:${text}`;
  return { kind: 'words', userid, by: 'scan', text, key };
}

/** What an event means for us. Events carry ids only and may come out of order, so all but leavers are read anew. */
export function readEvent(event: WecomEvent): ChatEvent {
  const words = readWords(event);
  if (words) return words;
  switch (event.InfoType ?? event.Event) {
    case 'template_card_event':
    case 'template_card_menu_event':
      return {
        kind: 'press',
        messageId: event.TaskId ?? '',
        userid: event.FromUserName,
        action: event.EventKey ?? '',
        responseCode: event.ResponseCode ?? '',
        ...chosenIn(event),
        raw: { ...event },
      };
    case 'change_contact':
      return readChange(event);
    default:
      return { kind: 'other' };
  }
}

function chosenIn({ SelectedItems }: WecomEvent): { chosen?: Record<string, string> } {
  if (!SelectedItems) return {};
  const answers = [SelectedItems.SelectedItem].flat().flatMap(({ QuestionKey, OptionIds }) => {
    const [first] = OptionIds === '' ? [] : [OptionIds.OptionId ?? []].flat();
    return first === undefined ? [] : [[QuestionKey, first] as const];
  });
  return { chosen: Object.fromEntries(answers) };
}

function readChange({ ChangeType, UserID, NewUserID }: WecomEvent): ChatEvent {
  switch (ChangeType) {
    case 'delete_user':
      return { kind: 'leavers', userids: UserID ? [UserID] : [] };
    case 'create_user':
    case 'update_user': {
      if (!UserID) return { kind: 'other' };
      const renamed = NewUserID !== undefined && NewUserID.toLowerCase() !== UserID.toLowerCase();
      return { kind: 'people', userids: [NewUserID ?? UserID], ...(renamed ? { renamedFrom: UserID } : {}) };
    }
    case 'create_party':
    case 'update_party':
    case 'delete_party':
      return { kind: 'departments' };
    default:
      return { kind: 'other' };
  }
}
