/** Injection tokens of the kernel's parts that are interfaces; classes are injected by their type. */
export const CLOCK = Symbol('Clock');
export const BUS = Symbol('Bus');
export const RATE_LIMITER = Symbol('RateLimiter');
export const STORAGE = Symbol('FileStorage');
export const OUTBOUND = Symbol('OutboundHttp');
export const CONFIG = Symbol('Config');
export const LOGGER = Symbol('Logger');
export const SECRETS = Symbol('SecretBox');
export const METRICS = Symbol('Metrics');
