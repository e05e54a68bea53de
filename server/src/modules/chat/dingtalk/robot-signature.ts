import { createHmac, timingSafeEqual } from 'node:crypto';

/** How old what is written to the robot may be, as the platform's page gives it (DD/robot-message-type). */
const freshMs = 60 * 60_000;

/**
 * Whether a message to the robot was sent by the platform: the headers `timestamp` and `sign` are over the instant alone, by
 * the secret of the app, or of the suite for an app of the directory.
 */
export function isFromRobot(headers: Readonly<Record<string, unknown>>, secret: string): boolean {
  const timestamp = textOf(headers.timestamp);
  const expected = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest();
  const given = Buffer.from(textOf(headers.sign), 'base64');
  const signed = secret !== '' && given.length === expected.length && timingSafeEqual(given, expected);
  return signed && Math.abs(Date.now() - Number(timestamp)) <= freshMs;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
