import { UuidV7 } from './uuid-v7.js';

const generator = new UuidV7();

/** A new uuid of version 7 from the process's own generator. */
export function uuid7(): string {
  return generator.next();
}
