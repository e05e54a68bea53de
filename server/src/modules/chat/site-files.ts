import { maxSiteFiles } from '@lianke/shared/chat/site-files';
import type { ConnectionId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';

export interface SiteFile {
  name: string;
  content: string;
}

interface Place {
  tenantId: TenantId;
  id: ConnectionId;
}

/** Files at the root of the public address, by which a platform sees that the address is the company's. */
@Injectable()
export class SiteFiles {
  constructor(private readonly database: Database) {}

  /** Those of one connection, by name. */
  list(connection: Place): Promise<SiteFile[]> {
    return this.database.withTenant(connection, (tx) =>
      tx.sql<SiteFile>('SELECT name, content FROM lianke.site_file WHERE connection_id = $1 ORDER BY name', [
        connection.id,
      ]),
    );
  }

  /** Adds a file or changes its content. Refuses with `wrong_state` where another connection has the name with other content. */
  async put(connection: Place, file: SiteFile): Promise<void> {
    const made = await this.list(connection);
    if (made.length >= maxSiteFiles && !made.some(({ name }) => name === file.name))
      throw refusal('invalid_request', {
        zh: `一个连接最多 ${maxSiteFiles} 个校验文件，请先删除不用的`,
        en: `A connection has at most ${maxSiteFiles} files; remove what is not used first`,
      });
    const [row] = await this.database.control<{ put: boolean }>('SELECT lianke.site_file_put($1, $2, $3, $4) AS put', [
      connection.tenantId,
      connection.id,
      file.name,
      file.content,
    ]);
    if (!row?.put)
      throw refusal('wrong_state', {
        zh: `${file.name} 已由另一个连接上传，内容不同。请确认文件是从自己企业的管理后台下载的`,
        en: `${file.name} was uploaded for another connection with other content. Make sure that you downloaded the file from your own company’s admin console`,
      });
  }

  async remove(connection: Place, name: string): Promise<void> {
    const gone = await this.database.withTenant(connection, (tx) =>
      tx.run('DELETE FROM lianke.site_file WHERE connection_id = $1 AND name = $2', [connection.id, name]),
    );
    if (gone === 0) throw new AppError('not_found');
  }

  /** What stands under a name, whoever uploaded it; null for an unknown one. */
  async content(name: string): Promise<string | null> {
    const [row] = await this.database.control<{ content: string | null }>(
      'SELECT lianke.site_file_content($1) AS content',
      [name],
    );
    return row?.content ?? null;
  }
}
