/** What outlives a mini-program on a phone: what it stored, its files, and whether there is a network. */
export class MiniPhone {
  online = true;
  /** Stored values as JSON, by key. */
  readonly values = new Map<string, string>();
  readonly files = new Map<string, Buffer>();
  /** The next picture of the camera, a JPEG. */
  camera: Buffer | undefined;
  private readonly temporary = new Set<string>();
  private made = 0;

  /** Puts a file where the host puts what the camera or a canvas made: it is gone when the program has ended. */
  keepTemporary(bytes: Buffer, ending: string): string {
    const path = `http://tmp/${++this.made}.${ending}`;
    this.files.set(path, bytes);
    this.temporary.add(path);
    return path;
  }

  /** Moves a temporary file to the program's own folder; undefined when there is none of that path. */
  keep(temporary: string): string | undefined {
    const bytes = this.files.get(temporary);
    if (!bytes) return undefined;
    const path = temporary.replace('http://tmp/', 'http://usr/');
    this.drop(temporary);
    this.files.set(path, bytes);
    return path;
  }

  /** The program was killed: temporary files are gone. */
  sweep(): void {
    for (const path of this.temporary) this.drop(path);
  }

  private drop(path: string): void {
    this.files.delete(path);
    this.temporary.delete(path);
  }
}
