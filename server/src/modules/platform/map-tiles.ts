import type { AnswerOf } from '@lianke/shared/api/contracts';
import { type MapTiles, mapTiles } from '@lianke/shared/maps/tiles';
import { Controller, Injectable } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { writeAudit } from '../../engine/audit/write-audit.js';
import type { TenantContext } from '../../engine/context.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';

type Setting = AnswerOf<'maps.tiles'>;

/** The company's map service, whose tiles lie under map views; browsers fetch them, this server never does. */
@Injectable()
export class MapTilesService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
  ) {}

  get(ctx: TenantContext): Promise<Setting> {
    return this.database.withTenant(ctx, async (tx) => ({ tiles: await tilesOf(tx) }));
  }

  /** Administrators set it; null takes it away. */
  async set(ctx: TenantContext, tiles: MapTiles | null): Promise<Setting> {
    await this.access.require(ctx, 'admin');
    return this.database.withTenant(ctx, async (tx) => {
      const before = await tilesOf(tx);
      await tx.run('UPDATE lianke.tenant SET map_tiles = $2 WHERE tenant_id = $1', [ctx.tenantId, tiles as never]);
      await writeAudit(tx, ctx, {
        action: 'maps.tiles',
        object: null,
        // Addresses of map services carry keys: the trail names the host.
        detail: { before: hostOf(before), host: hostOf(tiles) },
      });
      return { tiles };
    });
  }
}

async function tilesOf(tx: Tx): Promise<MapTiles | null> {
  const [row] = await tx.sql<{ map_tiles: unknown }>('SELECT map_tiles FROM lianke.tenant');
  return row?.map_tiles ? mapTiles.parse(row.map_tiles) : null;
}

function hostOf(tiles: MapTiles | null): string | null {
  return tiles && new URL(tiles.url).host;
}

@Controller()
export class MapTilesController {
  constructor(private readonly tiles: MapTilesService) {}

  @Route('maps.tiles')
  get(@Call() call: RouteCall<'maps.tiles'>): Promise<Setting> {
    return this.tiles.get(call.ctx);
  }

  @Route('maps.setTiles')
  set(@Call() call: RouteCall<'maps.setTiles'>): Promise<Setting> {
    return this.tiles.set(call.ctx, call.body.tiles);
  }
}
