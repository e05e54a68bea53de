/** Seconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Operations a second of `work` with so many callers at once, over so many seconds, after a short warm-up. */
export async function rate(callers: number, seconds: number, work: () => Promise<unknown>): Promise<number> {
  const run = async (length: number) => {
    const end = performance.now() + length * 1000;
    let count = 0;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (performance.now() < end) {
          await work();
          count += 1;
        }
      }),
    );
    return count / ((performance.now() - start) / 1000);
  };
  await run(Math.min(1, seconds / 4));
  return run(seconds);
}

/** Middle and 95th percentile, in milliseconds, of `times` runs one after the other. */
export async function latency(times: number, work: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  for (let warm = 0; warm < 5; warm++) await work();
  const all: number[] = [];
  for (let index = 0; index < times; index++) all.push((await timed(work)) * 1000);
  all.sort((a, b) => a - b);
  const at = (share: number) => all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}
