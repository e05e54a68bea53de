const origin = process.env.BENCH_SANDBOX_URL ?? '';
const corpId = 'wwdemo0000000001';
const appKey = 'dingdemo0000000001app';

interface WecomCard {
  cardId: string;
  corpId: string;
  replaced: string | null;
  card: { main_title?: { title?: string }; button_list?: { key: string }[] };
}
interface DingCard {
  outTrackId: string;
  values: Record<string, string>;
}

/** A card as it stands on one person's phone. */
export interface ShownCard {
  /** What it says instead of its buttons. */
  outcome: string | null;
  press(): Promise<void>;
}

/** The sandbox's scripting API. */
export async function sandboxCall<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${origin}/sandbox/api/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** The card of this title on a person's WeCom phone; its first button is pressed. */
export async function wecomCard(userid: string, title: string): Promise<ShownCard | undefined> {
  const { items } = await sandboxCall<{ items: WecomCard[] }>('GET', `people/${userid}/cards?corpId=${corpId}`);
  const found = items.find(({ card }) => card.main_title?.title?.includes(title));
  const key = found?.card.button_list?.[0]?.key;
  return (
    found && {
      outcome: found.replaced,
      press: () => sandboxCall('POST', `cards/${found.cardId}/press`, { userid, key }),
    }
  );
}

/** The same on a person's DingTalk phone. */
export async function dingtalkCard(userid: string, title: string): Promise<ShownCard | undefined> {
  const { cards } = await sandboxCall<{ cards: DingCard[] }>('GET', `dingtalk/apps/${appKey}/people/${userid}/inbox`);
  const found = cards.find(({ values }) => Object.values(values).some((value) => value.includes(title)));
  return (
    found && {
      outcome: found.values.status === 'pending' ? null : (found.values.status ?? null),
      press: () =>
        sandboxCall('POST', 'dingtalk/cards/press', {
          appKey,
          outTrackId: found.outTrackId,
          userid,
          actionId: 'a1',
          params: { action: found.values.a1_key },
        }),
    }
  );
}

/** How many sends the platform was asked for, and how many reached a phone. */
export const sends = (): Promise<{ asked: number; delivered: number }> =>
  sandboxCall('GET', 'effects?kind=send&limit=1');
