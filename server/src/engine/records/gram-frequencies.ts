import { fold } from '@lianke/shared/filter/fold';
import type { FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { tenantName } from '../../kernel/database/ident.js';
import type { TenantContext } from '../context.js';
import { type FormMeta, tableName } from '../forms/form-meta.js';
import { initialsGrams, isInitials, queryGrams } from './search-grams.js';

type Frequencies = ReadonlyMap<string, number>;

const refreshMs = 60_000;
const capacity = 500;
/** From this share of the rows on, passing over rows in the asked order finds a page sooner than gathering all hits. */
const frequentFrom = 0.01;

/**
 * How often searched grams occur, from PostgreSQL's own sample of the table. The planner takes a gram outside of its
 * sample for as frequent as a guess and may pass over a whole table for a word that nobody wrote.
 */
@Injectable()
export class GramFrequencies {
  private readonly cache = new Map<FormId, { at: number; known: Promise<Frequencies> }>();

  constructor(private readonly database: Database) {}

  /** Whether a page of hits is found soon by passing over the rows in order; false when nothing is known. */
  async frequent(ctx: TenantContext, form: FormMeta, search: string): Promise<boolean> {
    const known = await this.of(ctx, form);
    const share = (grams: readonly string[]) => together(grams.map((gram) => known.get(gram) ?? 0));
    const words = fold(search).trim().split(/\s+/);
    if (words.reduce((all, word) => all * share(queryGrams(word)), 1) >= frequentFrom) return true;
    return isInitials(search) && share(initialsGrams(fold(search).trim())) >= frequentFrom;
  }

  private of(ctx: TenantContext, form: FormMeta): Promise<Frequencies> {
    const held = this.cache.get(form.id);
    if (held && Date.now() - held.at < refreshMs) return held.known;
    const known = this.load(ctx, form);
    known.catch(() => this.cache.delete(form.id));
    this.cache.delete(form.id);
    this.cache.set(form.id, { at: Date.now(), known });
    const oldest = this.cache.keys().next().value;
    if (this.cache.size > capacity && oldest !== undefined) this.cache.delete(oldest);
    return known;
  }

  private async load(ctx: TenantContext, form: FormMeta): Promise<Frequencies> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ gram: string; share: number }>(
        `SELECT e.gram, e.share FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e(gram, share)
         WHERE s.schemaname = $1 AND s.tablename = $2 AND s.attname = 'search_grams' AND e.gram IS NOT NULL`,
        [tenantName(form.tenantId), tableName(form.id)],
        { last: true },
      ),
    );
    return new Map(rows.map((row) => [row.gram, row.share]));
  }
}

/**
 * The share of rows that hold all grams of one word. Grams that overlap come together: taken for independent, a word of
 * five that half of the rows hold would count as rare. The rarest counts in full, each further one by half as much
 * (exponential back-off, as SQL Server's cardinality estimator has it since 2014).
 */
export function together(shares: readonly number[]): number {
  return [...shares].sort((a, b) => a - b).reduce((all, share, index) => all * share ** (1 / 2 ** index), 1);
}
