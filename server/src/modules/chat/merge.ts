import type { Courtesy } from './courtesy.js';
import { digestOf } from './digest.js';
import { mergeQuietSeconds } from './message.service.js';
import type { MessageRow } from './message-row.js';
import type { MessageStore } from './message-store.js';

/** A stream of messages is not waited for longer than this, in seconds: few for a handful, more for a flood. */
const longestWait = (count: number) => (count > 10 ? 30 : 5);
/** Where the mini-app lists everything that waits, and everything that was said. */
const tasksPath = '/pages/tasks/index';
const noticesPath = '/pages/notices/index';

type Waiting = Pick<MessageRow, 'id' | 'card' | 'member_id' | 'topic' | 'urgent' | 'held_until'> & { age: number };

/**
 * Decides about a mergeable message together with all others that wait for the same member. `alone`: send it as it is.
 * `settled`: this claim has nothing left to do, because more are still coming, another claim decides, or a digest took over.
 */
export async function merge(store: MessageStore, row: MessageRow, courtesy: Courtesy): Promise<'alone' | 'settled'> {
  const outcome = await store.withMember(row, async (tx) => {
    const all = await tx.sql<Waiting>(
      `SELECT id, card, member_id, topic, urgent, held_until, extract(epoch FROM clock_timestamp() - created_at)::float8 AS age FROM lianke.message
       WHERE member_id = $1 AND state = 'queued' AND mergeable AND body IS NULL AND outcome IS NULL
       ORDER BY created_at, id FOR UPDATE SKIP LOCKED`,
      [row.member_id],
    );
    // What its reader does not want now stays behind, to be held back or kept by its own claim.
    const waiting = all.filter((message) => courtesy.wish(message).as === 'send');
    const ids = waiting.map((message) => message.id);
    if (!ids.includes(row.id)) return 'settled';
    const [oldest, newest] = [waiting[0]?.age ?? 0, waiting.at(-1)?.age ?? 0];
    if (newest < mergeQuietSeconds && oldest < longestWait(ids.length)) {
      // The epoch grows for all of them: whoever claimed another one of the group must not send it meanwhile.
      await tx.run(
        `UPDATE lianke.message SET ready_at = clock_timestamp() + make_interval(secs => $2), lease_until = NULL, epoch = epoch + 1
         WHERE id = ANY($1::uuid[])`,
        [ids, mergeQuietSeconds - newest],
      );
      return 'settled';
    }
    if (ids.length === 1) return 'alone';
    const cards = waiting.map((message) => message.card);
    const toDo = cards.every((card) => card.kind === 'task' || card.kind === 'approval');
    const digest = digestOf(cards, {
      language: row.language,
      path: toDo ? tasksPath : noticesPath,
      hint: waiting.some((message) => message.held_until) ? 'digestQuiet' : toDo ? 'digestHint' : 'digestAll',
    });
    // Its parts were wanted when it was made of them.
    const digestId = await store.follow(tx, row, `digest:${row.id}`, digest, 'direct');
    await tx.run(
      `UPDATE lianke.message SET state = 'merged', digest_id = $2, lease_until = NULL, epoch = epoch + 1 WHERE id = ANY($1::uuid[])`,
      [ids, digestId],
    );
    return 'settled';
  });
  return outcome ?? 'settled';
}
