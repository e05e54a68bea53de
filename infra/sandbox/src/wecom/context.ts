import type { StageClock } from '../core/clock.js';
import type { Hub } from '../core/hub.js';
import type { ProtocolLog } from '../core/protocol-log.js';
import type { RandomSource } from '../core/random.js';
import type { Recorder } from '../core/recorder.js';
import type { Faults, Switches } from '../core/switches.js';
import type { Group } from '../groups/groups.js';
import type { Journal } from '../stage/journal.js';
import type { World } from './world.js';

/** What every part of the WeCom side works with. `world` and `switches` are replaced as a whole by a reset. */
export interface WecomContext {
  world: World;
  switches: Switches;
  readonly clock: StageClock;
  readonly random: RandomSource;
  readonly hub: Hub;
  readonly log: ProtocolLog;
  readonly recorder: Recorder;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Group chats of all companies. */
  readonly groups: () => Group[];
  readonly fetch: typeof fetch;
  /** Waits real time; injected so that tests need not. */
  readonly wait: (ms: number) => Promise<void>;
  /** Origin of the application under demonstration, without a slash at its end. */
  readonly publicUrl: string;
  /** Origin of this sandbox, known once it listens. */
  selfUrl: string;
}
