import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A letter as it came over the wire. */
export interface ReceivedLetter {
  from: string;
  to: string[];
  data: string;
}

/** How the server behaves: what it answers to the letter itself, or that it breaks off after taking it. */
export type Manner = 'take' | 'breakOff' | 'busy' | 'refuse';

/** An SMTP server (RFC 5321) on loopback that keeps what it is sent; with log-in, without encryption. */
export class MailServer {
  readonly letters: ReceivedLetter[] = [];
  readonly logins: string[] = [];
  manner: Manner = 'take';
  /** So many letters are taken, those after them refused. */
  most = Number.POSITIVE_INFINITY;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MailServer> {
    const server = createServer();
    const mail = new MailServer(server);
    server.on('connection', (socket) => mail.talk(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return mail;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private talk(socket: Socket): void {
    let letter: ReceivedLetter = { from: '', to: [], data: '' };
    let inData = false;
    let rest = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    const finish = () => {
      inData = false;
      if (this.manner === 'busy') return say('451 4.7.1 try again later');
      if (this.manner === 'refuse' || this.letters.length >= this.most)
        return say('554 5.7.1 this letter is not wanted');
      this.letters.push(letter);
      letter = { from: '', to: [], data: '' };
      return this.manner === 'breakOff' ? socket.destroy() : say('250 2.0.0 kept');
    };
    const command = (line: string) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') return say('250-mail.test\r\n250 AUTH PLAIN');
      if (verb === 'AUTH') {
        const [, user = '', password = ''] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString()
          .split('\0');
        this.logins.push(`${user}:${password}`);
        return say(password === 'right' ? '235 2.7.0 welcome' : '535 5.7.8 wrong password');
      }
      const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
      if (verb === 'MAIL') letter.from = address;
      if (verb === 'RCPT') letter.to.push(address);
      if (verb === 'DATA') {
        inData = true;
        return say('354 go on');
      }
      if (verb === 'QUIT') {
        say('221 bye');
        return socket.end();
      }
      return say('250 2.0.0 yes');
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      rest += chunk.toString('utf8');
      for (let cut = rest.indexOf('\r\n'); cut >= 0; cut = rest.indexOf('\r\n')) {
        const line = rest.slice(0, cut);
        rest = rest.slice(cut + 2);
        if (!inData) command(line);
        else if (line === '.') finish();
        else letter.data += `${line}\n`;
      }
    });
    say('220 mail.test ready');
  }
}
