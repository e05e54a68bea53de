import { dateIn } from '@lianke/shared/time/zone';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';

interface Config {
  prefix: string;
  date: 'none' | 'YYYY' | 'YYYYMM' | 'YYYYMMDD';
  digits: number;
  reset: 'never' | 'year' | 'month' | 'day';
  /** Absent in definitions older than it. */
  suffix?: string;
  gapless?: boolean;
}

const blockSize = 20;
const resetDigits = { never: 0, year: 4, month: 6, day: 8 } as const;

/** The text of one number: prefix, date part in the tenant's zone, counter padded to `digits`, suffix. */
export function autonumberText(config: Config, day: string, counter: number): string {
  const compact = day.replaceAll('-', '');
  const date = config.date === 'none' ? '' : compact.slice(0, config.date.length);
  return `${config.prefix}${date}${String(counter).padStart(config.digits, '0')}${config.suffix ?? ''}`;
}

/** Whether a field's numbers are given with the record itself, none left out. */
export const isGapless = (field: FieldMeta): boolean =>
  field.typeName === 'autonumber' && (field.config as Config).gapless === true;

/**
 * Numbers come from blocks taken in their own short transaction before the write begins: gaps are possible (a refused
 * write, a stopped process), duplicates are not. A field that allows no gaps takes its numbers in the write's own
 * transaction, whose end the next writer waits for.
 */
@Injectable()
export class Autonumbers {
  private readonly blocks = new Map<string, { next: number; end: number }>();
  private readonly refills = new Map<string, Promise<void>>();

  constructor(private readonly database: Database) {}

  /** `count` texts for a field of new records. Inside a caller's transaction exactly these numbers are taken in it. */
  async take(
    ctx: TenantContext,
    form: FormMeta,
    field: FieldMeta,
    count: number,
    now: Date,
    tx?: Tx,
  ): Promise<string[]> {
    const config = field.config as Config;
    const day = dateIn(ctx.timeZone, now);
    const cycle = day.replaceAll('-', '').slice(0, resetDigits[config.reset]);
    const numbers = tx
      ? await this.reserve(tx, ctx, form, field, cycle, count).then((start) => sequence(start, count))
      : await this.fromBlock(ctx, form, field, cycle, count);
    return numbers.map((number) => autonumberText(config, day, number));
  }

  /**
   * The next `count` numbers, the counter's row locked until the caller's transaction ends: undone with it, they are given
   * again. Numbers that records brought along are passed over.
   */
  async takeGapless(
    tx: Tx,
    ctx: TenantContext,
    form: FormMeta,
    field: FieldMeta,
    count: number,
    now: Date,
  ): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) {
      const wanted = await this.take(ctx, form, field, count - taken.length, now, tx);
      const used = await tx.sql<{ text: string }>(
        `SELECT ${field.column} AS text FROM ${form.table} WHERE ${field.column} = ANY($1::text[])`,
        [wanted],
      );
      const brought = new Set(used.map(({ text }) => text));
      taken.push(...wanted.filter((text) => !brought.has(text)));
    }
    return taken;
  }

  private async fromBlock(
    ctx: TenantContext,
    form: FormMeta,
    field: FieldMeta,
    cycle: string,
    count: number,
  ): Promise<number[]> {
    const key = `${ctx.tenantId}/${form.id}/${field.id}/${cycle}`;
    const numbers: number[] = [];
    while (numbers.length < count) {
      const block = this.blocks.get(key);
      if (block && block.next < block.end) {
        numbers.push(block.next++);
        continue;
      }
      await this.refill(key, ctx, form, field, cycle, Math.max(blockSize, count - numbers.length));
    }
    return numbers;
  }

  /** Concurrent callers of one key share a refill; whoever finds the block used up again asks for the next. */
  private refill(
    key: string,
    ctx: TenantContext,
    form: FormMeta,
    field: FieldMeta,
    cycle: string,
    size: number,
  ): Promise<void> {
    const running = this.refills.get(key);
    if (running) return running;
    const refill = this.database
      .withTenant(ctx, (tx) => this.reserve(tx, ctx, form, field, cycle, size))
      .then((start) => {
        this.blocks.set(key, { next: start, end: start + size });
        if (this.blocks.size > 10_000) this.blocks.delete(this.blocks.keys().next().value ?? '');
      })
      .finally(() => this.refills.delete(key));
    this.refills.set(key, refill);
    return refill;
  }

  private async reserve(
    tx: Tx,
    ctx: TenantContext,
    form: FormMeta,
    field: FieldMeta,
    cycle: string,
    count: number,
  ): Promise<number> {
    const [row] = await tx.sql<{ next: number }>(
      `INSERT INTO lianke.autonumber (tenant_id, form_id, field, cycle, next) VALUES ($1, $2, $3, $4, $5::bigint + 1)
       ON CONFLICT (tenant_id, form_id, field, cycle) DO UPDATE SET next = lianke.autonumber.next + $5::bigint RETURNING next`,
      [ctx.tenantId, form.id, field.id, cycle, count],
    );
    return (row?.next ?? count + 1) - count;
  }
}

function sequence(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => start + index);
}
