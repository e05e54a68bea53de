const signatures: [string, number[]][] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46]],
];
const office: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

/** Types that browsers may show in place; everything else is downloaded. */
export const inlineTypes: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'application/pdf',
]);

/** The type that the first bytes of a file show; `application/octet-stream` when they show none we know. */
export function sniffMime(head: Buffer, name: string): string {
  for (const [mime, bytes] of signatures) if (bytes.every((byte, index) => head[index] === byte)) return mime;
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  if (head[0] === 0x50 && head[1] === 0x4b) return office[extension] ?? 'application/zip';
  if (!head.includes(0) && ['txt', 'csv', 'md', 'log'].includes(extension)) return 'text/plain';
  return 'application/octet-stream';
}
