import type { FlowNodeType } from '@lianke/shared/flows/definition';

/**
 * Node types whose steps share a transaction: they read and write records of ours, ask nobody, and lock nothing that
 * other runs wait for.
 */
const chained: ReadonlySet<FlowNodeType> = new Set([
  ...(['createRecord', 'updateRecord', 'upsertRecord', 'deleteRecord', 'findRecords', 'aggregate'] as const),
  ...(['branch', 'loop', 'parallel', 'setVariables', 'transform'] as const),
]);
/** Longer ones would keep people from records that the first steps have changed. */
const limits = { steps: 20, ms: 60 };

/** Steps of one run that commit together. Each is written down as if it were alone. */
export class StepChain {
  private steps = 0;
  private readonly since: number;

  /** @param time in ms from any beginning */
  constructor(private readonly time: () => number = () => performance.now()) {
    this.since = time();
  }

  /** Whether a step of this type may be next. The first may be of any. */
  takes(type: FlowNodeType): boolean {
    return this.steps === 0 || chained.has(type);
  }

  /** Notes a step; answers whether another one may follow. */
  add(type: FlowNodeType): boolean {
    this.steps += 1;
    return chained.has(type) && this.steps < limits.steps && this.time() - this.since < limits.ms;
  }

  get isLong(): boolean {
    return this.steps > 0;
  }
}
