import { Global, Module } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { SessionResolver } from '../../kernel/http/session-resolver.js';
import { ChatAccounts } from '../chat/chat-accounts.js';
import { ChatLogin } from '../chat/chat-login.js';
import { LoginReturns } from '../chat/login-returns.js';
import { ApiKeyResolver } from '../openapi/api-key-resolver.js';
import { AuthController } from './auth.controller.js';
import { Browser } from './browser.js';
import { InstallController } from './install.controller.js';
import { InviteService } from './invite.service.js';
import { LoginService } from './login.service.js';
import { LoginAttempts } from './login-attempts.js';
import { LoginTrials } from './login-trials.js';
import { MeController } from './me.controller.js';
import { MeService } from './me.service.js';
import { PasswordService } from './password.service.js';
import { PersonLinks } from './person-links.js';
import { RedirectController } from './redirect.controller.js';
import { SessionService } from './session.service.js';
import { TokenResolver } from './token-resolver.js';

/** Who somebody is: sessions, passwords, invitations, log-in through the chat. Global for the guard's sake. */
@Global()
@Module({
  controllers: [AuthController, RedirectController, InstallController, MeController],
  providers: [
    Browser,
    SessionService,
    ApiKeyResolver,
    { provide: SessionResolver, useClass: TokenResolver },
    PasswordService,
    InviteService,
    PersonLinks,
    MeService,
    LoginAttempts,
    {
      provide: LoginTrials,
      inject: [ChatLogin, LoginReturns],
      useFactory: (platform: ChatLogin, returns: LoginReturns) => new LoginTrials(platform, returns),
    },
    {
      provide: LoginService,
      inject: [Database, LoginAttempts, ChatAccounts, ChatLogin, SessionService, LoginReturns, LoginTrials],
      useFactory: (
        database: Database,
        attempts: LoginAttempts,
        accounts: ChatAccounts,
        platform: ChatLogin,
        sessions: SessionService,
        returns: LoginReturns,
        trials: LoginTrials,
      ) => new LoginService(database, attempts, accounts, platform, sessions, returns, trials),
    },
  ],
  exports: [SessionService, SessionResolver, PasswordService, PersonLinks, MeService],
})
export class IdentityModule {}
