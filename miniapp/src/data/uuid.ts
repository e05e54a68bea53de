function randomBytes(count: number): number[] {
  const bytes = new Uint8Array(count);
  // Mini-programs have no crypto object; the id needs to be unlike others, not secret.
  if (typeof crypto !== 'undefined' && crypto.getRandomValues) crypto.getRandomValues(bytes);
  else for (let index = 0; index < count; index++) bytes[index] = Math.floor(Math.random() * 256);
  return Array.from(bytes);
}

/** A uuid v7 (RFC 9562): 48 bits of milliseconds, then random. Made on the phone so that a repeated save stays one record. */
export function uuidV7(now: number = Date.now()): string {
  const random = randomBytes(10);
  const time = Math.floor(now).toString(16).padStart(12, '0');
  const hex = random.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((Number.parseInt(hex.slice(4, 5), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(5, 8)}-${hex.slice(8, 20)}`;
}
