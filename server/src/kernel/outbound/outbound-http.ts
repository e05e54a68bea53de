/** A request to another system. */
export interface OutboundRequest {
  /** Absolute http(s) URL. */
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** For everything together, redirects included; 10 s unless told. */
  timeoutMs?: number;
  /** Largest accepted answer; 10 MiB unless told. */
  maxBytes?: number;
  /** Lets an administrator's own address lie in a private network. */
  allowPrivate?: boolean;
  /**
   * `http(s)://[user:password@]host[:port]` of a proxy in the place of the operator's (OUTBOUND_PROXY). It may be where
   * requests may go; trusted origins are reached through it too.
   */
  proxy?: string;
}

export interface OutboundResponse {
  status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  headers: Record<string, string>;
  body: Buffer;
  /** The address that answered, after redirects. */
  url: string;
}

/** Why no answer came. An answer with any status is not an error. `proxy`: the request's own proxy let nothing pass. */
export type OutboundFailure =
  | 'bad_url'
  | 'blocked'
  | 'timeout'
  | 'too_large'
  | 'too_many_redirects'
  | 'network'
  | 'proxy';

export class OutboundError extends Error {
  constructor(
    readonly reason: OutboundFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'OutboundError';
  }
}

/** The one way out to other systems. */
export interface OutboundHttp {
  /** @throws OutboundError */
  request(request: OutboundRequest): Promise<OutboundResponse>;
}

/** An open WebSocket to another system. */
export interface OutboundSocket {
  send(text: string): void;
  /** Ends it at once; `closed` is called all the same. */
  close(): void;
}

export interface SocketEvents {
  message(text: string): void;
  /** Called once, whoever ended it. */
  closed(reason: string): void;
}

/** The one way to connections that stay open. */
export interface OutboundSockets {
  /**
   * Resolves when it is open.
   * @param url ws: or wss:; guarded like every address
   * @param proxy as for requests
   * @throws OutboundError
   */
  socket(url: string, events: SocketEvents, proxy?: string): Promise<OutboundSocket>;
}

export type Outbound = OutboundHttp & OutboundSockets;
