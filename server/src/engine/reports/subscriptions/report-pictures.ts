import { timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { DashboardId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Config } from '../../../kernel/config/config.js';
import { Database } from '../../../kernel/database/database.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { SecretBox } from '../../../kernel/secrets/secret-box.js';
import type { FileStorage } from '../../../kernel/storage/file-storage.js';
import { CLOCK, CONFIG, SECRETS, STORAGE } from '../../../kernel/tokens.js';
import { rasterize } from '../picture/rasterize.js';
import { pictureWidth, type Report, reportPicture } from '../picture/report-picture.js';

/** Chat clients show a card's picture anew each time it scrolls into sight; older cards lead to the page itself. */
const keptDays = 14;
const zoom = 1.5;
const path = '/pictures/';
const maxBytes = 8 * 1024 * 1024;
const day = 86_400_000;

/** Addresses of one drawn report. */
export interface Picture {
  url: string;
  cover: string;
}

/**
 * Pictures of reports. Chat clients fetch them without a session, so an address is signed, names one picture and ends after
 * two weeks.
 */
@Injectable()
export class ReportPictures {
  constructor(
    private readonly database: Database,
    @Inject(STORAGE) private readonly storage: FileStorage,
    @Inject(SECRETS) private readonly secrets: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  /** Draws and keeps a report. `drawn` remembers, within one sending, what looks the same for several readers. */
  async draw(tenant: { tenantId: TenantId }, report: Report, drawn: Map<string, Picture>): Promise<Picture> {
    const { drawing, height, cover } = reportPicture(report);
    const svg = drawing.svg(pictureWidth, height);
    const known = drawn.get(svg);
    if (known) return known;
    const picture = {
      url: await this.keep(tenant, await rasterize(svg, drawing.faces, zoom)),
      cover: await this.keep(tenant, await rasterize(drawing.svg(pictureWidth, cover), drawing.faces, zoom)),
    };
    drawn.set(svg, picture);
    return picture;
  }

  /** The bytes behind an address; null where it was not made here or has ended. */
  async read(name: string): Promise<{ stream: Readable; size: number } | null> {
    const parts = /^([0-9a-f]{32})\/([0-9a-f]{32})\/([0-9a-z]{1,9})\/([0-9a-f]{64})\.png$/.exec(name);
    if (!parts) return null;
    const [, tenant = '', picture = '', until = '', signature = ''] = parts;
    const expected = Buffer.from(this.sign(tenant, picture, until));
    if (!timingSafeEqual(expected, Buffer.from(signature))) return null;
    if (Number.parseInt(until, 36) * 1000 < this.clock.now().getTime()) return null;
    const id = dashed(picture);
    const rows = await this.database.withTenant({ tenantId: dashed(tenant) as TenantId }, (tx) =>
      tx.sql('SELECT 1 FROM lianke.report_picture WHERE id = $1', [id]),
    );
    return rows.length > 0 ? this.storage.get(id) : null;
  }

  /** The picture itself, for platforms that want no address. */
  async bytes(url: string): Promise<Buffer | null> {
    const found = await this.read(url.slice(url.indexOf(path) + path.length));
    return found && buffer(found.stream);
  }

  /** Removes pictures whose addresses have ended. */
  async prune(): Promise<void> {
    const old = await this.database.control<{ tenant_id: TenantId; id: string }>(
      'SELECT * FROM lianke.old_pictures($1)',
      [this.clock.now()],
    );
    for (const { tenant_id: tenantId, id } of old) {
      await this.storage.delete(id);
      await this.database.withTenant({ tenantId }, (tx) =>
        tx.run('DELETE FROM lianke.report_picture WHERE id = $1', [id]),
      );
    }
  }

  /** Where a dashboard is opened in a browser or a chat client. */
  pageUrl(id: DashboardId): string {
    return `${this.config.publicUrl}/m/#/report/pages/dashboard/index?id=${id}`;
  }

  private async keep({ tenantId }: { tenantId: TenantId }, png: Buffer): Promise<string> {
    const id = uuid7();
    const expiresAt = new Date(this.clock.now().getTime() + keptDays * day);
    await this.database.withTenant({ tenantId }, (tx) =>
      tx.run('INSERT INTO lianke.report_picture (tenant_id, id, bytes, expires_at) VALUES ($1, $2, $3, $4)', [
        tenantId,
        id,
        png.length,
        expiresAt,
      ]),
    );
    await this.storage.put(id, Readable.from([png]), { maxBytes });
    const [tenant, picture] = [tenantId.replaceAll('-', ''), id.replaceAll('-', '')];
    const until = Math.floor(expiresAt.getTime() / 1000).toString(36);
    return `${this.config.publicUrl}${path}${tenant}/${picture}/${until}/${this.sign(tenant, picture, until)}.png`;
  }

  private sign(tenant: string, picture: string, until: string): string {
    return this.secrets.hash('report-picture', `${tenant}-${picture}-${until}`);
  }
}

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
