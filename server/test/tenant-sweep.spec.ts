import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { furnish, type Ids, ledger, ok, random, template } from './support/sweep/company.js';
import { companyProbes } from './support/sweep/company-probes.js';
import { flowsProbes } from './support/sweep/flows-probes.js';
import { formsProbes } from './support/sweep/forms-probes.js';
import { brokenCursor, type Probe, type Probes } from './support/sweep/probe.js';
import { recordsProbes } from './support/sweep/records-probes.js';
import { kindOf, logIn, type Operation, operations, plain, swept, url, withoutInput } from './support/sweep/routes.js';
import { type Answer, type TestAccount, WholeApp } from './support/whole-app.js';

const probes: Probes = { ...companyProbes, ...formsProbes, ...recordsProbes, ...flowsProbes };

let whole: WholeApp;
let mine: TestAccount;
let theirs: TestAccount;
let mineIds: Ids;
let theirIds: Ids;

beforeAll(async () => {
  whole = await WholeApp.start();
  mine = await whole.company('mine', '我方');
  theirs = await whole.company('theirs', '机密');
  mineIds = await furnish(whole, mine);
  theirIds = await furnish(whole, theirs);
}, 120_000);
afterAll(() => whole.close());

async function send(operation: Operation, account: TestAccount, ids: Ids, probe: Probe = {}): Promise<Answer> {
  const target = `${url(operation, ids)}${probe.query ? `?${encodeURI(probe.query)}` : ''}`;
  if (operation.name === 'imports.create') return account.upload(target, 'ledger.xlsx', ledger);
  if (['prints.upload', 'prints.replace'].includes(operation.name))
    return account.upload(target, '版式.docx', template);
  const body = probe.body ?? (operation.hasBody ? {} : undefined);
  return account.call(operation.method, target, body);
}

/** The answer without what differs between any two requests: traces, times, ids. */
function shape(answer: Answer): string {
  const text = answer.text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/[0-9a-f]{32}/g, '<hex>')
    .replace(/f_[0-9a-z]{10}/g, '<field>')
    .replace(/"traceId":"[^"]*"/g, '')
    .replace(/"version":\d+/g, '"version"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/zq\d+x/gi, '<tag>')
    .replace(/\/p\/[\w-]{16,}/g, '/p/<token>')
    .replace(/"cursor":"[^"]*"/g, '"cursor"')
    .replace(/"since":"[^"]*"/g, '"since"');
  return `${answer.status} ${text}`;
}

describe('the list of routes', () => {
  it('is the OpenAPI document’s, and each one is swept, or excluded by name', () => {
    const all = operations();
    expect(all.length).toBeGreaterThan(80);
    for (const name of [...logIn, ...withoutInput]) expect(all.map((each) => each.name)).toContain(name);
    for (const each of all.filter((operation) => withoutInput.includes(operation.name)))
      expect([...each.pathIds, ...each.query], each.name).toEqual([]);
    const unprobed = swept.filter((each) => (each.hasBody || each.query.length > 0) && !probes[each.name]);
    expect(unprobed.map((each) => each.name)).toEqual([]);
    const unknown = swept.flatMap((each) =>
      each.pathIds
        .filter((name) => !(name in plain) && !(kindOf(each, name) in theirIds))
        .map((name) => `${each.name} :${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('answers none without a session', async () => {
    for (const operation of [...swept, ...operations().filter((each) => withoutInput.includes(each.name))]) {
      if (operation.name === 'demo.progress') continue;
      const answer = await whole.call(operation.method, url(operation, theirIds));
      expect([answer.status, answer.json?.code], operation.name).toEqual([401, 'unauthenticated']);
    }
  });
});

describe('another tenant’s id', () => {
  const inPath = swept.filter((each) => each.pathIds.some((name) => !(name in plain)));

  it.each(inPath.map((each) => [each.name, each] as const))(
    'in the path of %s answers 404, like nobody’s',
    async (_, operation) => {
      const names = operation.pathIds.filter((name) => !(name in plain));
      // Every combination with at least one id that is not the caller's.
      for (let bits = 1; bits < 2 ** names.length; bits++) {
        const mixed = (others: Ids): Ids => {
          const ids = { ...mineIds };
          names.forEach((name, index) => {
            const kind = kindOf(operation, name);
            if (bits & (1 << index)) ids[kind] = others[kind];
          });
          return ids;
        };
        for (const probe of [...(probes[operation.name]?.(mineIds, mineIds, 'zq0x') ?? []), {}]) {
          const foreign = await send(operation, mine, mixed(theirIds), probe);
          const nobody = await send(operation, mine, mixed(random(theirIds)), probe);
          expect(shape(foreign), JSON.stringify(probe)).toBe(shape(nobody));
          expect(foreign.text).not.toContain('机密客户');
          const wellFormed = probe.query ? probe.query !== brokenCursor : (probe.body ?? !operation.needsInput);
          if (wellFormed) expect(foreign.status, JSON.stringify(probe)).toBe(404);
        }
      }
    },
  );

  const inInput = swept.filter((each) => probes[each.name]);
  let tags = 0;

  it.each(inInput.map((each) => [each.name, each] as const))(
    'in the body or query of %s answers what nobody’s id answers',
    async (_, operation) => {
      const asked = (others: Ids) => probes[operation.name]?.(others, mineIds, `zq${++tags}x`) ?? [];
      const foreign = asked(theirIds);
      const warm = asked(random(theirIds));
      const nobody = asked(random(theirIds));
      expect(foreign.length).toBeGreaterThan(0);
      for (const [index, probe] of foreign.entries()) {
        // Once to bring about whatever it changes here, so that both answers start from the same state.
        await send(operation, mine, mineIds, warm[index]);
        const first = await send(operation, mine, mineIds, nobody[index]);
        const second = await send(operation, mine, mineIds, probe);
        expect(shape(second), JSON.stringify(probe)).toBe(shape(first));
      }
    },
  );

  it('changed nothing over there, while the owner’s own ids open every one of these doors', async () => {
    const record = ok(await theirs.call('GET', `/api/v1/forms/${theirIds.form}/records/${theirIds.record}`)).json;
    expect(record).toMatchObject({ version: 1, values: { name: '机密客户' } });
    const before = ok(await theirs.call('GET', `/api/v1/tasks/${theirIds.task}`)).json;
    expect(before.state).toBe('pending');
    const order = ['GET', 'POST', 'PATCH', 'DELETE'];
    const last = [
      'departments.delete',
      'roles.delete',
      'forms.delete',
      'records.delete',
      'records.purge',
      'batches.undo',
      'imports.start',
      'imports.undo',
      'imports.cancel',
    ];
    const sorted = inPath.toSorted(
      (a, b) => last.indexOf(a.name) - last.indexOf(b.name) || order.indexOf(a.method) - order.indexOf(b.method),
    );
    const closed: string[] = [];
    for (const operation of sorted.filter((each) => !last.includes(each.name) && each.method !== 'DELETE')) {
      const answer = await send(operation, theirs, theirIds, probes[operation.name]?.(theirIds, theirIds, 'zq0x')[0]);
      // 502: the door opened, and behind it is no platform.
      const failed = answer.status >= 500 && answer.status !== 502;
      if (answer.status === 404 || failed) closed.push(`${operation.name} ${answer.status} ${answer.text}`);
    }
    expect(closed).toEqual([]);
  });
});
