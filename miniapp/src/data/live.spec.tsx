// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../test/draw.js';
import { showPage } from '../../test/fake-taro.js';
import { api } from '../api/client.js';
import { useLive } from './live.js';
import { useTasks } from './tasks.js';

const task = (title: string) => ({ id: title, title, kind: 'approval', state: 'pending', facts: [] });

function Open() {
  const tasks = useTasks('pending');
  useLive();
  return <p>{tasks.data?.items.map(({ title }) => title).join()}</p>;
}

test('a task that is handed over, or taken away, shows in the open list (it was seen on reopening)', async () => {
  let waiting = '合同 1 号';
  let mark = 'a';
  const page = draw(<Open />, {
    'GET /changes': () => ({ since: '1', items: [], tasks: mark }),
    'GET /tasks': () => ({ items: [task(waiting)], cursor: null }),
  });
  const asked = (path: string) => page.asked.filter((one) => one.path === path).length;
  /** The page asks what changed, as it does every few seconds. */
  const poll = async () => {
    const before = asked('/changes');
    showPage();
    await page.until(() => expect(asked('/changes')).toBe(before + 1));
    // Another answer of the server comes after what followed from that one.
    await api('me.get', {}).catch(() => undefined);
  };
  await page.shows('合同 1 号');
  await poll();
  await poll();
  expect(asked('/tasks')).toBe(1);
  waiting = '合同 2 号';
  mark = 'b';
  await poll();
  await page.shows('合同 2 号');
  expect(asked('/tasks')).toBe(2);
});
