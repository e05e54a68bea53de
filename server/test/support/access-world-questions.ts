import type { ErrorCode } from '@lianke/shared/errors/codes';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { expect } from 'vitest';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import { AppError } from '../../src/kernel/errors/app-error.js';
import type { Question } from './access-oracle.js';
import type { AccessWorld } from './access-world.js';
import { grades } from './access-world-rights.js';

/** One random query. */
export function questionOf(world: AccessWorld): Question {
  const form = world.dice.chance(0.5) ? ('customer' as const) : ('visit' as const);
  const filter = world.dice.chance(0.6) ? askedFilter(world, form) : undefined;
  const search = world.dice.chance(0.15) ? `n${world.dice.int(3)}` : undefined;
  const kind = world.dice.pick([
    'list',
    'list',
    'list',
    'pool',
    'pool',
    'aggregate',
    'aggregate',
    'get',
    'may',
    'write',
  ] as const);
  const rows = world.oracle.forms[form].rows;
  const record = world.dice.pick(rows).id;
  switch (kind) {
    case 'pool':
    case 'list': {
      const sorts = ['amount', 'name', 'grade', ...(form === 'visit' ? ['customer.amount', 'customer.name'] : [])];
      const sort = world.dice.chance(0.8)
        ? [{ field: world.dice.pick(sorts), dir: world.dice.pick(['asc', 'desc'] as const) }]
        : [];
      return { kind, form, filter, search, sort };
    }
    case 'aggregate': {
      const groups = [
        'grade',
        'helper',
        'name',
        ...(form === 'visit' ? ['customer.grade', 'customer.name', 'customer'] : []),
      ];
      const group = world.dice.chance(0.8) ? world.dice.pick(groups) : undefined;
      return { kind, form, filter, search, group, sum: world.dice.chance(0.5) };
    }
    case 'get':
      return { kind, form, record };
    case 'may':
      return { kind, form, record, action: world.dice.pick(['edit', 'delete', 'export', 'share'] as const) };
    case 'write': {
      const value = world.dice.pick<Record<string, string>>([
        { grade: world.dice.pick(grades) },
        { owner: world.dice.pick(world.members) as string },
        { amount: String(world.dice.int(9) * 100) },
        { name: `n0${world.dice.int(10)}` },
      ]);
      return { kind, form, record, values: value };
    }
  }
}

function askedFilter(world: AccessWorld, form: 'customer' | 'visit'): Filter {
  const leaf = (): Filter =>
    world.dice.pick<Filter>([
      { field: 'grade', op: world.dice.pick(['eq', 'ne'] as const), value: world.dice.pick(grades) },
      { field: 'amount', op: world.dice.pick(['gte', 'lt'] as const), value: String(world.dice.int(8) * 100) },
      { field: 'name', op: 'contains', value: String(world.dice.int(10)) },
      { field: 'name', op: world.dice.pick(['eq', 'ne'] as const), value: `n0${world.dice.int(10)}` },
      { field: 'owner', op: 'eq', value: world.dice.pick(world.members) },
      { field: 'phone', op: 'contains', value: `10${world.dice.int(10)}` },
      ...(form === 'visit'
        ? ([
            { field: 'customer.grade', op: 'eq', value: world.dice.pick(grades) },
            { field: 'customer.amount', op: 'gte', value: String(world.dice.int(8) * 100) },
            { field: 'customer.name', op: 'contains', value: String(world.dice.int(10)) },
            { field: 'customer', op: 'notEmpty' },
          ] as Filter[])
        : []),
    ]);
  const shape = world.dice.int(4);
  if (shape === 0) return { and: [leaf(), leaf()] };
  if (shape === 1) return { or: [leaf(), leaf()] };
  return shape === 2 ? { not: leaf() } : leaf();
}

/** As the engine answers it, brought to the oracle's shape. */
export async function answerOf(world: AccessWorld, question: Question): Promise<Json[]> {
  const ctx = await world.ctx();
  const reader = world.engine.get(RecordReader);
  const formId = world.need()[question.form].id as FormId;
  const { filter, search } = 'filter' in question ? question : { filter: undefined, search: undefined };
  const narrowed = { ...(filter ? { filter } : {}), ...(search ? { search } : {}) };
  switch (question.kind) {
    case 'pool':
    case 'list': {
      const doing = question.kind === 'pool' ? 'pool' : 'view';
      const rows: Json[] = [];
      let cursor: string | undefined;
      let total: unknown;
      do {
        const asked = {
          ...narrowed,
          sort: [...question.sort, { field: 'createdAt', dir: 'asc' as const }],
          limit: 7,
          total: true,
          ...(cursor ? { cursor } : {}),
        };
        const page = await reader.query(ctx, formId, asked, doing);
        total = page.total;
        rows.push(...page.items.map((item) => plain(item)));
        cursor = page.cursor ?? undefined;
      } while (cursor);
      expect(total).toBe(rows.length);
      return rows;
    }
    case 'aggregate': {
      const items = await reader.aggregate(ctx, formId, {
        ...narrowed,
        groupBy: question.group ? [{ field: question.group }] : [],
        metrics: [
          { fn: 'count', as: 'n' },
          ...(question.sum ? [{ fn: 'sum' as const, field: 'amount', as: 'sum' }] : []),
        ],
        sort: [],
        limit: 200,
      });
      const told = items.map((item): Json => {
        const group = item.groups[0] ?? null;
        const key = group !== null && typeof group === 'object' ? (group as { id: string }).id : group;
        const sum = item.metrics.sum ?? null;
        return {
          group: question.group ? (key as Json) : null,
          n: item.metrics.n as number,
          ...(question.sum ? { sum: sum === null ? null : Number(sum) } : {}),
        };
      });
      return told.sort(byText);
    }
    case 'get':
      return [plain(await reader.get(ctx, formId, question.record as RecordId))];
    case 'may':
      await reader.requireAction(ctx, formId, question.record as RecordId, question.action);
      return [true];
    case 'write': {
      const { results } = await world.engine.get(RecordWriter).write(ctx, {
        formId,
        op: 'update',
        rows: [{ id: question.record as RecordId, values: question.values as never }],
      });
      const [result] = results;
      if (result?.status === 'failed') throw new AppError((result.error?.code ?? 'internal') as ErrorCode);
      world.oracle.wrote(question);
      return [result?.status ?? 'none'];
    }
  }
}

function plain(item: RecordView): Json {
  const bare = (value: unknown): Json =>
    value !== null && typeof value === 'object' && 'id' in value
      ? String((value as { id: string }).id)
      : Array.isArray(value)
        ? value.map(bare)
        : (value as Json);
  const kept = ['name', 'phone', 'amount', 'grade', 'helper', 'mates', 'owner', 'customer'];
  const values = Object.fromEntries(
    Object.entries(item.values).flatMap(([key, value]) => (kept.includes(key) ? [[key, bare(value)]] : [])),
  );
  if (typeof values.amount === 'string') values.amount = String(Number(values.amount));
  const masked = kept.filter((key) => item.masked?.includes(key));
  return { id: item.id, label: item.label, values, masked };
}

function byText(a: Json, b: Json): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
