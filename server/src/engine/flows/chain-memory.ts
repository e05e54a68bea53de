import type { RunId, TenantId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import type { Place } from './run-places.js';
import { type Scope, scopesAround } from './run-scope.js';
import { readSteps, type StepRow } from './run-steps.js';

/**
 * What the steps of one chain know of each other without asking the database: nobody else moves a run that is locked.
 * It ends with the chain's transaction.
 */
export class ChainMemory {
  /** The path that goes on: where it stands by now, and the scope under which its row still is. */
  private unwritten: { at: Place; row: Scope } | undefined;
  private readonly rows = new Map<Scope, StepRow[]>();
  private sent: Promise<void>[] = [];

  constructor(
    private readonly tx: Tx,
    private readonly run: { tenantId: TenantId; runId: RunId },
  ) {}

  /** The path whose row is in `row` stands at `at`: to be written before the chain ends. */
  stands(at: Place, row: Scope): void {
    this.unwritten = { at, row };
  }

  /** The scope of the row of the path in `scope`, which the caller writes now. */
  overwrite(scope: Scope): Scope {
    const unwritten = this.takeUnwritten();
    if (unwritten && unwritten.at.scope !== scope) throw new Error(`path ${unwritten.at.scope} was left unwritten`);
    return unwritten?.row ?? scope;
  }

  /** Where the path stands that goes on; the caller writes it, or ends the run. */
  takeUnwritten(): { at: Place; row: Scope } | undefined {
    const { unwritten } = this;
    this.unwritten = undefined;
    return unwritten;
  }

  /** Steps in a path and the ones around it, those of outer paths first, visits of a node in their order. */
  async stepsAround(scope: Scope): Promise<StepRow[]> {
    const scopes = scopesAround(scope);
    const unread = scopes.filter((each) => !this.rows.has(each));
    if (unread.length > 0) {
      const read = await readSteps(this.tx, this.run.tenantId, [this.run.runId], unread);
      for (const each of unread)
        this.rows.set(
          each,
          read.filter((row) => row.scope === each),
        );
    }
    return scopes.reverse().flatMap((each) => this.rows.get(each) ?? []);
  }

  /** Notes what was written of a step. Its output stays where none is given. */
  noteStep(written: StepRow): void {
    const rows = this.rows.get(written.scope);
    if (!rows) return;
    const place = rows.findIndex((row) => row.node === written.node && row.iteration === written.iteration);
    const before = rows[place];
    if (before) rows[place] = { ...written, output: written.output ?? before.output };
    else rows.push(written);
  }

  /** A statement that the steps after it do not wait for: it leaves with the next one, in its order. */
  send(statement: Promise<void>): void {
    // Whoever comes next on the connection fails too; `causeOf` tells why.
    statement.catch(() => undefined);
    this.sent.push(statement);
  }

  /** Resolves when everything sent has been carried out. */
  async arrived(): Promise<void> {
    const { sent } = this;
    this.sent = [];
    await Promise.all(sent);
  }

  /** Why a statement failed: because of one sent before it, if that failed. */
  causeOf(error: unknown): Promise<unknown> {
    return this.arrived().then(
      () => error,
      (first: unknown) => first,
    );
  }

  /** Steps were changed in another way than one by one. */
  forgetSteps(): void {
    this.rows.clear();
  }
}
