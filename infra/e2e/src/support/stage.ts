import { z } from 'zod';
import { system } from './environment.js';
import { mineCorp } from './phone.js';

const cards = z.object({
  items: z.array(z.object({ presses: z.array(z.object({ deliveryId: z.string().nullable() })) })),
});

/** Empties the phones: what another test left on them is gone. */
export async function clearPhones(): Promise<void> {
  await call('POST', 'reset');
}

/** The platform delivers the last press of a person once more, as it does when an answer was lost. */
export async function deliverAgain(userid: string): Promise<void> {
  const { items } = cards.parse(await call('GET', `people/${userid}/cards?corpId=${mineCorp}`));
  const delivery = items.flatMap((card) => card.presses).at(-1)?.deliveryId;
  if (!delivery) throw new Error(`${userid} has pressed no card`);
  await call('POST', `deliveries/${delivery}/redeliver`);
}

async function call(method: string, path: string): Promise<unknown> {
  const answer = await fetch(`${system.sandboxUrl}/sandbox/api/${path}`, {
    method,
    ...(method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
