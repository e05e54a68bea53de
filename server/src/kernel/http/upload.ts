import type { Readable } from 'node:stream';
import type {} from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { refusal } from '../errors/app-error.js';

/** The one file of a multipart request, as a stream that must be read to its end. */
export async function uploadOf(request: FastifyRequest): Promise<{ name: string; content: Readable }> {
  if (!request.isMultipart())
    throw refusal('invalid_request', {
      zh: '需要 multipart/form-data，文件放在 file 里',
      en: 'send multipart/form-data with the file in the part named file',
    });
  const part = await request.file();
  if (!part) throw refusal('invalid_request', { zh: '没有收到文件', en: 'no file was received' });
  return { name: part.filename, content: part.file };
}
