import { z } from 'zod';

/**
 * What the application may tell about the walk at `GET /api/v1/demo/progress`: steps by key, each done or failed, with
 * a reason and where to go on. Unknown keys are ignored, absent steps are judged by the sandbox alone.
 */
export const progressSchema = z.object({
  steps: z.array(
    z.object({
      key: z.string(),
      state: z.enum(['todo', 'done', 'failed']),
      reason: z.string().nullish(),
      url: z.string().nullish(),
    }),
  ),
});

export type Progress = Map<string, { state: 'todo' | 'done' | 'failed'; reason: string | null; url: string | null }>;

const FRESH_MS = 1500;

/** Asks the application, at most every 1.5 s; no answer or an unknown shape counts as nothing known. */
export class ProgressReader {
  private last: { at: number; progress: Promise<Progress> } | null = null;

  constructor(
    private readonly publicUrl: string,
    private readonly fetcher: typeof fetch,
  ) {}

  read(): Promise<Progress> {
    if (!this.last || Date.now() - this.last.at > FRESH_MS) this.last = { at: Date.now(), progress: this.ask() };
    return this.last.progress;
  }

  /** The next reading asks anew. */
  forget(): void {
    this.last = null;
  }

  private async ask(): Promise<Progress> {
    try {
      const response = await this.fetcher(`${this.publicUrl}/api/v1/demo/progress`, {
        signal: AbortSignal.timeout(1000),
      });
      if (!response.ok) return new Map();
      const parsed = progressSchema.safeParse(await response.json());
      if (!parsed.success) return new Map();
      return new Map(
        parsed.data.steps.map((step) => [
          step.key,
          { state: step.state, reason: step.reason ?? null, url: step.url ?? null },
        ]),
      );
    } catch {
      return new Map();
    }
  }
}
