import type { Words } from '@lianke/shared/errors/issue-text';
import type { MailAccountBody, MailAccountView } from '@lianke/shared/flows/outside-api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { SecretBox } from '../../../kernel/secrets/secret-box.js';
import { CLOCK, SECRETS } from '../../../kernel/tokens.js';
import { AccessService } from '../../access/access.service.js';
import { writeAudit } from '../../audit/write-audit.js';
import { memberOf, type TenantContext } from '../../context.js';
import { type MailAccount, SmtpSender } from './smtp-sender.js';

interface AccountRow {
  host: string;
  port: number;
  security: 'tls' | 'starttls';
  user_name: string;
  sealed_password: string | null;
  from_address: string;
  from_name: string;
  updated_at: string;
}

const columns = 'host, port, security, user_name, sealed_password, from_address, from_name, updated_at';
const placeOf = (tenantId: string): string => `mail_account:${tenantId}`;

/** 发信邮箱: the account by which the company's flows send mail. */
@Injectable()
export class MailAccountService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly smtp: SmtpSender,
    @Inject(SECRETS) private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async view(ctx: TenantContext): Promise<MailAccountView | null> {
    await this.access.require(ctx, 'admin');
    return this.database.withTenant(ctx, async (tx) => present(await this.row(tx)));
  }

  /** The password stays as it was when none is given, but not when the server is another one. */
  async save(ctx: TenantContext, body: MailAccountBody): Promise<MailAccountView> {
    await this.access.require(ctx, 'admin');
    return this.database.withTenant(ctx, async (tx) => {
      const before = await this.row(tx);
      const moved = before && (before.host !== body.host || before.user_name !== body.user);
      if (body.password === undefined && body.user !== '' && (!before?.sealed_password || moved))
        throw refusal('invalid_request', {
          zh: '请填写邮箱密码或授权码',
          en: 'enter the password or app password of the mail account',
        });
      const sealed =
        body.password === undefined
          ? (before?.sealed_password ?? null)
          : this.box.encrypt(body.password, placeOf(ctx.tenantId));
      await tx.run(
        `INSERT INTO lianke.mail_account (tenant_id, host, port, security, user_name, sealed_password, from_address, from_name, updated_by, updated_at)
         VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)
         ON CONFLICT (tenant_id) DO UPDATE SET host = $2, port = $3, security = $4, user_name = $5, sealed_password = $6, from_address = $7,
           from_name = $8, updated_by = $9, updated_at = $10`,
        [
          ...[ctx.tenantId, body.host, body.port, body.security, body.user, sealed, body.from, body.fromName],
          ...[memberOf(ctx), this.clock.now()],
        ],
      );
      await writeAudit(tx, ctx, { action: 'mail.save', object: null, detail: { host: body.host, from: body.from } });
      const view = present(await this.row(tx));
      if (!view) throw new AppError('not_found');
      return view;
    });
  }

  async remove(ctx: TenantContext): Promise<void> {
    await this.access.require(ctx, 'admin');
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('DELETE FROM lianke.mail_account WHERE tenant_id = $1', [ctx.tenantId]);
      await writeAudit(tx, ctx, { action: 'mail.delete', object: null, detail: {} });
    });
  }

  /** A letter to an address, now; says what came of it. */
  async test(ctx: TenantContext, to: string, language: 'zh' | 'en' = 'zh'): Promise<{ sent: boolean; detail: string }> {
    await this.access.require(ctx, 'admin');
    const account = await this.account(ctx);
    if (!account)
      throw refusal('wrong_state', {
        zh: '还没有设置发信邮箱',
        en: 'no mail account is set up yet; an administrator sets it up under "Secrets and mail"',
      });
    const letter = { to: [to], key: uuid7(), ...testLetter[language] };
    const outcome = await this.smtp.send(account, letter).catch(() => undefined);
    if (outcome?.kind === 'sent') return { sent: true, detail: '' };
    if (!outcome) return { sent: false, detail: cutOff[language] };
    const english = outcome.kind === 'unreachable' && language === 'en';
    return { sent: false, detail: english ? outcome.english : outcome.detail };
  }

  /** Whether there is one, for checking definitions. */
  async isSet(tx: Tx): Promise<boolean> {
    return (await this.row(tx)) !== undefined;
  }

  /** The account with its password, for sending now. */
  async account(ctx: TenantContext): Promise<MailAccount | undefined> {
    const row = await this.database.withTenant(ctx, (tx) => this.row(tx));
    return (
      row && {
        ...{ host: row.host, port: row.port, security: row.security, user: row.user_name },
        password: row.sealed_password && this.box.decrypt(row.sealed_password, placeOf(ctx.tenantId)),
        ...{ from: row.from_address, fromName: row.from_name },
      }
    );
  }

  private async row(tx: Tx): Promise<AccountRow | undefined> {
    const [row] = await tx.sql<AccountRow>(`SELECT ${columns} FROM lianke.mail_account`);
    return row;
  }
}

const cutOff: Words = {
  zh: '邮件服务器中途断开，不知道是否已发出',
  en: 'the mail server hung up halfway; nobody knows whether it was sent',
};

const testLetter = {
  zh: { subject: '联客测试邮件', text: '这是一封测试邮件：发信邮箱已设置好，流程可以发邮件了。' },
  en: { subject: 'Lianke test mail', text: 'This is a test: the mail account is set up, and flows can send mail.' },
};

function present(row: AccountRow | undefined): MailAccountView | null {
  if (!row) return null;
  return {
    ...{ host: row.host, port: row.port, security: row.security, user: row.user_name },
    ...{ from: row.from_address, fromName: row.from_name },
    hasPassword: row.sealed_password !== null,
    updatedAt: row.updated_at,
  };
}
