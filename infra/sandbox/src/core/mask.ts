const SECRET_NAMES = new Set([
  'access_token',
  'corpsecret',
  'secret',
  'code',
  'js_code',
  'user_ticket',
  'session_key',
  'ticket',
  'response_code',
  'responsecode',
  'aeskey',
  'encodingaeskey',
  'token',
  'accesstoken',
  'refreshtoken',
  'appsecret',
  'clientsecret',
  'client_secret',
  'apisecret',
  'jsapiticket',
  'authcode',
  'auth_code',
  'pre_auth_code',
  'permanent_code',
  'suite_secret',
  'suite_ticket',
  'suite_access_token',
  'provider_secret',
  'provider_access_token',
  'permanentcode',
  'suitesecret',
  'suiteticket',
]);

function masked(value: string): string {
  return value.length <= 8 ? '••••' : `${value.slice(0, 4)}••••`;
}

/** Copies `value` with every secret shortened to its first four characters, so that a log can be shown and shared. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && SECRET_NAMES.has(name.toLowerCase()) ? masked(inner) : maskSecrets(inner),
    ]),
  );
}

/** Masks the secret query parameters of a URL or path; anything else stays as it is. */
export function maskUrl(url: string): string {
  return url.replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, mark: string, name: string, value: string) =>
    SECRET_NAMES.has(name.toLowerCase()) ? `${mark}${name}=${masked(value)}` : whole,
  );
}

/** Masks secret elements inside decrypted callback XML. */
export function maskXml(xml: string): string {
  return xml.replace(
    /<(ResponseCode|SuiteTicket|AuthCode)><!\[CDATA\[(.*?)\]\]><\/\1>/g,
    (_whole, name: string, value: string) => `<${name}><![CDATA[${masked(value)}]]></${name}>`,
  );
}
