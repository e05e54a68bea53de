import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { TenantId } from '@lianke/shared/ids';
import type { Database } from '../../kernel/database/database.js';
import { saidIn } from '../../kernel/errors/said.js';
import { type Connection } from './connection.js';
import type { LoginReturns } from './login-returns.js';
import { noteWords } from './message-fates.js';
import type { MessageRow } from './message-row.js';
import type { ChatPlatforms } from './port/platforms.js';
import { reasonTold } from './reason-told.js';
import type { SiteFiles } from './site-files.js';
import type { InstallFacts, SuiteInstalls } from './suite/suite-installs.js';
import { type Language, say } from './texts.js';
import type { VisibleRanges } from './visible-ranges.js';

type View = AnswerOf<'connections.save'>;
type Check = View['checks'][number];

/** Connections as their page shows them: settings without secrets, and the check-list. */
export class ConnectionViews {
  constructor(
    private readonly database: Database,
    private readonly platforms: ChatPlatforms,
    private readonly installs: SuiteInstalls,
    private readonly siteFiles: SiteFiles,
    private readonly ranges: VisibleRanges,
    private readonly logins: LoginReturns,
    private readonly publicUrl: string,
  ) {}

  async of(ctx: { tenantId: TenantId }, connection: Connection, language: Language): Promise<View> {
    const suite =
      connection.suiteId === null
        ? null
        : await this.database.withTenant(ctx, (tx) => this.installs.facts(tx, connection.id));
    const login = this.logins.check(connection, language);
    return {
      id: connection.id,
      channel: connection.channel,
      name: connection.name,
      corpId: connection.corpId,
      agentId: connection.agentId,
      appKey: connection.appKey,
      settings: connection.settings,
      secretSet: connection.secret !== null,
      proxy: connection.proxy === null ? null : withoutPassword(connection.proxy),
      callbackUrl: this.callbackUrl(connection),
      callbackToken: connection.callbackToken,
      callbackAesKey: connection.callbackAesKey,
      callbackSet: connection.state.callbackSeenAt !== undefined,
      siteFiles: (await this.siteFiles.list(connection)).map((file) => ({
        ...file,
        url: `${this.publicUrl}/${file.name}`,
      })),
      checks: [
        suite ? suiteCheck(suite, language) : secretCheck(connection, language),
        ...this.platforms.of(connection).checks(connection, language),
        contactsCheck(connection, language),
        await this.rangeCheck(ctx, connection, language),
        ...(login ? [login] : []),
        await this.cardCheck(ctx, connection, language),
      ],
      sync: syncView(connection, language),
      suite: suite && {
        ...suite,
        scope: { people: suite.scope.people ?? null, departments: suite.scope.departments ?? null },
      },
    };
  }

  callbackUrl(connection: Connection): string {
    return `${this.publicUrl}/callbacks/${connection.channel}/${connection.id}`;
  }

  /** Members without chat may be meant: they are counted, and only people whom the platform shuts out are a fault. */
  private async rangeCheck(
    ctx: { tenantId: TenantId },
    { id, state: { range } }: Connection,
    language: Language,
  ): Promise<Check> {
    const key = 'range';
    if (range === undefined) return { key, ok: null, message: say('rangeNone', {}, language) };
    if (range.problem !== undefined)
      return { key, ok: false, message: say('rangeBad', { reason: saidIn(range.problem, language) }, language) };
    if (range.adminsOnly) return { key, ok: false, message: say('rangeAdmins', {}, language) };
    const [count, shutOut] = await this.database.withTenant(ctx, async (tx) => [
      await this.ranges.count(tx, id),
      await tx.sql('SELECT 1 FROM lianke.chat_account WHERE connection_id = $1 AND out_of_range LIMIT 1', [id]),
    ]);
    if (count === 0) return { key, ok: true, message: say('rangeAll', {}, language) };
    return { key, ok: shutOut.length === 0, message: say('rangeSome', { count }, language) };
  }

  private async cardCheck(ctx: { tenantId: TenantId }, connection: Connection, language: Language): Promise<Check> {
    const { testMessageId, testPressedAt, problem } = connection.state;
    if (testPressedAt) return { key: 'card', ok: true, message: say('checkCardOk', {}, language) };
    if (!testMessageId) return { key: 'card', ok: null, message: say('checkCardNone', {}, language) };
    const [message] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Pick<MessageRow, 'state' | 'error' | 'reason_words'>>(
        'SELECT state, error, reason_words FROM lianke.message WHERE id = $1',
        [testMessageId],
      ),
    );
    if (message?.state === 'skipped')
      return { key: 'card', ok: false, message: say('checkCardNoAccount', {}, language) };
    if (message?.state === 'failed' || message?.error) {
      const noted = reasonTold(message.error, message.reason_words, language);
      const known = noted === null ? '' : noteWords(noted, language);
      const reason = problem === undefined ? known : saidIn(problem, language);
      return { key: 'card', ok: false, message: say('checkCardFailed', { reason }, language) };
    }
    return { key: 'card', ok: null, message: say('checkCardWaiting', {}, language) };
  }
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  url.password = '';
  return url.href.replace(/\/$/, '');
}

function secretCheck({ secret, state }: Connection, language: Language): Check {
  if (secret === null) return { key: 'secret', ok: null, message: say('checkSecretNone', {}, language) };
  if (state.secretOk) return { key: 'secret', ok: true, message: say('checkSecretOk', {}, language) };
  return {
    key: 'secret',
    ok: false,
    message: say('checkSecretBad', { reason: saidIn(state.secretMessage ?? '', language) }, language),
  };
}

function suiteCheck({ state }: InstallFacts, language: Language): Check {
  if (state === 'cancelled') return { key: 'authorised', ok: false, message: say('suiteCancelled', {}, language) };
  return { key: 'authorised', ok: state === 'active' ? true : null, message: say('suiteActive', {}, language) };
}

function syncView({ state: { sync } }: Connection, language: Language): View['sync'] {
  const queued = sync?.requestedAt !== undefined && sync.finishedAt === undefined;
  const again = sync?.requestedAt !== undefined && sync.finishedAt !== undefined && sync.requestedAt > sync.finishedAt;
  const ended = !sync?.finishedAt ? 'never' : sync.problem === undefined ? 'done' : 'failed';
  return {
    state: queued || again ? 'queued' : ended,
    at: (queued || again ? sync?.requestedAt : sync?.finishedAt) ?? null,
    report: sync?.report ?? null,
    problem: sync?.problem === undefined ? null : saidIn(sync.problem, language),
  };
}

function contactsCheck({ state }: Connection, language: Language): Check {
  if (state.sync?.problem !== undefined)
    return { key: 'contacts', ok: false, message: saidIn(state.sync.problem, language) };
  if (state.sync?.report) return { key: 'contacts', ok: true, message: say('checkContacts', {}, language) };
  return {
    key: 'contacts',
    ok: null,
    message: state.problem === undefined ? say('checkContactsNone', {}, language) : saidIn(state.problem, language),
  };
}
