import { errorCodes, fillMessage, httpStatus } from '@lianke/shared/errors/codes';
import type { Language } from '@lianke/shared/errors/issue-text';
import type { Problem } from '@lianke/shared/errors/problem';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, paramsIn, refusal } from '../errors/app-error.js';
import { toldFieldError } from '../errors/expected-words.js';
import { transportWords } from '../errors/transport-error.js';
import type { Logger } from '../logging/logger.js';
import { LOGGER } from '../tokens.js';

/** Every failure leaves as RFC 9457 problem JSON, in the language the caller asks for. Bugs are logged with their trace. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const problem = problemOf(error, languageOf(request), String(request.id));
    if (problem.status >= 500)
      this.logger.error({ err: error, traceId: request.id, url: request.url }, 'request failed');
    if (problem.status === 429 && problem.params?.seconds !== undefined)
      reply.header('Retry-After', String(problem.params.seconds));
    reply
      .status(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  }
}

export function languageOf(request: Pick<FastifyRequest, 'headers'>): Language {
  return /^\s*en\b/i.test(String(request.headers['accept-language'] ?? '')) ? 'en' : 'zh';
}

/** The problem document of any thrown value. */
export function problemOf(error: unknown, language: Language, traceId: string): Problem {
  const app = asAppError(error);
  const entry = errorCodes[app.code];
  const params = app.code === 'internal' ? { traceId } : paramsIn(app, language);
  const text = fillMessage(entry[language], params);
  return {
    type: `https://lianke.dev/problems/${app.code}`,
    title: text,
    status: httpStatus[entry.category],
    code: app.code,
    detail: text,
    params,
    ...(app.more.fields
      ? {
          fields: app.more.fields.map((error) => toldFieldError(error, language)),
        }
      : {}),
    ...(app.more.current === undefined ? {} : { current: app.more.current }),
    ...(app.more.conflict === undefined ? {} : { conflict: app.more.conflict }),
    traceId,
  };
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const status =
    error instanceof HttpException
      ? error.getStatus()
      : error instanceof Error && 'statusCode' in error
        ? Number(error.statusCode)
        : 500;
  if (status === 404) return new AppError('not_found');
  if (status >= 400 && status < 500)
    return refusal(status === 413 ? 'too_large' : 'invalid_request', transportWords(error, status));
  return new AppError('internal');
}
