import type { Readable } from 'node:stream';
import { AwsV4Signer } from 'aws4fetch';
import { request } from 'undici';
import type { DiskStorage } from './disk-storage.js';
import { FileMissingError, type FileStorage, type StoredFile } from './file-storage.js';

export interface S3Options {
  /** Origin of the service, for example https://s3.cn-north-1.amazonaws.com.cn or http://minio:9000. */
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The bucket is part of the path, as MinIO wants it, instead of the host name. */
  pathStyle: boolean;
}

const timeoutMs = 60_000;

/**
 * Keeps files in a bucket of any service that speaks Amazon's S3 protocol, requests signed with Signature Version 4
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
export class S3Storage implements FileStorage {
  /** @param spool where an upload waits until its length and hash are known: both are part of the signature */
  constructor(
    private readonly options: S3Options,
    private readonly spool: DiskStorage,
  ) {}

  async put(key: string, content: Readable, limits: { maxBytes: number }): Promise<StoredFile> {
    const stored = await this.spool.put(key, content, limits);
    try {
      const { stream } = await this.spool.get(key);
      const headers = { 'content-length': String(stored.size), 'x-amz-content-sha256': stored.sha256 };
      const answer = await this.send('PUT', key, headers, stream);
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`the file storage answered ${answer.statusCode} to an upload`);
      return stored;
    } finally {
      await this.spool.delete(key);
    }
  }

  async get(key: string, range?: { start: number; end: number }): Promise<{ stream: Readable; size: number }> {
    const answer = await this.send('GET', key, range ? { range: `bytes=${range.start}-${range.end}` } : {});
    if (answer.statusCode === 200) return { stream: answer.body, size: Number(answer.headers['content-length']) };
    // The size is the whole file's: "bytes 0-4/1234".
    if (answer.statusCode === 206)
      return { stream: answer.body, size: Number(String(answer.headers['content-range']).split('/')[1]) };
    await answer.body.dump();
    if (answer.statusCode === 404) throw new FileMissingError(key);
    throw new Error(`the file storage answered ${answer.statusCode} to a download`);
  }

  async delete(key: string): Promise<void> {
    const answer = await this.send('DELETE', key, {});
    await answer.body.dump();
    if (answer.statusCode >= 300 && answer.statusCode !== 404)
      throw new Error(`the file storage answered ${answer.statusCode} to a deletion`);
  }

  private async send(method: 'GET' | 'PUT' | 'DELETE', key: string, headers: Record<string, string>, body?: Readable) {
    const { accessKeyId, secretAccessKey, region } = this.options;
    const signer = new AwsV4Signer({
      ...{ method, url: this.urlOf(key), headers, accessKeyId, secretAccessKey, region },
      service: 's3',
    });
    const signed = await signer.sign();
    return request(signed.url, {
      method,
      // aws4fetch leaves the length out of what it signs and hands on.
      headers: { ...headers, ...Object.fromEntries(signed.headers) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(body ? { body } : {}),
    });
  }

  private urlOf(key: string): string {
    // The key becomes part of an address, so nothing but a uuid may be one.
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) throw new RangeError(`not a storage key: ${key}`);
    const { endpoint, bucket, pathStyle } = this.options;
    const url = new URL(endpoint);
    if (pathStyle) url.pathname = `/${bucket}/${key}`;
    else {
      url.hostname = `${bucket}.${url.hostname}`;
      url.pathname = `/${key}`;
    }
    return url.href;
  }
}
