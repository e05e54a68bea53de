import { createHash } from 'node:crypto';
import type { Words } from '@lianke/shared/errors/issue-text';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { Config } from '../../../kernel/config/config.js';
import { guardedLookup, mayConnect, type Reach } from '../../../kernel/outbound/address-guard.js';
import { CONFIG } from '../../../kernel/tokens.js';

export interface MailAccount {
  host: string;
  port: number;
  security: 'tls' | 'starttls';
  user: string;
  password: string | null;
  from: string;
  fromName: string;
}

export interface Letter {
  to: readonly string[];
  subject: string;
  text: string;
  /** The same for the same letter: its Message-ID is made from it, by which servers and readers know a second one. */
  key: string;
}

/** `refused`: the server said no, with its words. `unreachable`: it was not spoken to as far as the letter, and why in both languages. */
export type MailOutcome =
  | { kind: 'sent'; accepted: string[]; rejected: string[] }
  | { kind: 'refused'; code: number; detail: string }
  | { kind: 'unreachable'; detail: string; english: string };

const timeoutMs = 20_000;

/** What addresses may be reached (`inner`: private ones that the operator opened), and for tests whether letters may go in clear. */
export class SmtpOptions {
  reach: Reach = 'public';
  plain = false;

  constructor(readonly inner: readonly string[] = []) {}
}

/**
 * Speaks SMTP with a company's own server, past the same guard as other requests: the name is resolved here and the
 * address that passed is connected to, so that it cannot change in between. Throws when nobody knows whether it was sent.
 */
@Injectable()
export class SmtpSender {
  private readonly options: SmtpOptions;

  constructor(@Inject(CONFIG) config: Pick<Config, 'outboundPrivate'>, @Optional() options?: SmtpOptions) {
    this.options = options ?? new SmtpOptions(config.outboundPrivate);
  }

  async send(account: MailAccount, letter: Letter): Promise<MailOutcome> {
    const address = await this.resolve(account.host).catch(() => undefined);
    if (!address)
      return unreachable({
        zh: `找不到邮件服务器 ${account.host}，或它不在公网上（内网的邮件服务器由运维用 OUTBOUND_PRIVATE 放行）`,
        en: `the mail server ${account.host} was not found or is not on the public internet (operators open a private one with OUTBOUND_PRIVATE)`,
      });
    const talk = new Talk();
    const transport = createTransport({
      host: address,
      port: account.port,
      secure: account.security === 'tls',
      requireTLS: account.security === 'starttls' && !this.options.plain,
      ignoreTLS: this.options.plain,
      ...(account.user ? { auth: { user: account.user, pass: account.password ?? '' } } : {}),
      tls: { servername: account.host },
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      debug: true,
      transactionLog: true,
      logger: talk as never,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const info = await transport.sendMail({
        from: { name: account.fromName, address: account.from },
        to: [...letter.to],
        subject: letter.subject.replace(/[\r\n]+/g, ' '),
        text: letter.text,
        messageId: `<${createHash('sha256').update(letter.key).digest('hex').slice(0, 40)}@${domainOf(account.from)}>`,
      });
      return {
        kind: 'sent',
        accepted: info.accepted.map(addressText),
        rejected: (info.rejected ?? []).map(addressText),
      };
    } catch (error) {
      return outcomeOf(error, talk.begun);
    } finally {
      transport.close();
    }
  }

  private resolve(host: string): Promise<string> {
    const { reach, inner } = this.options;
    return new Promise((resolve, reject) => {
      guardedLookup(reach, { inner })(host, { all: false }, (error, address) => {
        const found = typeof address === 'string' ? address : address[0]?.address;
        if (error || !found || !mayConnect(found, reach, inner)) reject(error ?? new Error('no address'));
        else resolve(found);
      });
    });
  }
}

const domainOf = (address: string): string => address.split('@').at(-1) ?? 'localhost';
const addressText = (item: string | { address: string }): string => (typeof item === 'string' ? item : item.address);

/** Listens in on the talk, without keeping a word of it: once the letter was begun, nobody knows what became of it. */
class Talk {
  begun = false;
  private readonly deaf = (): void => undefined;
  readonly trace = this.deaf;
  readonly info = this.deaf;
  readonly warn = this.deaf;
  readonly error = this.deaf;
  readonly fatal = this.deaf;

  readonly debug = (entry: { tnx?: string }, words: unknown): void => {
    if (entry.tnx === 'client' && words === 'DATA') this.begun = true;
  };

  level(): void {}
}

function outcomeOf(error: unknown, begun: boolean): MailOutcome {
  const { responseCode, response, code } = error as { responseCode?: number; response?: string; code?: string };
  if (responseCode !== undefined && responseCode >= 400)
    return { kind: 'refused', code: responseCode, detail: (response ?? '').slice(0, 300) };
  if (begun) throw error;
  return unreachable(wordsOf(code));
}

const unreachable = ({ zh, en }: Words): MailOutcome => ({ kind: 'unreachable', detail: zh, english: en });

function wordsOf(code: string | undefined): Words {
  if (code === 'ETIMEDOUT') return { zh: '邮件服务器没有回应', en: 'the mail server did not answer' };
  if (code === 'EAUTH') return { zh: '邮箱账号或密码不对', en: 'the account or password of the mail account is wrong' };
  if (code === 'ETLS')
    return {
      zh: '邮件服务器不支持加密连接，或证书无效',
      en: 'the mail server offers no encrypted connection, or its certificate is not valid',
    };
  return { zh: '连不上邮件服务器', en: 'the mail server cannot be reached' };
}
