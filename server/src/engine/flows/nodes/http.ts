import { asJson, type Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import type { OutboundHttp } from '../../../kernel/outbound/outbound-http.js';
import { OUTBOUND } from '../../../kernel/tokens.js';
import type { TenantContext } from '../../context.js';
import type { CallOutcome, NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { covered, filled, type Pieces, piecesOf, secretsOf, shownPieces } from '../outside/pieces.js';
import { answeredWith } from '../outside/robots.js';
import { SecretsService } from '../outside/secrets.service.js';

type Node = Extract<StepContext['node'], { type: 'http' }>;
type Step = StepContext<Node>;

interface Request {
  method: Node['method'];
  url: Pieces;
  headers: Record<string, Pieces>;
  body: Pieces | null;
}

/** Answers are kept in the run's story; longer ones are cut. */
const maxAnswer = 64 * 1024;
/** Within seconds, where the node says nothing of its own. */
const quickRetries = 2;

/** 调用接口 */
@Injectable()
export class HttpNode implements NodeType<'http'> {
  readonly type = 'http';

  constructor(
    private readonly secrets: SecretsService,
    @Inject(OUTBOUND) private readonly outbound: OutboundHttp,
  ) {}

  async execute(step: Step): Promise<StepOutcome> {
    return { kind: 'call', request: asJson(await this.request(step)) };
  }

  async preview(step: Step): Promise<Preview> {
    const request = await this.request(step);
    return {
      outcome: {
        zh: `会发送 ${request.method} 请求，试运行不发送`,
        en: `Would send a ${request.method} request; a trial sends nothing`,
      },
      lines: [
        { label: { zh: '地址', en: 'Address' }, value: shownPieces(request.url) },
        ...Object.entries(request.headers).map(([label, value]) => ({ label, value: shownPieces(value) })),
        ...(request.body
          ? [{ label: { zh: '内容', en: 'Body' }, value: shownPieces(request.body).slice(0, 500) }]
          : []),
      ],
      port: 'next',
    };
  }

  /** By their meaning in HTTP, or because the target was told a key by which it acts once. */
  repeatable(node: Node): boolean {
    return node.keyHeader !== undefined || node.method === 'GET' || node.method === 'PUT' || node.method === 'DELETE';
  }

  async call(node: Node, request: Json, key: string, ctx: TenantContext): Promise<Json> {
    const { method, url, headers, body } = request as unknown as Request;
    const secrets = await this.secrets.values(ctx, secretsOf(url, body, ...Object.values(headers)));
    const sent: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) sent[name] = filled(value, secrets).replace(/[\r\n]/g, ' ');
    const answer = await this.outbound.request({
      method,
      url: filled(url, secrets),
      headers: { ...sent, ...(node.keyHeader ? { [node.keyHeader]: key } : {}) },
      ...(body === null ? {} : { body: filled(body, secrets) }),
      timeoutMs: node.timeoutSeconds * 1000,
      maxBytes: 1024 * 1024,
    });
    const text = covered(answer.body.toString('utf8'), secrets);
    return { status: answer.status, body: readBody(text.slice(0, maxAnswer)) };
  }

  answered(node: Node, answer: Json, attempt: number): CallOutcome {
    const { status } = answer as { status: number };
    if (status >= 200 && status < 300) return { kind: 'next', port: 'next', output: answer };
    // 408, 429 and 5xx may pass; the target has said that it did not act, or may be told again.
    const passing = status === 429 || status === 503 || ((status === 408 || status >= 500) && this.repeatable(node));
    if (passing && !node.retry && attempt <= quickRetries) return { kind: 'again', reason: answeredWith(status) };
    return { kind: 'failed', reason: answeredWith(status), output: answer, passing };
  }

  private async request(step: Step): Promise<Request> {
    const { node, values } = step;
    const url = trimmed(await piecesOf(values, node.url));
    const shown = shownPieces(url);
    // One that begins with a secret is looked at when it is sent.
    if (!/^(https?:\/\/|【密钥)/i.test(shown))
      throw refusal('wrong_state', {
        zh: `接口地址不完整：${shown || '（空）'}`,
        en: `the address of the service is incomplete: ${shown || '(empty)'}`,
      });
    const headers: Record<string, Pieces> = {};
    for (const header of node.headers) headers[header.name] = await piecesOf(values, header.value);
    const body = node.body ? await piecesOf(values, node.body) : null;
    if (body !== null && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type'))
      headers['Content-Type'] = 'application/json; charset=utf-8';
    return { method: node.method, url, headers, body };
  }
}

const trimmed = (pieces: Pieces): Pieces => (typeof pieces === 'string' ? pieces.trim() : pieces);

function readBody(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
