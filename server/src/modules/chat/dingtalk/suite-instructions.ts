import { z } from 'zod';
import type { Licence, SuiteInstruction } from '../port/suite.js';

export interface KeyedInstruction {
  instruction: SuiteInstruction;
  key: string;
}

const text = z.coerce.string().min(1);
const instant = z.coerce.number().int().positive();
const sync = z.object({
  EventType: z.enum(['SYNC_HTTP_PUSH_HIGH', 'SYNC_HTTP_PUSH_MEDIUM']),
  bizData: z.array(
    z.looseObject({
      corp_id: z.string().default(''),
      biz_id: z.coerce.string().default(''),
      biz_type: z.coerce.number().int(),
      biz_data: z.union([z.string(), z.record(z.string(), z.unknown())]),
    }),
  ),
});
// Pages of different years spell names differently, so they are read in lower case and without underscores (B11).
const ticket = z.object({ suiteticket: text, timestamp: instant.optional() });
const granted = z.object({
  permanentcode: text,
  authcorpinfo: z.object({ corpid: text, corpname: z.string().nullish() }),
  authuserinfo: z.object({ userid: text }),
  authinfo: z.object({ agent: z.array(z.object({ agentid: z.coerce.number().int() })).nullish() }).nullish(),
});
const order = z.object({
  buycorpid: z.string().nullish(),
  maxofpeople: z.coerce.number().int().positive().nullish(),
  subquantity: z.coerce.number().int().positive().nullish(),
  paidtime: instant.nullish(),
  servicestoptime: instant,
});

/** What SyncHTTP calls things (B11). */
const types = { ticket: 2, consent: 4, app: 7, people: 13, departments: 14, company: 16, order: 17 } as const;

/**
 * What a push to the app of the directory says (B11). Only the latest state of an object is pushed, again and again until it
 * is answered, and the same state may come back later: so what tells two pushes apart is their words and `pushedAt`, the
 * signed milliseconds of the push. Whatever is repeated all the same is harmless to do twice.
 * @throws Error when it is no push to such an app
 */
export function readSync(body: string, pushedAt: number): KeyedInstruction[] {
  const json: unknown = JSON.parse(body);
  const single = ticket.extend({ eventtype: z.literal('suite_ticket') }).safeParse(folded(json));
  if (single.success) return [ticketOf(single.data, pushedAt)];
  const { bizData } = sync.parse(json);
  return bizData.flatMap((item) => {
    const data: unknown = typeof item.biz_data === 'string' ? jsonOf(item.biz_data) : item.biz_data;
    const action = actionOf(data);
    const instruction = instructionOf(item.biz_type, item.corp_id, action, data, pushedAt);
    return instruction ? [{ instruction, key: `${pushedAt}:${JSON.stringify(item)}` }] : [];
  });
}

function instructionOf(
  type: number,
  corpId: string,
  action: string,
  data: unknown,
  pushedAt: number,
): SuiteInstruction | null {
  switch (type) {
    case types.ticket: {
      const read = ticket.safeParse(folded(data));
      return read.success ? ticketOf(read.data, pushedAt).instruction : null;
    }
    case types.consent:
      if (action === 'org_suite_auth') return grantOf(data);
      if (action === 'org_suite_relieve') return { kind: 'cancelled', corpId };
      return action === 'org_suite_change' ? { kind: 'changed', corpId } : null;
    case types.app:
      return { kind: 'changed', corpId };
    case types.people:
    case types.departments: {
      const fields = typeof data === 'object' && data !== null ? data : {};
      const body = JSON.stringify({ ...fields, EventType: action, CorpId: corpId });
      return { kind: 'event', corpId, body, key: `${pushedAt}:${body}` };
    }
    case types.company:
      return action === 'org_remove' ? { kind: 'cancelled', corpId } : null;
    case types.order:
      return licenceOf(corpId, data);
    default:
      return null;
  }
}

function ticketOf(read: z.infer<typeof ticket>, pushedAt: number): KeyedInstruction {
  const instruction = { kind: 'ticket', ticket: read.suiteticket, at: read.timestamp ?? pushedAt } as const;
  return { instruction, key: '' };
}

function grantOf(data: unknown): SuiteInstruction | null {
  const read = granted.safeParse(folded(data));
  if (!read.success) return null;
  const { permanentcode, authcorpinfo, authuserinfo, authinfo } = read.data;
  const agent = authinfo?.agent?.[0];
  return {
    kind: 'grant',
    grant: {
      corpId: authcorpinfo.corpid,
      corpName: authcorpinfo.corpname ?? '',
      permanentCode: permanentcode,
      adminUserid: authuserinfo.userid,
      adminName: null,
      agentId: agent ? String(agent.agentid) : null,
    },
  };
}

/** An order's fields are not in the reference: medium confidence. It licenses the company as a whole, for so many people. */
function licenceOf(corpId: string, data: unknown): SuiteInstruction | null {
  const read = order.safeParse(folded(data));
  if (!read.success) return null;
  const { buycorpid, maxofpeople, subquantity, paidtime, servicestoptime } = read.data;
  const licence: Licence = {
    userid: null,
    seats: maxofpeople ?? subquantity ?? null,
    activeAt: paidtime ? new Date(paidtime).toISOString() : null,
    expiresAt: new Date(servicestoptime).toISOString(),
  };
  return { kind: 'licences', corpId: buycorpid || corpId, licences: [licence] };
}

function actionOf(data: unknown): string {
  const read = z.object({ syncaction: z.string() }).safeParse(folded(data));
  return read.success ? read.data.syncaction : '';
}

function folded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(folded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.toLowerCase().replaceAll('_', ''), folded(inner)]),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
