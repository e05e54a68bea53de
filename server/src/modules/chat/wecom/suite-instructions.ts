import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { keyOfCode, type SuiteInstruction } from '../port/suite.js';

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, trimValues: true });
const text = z.string().min(1);
const info = z.object({
  InfoType: z.string().default(''),
  TimeStamp: z.string().regex(/^\d+$/).optional(),
  SuiteTicket: text.optional(),
  AuthCode: text.optional(),
  AuthCorpId: text.optional(),
});

/**
 * What an instruction (指令回调, A16) says and what tells it from the next; null for the many kinds that mean nothing to us.
 * @throws Error when it is no instruction
 */
export function readInstruction(xml: string): { instruction: SuiteInstruction; key: string } | null {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw new Error('a document type is not accepted');
  const parsed = parser.parse(xml) as { xml?: unknown };
  const { InfoType, TimeStamp, SuiteTicket, AuthCode, AuthCorpId: corpId } = info.parse(parsed.xml);
  switch (InfoType) {
    case 'suite_ticket':
      return SuiteTicket
        ? { instruction: { kind: 'ticket', ticket: SuiteTicket, at: Number(TimeStamp ?? 0) * 1000 }, key: xml }
        : null;
    // The permanent code of a company that is known already is exchanged just like a new one's.
    case 'create_auth':
    case 'reset_permanent_code':
      return AuthCode ? { instruction: { kind: 'code', authCode: AuthCode }, key: keyOfCode(AuthCode) } : null;
    case 'change_auth':
      return corpId ? { instruction: { kind: 'changed', corpId }, key: xml } : null;
    case 'cancel_auth':
      return corpId ? { instruction: { kind: 'cancelled', corpId }, key: xml } : null;
    case 'change_contact':
      return corpId ? { instruction: { kind: 'event', corpId, body: xml, key: xml }, key: xml } : null;
    default:
      return null;
  }
}
