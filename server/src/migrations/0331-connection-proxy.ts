/** The proxy through which a connection's calls to its platform go; encrypted, because it may hold a password. */
export const migration = {
  name: '0331-connection-proxy',
  sql: 'ALTER TABLE lianke.chat_connection ADD COLUMN proxy_cipher text;',
};
