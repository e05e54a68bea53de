/** A running session. `ctx` is the context a request works with; its type belongs to the engine. */
export interface ResolvedSession<Context = unknown> {
  sessionId: string;
  memberId: string;
  ctx: Context;
}

/** Finds the session of a token at every request; null when there is none (any more). */
export abstract class SessionResolver<Context = unknown> {
  abstract resolve(token: string, byCookie?: boolean): Promise<ResolvedSession<Context> | null>;
}
