import type { StageClock } from '../core/clock.js';
import type { Hub } from '../core/hub.js';
import type { ProtocolLog } from '../core/protocol-log.js';
import type { RandomSource } from '../core/random.js';
import type { Recorder } from '../core/recorder.js';
import type { Faults } from '../core/switches.js';
import type { Journal } from '../stage/journal.js';
import type { DingSwitches } from './switches.js';
import type { DingWorld } from './world.js';

/** What every part of the DingTalk side works with. `world` and `switches` are replaced as a whole by a reset. */
export interface DingContext {
  world: DingWorld;
  switches: DingSwitches;
  readonly clock: StageClock;
  readonly random: RandomSource;
  readonly hub: Hub;
  readonly log: ProtocolLog;
  readonly recorder: Recorder;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly fetch: typeof fetch;
  readonly wait: (ms: number) => Promise<void>;
  readonly publicUrl: string;
  /** Origin of this sandbox, known once it listens. */
  selfUrl: string;
}
