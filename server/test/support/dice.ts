/** Choices drawn from random numbers that a seed repeats. */
export class Dice {
  constructor(private readonly random: () => number) {}

  /** A whole number 0 ≤ x < n. */
  int(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.int(list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }
}
