/**
 * A failure that whoever starts the program can mend (a setting, a folder, a taken port).
 * Its message is one line, Chinese first; the entry point prints it without a stack trace.
 */
export class StartupError extends Error {
  constructor(
    readonly zh: string,
    readonly en: string,
  ) {
    super(`${zh} / ${en}`.replace(/\s*\n\s*/g, ' '));
    this.name = 'StartupError';
  }
}
