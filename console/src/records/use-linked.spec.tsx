// @vitest-environment jsdom
import type { LinkedBody } from '@lianke/shared/forms/versions';
import { act, useCallback, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FormView, ReadField } from '../api/queries.js';
import { type Linking, LinkingContext } from './linking.js';
import { useLinked } from './use-linked.js';
import type { Values } from './values.js';

const field = (id: string, more: object = {}) =>
  ({ id, key: id, name: id, type: 'text', config: {}, rules: {}, writable: true, ...more }) as unknown as ReadField;
const form = {
  id: 'form',
  fields: [
    field('f_customer00'),
    field('f_city00000', { default: { kind: 'linked', match: [{ field: 'id', own: 'f_customer00' }] } }),
    field('f_due000000', { default: { kind: 'formula', expression: '=TODAY()+7' } }),
  ],
} as unknown as Pick<FormView, 'fields'> & { id: string };

let asked: LinkedBody[] = [];
const linking: Linking = {
  of: () => async (body) => {
    asked.push(body);
    const values: Values = {};
    if (body.changed.includes('f_customer00')) values.f_city00000 = '杭州';
    if (body.fresh) values.f_due000000 = '2026-03-11';
    return { values };
  },
  ofRows: () => undefined,
};

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that fills in a record; answers what stands on it, and how to type and draw it anew. */
async function page(start: Values, fresh: boolean) {
  const touched = new Set<string>();
  let now: Values = start;
  let type: (values: Values) => void = () => undefined;
  function Page({ of }: { of: typeof form }) {
    const [values, setValues] = useState(start);
    const put = useCallback((next: Values) => setValues((old) => ({ ...old, ...next })), []);
    useLinked(of, values, put, touched, 0, fresh);
    now = values;
    type = put;
    return null;
  }
  const app = createRoot(document.createElement('div'));
  const draw = (of = form) =>
    act(async () => {
      app.render(
        <LinkingContext.Provider value={linking}>
          <Page of={of} />
        </LinkingContext.Provider>,
      );
    });
  await draw();
  return {
    draw,
    values: () => now,
    type: (values: Values) => act(async () => type(values)),
    rest: () => act(async () => vi.advanceTimersByTimeAsync(300)),
    end: () => act(async () => app.unmount()),
  };
}

it('a new record has from the beginning what follows from no field, and what it began with stands', async () => {
  const empty = await page({}, true);
  await empty.rest();
  expect(asked).toEqual([{ values: {}, changed: [], fresh: true }]);
  expect(empty.values()).toMatchObject({ f_due000000: '2026-03-11' });
  await empty.type({ f_customer00: 'c1' });
  await empty.rest();
  expect(asked[1]?.changed).toContain('f_customer00');
  expect(asked[1]).not.toHaveProperty('fresh');
  expect(empty.values()).toEqual({ f_customer00: 'c1', f_city00000: '杭州', f_due000000: '2026-03-11' });
  await empty.end();
  asked = [];
  const copied = await page({ f_customer00: 'c1', f_due000000: '2026-01-01' }, true);
  await copied.rest();
  expect(asked).toMatchObject([{ changed: ['f_customer00'], fresh: true }]);
  expect(copied.values()).toMatchObject({ f_city00000: '杭州', f_due000000: '2026-01-01' });
  await copied.end();
});

it('what was typed before the first answer was asked for counts with what the record began with', async () => {
  const begun = await page({ f_customer00: 'c1' }, true);
  await begun.type({ f_other: 'x' });
  await begun.rest();
  expect(asked).toMatchObject([{ changed: ['f_customer00'], fresh: true }]);
  await begun.end();
});

it('an existing record keeps its values when its form is read anew (linked values came back over edited ones)', async () => {
  const stored = await page({ f_customer00: 'c1', f_city00000: '手改', f_due000000: null }, false);
  await stored.rest();
  await stored.draw({ ...form, fields: [...form.fields] } as typeof form);
  await stored.rest();
  expect(asked).toEqual([]);
  expect(stored.values()).toMatchObject({ f_city00000: '手改' });
  await stored.end();
});
