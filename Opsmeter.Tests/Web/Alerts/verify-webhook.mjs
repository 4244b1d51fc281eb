// Verifies a delivery with the reference library of Standard Webhooks: reads {secret, headers, body} as JSON, prints ok.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const { Webhook } = createRequire(process.argv[2] + '/')('standardwebhooks');
const { secret, headers, body } = JSON.parse(readFileSync(0, 'utf8'));
try {
    new Webhook(secret).verify(body, headers);
    console.log('ok');
} catch (error) {
    console.log('refused: ' + error.message);
}
