/**
 * A failure that whoever starts the program can mend (a setting, a folder, a taken port).
 * The entry point prints `lines`, each one clear line with Chinese first, and no stack trace.
 */
export class StartupError extends Error {
  readonly lines: string[];

  constructor(zh: string, en: string, more: { zh: string; en: string }[] = []) {
    const lines = [{ zh, en }, ...more].map((line) => `${line.zh} / ${line.en}`.replace(/\s*\n\s*/g, ' '));
    super(lines.join('\n'));
    this.name = 'StartupError';
    this.lines = lines;
  }
}
