import { createHash } from 'node:crypto';

/** One effect asked of the platform, with the exact body that asked for it. */
export interface Effect {
  id: number;
  at: number;
  kind: 'send' | 'update' | 'recall';
  corpId: string;
  agentId: number;
  /** The caller's own key if it sent an `Idempotency-Key` header, else the task id of the card, else a hash of the body. */
  key: string;
  keyKind: 'header' | 'task_id' | 'body';
  taskId: string | null;
  msgid: string | null;
  errcode: number;
  /** Who really got it, lower-cased userids; empty when refused or suppressed as a repetition. */
  delivered: string[];
  suppressed: 'duplicate' | null;
  raw: string;
}

/** How often one key was asked for and how often it reached a phone. More than one delivery is a doubled effect. */
export interface EffectCount {
  key: string;
  keyKind: Effect['keyKind'];
  kind: Effect['kind'];
  asked: number;
  delivered: number;
  refused: number;
}

export interface EffectFilter {
  kind?: Effect['kind'] | undefined;
  key?: string | undefined;
  taskId?: string | undefined;
  contains?: string | undefined;
  corpId?: string | undefined;
  userid?: string | undefined;
}

/** Remembers every effect, so that a crash test can ask whether one happened twice. Nothing is dropped before `clear`. */
export class Recorder {
  effects: Effect[] = [];

  add(input: Omit<Effect, 'id' | 'key' | 'keyKind'> & { headerKey: string | null }): Effect {
    const { headerKey, ...rest } = input;
    const keyKind = headerKey ? 'header' : rest.taskId ? 'task_id' : 'body';
    const key = headerKey ?? rest.taskId ?? createHash('sha256').update(rest.raw).digest('hex').slice(0, 32);
    const effect: Effect = { ...rest, id: this.effects.length + 1, key, keyKind };
    this.effects.push(effect);
    return effect;
  }

  list(filter: EffectFilter = {}): Effect[] {
    return this.effects.filter(
      (effect) =>
        (!filter.kind || effect.kind === filter.kind) &&
        (!filter.key || effect.key === filter.key) &&
        (!filter.taskId || effect.taskId === filter.taskId) &&
        (!filter.corpId || effect.corpId === filter.corpId) &&
        (!filter.contains || effect.raw.includes(filter.contains)) &&
        (!filter.userid || effect.delivered.includes(filter.userid.toLowerCase())),
    );
  }

  /** Counts per key over the effects that match. */
  counts(filter: EffectFilter = {}): EffectCount[] {
    const counts = new Map<string, EffectCount>();
    for (const effect of this.list(filter)) {
      const id = `${effect.kind} ${effect.keyKind} ${effect.key}`;
      const count = counts.get(id) ?? {
        key: effect.key,
        keyKind: effect.keyKind,
        kind: effect.kind,
        asked: 0,
        delivered: 0,
        refused: 0,
      };
      count.asked += 1;
      if (effect.errcode !== 0) count.refused += 1;
      else if (!effect.suppressed) count.delivered += 1;
      counts.set(id, count);
    }
    return [...counts.values()];
  }

  clear(): void {
    this.effects = [];
  }
}
