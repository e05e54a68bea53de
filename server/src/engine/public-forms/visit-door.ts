import type { Language } from '@lianke/shared/errors/issue-text';
import type { RecordId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { RateLimiter, RateRule } from '../../kernel/redis/rate-limiter.js';
import { CLOCK, RATE_LIMITER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import {
  closedWords,
  type InviteMark,
  invitedOnlyWords,
  type PublicFormRow,
  spentWords,
  stateOf,
} from './public-form-row.js';
import { PublicSeal } from './seal.js';

/** Who is there: a mark in the browser's cookie, the address and the language, all as they came. */
export interface Visitor {
  mark: string;
  address: string;
  language: Language;
}

/** A link that somebody has followed. */
export interface Visit {
  ctx: TenantContext;
  row: PublicFormRow;
  form: FormMeta;
  /** Absent for the common address. */
  invite?: InviteMark | undefined;
}

const minute = 60_000;
/** By address and link; an office behind one address fills in a form together. */
const limits = {
  open: { limit: 120, windowMs: minute },
  password: { limit: 10, windowMs: 10 * minute },
  pick: { limit: 60, windowMs: minute },
  upload: { limit: 60, windowMs: 10 * minute },
  submit: { limit: 30, windowMs: 5 * minute },
} as const satisfies Record<string, RateRule>;

/** Lets visitors in by a link: while it is open, with its password, and not too often. */
@Injectable()
export class VisitDoor {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly seal: PublicSeal,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The link of a token that is open, its password given.
   * @param again what is submitted: sent twice it gets its first answer, also by a link that is spent with it
   */
  async entered(token: string, pass: string | undefined, again?: RecordId): Promise<Visit> {
    const visit = await this.visit(token);
    const { invite } = visit;
    const repeated = again !== undefined && invite?.record_id === again;
    this.requireOpen(visit.ctx, visit.row, repeated ? { ...invite, record_id: null } : invite);
    const locked = visit.row.password_hash;
    if (locked !== null && !this.seal.passed(visit.row.id, locked, pass)) throw new AppError('wrong_link_password');
    return visit;
  }

  /** The link of a token, open or not. */
  async visit(token: string): Promise<Visit> {
    const [found] = await this.database.control<{ tenant: TenantContext['tenantId'] | null }>(
      'SELECT coalesce(lianke.public_form_tenant($1), lianke.public_invite_tenant($1)) AS tenant',
      [token],
    );
    if (!found?.tenant) throw new AppError('not_found');
    const ctx = await this.tenants.context(found.tenant, { kind: 'system', name: 'public' }, { door: 'public' });
    const { row, invite } = await this.database.withTenant(ctx, async (tx) => {
      const [mark] = await tx.sql<InviteMark & { public_form_id: string }>(
        'SELECT id, public_form_id, revoked_at, record_id FROM lianke.public_invite WHERE token = $1',
        [token],
      );
      const [link] = await tx.sql<PublicFormRow>(
        `SELECT * FROM lianke.public_form WHERE ${mark ? 'id' : 'token'} = $1`,
        [mark ? mark.public_form_id : token],
      );
      return { row: link, invite: mark };
    });
    const form = row && (await this.registry.all(ctx)).get(row.form_id);
    if (!row || !form) throw new AppError('not_found');
    return { ctx, row, form, invite };
  }

  /** The invitation as it stands, held until the transaction ends. */
  async lockInvite(tx: Tx, id: string): Promise<InviteMark> {
    const [mark] = await tx.sql<InviteMark>(
      'SELECT id, revoked_at, record_id FROM lianke.public_invite WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (!mark) throw new AppError('not_found');
    return mark;
  }

  /** Refuses what is not open now, or not to who holds this invitation. */
  requireOpen(
    ctx: TenantContext,
    row: Pick<PublicFormRow, 'enabled' | 'settings' | 'submissions'>,
    invite: InviteMark | undefined,
  ): void {
    const state = stateOf(row, this.clock.now());
    if (state !== 'open') throw refusal('public_form_closed', closedWords(state, row.settings, ctx.timeZone));
    const spent = invite ? spentWords(invite) : row.settings.invitedOnly ? invitedOnlyWords : undefined;
    if (spent) throw refusal('public_form_closed', spent);
  }

  /** Counts a call against the limit of its kind. */
  async take(what: keyof typeof limits, token: string, visitor: Visitor): Promise<void> {
    const answer = await this.limiter.take(`public-${what}:${token}:${visitor.address}`, limits[what]);
    if (!answer.allowed) throw new AppError('too_many_requests', { seconds: Math.ceil(answer.retryAfterMs / 1000) });
  }
}
