import fastify from 'fastify';
import { expect, it } from 'vitest';
import { acceptStorableJson, storable } from './storable-text.js';

it('texts lose what no database keeps, wherever they stand; everything else stays', () => {
  const given = { name: 'a\u0000b', 'k\u0000': ['\ud800x', '😀', 1, null, true], in: { deep: '\udc00' } };
  expect(storable(given)).toEqual({ name: 'ab', k: ['\ufffdx', '😀', 1, null, true], in: { deep: '\ufffd' } });
});

it('bodies arrive so, and malformed ones are refused as before', async () => {
  const server = fastify();
  acceptStorableJson(server);
  server.post('/', async (request) => request.body);
  const send = (payload: string) =>
    server.inject({ method: 'POST', url: '/', payload, headers: { 'content-type': 'application/json' } });
  expect((await send('{"name":"a\\u0000b","face":"\\ud83d\\ude00","half":"\\uD83D"}')).json()).toEqual({
    ...{ name: 'ab', face: '😀', half: '\ufffd' },
  });
  expect((await send('{"name":')).statusCode).toBe(400);
  expect((await send('{"__proto__":{"a":1}}')).statusCode).toBe(400);
  await server.close();
});
