import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Effect } from './core/recorder.js';
import type { DingWorld } from './dingtalk/world.js';
import type { Group } from './groups/groups.js';
import type { Sandbox } from './sandbox.js';
import type { Seed } from './seed.js';
import type { Stamped } from './stage/journal.js';
import type { World } from './wecom/world.js';

/** Raise when the shape of what is kept changes: an older file is then set aside instead of misread. */
const VERSION = 8;
const SETTLE_MS = 500;

interface Kept {
  version: number;
  seed: string;
  world: World;
  dingtalk: DingWorld;
  groups: Group[];
  journal: Stamped[];
  effects: Effect[];
  ticked: Set<string>;
  ahead: number;
}

const fingerprint = (seed: Seed): string => JSON.stringify(seed);

/** Reads what an earlier run kept. A file of another version or seed, or an unreadable one, counts as none. */
function read(path: string, seed: Seed): Kept | null {
  if (!existsSync(path)) return null;
  try {
    const kept = deserialize(readFileSync(path)) as Kept;
    return kept.version === VERSION && kept.seed === fingerprint(seed) ? kept : null;
  } catch {
    return null;
  }
}

/**
 * Keeps the phones' messages, the apps' settings and the walk in a file, so that a restart of the demonstration goes on
 * where it stood. Loads at once; saves half a second after a change. Returns the function that saves for the last time.
 */
export function keepState(sandbox: Sandbox, path: string): () => void {
  const kept = read(path, sandbox.seed);
  if (kept) {
    sandbox.wecom.world = kept.world;
    sandbox.ding.world = kept.dingtalk;
    sandbox.groups = kept.groups;
    sandbox.journal.restore(kept.journal);
    sandbox.recorder.effects = kept.effects;
    sandbox.ticked = kept.ticked;
    sandbox.clock.reset(kept.ahead);
  }
  const save = (): void => {
    const state: Kept = {
      version: VERSION,
      seed: fingerprint(sandbox.seed),
      world: sandbox.wecom.world,
      dingtalk: sandbox.ding.world,
      groups: sandbox.groups,
      journal: sandbox.journal.entries,
      effects: sandbox.recorder.effects,
      ticked: sandbox.ticked,
      ahead: sandbox.clock.ahead(),
    };
    try {
      mkdirSync(dirname(path), { recursive: true });
      // Renaming is atomic: a kill in the middle leaves the older file whole.
      writeFileSync(`${path}.new`, serialize(state), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch (error) {
      process.stderr.write(`沙箱状态没有存到 ${path}：${error instanceof Error ? error.message : String(error)}\n`);
    }
  };
  let timer: ReturnType<typeof setTimeout> | null = null;
  const end = sandbox.hub.subscribe((event) => {
    if (timer || event.kind === 'phone' || event.kind === 'login') return;
    timer = setTimeout(() => {
      timer = null;
      save();
    }, SETTLE_MS);
  });
  return () => {
    end();
    if (timer) clearTimeout(timer);
    save();
  };
}
