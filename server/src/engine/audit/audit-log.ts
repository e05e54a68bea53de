import type { AuditItem, AuditQuery } from '@lianke/shared/audit/contracts';
import type { FormId, MemberId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';

const pageSize = 50;
const longestFact = 2000;

interface Row {
  id: string;
  at: string;
  actor_id: MemberId | null;
  action: AuditItem['action'];
  object: string | null;
  detail: Record<string, unknown> | null;
  address: string | null;
}

/** The trail as administrators read it: ids become names where somebody still has them. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly forms: FormRegistry,
  ) {}

  /** Newest first, a page of fifty. Throws `invalid_cursor`. */
  async list(ctx: TenantContext, query: AuditQuery): Promise<{ items: AuditItem[]; cursor: string | null }> {
    if (query.cursor !== undefined && !/^[0-9a-f-]{36}$/.test(query.cursor)) throw new AppError('invalid_cursor');
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Row>(
        `SELECT id, at, actor_id, action, object, detail, address FROM lianke.audit
         WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR action = $2) AND ($3::uuid IS NULL OR actor_id = $3)
           AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
         ORDER BY id DESC LIMIT ${pageSize + 1}`,
        [query.cursor ?? null, query.action ?? null, query.memberId ?? null, query.from ?? null, query.to ?? null],
      ),
    );
    const page = rows.slice(0, pageSize);
    const nameOf = await this.names(ctx);
    return {
      items: page.map((row) => present(row, nameOf)),
      cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null,
    };
  }

  private async names(ctx: TenantContext): Promise<(id: string) => string | undefined> {
    const [org, forms, apps] = await Promise.all([
      this.org.of(ctx),
      this.forms.all(ctx),
      this.database.withTenant(ctx, (tx) => tx.sql<{ id: string; name: string }>('SELECT id, name FROM lianke.app')),
    ]);
    const appNames = new Map(apps.map((app) => [app.id, app.name]));
    return (id) =>
      forms.get(id as FormId)?.name ??
      org.members.get(id as MemberId)?.name ??
      org.roles.get(id as never)?.name ??
      appNames.get(id);
  }
}

function present(row: Row, nameOf: (id: string) => string | undefined): AuditItem {
  const detail = row.detail ?? {};
  const own = ['name', 'form', 'app'].map((key) => detail[key]).find((value) => typeof value === 'string');
  const facts = Object.entries(detail).flatMap(([name, value]) => {
    const text = textOf(value, nameOf);
    return text === '' || value === own ? [] : [{ name, text: text.slice(0, longestFact) }];
  });
  return {
    id: row.id,
    at: row.at,
    actor: row.actor_id ? { id: row.actor_id, label: nameOf(row.actor_id) ?? row.actor_id } : null,
    action: row.action,
    subject: typeof own === 'string' ? own : ((row.object && nameOf(row.object)) ?? null),
    facts,
    address: row.address,
  };
}

const idLike = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A noted fact as text: ids by their names or left out, what is nested as JSON. */
function textOf(value: unknown, nameOf: (id: string) => string | undefined): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'string') return idLike.test(value) ? (nameOf(value) ?? '') : value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value
      .map((item) => textOf(item, nameOf))
      .filter(Boolean)
      .join('、');
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' && idLike.test(part) ? (nameOf(part) ?? part) : part,
  );
}
