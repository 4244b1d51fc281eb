// A mail server on the loopback: prints the port that it took, then each mail as one line of JSON.
import { createRequire } from 'node:module';
const { SMTPServer } = createRequire(process.argv[2] + '/')('smtp-server');
const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, session, done) => done(auth.password === 'open sesame' ? null : new Error('wrong password'), { user: auth.username }),
    onData(stream, session, done) {
        const parts = [];
        stream.on('data', part => parts.push(part));
        stream.on('end', () => {
            const { mailFrom, rcptTo } = session.envelope;
            console.log(JSON.stringify({ from: mailFrom.address, to: rcptTo.map(each => each.address), user: session.user ?? null, mail: Buffer.concat(parts).toString('utf8') }));
            done();
        });
    },
});
server.listen(0, '127.0.0.1', () => console.log(server.server.address().port));
