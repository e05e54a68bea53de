import { NewApiError } from './errors.js';

type Body = Record<string, unknown>;

const several = (count: number): string[] => [
  'title',
  'text',
  ...Array.from({ length: count }, (_none, index) => [`actionTitle${index + 1}`, `actionURL${index + 1}`]).flat(),
];

/** What each kind of a robot's message cannot do without (reference B8). */
const NEEDED: Record<string, readonly string[]> = {
  sampleText: ['content'],
  sampleMarkdown: ['title', 'text'],
  sampleLink: ['title', 'text', 'messageUrl'],
  sampleActionCard: ['title', 'text', 'singleTitle', 'singleURL'],
  sampleActionCard2: several(2),
  sampleActionCard3: several(3),
  sampleActionCard4: several(4),
  sampleActionCard5: several(5),
  sampleActionCard6: ['title', 'text', 'buttonTitle1', 'buttonUrl1', 'buttonTitle2', 'buttonUrl2'],
  sampleImageMsg: ['photoURL'],
  sampleAudio: ['mediaId'],
  sampleFile: ['mediaId'],
  sampleVideo: ['videoMediaId'],
};

const refused = (what: string, message: string): NewApiError =>
  new NewApiError(400, `invalidParameter.${what}.invalid`, message);

/** The message of a robot: JSON text with what its kind needs. */
export function robotMessage(msgKey: unknown, msgParam: unknown): { msgKey: string; msgParam: Body } {
  const needed = typeof msgKey === 'string' && Object.hasOwn(NEEDED, msgKey) ? NEEDED[msgKey] : undefined;
  if (typeof msgKey !== 'string' || !needed) throw refused('msgKey', 'msgKey 不支持');
  // An object in the place of its text is what senders get wrong first.
  if (typeof msgParam !== 'string') throw refused('msgParam', 'msgParam 须是 JSON 字符串');
  const read = parsed(msgParam);
  const missing = needed.find((name) => typeof read[name] !== 'string' || read[name] === '');
  if (missing) throw refused('msgParam', `msgParam 缺少 ${missing}`);
  return { msgKey, msgParam: read };
}

function parsed(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Body;
  } catch {
    // Answered below.
  }
  throw refused('msgParam', 'msgParam 须是 JSON 字符串');
}
