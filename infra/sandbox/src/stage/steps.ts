import type { Sandbox } from '../sandbox.js';
import { findCorp, findMember } from '../wecom/world.js';
import type { StepAction, StepNote, StepState, StepView } from './contract.js';
import type { Stamped } from './journal.js';
import type { Progress } from './progress.js';

/** The ten steps of the walk, in order. Titles and hints are the page's, by key. */
export const STEP_KEYS = [
  'login',
  'dashboard',
  'import',
  'assign',
  'flow',
  'customer',
  'visit',
  'contract',
  'overdue',
  'extend',
] as const;
export type StepKey = (typeof STEP_KEYS)[number];

interface Seen {
  state: StepState;
  note: StepNote | null;
  /** What mends it, before the step's usual actions. */
  action?: StepAction;
}

const OPEN: Seen = { state: 'todo', note: null };

type Of<K extends Stamped['kind']> = Extract<Stamped, { kind: K }>;

class Evidence {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly entries: Stamped[],
  ) {}

  last<K extends Stamped['kind']>(kind: K, where: (entry: Of<K>) => boolean = () => true): Of<K> | undefined {
    return this.entries.findLast((entry): entry is Of<K> => entry.kind === kind && where(entry as Of<K>));
  }

  name(corpId: string, userid: string): string {
    const corp = findCorp(this.sandbox.wecom.world, corpId);
    const dingtalk = this.sandbox.ding.world.corps.get(corpId)?.members.get(userid);
    return (corp && findMember(corp, userid)?.name) ?? dingtalk?.name ?? userid;
  }

  /** Whether it is the company that the walk is made in, on either platform. */
  mine(corpId: string): boolean {
    const corp = findCorp(this.sandbox.wecom.world, corpId) ?? this.sandbox.ding.world.corps.get(corpId);
    return corp?.tenant === 'mine';
  }

  login(): Seen {
    const done = this.last('login-exchanged', (entry) => entry.origin === 'login');
    const failed = this.last('login-failed');
    if (done) return { state: 'done', note: { phrase: 'loggedIn', name: this.name(done.corpId, done.userid) } };
    if (failed) return { state: 'failed', note: { phrase: 'reason', reason: failed.reason } };
    return OPEN;
  }

  assign(): Seen {
    const sent = this.last(
      'message-sent',
      (entry) => this.mine(entry.corpId) && entry.userids.length === 1 && entry.userids[0] === 'liwei',
    );
    return sent
      ? { state: 'done', note: { phrase: 'gotDigest', name: this.name(sent.corpId, 'liwei') } }
      : this.refused();
  }

  customer(): Seen {
    const sent = this.last('message-sent', (entry) => this.mine(entry.corpId) && entry.userids.includes('wangfang'));
    return sent
      ? { state: 'done', note: { phrase: 'gotCard', name: this.name(sent.corpId, 'wangfang') } }
      : this.refused();
  }

  contract(): Seen {
    // The administrator presses the test card of a connection: that is no approval. Nor is anything in the other company.
    const approved = (entry: { kind: string; userid?: string; corpId?: string }) =>
      entry.kind === 'card-pressed' && entry.userid !== 'admin' && this.mine(entry.corpId ?? '');
    const pressed = this.last('card-pressed', approved);
    if (!pressed) return OPEN;
    const updated = this.last('card-updated', (entry) => entry.id > pressed.id && entry.msgid === pressed.msgid);
    const any =
      updated ??
      this.last('card-updated', (entry) =>
        this.entries.some((other) => other.kind === 'card-pressed' && approved(other) && other.msgid === entry.msgid),
      );
    if (any) return { state: 'done', note: { phrase: 'cardUpdated', name: this.name(pressed.corpId, pressed.userid) } };
    const failed = this.last('callback-failed', (entry) => entry.id > pressed.id);
    if (!failed) return OPEN;
    return {
      state: 'failed',
      note: { phrase: 'reason', reason: failed.reason },
      action: { kind: 'redeliver', deliveryId: failed.deliveryId },
    };
  }

  overdue(): Seen {
    const moved = this.last('clock-advanced');
    const reminded = moved
      ? this.last('message-sent', (entry) => entry.id > moved.id && this.mine(entry.corpId))
      : undefined;
    return reminded
      ? { state: 'done', note: { phrase: 'reminded', name: this.name(reminded.corpId, reminded.userids[0] ?? '') } }
      : OPEN;
  }

  /** A send refused since the last good one explains why nothing arrives. */
  private refused(): Seen {
    const refused = this.last('message-refused');
    const sent = this.last('message-sent');
    return refused && (!sent || refused.id > sent.id)
      ? { state: 'failed', note: { phrase: 'refused', reason: refused.reason } }
      : OPEN;
  }
}

function usualActions(key: StepKey, consoleUrl: string): StepAction[] {
  const consoleAction: StepAction = { kind: 'console', url: consoleUrl };
  switch (key) {
    case 'login':
      return [consoleAction, { kind: 'phone', userid: 'admin', open: 'scanner' }];
    case 'assign':
      return [consoleAction, { kind: 'phone', userid: 'liwei', open: 'chat' }];
    case 'customer':
      return [{ kind: 'phone', userid: 'wangfang', open: 'home' }];
    case 'visit':
      return [{ kind: 'phone', userid: 'wangfang', open: 'chat' }];
    case 'contract':
      return [
        { kind: 'phone', userid: 'wangfang', open: 'home' },
        { kind: 'phone', userid: 'chenzg', open: 'chat' },
      ];
    case 'overdue':
      return [{ kind: 'advance', days: 3 }];
    case 'extend':
      return [
        consoleAction,
        { kind: 'console', url: new URL('/admin/connections', consoleUrl).toString(), to: 'connect' },
        { kind: 'console', url: new URL('/?demo=reset', consoleUrl).toString(), to: 'reset' },
      ];
    default:
      return [consoleAction];
  }
}

/**
 * What the phones show is not enough where other things look the same there: the application must have seen its part too,
 * if it tells of the step at all.
 */
const BOTH_MUST_SEE: readonly StepKey[] = ['customer', 'contract', 'overdue'];

function doneBy(key: StepKey, own: Seen, told: { state: StepState } | undefined): boolean {
  if (BOTH_MUST_SEE.includes(key)) return own.state === 'done' && (told === undefined || told.state === 'done');
  return own.state === 'done' || told?.state === 'done';
}

/**
 * The state of the walk: what the sandbox saw, overruled upwards by what the application reports and by ticks set by hand.
 * A step once done stays done.
 */
export function steps(sandbox: Sandbox, progress: Progress): StepView[] {
  const evidence = new Evidence(sandbox, sandbox.journal.entries);
  const seen: Partial<Record<StepKey, Seen>> = {
    login: evidence.login(),
    assign: evidence.assign(),
    customer: evidence.customer(),
    contract: evidence.contract(),
    overdue: evidence.overdue(),
  };
  // A refused message explains the step at hand, not one further down the walk.
  let reached = true;
  return STEP_KEYS.map((key) => {
    const own = seen[key] ?? OPEN;
    const told = progress.get(key);
    const done = doneBy(key, own, told) || sandbox.ticked.has(key);
    const ownFailure = own.state === 'failed' && (reached || own.note?.phrase !== 'refused');
    const failed = !done && (ownFailure || told?.state === 'failed');
    if (!done) reached = false;
    const consoleUrl = new URL(told?.url ?? '/', sandbox.wecom.publicUrl).toString();
    const actions = usualActions(key, consoleUrl);
    const toldNote: StepNote | null =
      told?.state === 'failed' && told.reason ? { phrase: 'reason', reason: told.reason } : null;
    return {
      key,
      state: done ? 'done' : failed ? 'failed' : 'todo',
      note: done ? (own.state === 'done' ? own.note : null) : failed ? (toldNote ?? own.note) : null,
      actions: own.action && failed ? [own.action, ...actions] : actions,
    };
  });
}
