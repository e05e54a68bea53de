import type { Readable } from 'node:stream';

/** What `put` stored. */
export interface StoredFile {
  /** Key to get or delete it by. */
  key: string;
  /** Bytes. */
  size: number;
  /** Lower-case hexadecimal SHA-256 of the content. */
  sha256: string;
}

/** No file under this key. */
export class FileMissingError extends Error {
  constructor(readonly key: string) {
    super(`there is no stored file ${key}`);
    this.name = 'FileMissingError';
  }
}

/** More bytes than allowed; nothing was stored. */
export class FileTooLargeError extends Error {
  constructor(readonly maxBytes: number) {
    super(`the file has more than ${maxBytes} bytes`);
    this.name = 'FileTooLargeError';
  }
}

/** Where the bytes of uploaded and generated files are kept; who may read them is decided elsewhere. */
export interface FileStorage {
  /**
   * Stores a stream completely or not at all.
   * @param key a lower-case uuid, one file each; storing under an existing key replaces it
   * @throws FileTooLargeError after `maxBytes`
   */
  put(key: string, content: Readable, options: { maxBytes: number }): Promise<StoredFile>;
  /**
   * @param range bytes from `start` to `end`, both included
   * @throws FileMissingError
   */
  get(key: string, range?: { start: number; end: number }): Promise<{ stream: Readable; size: number }>;
  /** Deleting what is gone already is no error. */
  delete(key: string): Promise<void>;
}
