import { randomUUID } from 'node:crypto';
import { type Bindings, type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { redact, redactText } from './redact.js';

/** Structured logger; every object and message passes {@link redact} before it is written. */
export type Logger = PinoLogger;

export interface LoggerOptions {
  level: string;
  /** Part of the program, for example `api` or `worker`. */
  role?: string;
  /** Standard output unless given. */
  destination?: DestinationStream;
}

/** Makes the process's logger: JSON lines with ISO times. */
export function createLogger({ level, role, destination }: LoggerOptions): Logger {
  const logger = pino(
    {
      level,
      base: role ? { role } : {},
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      messageKey: 'msg',
      errorKey: 'err',
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => redact(object) as Record<string, unknown>,
        bindings: (bindings) => redact(bindings) as Record<string, unknown>,
      },
      hooks: {
        logMethod(args, method) {
          const cleaned = args.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg));
          method.apply(this, cleaned as Parameters<typeof method>);
        },
      },
      // Errors become plain objects in `formatters.log`; pino's own serializer would run before it and keep secrets.
      serializers: { err: (error: unknown) => redact(error) },
    },
    destination ?? process.stdout,
  );
  // pino formats the bindings of the first logger only; children come with their own and are cleaned here.
  const child = logger.child;
  logger.child = function (this: Logger, bindings, options) {
    return child.call(this, redact(bindings) as Bindings, options);
  } as typeof logger.child;
  return logger;
}

const acceptableRequestId = /^[A-Za-z0-9._-]{8,64}$/;

/** The id that ties a request's log lines together: the caller's `X-Request-Id` when it is harmless, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && acceptableRequestId.test(header) ? header : randomUUID();
}
