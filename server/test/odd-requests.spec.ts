import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApiDocument } from '../src/kernel/http/openapi.js';
import { Dice } from './support/dice.js';
import { type JsonSchema, OddValues, oddTexts } from './support/odd-values.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, soaking, timeLeft } from './support/soak.js';
import { furnish } from './support/sweep/company.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

const requests = soaking ? 100_000 : 3000;
/** They end the session that asks, or never end themselves. */
const apart = /^(auth\.(signOut|signOutAll|switch|password)|events\.stream|demo\.reset)$/;

interface Described {
  operationId: string;
  parameters?: { name: string; in: string; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
}

let whole: WholeApp;
let account: TestAccount;
let things: string[];

beforeAll(async () => {
  whole = await WholeApp.start();
  account = await whole.company('odd', '怪请求');
  things = Object.values(await furnish(whole, account));
}, 120_000);
afterAll(() => whole.close());

it('no request is answered with an error of ours, however odd', async () => {
  const dice = new Dice(seeded(newSeed('odd requests', soaking ? undefined : 964_159_078)));
  const { paths, components } = openApiDocument() as {
    paths: Record<string, Record<string, Described>>;
    components?: { schemas?: Record<string, JsonSchema> };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { operationId }]) => !apart.test(operationId))
      .map(([method, described]) => ({ path, method: method.toUpperCase(), ...described })),
  );
  const forms = (await account.call('GET', '/api/v1/forms')).json.items as { fields: { id: string; key: string }[] }[];
  const fields = forms.flatMap((form) => form.fields.flatMap(({ id, key }) => [id, key]));
  const odd = new OddValues(dice, components?.schemas ?? {}, things, fields);
  const inAddress = oddTexts.filter((text) => text !== '' && text.length < 100 && !/\p{Surrogate}/u.test(text));
  const failed: string[] = [];
  let asked = 0;
  let answered = 0;
  while (asked < requests && timeLeft()) {
    const { path, method, parameters = [], requestBody } = dice.pick(operations);
    // What there is would soon be gone.
    if (method === 'DELETE' && dice.chance(0.9)) continue;
    const place = path.replace(/\{\w+\}/g, () =>
      encodeURIComponent(dice.chance(0.85) ? dice.pick(things) : dice.pick(inAddress)),
    );
    const query = parameters
      .filter((each) => each.in === 'query' && dice.chance(0.4))
      .map(({ name, schema }) => `${name}=${encodeURIComponent(plain(odd.of(schema, 4)))}`)
      .join('&');
    const schema = requestBody?.content['application/json']?.schema;
    const body = schema && odd.of(schema);
    const url = query ? `${place}?${query}` : place;
    // As a client would send it: a body that is a text is JSON too.
    const headers = { authorization: `Bearer ${account.token}`, 'content-type': 'application/json' };
    const payload = body === undefined ? {} : { payload: Buffer.from(JSON.stringify(body)) };
    const { status, text, json } = await whole.call(method, url, {
      headers: body === undefined ? { authorization: headers.authorization } : headers,
      ...payload,
    });
    asked++;
    if (status < 300) answered++;
    // Platforms that nobody reaches here are no error of ours.
    if (status >= 500 && json?.code !== 'channel_failed')
      failed.push(`${status} ${method} ${url} ${JSON.stringify(body)?.slice(0, 500)} → ${text.slice(0, 200)}`);
  }
  noteFacts('odd requests', { requests: asked, answered });
  expect(failed).toEqual([]);
  // They are not all turned away at the door.
  expect(answered).toBeGreaterThan(asked / 20);
}, 3_600_000);

/** A value as it can stand in an address. */
function plain(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/\p{Surrogate}/gu, '').slice(0, 2000);
}
