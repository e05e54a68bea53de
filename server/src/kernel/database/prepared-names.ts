/**
 * Names of the statements that connections keep parsed and planned: the texts used last, a bounded number of them,
 * since every connection holds a plan for each. A text that was dropped gets a new name when it comes back; what
 * connections hold of the old one goes when they are recycled.
 */
export class PreparedNames {
  private readonly names = new Map<string, string>();
  private made = 0;

  constructor(private readonly capacity = 48) {}

  /** The name to prepare `text` under. */
  of(text: string): string {
    const name = this.names.get(text) ?? `lianke_${++this.made}`;
    this.names.delete(text);
    this.names.set(text, name);
    const oldest = this.names.keys().next().value;
    if (this.names.size > this.capacity && oldest !== undefined) this.names.delete(oldest);
    return name;
  }
}
