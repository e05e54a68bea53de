import type { Readable } from 'node:stream';
import type {} from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';

/** The one file of a multipart request, as a stream that must be read to its end. */
export async function uploadOf(request: FastifyRequest): Promise<{ name: string; content: Readable }> {
  if (!request.isMultipart())
    throw new AppError('invalid_request', { detail: '需要 multipart/form-data，文件放在 file 里' });
  const part = await request.file();
  if (!part) throw new AppError('invalid_request', { detail: '没有收到文件' });
  return { name: part.filename, content: part.file };
}
